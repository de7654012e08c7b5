// SPDX-License-Identifier: Apache-2.0
import type { Result } from '../document';
import type { Frame } from '../frame';
import { axis, type Trace } from '../plot';
import { format, percent } from '../text';
import type { Theme } from '../theme';
import { chosenWeights } from '../weights';
import { register } from './registry';

register({
  id: 'change_rank',
  title: 'How many dimensions the change of the weights has',
  caption:
    'Left: the leading singular values of ΔW, each against the largest one of what remains without those before it, ' +
    'its entries in random order: mean and maximum over the shuffles. Those above count; the first that does not ends ' +
    'the count. Right: the error on noisy trials with only the leading singular parts of ΔW.',
  needs: ['connectivity'],
  draw(frame, group, theme) {
    const network = frame.network('connectivity');
    const found = chosenWeights(frame, group)(network);
    drawTests(frame, found, theme);
    if (found.has('error_by_rank')) drawErrors(frame, found, theme);
    frame.legend([
      { text: 'singular value of ΔW', color: theme.change, symbol: 'diamond' },
      { text: 'shuffled: mean, to the maximum', color: theme.untrained, symbol: 'circle-open' },
      { text: 'error by rank', color: theme.trained, symbol: 'circle', line: 'solid' },
      { text: 'of the whole change', color: theme.muted, line: 'dash' },
    ]);
    frame.note(inWords(found));
  },
});

const order = (size: number, first: number): number[] => Array.from({ length: size }, (_, i) => i + first);

function drawTests(frame: Frame, found: Result, theme: Theme): void {
  const list = (name: string): number[] => found.array(name).list();
  const means = list('rank_null_means');
  const values = list('rank_singular_values');
  const cloud = (y: number[], symbol: string, color: string, text: string, more: object = {}): Trace => ({
    type: 'scatter', mode: 'markers', x: order(y.length, 1), y,
    marker: { symbol, color, size: 9 }, hovertemplate: `${text} %{x}: %{y:.4g}<extra></extra>`, ...more,
  });
  frame.plot({
    title: 'Singular values against the null',
    description: 'Leading singular values of the change and of shuffled remainders',
    height: 300,
    traces: [
      cloud(means, 'circle-open', theme.untrained, 'shuffled', {
        error_y: {
          type: 'data', symmetric: false, color: theme.untrained,
          array: list('rank_null_maxima').map((top, i) => top - means[i]), arrayminus: means.map(() => 0),
        },
      }),
      cloud(values, 'diamond', theme.change, 'singular value'),
    ],
    layout: {
      xaxis: axis('Index', theme, { dtick: Math.max(1, Math.ceil(values.length / 10)) }),
      yaxis: axis('Singular value', theme, { rangemode: 'tozero' }),
    },
  });
}

function drawErrors(frame: Frame, found: Result, theme: Theme): void {
  const errors = found.array('error_by_rank').list();
  const all = found.number('error_of_all');
  frame.plot({
    title: 'Error with the leading parts alone',
    description: 'Normalized error against the number of singular parts of the change that are kept',
    height: 300,
    traces: [
      {
        type: 'scatter', mode: 'lines', hoverinfo: 'skip', x: [0, errors.length - 1], y: [all, all],
        line: { color: theme.muted, dash: 'dash', width: 1.5 },
      },
      {
        type: 'scatter', mode: 'lines+markers', x: order(errors.length, 0), y: errors,
        line: { color: theme.trained, width: 1.8 }, marker: { size: 7, color: theme.trained },
        hovertemplate: 'rank %{x}: error %{y:.3g}<extra></extra>',
      },
    ],
    layout: {
      xaxis: axis('Rank of the change that is kept', theme, { dtick: 1 }),
      yaxis: axis('Error / variance of the targets', theme, { type: 'log' }),
    },
  });
}

function inWords(found: Result): string {
  const rank = found.number('rank_against_shuffled');
  const areAllAbove = found.array('rank_singular_values').size === rank;
  const words = Number.isNaN(rank) ? [] : [`Rank of ΔW against shuffled entries: ${areAllAbove ? 'at least ' : ''}${format(rank)}.`];
  if (!Number.isNaN(found.number('functional_rank'))) {
    words.push(`The task needs ${format(found.number('functional_rank'))} of them for 95 % of the gain.`);
  }
  const sides: [string, string][] = [
    ['writes_to_readout', 'writes to the readout'], ['reads_from_inputs', 'reads from the inputs'],
  ];
  const alignment = found.attributes.alignment as Record<string, { energy: number; expected: number }> | undefined;
  for (const [key, text] of sides) {
    const side = alignment?.[key];
    if (side) words.push(`The change ${text} with ${percent(side.energy)} of its energy (random: ${percent(side.expected)}).`);
  }
  return words.join(' ');
}
