// SPDX-License-Identifier: Apache-2.0
import { having, result, type JsonObject, type Result } from '../document';
import type { Frame } from '../frame';
import { shownManifolds, stages, stepTimes, times, type Manifold, type Stage } from '../manifold';
import { axis, type Trace } from '../plot';
import { format, label } from '../text';
import type { Theme } from '../theme';
import { register } from './registry';

const bettiNames = ['pieces', 'loops', 'voids'];

register({
  id: 'manifold_topology',
  title: 'Topology of the manifold over time',
  caption:
    'Whether the states at one time are still the manifold that the inputs are (theorem 3.1 of the 2025 warping paper and what follows from it). ' +
    'Immersed: the least ratio of the smallest stretch to the largest over the grid, 0 where some change of the input moves nothing. ' +
    'Injective: the least ratio of a straight line to the way along the manifold over all pairs of points, 2/π on a circle, 0 where the manifold meets itself. ' +
    'Betti numbers count pieces, loops and voids of the points that are there with edges up to 1.1 times the longest within a cell of the grid and still at 1.25 times that (our choices): 1 2 1 of a torus. Where the grid is coarse for the thinnest part of the manifold its holes are missed: fewer than the inputs have, beside ratios that are not 0, ask for a finer grid. Rank: of the ' +
    'tangents, the least and the greatest over the grid. Once the inputs do not depend on the coordinates any more a flow keeps ranks and topology, whatever becomes of lengths.',
  needs: ['geometry'],
  applies: (group) => having(group, 'geometry').some((network) => result(network, 'geometry').has('0/trained/topology/steps')),
  draw(frame, _group, theme) {
    const [network] = frame.networks('first of all', 'geometry');
    const found = result(network, 'geometry');
    for (const manifold of shownManifolds(frame, found)) {
      drawRatios(frame, found, manifold, theme);
      drawNumbers(frame, found, manifold, theme);
    }
    frame.legend([
      ...stages.map((stage) => ({ text: `${stage}, ratios`, color: theme[stage], line: 'solid' as const })),
      ...bettiNames.map((text, i) => ({ text, color: theme.categories[i], line: 'solid' as const })),
      { text: 'rank', color: theme.muted, band: true },
    ]);
    frame.note(aboutRanks(found, shownManifolds(frame, found)));
  },
});

const name = (manifold: Manifold, stage: Stage, of: string): string => `${manifold.index}/${stage}/topology/${of}`;
const heading = (manifold: Manifold, text: string): string => label(manifold.name ? `${manifold.name}: ${text}` : text);

/** Immersed: full circles; injective: open squares. */
function drawRatios(frame: Frame, found: Result, manifold: Manifold, theme: Theme): void {
  const traces = stages.filter((stage) => found.has(name(manifold, stage, 'steps'))).flatMap((stage) => {
    const x = stepTimes(found, name(manifold, stage, 'steps'));
    const line = (of: string, text: string, more: object): Trace => ({
      type: 'scatter', mode: 'lines+markers', x, y: found.array(name(manifold, stage, of)).list(), name: text, ...more,
      hovertemplate: `${text}, ${stage}<br>%{x:.3g} s: %{y:.3g}<extra></extra>`,
    });
    const color = theme[stage];
    return [
      line('immersion', 'least over largest stretch', { line: { color, width: 2 }, marker: { color, size: 8 } }),
      line('injectivity', 'line over way', { line: { color, width: 1.5, dash: 'dash' }, marker: { color, size: 9, symbol: 'square-open' } }),
    ];
  });
  if (traces.length === 0) return;
  frame.plot({
    title: heading(manifold, 'immersed (●) and injective (□)'),
    description: 'Least ratio of stretches, and least ratio of a line to the way along the manifold, over time',
    height: 300,
    traces,
    layout: { xaxis: axis('Time (s)', theme, { rangemode: 'tozero' }), yaxis: axis('Least ratio over the grid', theme, { range: [-0.03, 1.03] }) },
  });
}

function drawNumbers(frame: Frame, found: Result, manifold: Manifold, theme: Theme): void {
  const ranks = `${manifold.index}/trained/ranks`;
  if (!found.has(ranks)) return;
  const all = times(found);
  const of = (i: number): number[] => all.map((_, s) => found.array(ranks).at(s, i));
  const traces: Trace[] = [{
    type: 'scatter', mode: 'lines', x: [...all, ...[...all].reverse()], y: [...of(1).map((r) => r + 0.06), ...of(0).reverse().map((r) => r - 0.06)],
    fill: 'toself', fillcolor: `${theme.muted}50`, line: { width: 0 }, hoverinfo: 'skip',
  }];
  if (found.has(name(manifold, 'trained', 'betti'))) {
    const betti = found.array(name(manifold, 'trained', 'betti'));
    const x = stepTimes(found, name(manifold, 'trained', 'steps'));
    for (let d = 0; d < betti.shape[1]; ++d) {
      traces.push({
        type: 'scatter', mode: 'lines+markers', x, y: x.map((_, p) => betti.at(p, d) + 0.05 * (d - 1)), line: { color: theme.categories[d], width: 2 }, marker: { color: theme.categories[d], size: 8 },
        text: x.map((_, p) => format(betti.at(p, d))), hovertemplate: `${bettiNames[d]}<br>%{x:.3g} s: %{text}<extra></extra>`,
      });
    }
  }
  frame.plot({
    title: heading(manifold, 'Betti numbers and rank, trained'),
    description: 'Numbers of pieces, loops and voids of the trained network, and ranks of its tangents, over time',
    height: 300,
    traces,
    layout: { xaxis: axis('Time (s)', theme, { rangemode: 'tozero' }), yaxis: axis('Number', theme, { rangemode: 'tozero', dtick: 1 }) },
  });
}

function aboutRanks(found: Result, all: Manifold[]): string {
  const about = (found.attributes.ranks as JsonObject | undefined)?.trained as JsonObject[] | undefined;
  return all.flatMap((manifold) => {
    const ranks = about?.[manifold.index];
    if (!ranks) return [];
    const last = ranks.last_input === null ? 'never' : `until ${format(Number(ranks.last_input))} s`;
    return [`${manifold.name ? `${label(manifold.name)}: inputs` : 'Inputs'} depend on the coordinates ${last}; after that ${Number(ranks.changes) === 0 ? 'no rank changes' : `${String(ranks.changes)} ranks of points and times are others than they were then`}.`];
  }).join(' ');
}
