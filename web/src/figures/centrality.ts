// SPDX-License-Identifier: Apache-2.0
import { having, networkName, type Group } from '../document';
import { axis } from '../plot';
import { extent, median, rankCorrelation } from '../statistics';
import { format, label, plain } from '../text';
import { chosenWeights, type WeightsOf } from '../weights';
import { register } from './registry';

register({
  id: 'centrality',
  title: 'Centrality of the nodes before and after training',
  caption:
    'Each point is one node of one network (figure 8 of the 2021 note, which reads an L shape from it: nodes of low ' +
    'initial centrality become the most central, and the reverse). The note does not say which centrality; degree ' +
    'strength, eigenvector, Katz and PageRank centrality of |W| are offered, the choice is ours. On the dashed line ' +
    'nothing has changed.',
  needs: ['connectivity'],
  draw(frame, group, theme) {
    const weights = chosenWeights(frame, group);
    const measures = names(group, weights);
    const measure = frame.choice('measure', 'Measure', measures.map((name) => [name, label(name)]));
    const networks = frame.networks('all together', 'connectivity');
    const values = (network: (typeof networks)[number], when: string): number[] =>
      weights(network).array(`centrality_${measure}_${when}`).list();
    const pairs = networks.map((network) => ({ network, x: values(network, 'before'), y: values(network, 'after') }));
    const everything = pairs.flatMap(({ x, y }) => [...x, ...y]);
    const [low, high] = extent(everything);
    frame.plot({
      description: `${label(measure)} centrality of every node after training against before`,
      height: 430,
      traces: [
        {
          type: 'scatter', mode: 'lines', x: [low, high], y: [low, high], hoverinfo: 'skip',
          line: { color: theme.muted, width: 1.5, dash: 'dash' },
        },
        ...pairs.map(({ network, x, y }) => ({
          type: 'scatter', mode: 'markers', x, y,
          marker: { color: theme.trained, size: 5, opacity: networks.length > 1 ? 0.4 : 0.8 },
          text: x.map((_, i) => plain(`network ${networkName(group, network)}, node ${i + 1}`)),
          hovertemplate: '%{text}<br>before %{x:.3g}, after %{y:.3g}<extra></extra>',
        })),
      ],
      layout: {
        xaxis: axis(plain(`${label(measure)} centrality before`), theme),
        yaxis: axis(plain(`${label(measure)} centrality after`), theme),
      },
    });
    frame.legend([
      { text: 'one node', color: theme.trained, symbol: 'circle' },
      { text: 'no change', color: theme.muted, line: 'dash' },
    ]);
    const rank = median(pairs.map(({ x, y }) => rankCorrelation(x, y)));
    frame.note(
      `Rank correlation over nodes between before and after${networks.length > 1 ? ', median over networks' : ''}: ` +
        `${format(rank, 2)} (1: the order is kept, −1: it is reversed).`,
    );
  },
});

/** The measures that the analysis computed, in its order. */
function names(group: Group, weights: WeightsOf): string[] {
  const found = weights(having(group, 'connectivity')[0]);
  const matched = found.names().map((name) => /^centrality_(.+)_before$/.exec(name)?.[1]);
  return matched.filter((name): name is string => name !== undefined);
}
