// SPDX-License-Identifier: Apache-2.0
import { result, type Network } from '../document';
import type { Frame } from '../frame';
import type { Key } from '../legend';
import { axis, type Trace } from '../plot';
import { extent, mean, meanOfRows } from '../statistics';
import { format, plain } from '../text';
import type { Theme } from '../theme';
import { register } from './registry';

register({
  id: 'outputs',
  title: 'Output by condition',
  caption:
    'Readout during one trial of each condition, averaged over trials with fresh noise and over networks, with the ' +
    'target and the inputs (figure 1 of the 2021 note). The band is one standard deviation over trials and networks. ' +
    'When the inputs switch, and how noisy they are, the note leaves open; here they are settings of the task.',
  needs: ['outputs'],
  draw(frame, _group, theme) {
    const networks = frame.networks('mean of all', 'outputs');
    const showUntrained = frame.choice('untrained', 'Untrained', [['yes', 'shown'], ['no', 'hidden']]) === 'yes';
    const first = result(networks[0], 'outputs');
    const conditions = first.texts('conditions');
    const shape = first.array('targets').shape;
    frame.legend(keys(networks[0], theme, showUntrained));
    const range = common(networks, showUntrained);
    for (let c = 0; c < shape[0]; ++c) {
      drawCondition(frame, networks, c, conditions[c] ?? `condition ${c + 1}`, theme, showUntrained, range);
    }
    const trials = first.number('trials');
    if (!Number.isNaN(trials)) frame.note(`${format(trials)} trials a condition and network.`);
  },
});

function inputColor(theme: Theme, i: number): string {
  return theme.categories[[2, 3, 4, 5][i % 4]];
}

const outputColor = (theme: Theme, k: number): string => theme.categories[k % 2];

function named(network: Network, kind: 'input' | 'output'): string[] {
  const found = result(network, 'outputs');
  const count = found.array(kind === 'input' ? 'inputs' : 'targets').shape[2];
  const names = found.texts(`${kind}_names`);
  return Array.from({ length: count }, (_, i) => names[i] ?? (count > 1 ? `${kind} ${i + 1}` : kind));
}

function keys(network: Network, theme: Theme, showUntrained: boolean): Key[] {
  const outputs = named(network, 'output');
  return [
    ...outputs.map((name, k): Key => ({
      text: `${name}, trained (mean ± SD)`, color: outputColor(theme, k), line: 'solid', width: 2.5, band: true,
    })),
    { text: 'target', color: theme.text, line: 'dash' },
    ...(showUntrained ? [{ text: 'output before training', color: theme.untrained, line: 'solid', width: 1.5 } as Key] : []),
    ...named(network, 'input').map((name, i): Key => ({ text: name, color: inputColor(theme, i), line: 'dot' })),
  ];
}

function drawCondition(
  frame: Frame,
  networks: Network[],
  c: number,
  title: string,
  theme: Theme,
  showUntrained: boolean,
  range: [number, number],
): void {
  const outputs = networks.map((network) => result(network, 'outputs'));
  const time = outputs[0].array('time').list();
  const traces: Trace[] = [];
  const line = (y: number[], name: string, style: object): void => {
    traces.push({
      type: 'scatter', mode: 'lines', x: time, y, line: style,
      hovertemplate: `${plain(name)}<br>%{x:.2f} s: %{y:.3f}<extra></extra>`,
    });
  };
  const series = (name: string, k: number): number[][] => outputs.map((found) => found.array(name).path([c], k));

  named(networks[0], 'input').forEach((name, i) => {
    line(outputs[0].array('inputs').path([c], i), name, { color: inputColor(theme, i), width: 1.5, dash: 'dot', shape: 'hv' });
  });
  named(networks[0], 'output').forEach((name, k) => {
    const color = outputColor(theme, k);
    if (showUntrained) {
      line(meanOfRows(series('untrained', k)), `${name} before training`, { color: theme.untrained, width: 1.5 });
    }
    const trained = series('trained', k);
    const middle = meanOfRows(trained);
    const spread = deviation(trained, series('trained_sd', k), middle);
    traces.push({
      type: 'scatter', mode: 'lines', hoverinfo: 'skip', line: { width: 0 }, fill: 'toself',
      fillcolor: `${color}40`,
      x: [...time, ...[...time].reverse()],
      y: [...middle.map((m, t) => m + spread[t]), ...middle.map((m, t) => m - spread[t]).reverse()],
    });
    line(middle, name, { color, width: 2.5 });
    line(outputs[0].array('targets').path([c], k), `${name}, target`, { color: theme.text, width: 1.5, dash: 'dash', shape: 'hv' });
  });
  const error = mean(outputs.map((found) => (found.has('error') ? found.array('error').at(c) : NaN)));
  frame.plot({
    title: Number.isNaN(error) ? title : `${title} (mean squared error ${format(error, 2)})`,
    description: `Inputs, target and output against time for condition ${title}`,
    height: 270,
    traces,
    layout: {
      xaxis: axis('Time (s)', theme, { range: [time[0], time[time.length - 1]] }),
      yaxis: axis('Inputs and output', theme, { range }),
    },
  });
}

/** One vertical range for all conditions, so that they compare. */
function common(networks: Network[], showUntrained: boolean): [number, number] {
  const names = ['inputs', 'targets', 'trained', ...(showUntrained ? ['untrained'] : [])];
  const drawn = names.flatMap((name) => meanOfRows(networks.map((n) => result(n, 'outputs').array(name).list())));
  const [low, high] = extent(drawn);
  const margin = 0.08 * (high - low);
  return [low - margin, high + margin];
}

/** Over trials and networks together: mean of the variances plus variance of the means. */
function deviation(means: number[][], deviations: number[][], middle: number[]): number[] {
  return middle.map((m, t) =>
    Math.sqrt(mean(deviations.map((sd) => sd[t] ** 2)) + mean(means.map((row) => (row[t] - m) ** 2))),
  );
}
