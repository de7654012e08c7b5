// SPDX-License-Identifier: Apache-2.0
// Heat maps as polygons: vector pictures that scale, one trace for all cells of a color.
import { colorAt, type Scale } from './color';
import type { Options, Trace } from './plot';
import { format } from './text';

export interface HeatMap {
  x: number[]; // centers of the columns
  y: number[]; // centers of the rows
  z: number[][]; // rows of values; NaN stays empty
  low: number;
  high: number;
  scale: Scale;
  title: string; // of the numbers
  marks?: Options; // of the bar of colors
  /** What is told of a cell, if not its value. */
  text?(value: number): string;
}

const levels = 48;

export function heatMap(map: HeatMap): Trace[] {
  const [left, bottom] = [edges(map.x), edges(map.y)];
  const cells = new Map<number, { x: (number | null)[]; y: (number | null)[] }>();
  map.z.forEach((row, i) =>
    row.forEach((value, j) => {
      if (!Number.isFinite(value)) return;
      const level = levelOf(value, map);
      const those = cells.get(level) ?? { x: [], y: [] };
      those.x.push(left[j], left[j + 1], left[j + 1], left[j], left[j], null);
      those.y.push(bottom[i], bottom[i], bottom[i + 1], bottom[i + 1], bottom[i], null);
      cells.set(level, those);
    }),
  );
  const fills = [...cells].map(([level, { x, y }]): Trace => {
    const color = colorAt(map.scale, level / (levels - 1));
    return { type: 'scatter', mode: 'lines', x, y, fill: 'toself', fillcolor: color, line: { color, width: 0.7 }, hoverinfo: 'skip' };
  });
  return [...fills, centers(map)];
}

/** Invisible marks that carry the bar of colors and what is told under the pointer. */
function centers(map: HeatMap): Trace {
  const at = map.z.flatMap((row, i) => row.map((value, j) => ({ x: map.x[j], y: map.y[i], value })));
  const text = map.text ?? ((value: number): string => format(value));
  return {
    type: 'scatter', mode: 'markers', x: at.map(({ x }) => x), y: at.map(({ y }) => y),
    text: at.map(({ value }) => text(value)),
    hovertemplate: `%{x:.3g}, %{y:.3g}<br>${map.title} %{text}<extra></extra>`,
    marker: {
      size: 12, opacity: 0, symbol: 'square', color: at.map(({ value }) => value), colorscale: map.scale, cmin: map.low, cmax: map.high,
      showscale: true, colorbar: { thickness: 11, outlinewidth: 0, exponentformat: 'power', nticks: 6, ...map.marks },
    },
  };
}

function levelOf(value: number, { low, high }: HeatMap): number {
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
