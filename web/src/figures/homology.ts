// SPDX-License-Identifier: Apache-2.0
import { asNumber, having, networkName, result, type JsonObject, type Result } from '../document';
import type { Frame } from '../frame';
import type { Key } from '../legend';
import { axis, type Options, type Trace } from '../plot';
import { count, enumerate, format, percent } from '../text';
import type { Theme } from '../theme';
import { register } from './registry';

register({
  id: 'homology',
  title: 'Pieces, loops and voids of the states',
  caption:
    'Persistent homology of the states of one network: as states at growing mutual distances are joined, pieces (H0), ' +
    'loops (H1) and voids (H2) come and go. Left a bar for each, from its birth to its death; right death against birth, with a triangle ' +
    'for what is still there at the longest edge. Points above the inner band, and the bars in full color, are of all the states ' +
    'and not of the landmarks alone; points above the outer band are of the set that the states were drawn from, at the ' +
    'confidence told, if they were independent, as states along a trajectory are not. Which states, landmarks and confidence ' +
    'are choices of ours.',
  needs: ['homology'],
  applies: (group) => having(group, 'homology').length > 0,
  draw(frame, group, theme) {
    const network = frame.network('homology');
    const found = result(network, 'homology');
    const stages = ['trained', 'untrained'].filter((stage) => stage in found.attributes);
    const stage = frame.choice('stage', 'Weights', stages.map((name) => [name, name]));
    const all = barsOf(found, stage);
    const of = found.attributes[stage] as unknown as Stage;
    drawBars(frame, all, of, theme);
    drawDiagram(frame, all, of, theme);
    frame.legend(keys(all, theme));
    frame.note(`Network ${networkName(group, network)}, ${stage}: ${inWords(found, of)}`);
  },
});

/** Attributes of one stage of the analysis. */
interface Stage extends JsonObject {
  states: number;
  size: { points: number; max_edge: number; edges: number; kept_edges: number; simplices: number; bytes: number };
  covering_radius: number;
  sampling_radius: number;
  betti_of_points: number[];
  threshold_of_points: number;
  betti_of_set: number[];
  threshold_of_set: number;
}

interface Bar {
  dimension: number;
  birth: number;
  death: number;
}

/** By dimension, the longest first. */
function barsOf(found: Result, stage: string): Bar[] {
  const all: Bar[] = [];
  for (let dimension = 0; found.has(`${stage}_h${dimension}`); ++dimension) {
    const bars = found.array(`${stage}_h${dimension}`);
    for (let i = 0; i < bars.shape[0]; ++i) all.push({ dimension, birth: bars.at(i, 0), death: bars.at(i, 1) });
  }
  return all;
}

const dimensionsOf = (all: Bar[]): number[] => [...new Set(all.map(({ dimension }) => dimension))];
const colorOf = (dimension: number, theme: Theme): string => theme.categories[dimension % theme.categories.length];
const most = 30; // bars of a dimension in the barcode; the others are shorter

/** Up to the longest edge; a bar that goes on beyond it ends there with an arrow. */
function drawBars(frame: Frame, all: Bar[], of: Stage, theme: Theme): void {
  const shown = dimensionsOf(all).flatMap((k) => all.filter(({ dimension }) => dimension === k).slice(0, most));
  const end = of.size.max_edge;
  const isLong = (bar: Bar): boolean => Math.min(bar.death, end) - bar.birth > of.threshold_of_points;
  frame.plot({
    title: shown.length < all.length ? `Barcode, the longest ${most} of each dimension` : 'Barcode',
    description: `${count(shown.length, 'bar')} of persistent homology from birth to death`,
    height: 400,
    traces: shown.map((bar, i): Trace => ({
      type: 'scatter', mode: 'lines+markers', x: [bar.birth, Math.min(bar.death, end)], y: [i, i],
      line: { color: colorOf(bar.dimension, theme), width: Math.max(1.5, Math.min(6, 200 / shown.length)) },
      marker: { color: colorOf(bar.dimension, theme), symbol: 'triangle-right', size: [0, Number.isFinite(bar.death) ? 0 : 10], line: { width: 0 } },
      opacity: isLong(bar) ? 1 : 0.45,
      hovertemplate: `${describe(bar)}<extra></extra>`,
    })),
    layout: {
      xaxis: axis('Edge length (units of the state)', theme, { rangemode: 'tozero' }),
      yaxis: { visible: false, autorange: 'reversed', fixedrange: true },
    },
  });
}

function describe({ dimension, birth, death }: Bar): string {
  const length = Number.isFinite(death) ? `, length ${format(death - birth)}` : '';
  return `H${dimension}<br>from ${format(birth)} to ${format(death)}${length}`;
}

/** Above the diagonal by more than a band is what holds for more than the landmarks. */
function drawDiagram(frame: Frame, all: Bar[], of: Stage, theme: Theme): void {
  const end = of.size.max_edge;
  const range = end > 0 ? end : 1; // of a single state
  const band = (width: number): Options => ({
    type: 'path', layer: 'below', line: { width: 0 }, fillcolor: theme.muted, opacity: 0.18,
    path: `M0,0L${end},${end}L${end},${end + width}L0,${width}Z`,
  });
  frame.plot({
    title: 'Persistence diagram',
    description: 'Death against birth of all bars, with bands of what is certain',
    height: 400,
    traces: [
      { type: 'scatter', mode: 'lines', hoverinfo: 'skip', x: [0, end], y: [0, end], line: { color: theme.muted, width: 1 } },
      ...dimensionsOf(all).map((k): Trace => {
        const own = all.filter(({ dimension }) => dimension === k);
        return {
          type: 'scatter', mode: 'markers', cliponaxis: false, x: own.map(({ birth }) => birth), y: own.map(({ death }) => Math.min(death, end)),
          marker: {
            color: colorOf(k, theme), opacity: 1, size: own.map(({ death }) => (Number.isFinite(death) ? 7 : 11)),
            symbol: own.map(({ death }) => (Number.isFinite(death) ? 'circle' : 'triangle-up')), line: { width: own.length > 40 ? 0 : 1, color: theme.paper }, // outlines upon each other would hide the color
          },
          text: own.map(describe),
          hovertemplate: '%{text}<extra></extra>',
        };
      }),
    ],
    layout: {
      shapes: [band(of.threshold_of_set), band(of.threshold_of_points)],
      xaxis: axis('Birth (units of the state)', theme, { range: [-0.03 * range, 1.03 * range], showgrid: false }),
      yaxis: axis('Death (units of the state)', theme, { range: [-0.03 * range, 1.06 * range], showgrid: false }),
    },
  });
}

const names = ['pieces (H0)', 'loops (H1)', 'voids (H2)'];

function keys(all: Bar[], theme: Theme): Key[] {
  return [
    ...dimensionsOf(all).map((k): Key => ({ text: names[k] ?? `H${k}`, color: colorOf(k, theme), line: 'solid', symbol: 'circle', width: 3 })),
    { text: 'inner band: perhaps of the landmarks alone; outer band: perhaps of these states alone', color: theme.muted, band: true },
  ];
}

function inWords(found: Result, of: Stage): string {
  const betti = (numbers: number[]): string => enumerate(numbers.map((b, k) => `${b} in H${k}`));
  const { points, simplices, bytes } = of.size;
  return (
    `${count(points, 'landmark')} of ${count(of.states, 'state')}, each state within ${format(of.covering_radius)} of one. Betti numbers, ` +
    `counting bars longer than ${format(of.threshold_of_points)}, which all states have: ${betti(of.betti_of_points)}; counting those longer ` +
    `than ${format(of.threshold_of_set)}, which the set they were drawn from has at ${percent(found.number('confidence'))} confidence: ` +
    `${betti(of.betti_of_set)}. Shorter bars may be there or not. ` +
    `${count(simplices, 'simplex', 'simplices')}, about ${format(bytes / 1e6, 2)} MB; the bound was ${format(asNumber(found.attributes.memory))} MB.`
  );
}
