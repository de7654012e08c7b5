// SPDX-License-Identifier: Apache-2.0
// The distances of all pairs of networks as shades.
import type { Group, Result } from './document';
import type { Frame } from './frame';
import { area, fills } from './heatmap';
import { axis, type Trace } from './plot';
import { aboutGap, chosenLabel, chosenMetric, classColor, compared, labels, leftOut, type Join, type Label } from './similarity';
import { extent } from './statistics';
import { format, label, plain } from './text';
import type { Theme } from './theme';

export function drawDistanceMatrix(frame: Frame, group: Group, theme: Theme, join: Join): void {
  const found = chosenMetric(frame, group, join);
  if (!found.has('order')) {
    frame.note(`There is nothing to show: fewer than two networks could be compared. ${leftOut(found)}`);
    return;
  }
  const color = chosenLabel(frame, found, 'color', 'Color', ['cell', 'population', 'stage']);
  const by = frame.choice('order', 'Order', [
    ['', 'tree'],
    ...labels(found).map(({ name }): [string, string] => [name, label(name)]),
  ]);
  const order = ordered(found, labels(found).find(({ name }) => name === by));
  drawMatrix(frame, found, order, color, theme);
  frame.legend((color?.classes ?? []).map((text, i) => ({ text, color: classColor(i, theme), symbol: 'square' })));
  const note = [aboutGap(found), leftOut(found)].filter((text) => text).join(' ');
  if (note) frame.note(note);
}

function ordered(found: Result, by: Label | undefined): number[] {
  const known = new Set(compared(found));
  const tree = found.array('order').list().filter((i) => known.has(i));
  return by ? tree.map((i, at) => ({ i, at })).sort((a, b) => by.of[a.i] - by.of[b.i] || a.at - b.at).map(({ i }) => i) : tree;
}

const most = 240; // rows; of more, neighbors in the order are put together
const hovered = 64; // rows up to which single pairs tell their distance

function drawMatrix(frame: Frame, found: Result, order: number[], color: Label | undefined, theme: Theme): void {
  const D = found.array('distances');
  const step = Math.ceil(order.length / most);
  const rows = Array.from({ length: Math.ceil(order.length / step) }, (_, r) => order.slice(r * step, (r + 1) * step));
  const value = (a: number[], b: number[]): number => {
    let sum = 0;
    for (const i of a) for (const j of b) sum += D.at(i, j);
    return sum / (a.length * b.length);
  };
  const values = rows.map((a) => rows.map((b) => value(a, b)));
  const [low, high] = extent(values.flat());
  const K = rows.length;
  const middles = rows.map((_, i) => i + 0.5);
  const strip = Math.max(1, 0.03 * K);
  const ends = [theme.trained, theme.grid] as const;
  frame.plot({
    title: String((found.attributes.metric as { name?: string }).name ?? ''),
    description: `Distances of all pairs of ${order.length} networks as shades`,
    height: 560,
    traces: [
      ...fills({ x: middles, y: middles, z: values, low, high, scale: [[0, ends[0]], [1, ends[1]]] }),
      ...(color ? classStrip(rows, color, strip, theme) : []),
      scale(low, high, ends),
      ...(K <= hovered && step === 1 ? [pairs(found, rows.flat(), values)] : []),
    ],
    layout: {
      margin: { l: 24, r: 24, t: 10, b: 24 },
      xaxis: axis('', theme, { range: [-1.6 * strip, K], showgrid: false, showticklabels: false, ticks: '', showline: false }),
      yaxis: axis('', theme, { range: [K, 0], showgrid: false, showticklabels: false, ticks: '', showline: false, scaleanchor: 'x', constrain: 'domain' }),
    },
  });
  if (step > 1) frame.note(`Each square is the mean over ${step} by ${step} networks.`);
}

function rectangle(path: { x: (number | null)[]; y: (number | null)[] }, left: number, right: number, top: number, bottom: number): void {
  path.x.push(left, right, right, left, left, null);
  path.y.push(top, top, bottom, bottom, top, null);
}

function classStrip(rows: number[][], by: Label, width: number, theme: Theme): Trace[] {
  return by.classes.map((_, of) => {
    const path = { x: [] as (number | null)[], y: [] as (number | null)[] };
    rows.forEach((members, i) => {
      if (by.of[members[0]] === of) rectangle(path, -1.5 * width, -0.5 * width, i, i + 1);
    });
    return area(path.x, path.y, classColor(of, theme));
  });
}

/** A mark that is not seen, for the bar of shades. */
function scale(low: number, high: number, ends: readonly [string, string]): Trace {
  return {
    type: 'scatter', mode: 'markers', hoverinfo: 'skip', x: [0], y: [0],
    marker: {
      opacity: 0, color: [low], cmin: low, cmax: high, colorscale: [[0, ends[0]], [1, ends[1]]], showscale: true,
      colorbar: { thickness: 12, outlinewidth: 0, title: { text: 'Distance', side: 'right' } },
    },
  };
}

function pairs(found: Result, order: number[], values: number[][]): Trace {
  const names = found.texts('objects').map(plain);
  const cells = order.flatMap((a, i) => order.map((b, j) => ({ x: j + 0.5, y: i + 0.5, text: `${names[a]}<br>${names[b]}<br>${format(values[i][j])}` })));
  return {
    type: 'scatter', mode: 'markers', marker: { opacity: 0, size: 6 },
    x: cells.map(({ x }) => x), y: cells.map(({ y }) => y), text: cells.map(({ text }) => text),
    hovertemplate: '%{text}<extra></extra>',
  };
}
