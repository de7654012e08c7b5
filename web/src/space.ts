// SPDX-License-Identifier: Apache-2.0
// Paths and points in three dimensions: WebGL, or two flat projections where there is none.
import type { Frame } from './frame';
import { axis, axis3, type Options, type Trace } from './plot';
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
}

export interface Space {
  title: string;
  axes: [string, string, string];
  paths: Path3[];
  points: Points3[];
  description: string;
}

export function drawSpace(frame: Frame, space: Space, theme: Theme): void {
  if (available()) {
    drawScene(frame, space, theme);
    return;
  }
  drawFlat(frame, space, theme, 0, 1);
  drawFlat(frame, space, theme, 0, 2);
  frame.element.dataset.flat = 'true';
}

/** The sentence that belongs below flat projections. */
export function noteFlat(frame: Frame): void {
  if (frame.element.dataset.flat) {
    frame.note('This browser has no WebGL: two flat projections stand for each three-dimensional view.');
  }
}

function drawScene(frame: Frame, space: Space, theme: Theme): void {
  const axes = space.axes.map((title) => axis3(title, theme));
  const distance = window.innerWidth < 600 ? 1.75 : 1.55; // of the eye: room for the axis titles
  frame.plot({
    title: space.title,
    description: space.description,
    height: 400,
    traces: traces(space, theme, (at) => ({ type: 'scatter3d', x: at[0], y: at[1], z: at[2] }), true),
    layout: {
      margin: { l: 0, r: 0, t: 0, b: 0 },
      scene: {
        xaxis: axes[0],
        yaxis: axes[1],
        zaxis: axes[2],
        aspectmode: 'auto', // true proportions, unless one axis is four times another
        camera: { eye: { x: distance, y: distance, z: 0.6 * distance }, center: { x: 0, y: 0, z: -0.08 }, projection: { type: 'orthographic' } },
      },
    },
  });
}

function drawFlat(frame: Frame, space: Space, theme: Theme, i: number, j: number): void {
  frame.plot({
    title: `${space.title}: ${i + 1} and ${j + 1}`,
    description: space.description,
    traces: traces(space, theme, (at) => ({ type: 'scatter', x: at[i], y: at[j] }), false),
    layout: { xaxis: axis(space.axes[i], theme), yaxis: axis(space.axes[j], theme) },
  });
}

/** A sequential scale that stays readable without red or green. */
export const scale = 'Cividis';

function traces(space: Space, theme: Theme, place: (at: Point3) => Options, isDeep: boolean): Trace[] {
  const path = (line: Path3): Trace => {
    const colored = line.values && { color: line.values, colorscale: scale, cmin: line.low, cmax: line.high };
    return {
      ...place(line.at),
      name: line.name,
      hovertemplate: `${line.name}<extra></extra>`,
      mode: colored && !isDeep ? 'markers' : 'lines', // flat lines have one color each
      line: { width: (line.width ?? 2) * (isDeep ? 2 : 1), color: line.color, ...(isDeep ? colored : undefined) },
      marker: { size: 3, ...colored },
    };
  };
  const cloud = (points: Points3): Trace => ({
    ...place(points.at),
    name: points.name,
    mode: 'markers',
    text: points.text,
    hovertemplate: points.text ? '%{text}<extra></extra>' : `${points.name}<extra></extra>`,
    marker: {
      symbol: points.symbol,
      size: points.size * (isDeep ? 0.6 : 1),
      color: points.color,
      line: { width: points.symbol.endsWith('open') ? 2 : 1, color: points.symbol.endsWith('open') ? points.color : theme.paper },
    },
  });
  return [...space.paths.map(path), ...space.points.map(cloud)];
}
