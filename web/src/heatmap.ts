// SPDX-License-Identifier: Apache-2.0
// Heat maps as polygons: vector pictures that scale, one trace for all cells of a color.
import { colorAt, type Scale } from './color';
import type { Options, Trace } from './plot';
import { format } from './text';

export interface Cells {
  x: number[]; // centers of the columns
  y: number[]; // centers of the rows
  z: number[][]; // rows of values; NaN stays empty
  low: number;
  high: number;
  scale: Scale;
}

export interface HeatMap extends Cells {
  title: string; // of the numbers
  marks?: Options; // of the bar of colors
  /** What is told of a cell, if not where it is and its value. */
  text?(value: number): string;
  hover?(row: number, column: number): string;
}

const levels = 48;

export const heatMap = (map: HeatMap): Trace[] => [...fills(map), centers(map)];

/** The cells alone. Equal neighbors of a row are one rectangle. */
export function fills(map: Cells): Trace[] {
  const [left, bottom] = [edges(map.x), edges(map.y)];
  const cells = new Map<number, { x: (number | null)[]; y: (number | null)[] }>();
  map.z.forEach((row, i) => {
    const levelsOfRow = row.map((value) => (Number.isFinite(value) ? levelOf(value, map) : undefined));
    for (let j = 0, end = 0; j < row.length; j = end) {
      const level = levelsOfRow[j];
      for (end = j + 1; end < row.length && levelsOfRow[end] === level; ) ++end;
      if (level === undefined) continue;
      const those = cells.get(level) ?? { x: [], y: [] };
      those.x.push(left[j], left[end], left[end], left[j], left[j], null);
      those.y.push(bottom[i], bottom[i], bottom[i + 1], bottom[i + 1], bottom[i], null);
      cells.set(level, those);
    }
  });
  return [...cells].map(([level, { x, y }]) => area(x, y, colorAt(map.scale, level / (levels - 1))));
}

/** Rectangles of one color: a path, which stays sharp in print. */
export const area = (x: (number | null)[], y: (number | null)[], color: string): Trace => ({
  type: 'scatter', mode: 'lines', x, y, fill: 'toself', fillcolor: color, line: { color, width: 0.7 }, hoverinfo: 'skip',
});

/** Invisible marks that carry the bar of colors and what is told under the pointer. */
function centers(map: HeatMap): Trace {
  const tell = map.text ?? ((value: number): string => format(value));
  const place = (i: number, j: number): string => `${format(map.x[j], 3)}, ${format(map.y[i], 3)}<br>${map.title} ${tell(map.z[i][j])}`;
  const at = map.z.flatMap((row, i) => row.map((value, j) => ({ x: map.x[j], y: map.y[i], value, text: (map.hover ?? place)(i, j) })));
  return {
    type: 'scatter', mode: 'markers', x: at.map(({ x }) => x), y: at.map(({ y }) => y),
    text: at.map(({ text }) => text),
    hovertemplate: '%{text}<extra></extra>',
    marker: {
      size: 12, opacity: 0, symbol: 'square', color: at.map(({ value }) => value), colorscale: map.scale, cmin: map.low, cmax: map.high,
      showscale: true, colorbar: { thickness: 11, outlinewidth: 0, exponentformat: 'power', nticks: 6, ...map.marks },
    },
  };
}

function levelOf(value: number, { low, high }: Cells): number {
  const place = high > low ? (value - low) / (high - low) : 0.5;
  return Math.round(Math.min(1, Math.max(0, place)) * (levels - 1));
}

/** Half-way between centers, and as far beyond the outer ones. */
export function edges(centers: number[]): number[] {
  const n = centers.length;
  if (n === 1) return [centers[0] - 0.5, centers[0] + 0.5];
  const inner = centers.slice(1).map((center, i) => (center + centers[i]) / 2);
  return [2 * centers[0] - inner[0], ...inner, 2 * centers[n - 1] - inner[n - 2]];
}
