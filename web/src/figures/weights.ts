// SPDX-License-Identifier: Apache-2.0
import type { Network } from '../document';
import { axis, type Trace } from '../plot';
import { extent, mean } from '../statistics';
import { format } from '../text';
import { chosenWeights, type WeightsOf } from '../weights';
import { register } from './registry';

register({
  id: 'weights',
  title: 'Recurrent weights before and after training',
  caption:
    'Distribution of the recurrent weights W (figure 4 of the 2021 note), pooled over networks; dotted lines mark ' +
    'the means. The initial standard deviation, 1/√N where the note says variance, is a choice of ours and an ' +
    'option of the study (gain).',
  needs: ['connectivity'],
  draw(frame, group, theme) {
    const networks = frame.networks('all pooled', 'connectivity');
    const weights = chosenWeights(frame, group);
    const scale = frame.choice('scale', 'Vertical axis', [['linear', 'linear'], ['log', 'logarithmic']]);
    const edges = grid(networks, weights);
    const before = density(networks, weights, 'before', edges);
    const after = density(networks, weights, 'after', edges);
    const [, top] = extent([...before, ...after]);
    const bars = (y: number[], name: string, color: string, fill: boolean): Trace => ({
      type: 'scatter', mode: 'lines', x: edges, y: [...y, y[y.length - 1]], name,
      line: { shape: 'hv', color, width: 1.8 },
      ...(fill && scale === 'linear' ? { fill: 'tozeroy', fillcolor: `${color}38` } : {}),
      hovertemplate: `${name}<br>from %{x:.4f}<br>density %{y:.3g}<extra></extra>`,
    });
    const marker = (x: number, color: string): Trace => ({
      type: 'scatter', mode: 'lines', x: [x, x], y: scale === 'log' ? [smallest([...before, ...after]), top] : [0, 1.04 * top],
      line: { color, width: 1.8, dash: 'dot' }, hovertemplate: `mean ${format(x)}<extra></extra>`,
    });
    const average = (name: string): number => mean(networks.map((n) => weights(n).number(name)));
    frame.plot({
      description: 'Histogram of the recurrent weights before and after training',
      height: 340,
      traces: [
        bars(before, 'before training', theme.untrained, true),
        bars(after, 'after training', theme.trained, true),
        marker(average('mean_before'), theme.untrained),
        marker(average('mean_after'), theme.trained),
      ],
      layout: {
        xaxis: axis('Recurrent weight', theme),
        yaxis: axis('Probability density', theme, { type: scale, ...(scale === 'linear' ? { rangemode: 'tozero' } : { dtick: 1 }) }),
      },
    });
    frame.legend([
      { text: `before: ${format(average('mean_before'))} ± ${format(average('sd_before'))} (mean ± SD)`, color: theme.untrained, line: 'solid', band: true },
      { text: `after: ${format(average('mean_after'))} ± ${format(average('sd_after'))}`, color: theme.trained, line: 'solid', band: true },
      { text: 'mean', color: theme.text, line: 'dot' },
    ]);
  },
});

/** Edges that all networks share, as many as those of the first. */
function grid(networks: Network[], weights: WeightsOf): number[] {
  const all = networks.map((network) => weights(network).array('edges').list());
  const [low, high] = extent(all.flatMap((edges) => [edges[0], edges[edges.length - 1]]));
  const bins = all[0].length - 1;
  return Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins);
}

/** Probability density on `edges`, the counts of each network spread evenly over its own bins. */
function density(networks: Network[], weights: WeightsOf, name: string, edges: number[]): number[] {
  const width = edges[1] - edges[0];
  const pooled = new Array<number>(edges.length - 1).fill(0);
  for (const network of networks) {
    const own = weights(network).array('edges').list();
    const counts = weights(network).array(name).list();
    const total = counts.reduce((a, b) => a + b, 0);
    counts.forEach((count, i) => {
      const first = Math.max(0, Math.floor((own[i] - edges[0]) / width));
      for (let j = first; j < pooled.length && edges[j] < own[i + 1]; ++j) {
        const overlap = Math.min(own[i + 1], edges[j + 1]) - Math.max(own[i], edges[j]);
        if (overlap > 0) pooled[j] += (count * overlap) / ((own[i + 1] - own[i]) * total * width * networks.length);
      }
    });
  }
  return pooled;
}

const smallest = (values: number[]): number => extent(values.filter((value) => value > 0))[0];
