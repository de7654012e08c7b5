// SPDX-License-Identifier: Apache-2.0
import { asNumber, having, networkName, result, type Group, type JsonObject, type Network } from '../document';
import type { Frame } from '../frame';
import { pairedAxis, pairedKeys, pairedTraces, type Pairs } from '../paired';
import { axis, type Trace } from '../plot';
import { format } from '../text';
import type { Theme } from '../theme';
import { register } from './registry';

register({
  id: 'dimension',
  title: 'Dimension of the states',
  caption:
    'How many dimensions the states of noisy trials have, before and after training. By variance: the participation ' +
    'ratio, (sum of the variances)² over the sum of their squares, and the components before the first whose variance is within the ' +
    '95 % that chance gives, units shifted in time against each other (parallel analysis, Horn 1965). By neighbors, ' +
    'which also see curved sets: the ratio of the distances to the two nearest (two-NN, Facco et al. 2017) and to some ' +
    'dozen (maximum likelihood, Levina & Bickel 2004). With them the variances of one network and those of chance. Noise ' +
    'adds dimensions; number of states and of neighbors, and the time within which states of a trial do not count as ' +
    'neighbors, are choices of ours.',
  needs: ['dimension'],
  applies: (group) => having(group, 'dimension').length > 0,
  draw(frame, group, theme) {
    const all: Pairs[] = measures.map(({ name, of }) => ({ name, values: pairsOf(group, of) }));
    frame.plot({
      title: 'All networks',
      description: 'Four estimates of the dimension of the states of all networks, untrained and trained',
      height: 340,
      traces: pairedTraces(all, group, '', theme),
      layout: { xaxis: pairedAxis(all, theme), yaxis: axis('Dimensions', theme, { rangemode: 'tozero' }) },
    });
    const network = frame.network('dimension');
    drawVariances(frame, network, theme);
    frame.legend([...pairedKeys(theme), { text: 'of chance', color: theme.muted, line: 'dash', width: 1.5 }]);
    frame.note(`Network ${networkName(group, network)}: ${(['untrained', 'trained'] as const).map((stage) => inWords(network, stage)).join('; ')}. In brackets 95 % intervals, of sampling alone.`);
  },
});

const stageOf = (network: Network, stage: string): JsonObject =>
  (result(network, 'dimension').attributes[stage] ?? {}) as JsonObject;

/** The value of an estimate, NaN where there was nothing to estimate it from. */
function estimate(of: JsonObject, name: string): { value: number; low: number; high: number } {
  const found = (of[name] ?? {}) as JsonObject;
  const at = (part: string): number => (asNumber(found.points) > 0 ? asNumber(found[part]) : NaN);
  return { value: at('value'), low: at('low'), high: at('high') };
}

/** -1: it was not asked for. */
function parallel(of: JsonObject): number {
  const components = asNumber(of.parallel);
  return components >= 0 ? components : NaN;
}

const measures: { name: string; of(stage: JsonObject): number }[] = [
  { name: 'participation', of: (stage) => asNumber(stage.participation_ratio) },
  { name: 'parallel', of: parallel },
  { name: 'two-NN', of: (stage) => estimate(stage, 'two_nn').value },
  { name: 'likelihood', of: (stage) => estimate(stage, 'mle').value },
];

function pairsOf(group: Group, of: (stage: JsonObject) => number): Pairs['values'] {
  return having(group, 'dimension')
    .map((network) => ({ network, untrained: of(stageOf(network, 'untrained')), trained: of(stageOf(network, 'trained')) }))
    .filter(({ untrained, trained }) => !Number.isNaN(untrained + trained));
}

/** Of the components that have any variance to speak of. */
function drawVariances(frame: Frame, network: Network, theme: Theme): void {
  const found = result(network, 'dimension');
  const curves = (['untrained', 'trained'] as const).flatMap((stage): Trace[] =>
    [`${stage}_null_variances`, `${stage}_variances`].filter((name) => found.has(name)).map((name): Trace => {
      const isNull = name.includes('null');
      const variances = found.array(name).list();
      const least = 1e-6 * Math.max(...variances);
      const shown = variances.filter((variance) => variance > least);
      return {
        type: 'scatter', mode: isNull ? 'lines' : 'lines+markers', x: shown.map((_, i) => i + 1), y: shown,
        line: { color: theme[stage], width: isNull ? 1.5 : 1, dash: isNull ? 'dash' : 'solid' },
        marker: { color: theme[stage], size: 5 },
        hovertemplate: `${stage}${isNull ? ', of chance' : ''}<br>component %{x}: %{y:.3g}<extra></extra>`,
      };
    }),
  );
  frame.plot({
    title: 'Variances of one network',
    description: 'Variance of each principal component and what chance gives, untrained and trained',
    height: 340,
    traces: curves,
    layout: { xaxis: axis('Principal component', theme, { type: 'log', tickvals: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] }), yaxis: axis('Variance', theme, { type: 'log', dtick: 1 }) },
  });
}

function inWords(network: Network, stage: string): string {
  const of = stageOf(network, stage);
  const interval = (name: string): string => {
    const { value, low, high } = estimate(of, name);
    return `${format(value)} (${format(low)} to ${format(high)})`;
  };
  return (
    `${stage}, participation ratio ${format(asNumber(of.participation_ratio))}, parallel analysis ${format(parallel(of))}, ` +
    `two-NN ${interval('two_nn')}, maximum likelihood ${interval('mle')}`
  );
}
