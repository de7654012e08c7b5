// SPDX-License-Identifier: Apache-2.0
// Paths and points in three dimensions: WebGL, or two flat projections, where there is none or for a
// picture of vectors.
import type { Scale } from './color';
import type { Frame } from './frame';
import { axis, axis3, type Options, type Trace } from './plot';
import { extent } from './statistics';
import { plain } from './text';
import type { Theme } from './theme';
import { available } from './webgl';

export type Point3 = [number[], number[], number[]];

export interface Path3 {
  at: Point3;
  name: string;
  color: string;
  width?: number;
  /** Colored by these values instead, from `low` to `high`. */
  values?: number[];
  low?: number;
  high?: number;
}

export interface Points3 {
  at: Point3;
  name: string;
  color: string;
  symbol: string;
  size: number;
  text?: string[];
  /** Colored by these values instead, from `low` to `high`. */
  values?: number[];
  low?: number;
  high?: number;
}

/** A sheet of points in rows, colored by a number at each; a single column of points is a curve. */
export interface Surface3 {
  at: [number[][], number[][], number[][]];
  name: string;
  values: number[][];
  low: number;
  high: number;
  scale: Scale;
  marks?: Options; // of the bar of colors
  text: string[][];
}

export interface Space {
  title: string;
  axes: [string, string, string];
  paths: Path3[];
  points: Points3[];
  surfaces?: Surface3[];
  description: string;
}

/** With `moved`, what stands there once the reader has moved a slider of the figure. */
export function drawSpace(frame: Frame, space: Space, theme: Theme, moved?: () => Space): void {
  const hasScenes = available();
  if (!hasScenes) frame.element.dataset.flat = 'true';
  const isFlat = !hasScenes || frame.choice('view', 'View', [['', 'in space, to turn'], ['flat', 'flat, saved as vectors']]) === 'flat';
  if (!isFlat) {
    drawScene(frame, space, theme, moved);
    return;
  }
  drawFlat(frame, space, theme, 0, 1, moved);
  drawFlat(frame, space, theme, 0, 2, moved);
}

/** The sentence that belongs below flat projections. */
export function noteFlat(frame: Frame): void {
  if (frame.element.dataset.flat) {
    frame.note('This browser has no WebGL: two flat projections stand for each three-dimensional view.');
  }
}

function drawScene(frame: Frame, space: Space, theme: Theme, moved?: () => Space): void {
  frame.plot({
    title: space.title,
    description: space.description,
    height: 370,
    ...scene(space, theme),
    ...(moved ? { moved: () => scene(moved(), theme) } : {}),
  });
}

function scene(space: Space, theme: Theme): { traces: Trace[]; layout: Options } {
  const axes = space.axes.map((title) => axis3(title, theme));
  const isNarrow = window.innerWidth < 600;
  const distance = isNarrow ? 1.75 : 1.55; // of the eye: room for the axis titles
  const { x, y, z } = proportions(space);
  const size = !space.surfaces ? 1 : isNarrow ? 0.75 : 0.88; // room for the bar of colors
  return {
    traces: [
      ...(space.surfaces ?? []).map(surface),
      ...traces(space, theme, (at) => ({ type: 'scatter3d', x: at[0], y: at[1], z: at[2] }), true),
    ],
    layout: {
      margin: { l: 0, r: 0, t: 0, b: 0 },
      scene: {
        xaxis: axes[0],
        yaxis: axes[1],
        zaxis: axes[2],
        aspectmode: 'manual',
        aspectratio: { x: size * x, y: size * y, z: size * z },
        camera: { eye: { x: distance, y: distance, z: 0.6 * distance }, center: { x: 0, y: 0, z: -0.08 }, projection: { type: 'orthographic' } },
      },
    },
  };
}

const colorbar = { thickness: 11, outlinewidth: 0, len: 0.8, exponentformat: 'power', nticks: 6 };

function surface(sheet: Surface3): Trace {
  const colors = { colorscale: sheet.scale, cmin: sheet.low, cmax: sheet.high, showscale: true, colorbar: { ...colorbar, ...sheet.marks } };
  const hovertemplate = `${plain(sheet.name)}<br>%{text}<extra></extra>`;
  const [x, y, z] = sheet.at;
  if (x[0].length === 1) {
    return {
      type: 'scatter3d', mode: 'lines', x: x.flat(), y: y.flat(), z: z.flat(), text: sheet.text.flat(), hovertemplate,
      line: { width: 7, color: sheet.values.flat(), ...colors },
    };
  }
  return {
    type: 'surface', x, y, z, surfacecolor: sheet.values, text: sheet.text, hovertemplate, ...colors,
    lighting: { ambient: 0.85, diffuse: 0.35, specular: 0.05, roughness: 0.9 },
    contours: { x: { highlight: false }, y: { highlight: false }, z: { highlight: false } },
  };
}

/**
 * The rows and columns of a sheet as lines on both of its sides, a little away from it, as those
 * within it would be half hidden; every second one, or fewer, where they are many.
 */
export function gridOf(sheet: Surface3, color: string): Path3[] {
  const space: Space = { title: '', axes: ['', '', ''], paths: [], points: [], surfaces: [sheet], description: '' };
  const { x, y, z } = proportions(space);
  const unit = lengthsOf(space).map((length, d) => length / ([x, y, z][d] || 1)); // of the scene, in data
  const [rows, columns] = [sheet.at[0].length, sheet.at[0][0].length];
  const difference = (from: [number, number], to: [number, number]): number[] =>
    sheet.at.map((values, d) => (unit[d] > 0 ? (values[to[0]][to[1]] - values[from[0]][from[1]]) / unit[d] : 0));
  const above = (i: number, j: number): number[] => {
    const a = difference([Math.max(0, i - 1), j], [Math.min(rows - 1, i + 1), j]);
    const b = difference([i, Math.max(0, j - 1)], [i, Math.min(columns - 1, j + 1)]);
    const normal = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
    const size = Math.hypot(...normal) || 1;
    return normal.map((value, d) => (0.006 * value * unit[d]) / size);
  };
  const few = (n: number): number[] => Array.from({ length: n }, (_, i) => i).filter((i) => i % Math.max(1, Math.round(n / 10)) === 0 || i === n - 1);
  const line = (places: [number, number][], side: number): Path3 => {
    const points = places.map(([i, j]) => above(i, j).map((offset, d) => sheet.at[d][i][j] + side * offset));
    return { at: [0, 1, 2].map((d) => points.map((point) => point[d])) as Point3, name: 'line of the grid', color, width: 0.8 };
  };
  const all = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
  return [1, -1].flatMap((side) => [
    ...few(rows).map((i) => line(all(columns).map((j) => [i, j]), side)),
    ...few(columns).map((j) => line(all(rows).map((i) => [i, j]), side)),
  ]);
}

/** A sheet in two dimensions: its points. */
function flatSurface(sheet: Surface3, i: number, j: number): Trace {
  return {
    type: 'scatter', mode: 'markers', x: sheet.at[i].flat(), y: sheet.at[j].flat(), text: sheet.text.flat(),
    hovertemplate: `${plain(sheet.name)}<br>%{text}<extra></extra>`,
    marker: { size: 5, color: sheet.values.flat(), colorscale: sheet.scale, cmin: sheet.low, cmax: sheet.high, showscale: true, colorbar: { ...colorbar, ...sheet.marks } },
  };
}

function lengthsOf(space: Space): number[] {
  return [0, 1, 2].map((d) => {
    const [low, high] = extent([
      ...[...space.paths, ...space.points].flatMap(({ at }) => at[d]),
      ...(space.surfaces ?? []).flatMap(({ at }) => at[d].flat()),
    ]);
    return high - low;
  });
}

/** True proportions at the same size on the page, unless one axis is four times another. */
function proportions(space: Space): { x: number; y: number; z: number } {
  const lengths = lengthsOf(space);
  const [shortest, longest] = extent(lengths);
  const isTrue = shortest > 0 && longest <= 4 * shortest;
  const diagonal = Math.hypot(...lengths);
  const [x, y, z] = lengths.map((length) => (isTrue ? (Math.sqrt(3) * length) / diagonal : 1));
  return { x, y, z };
}

function drawFlat(frame: Frame, space: Space, theme: Theme, i: number, j: number, moved?: () => Space): void {
  const flat = (of: Space): { traces: Trace[]; layout: Options } => ({
    traces: [
      ...traces(of, theme, (at) => ({ type: 'scatter', x: at[i], y: at[j] }), false),
      ...(of.surfaces ?? []).map((sheet) => flatSurface(sheet, i, j)),
    ],
    layout: { xaxis: axis(of.axes[i], theme), yaxis: axis(of.axes[j], theme) },
  });
  frame.plot({
    title: `${space.title}: ${i + 1} and ${j + 1}`,
    description: space.description,
    ...flat(space),
    ...(moved ? { moved: () => flat(moved()) } : {}),
  });
}

/** The colors of values from low to high, for Plotly. */
export const scale = (theme: Theme): [number, string][] => theme.sequence.map((color, i) => [i / 2, color]);

function traces(space: Space, theme: Theme, place: (at: Point3) => Options, isDeep: boolean): Trace[] {
  const path = (line: Path3): Trace => {
    const colored = line.values && { color: line.values, colorscale: scale(theme), cmin: line.low, cmax: line.high };
    return {
      ...place(line.at),
      hovertemplate: `${plain(line.name)}<extra></extra>`,
      mode: colored && !isDeep ? 'markers' : 'lines', // flat lines have one color each
      line: { width: (line.width ?? 2) * (isDeep ? 2 : 1), color: line.color, ...(isDeep ? colored : undefined) },
      marker: { size: 3, ...colored },
    };
  };
  const cloud = (points: Points3, isOutline = points.symbol.endsWith('open')): Trace => ({
    ...place(points.at),
    mode: 'markers',
    text: points.text,
    hovertemplate: points.text ? '%{text}<extra></extra>' : `${plain(points.name)}<extra></extra>`,
    marker: {
      symbol: points.symbol,
      size: points.size * (isDeep ? 0.45 : 1),
      color: points.color,
      ...(points.values && { color: points.values, colorscale: scale(theme), cmin: points.low, cmax: points.high }),
      line: isOutline ? { width: 2, color: points.color } : { width: points.symbol === 'cross' || points.values ? 0 : 1, color: theme.paper },
    },
  });
  return [...space.paths.map(path), ...space.points.map((points) => cloud(points))];
}
