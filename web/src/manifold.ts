// SPDX-License-Identifier: Apache-2.0
// What the analysis “geometry” stores, as the figures read it: input manifolds of a task, and how
// the trained and the untrained network warp them.
import { asNumber, having, networkName, result, type Group, type JsonObject, type Network, type Result } from './document';
import type { Frame } from './frame';
import { axis, type Options, type Trace } from './plot';
import { format, label, plain } from './text';
import type { Theme } from './theme';

export type Stage = 'trained' | 'untrained';
export const stages: Stage[] = ['trained', 'untrained'];

export interface Coordinate {
  name: string; // without its unit
  unit: string;
  lowest: number;
  highest: number;
  periodic: boolean;
  /** Where the grid has points; of a circle without its end. */
  values: number[];
}

/** An input manifold of the task, of which there is one a context. */
export interface Manifold {
  index: number;
  name: string;
  coordinates: Coordinate[];
}

export function manifolds(found: Result): Manifold[] {
  const all = found.attributes.manifolds;
  return (Array.isArray(all) ? (all as JsonObject[]) : []).map((about, index) => ({
    index,
    name: String(about.name ?? ''),
    coordinates: (about.coordinates as JsonObject[]).map((coordinate, i) => {
      const [name, unit] = String(coordinate.name).split(', ');
      return {
        name,
        unit: unit ?? '',
        lowest: asNumber(coordinate.lowest),
        highest: asNumber(coordinate.highest),
        periodic: coordinate.periodic === true,
        values: found.array(`${index}/axis_${i}`).list(),
      };
    }),
  }));
}

export const title = ({ name, unit }: Coordinate): string => (unit ? `${name} (${unit})` : name);

/** An axis for the values of a coordinate; of an angle once around, with marks at quarters of a turn. */
export function coordinateAxis(coordinate: Coordinate, theme: Theme, more: Options = {}): Options {
  const isTurn = coordinate.unit === 'rad' && coordinate.lowest === 0 && Math.abs(coordinate.highest - 2 * Math.PI) < 1e-6;
  const quarters = [0, 1, 2, 3, 4].map((quarter) => (quarter * Math.PI) / 2);
  const marks = isTurn ? { tickmode: 'array', tickvals: quarters, ticktext: ['0', 'π/2', 'π', '3π/2', '2π'] } : {};
  return axis(plain(title(coordinate)), theme, { showgrid: false, ...marks, ...more });
}

/** Times of the slices, in s. */
export const times = (found: Result): number[] => found.array('time').list();

/** Times of some of the steps, by their numbers; the last of them is that of the last slice. */
export function stepTimes(found: Result, name: string): number[] {
  const steps = found.array(name).list();
  const dt = times(found).slice(-1)[0] / steps[steps.length - 1];
  return steps.map((step) => dt * step);
}

/** Whether every point of the grid is stored, not the summary alone. */
export const hasMaps = (network: Network): boolean => network.results.get('geometry')?.attributes.maps === true;

/** What the reader looks at. */
export interface View {
  found: Result;
  all: Manifold[];
  /** Which two coordinates. */
  pair: [number, number];
  /** Which time. */
  step: number;
}

/** The choices that the figures of single points have in common; contexts of few coordinates are left out. */
export function view(frame: Frame, group: Group, leastDimension = 1): View {
  const found = mapped(frame, group);
  const all = shownManifolds(frame, found).filter(({ coordinates }) => coordinates.length >= leastDimension);
  return { found, all, pair: shownPair(frame, all[0]), step: timeSlider(frame, found) };
}

/** The maps of the network that the reader looks at. */
export const mapped = (frame: Frame, group: Group): Result => result(mappedNetwork(frame, group), 'geometry');

/** A panel for each context and stage that moves with the time; none where there is no `drawing`. */
export function plotSlices(
  frame: Frame,
  { found, all, step }: View,
  drawing: (slice: Slice) => { traces: Trace[]; layout: Options } | undefined,
  description: (stage: Stage) => string,
  height = 340,
): void {
  for (const manifold of all) {
    for (const stage of stages) {
      const first = drawing(new Slice(found, manifold, stage, step));
      if (!first) continue;
      const moved = (): typeof first => drawing(new Slice(found, manifold, stage, frame.place('time'))) ?? first;
      frame.plot({ title: panelTitle(manifold, stage), description: description(stage), height, ...first, moved });
    }
  }
}

/** The networks of a group of which the maps are stored, and the one the reader looks at. */
function mappedNetwork(frame: Frame, group: Group): Network {
  const all = having(group, 'geometry').filter(hasMaps);
  const id = frame.choice('network', 'Network', all.map((n) => [n.id, networkName(group, n)]), true);
  return all.find((network) => network.id === id) ?? all[0];
}

/** Whether a figure of the maps has anything to show for a task. */
export function applies(group: Group, leastDimension = 1): boolean {
  return having(group, 'geometry').some(
    (network) => hasMaps(network) && manifolds(result(network, 'geometry')).some(({ coordinates }) => coordinates.length >= leastDimension),
  );
}

/** All manifolds where they are few, else the one that the reader chooses. */
export function shownManifolds(frame: Frame, found: Result): Manifold[] {
  const all = manifolds(found);
  if (all.length <= 2) return all;
  const index = frame.choice('manifold', 'Context', all.map((one) => [String(one.index), one.name]), true);
  return [all[Number(index)]];
}

/** The slider of the time, common to these figures; returns where it stands. */
function timeSlider(frame: Frame, found: Result): number {
  return frame.slider('time', 'Time', times(found).map((t) => `${format(t)} s`));
}

/** "Context 1, trained" */
export const panelTitle = (manifold: Manifold, stage: Stage): string => label(manifold.name ? `${manifold.name}, ${stage}` : stage);

/** A network at a stage on a manifold, a slice at a time. */
export class Slice {
  constructor(
    readonly found: Result,
    readonly manifold: Manifold,
    readonly stage: Stage,
    readonly step: number,
  ) {}

  get dim(): number {
    return this.manifold.coordinates.length;
  }

  get points(): number {
    return this.manifold.coordinates.reduce((all, { values }) => all * values.length, 1);
  }

  has(name: string): boolean {
    return this.found.has(this.name(name));
  }

  /** Entry i of an array (S, K, r) at all points; of (S, K) the only one. */
  column(name: string, i = 0): number[] {
    const array = this.found.array(this.name(name));
    const r = array.shape[2] ?? 1;
    const start = this.step * this.points * r + i;
    return Array.from({ length: this.points }, (_, k) => array.data[start + k * r]);
  }

  /** G_ij at all points. */
  metric(i: number, j: number): number[] {
    const [a, b] = i <= j ? [i, j] : [j, i];
    return this.column('metric', a * this.dim - (a * (a - 1)) / 2 + b - a);
  }

  /** Coordinate i of all points: the last one is the fastest. */
  kappa(i: number): number[] {
    const { coordinates } = this.manifold;
    const stride = coordinates.slice(i + 1).reduce((all, { values }) => all * values.length, 1);
    const { values } = coordinates[i];
    return Array.from({ length: this.points }, (_, k) => values[Math.floor(k / stride) % values.length]);
  }

  private name(name: string): string {
    return `${this.manifold.index}/${this.stage}/${name}`;
  }
}

/**
 * The points over two coordinates, the others held in the middle of their range: rows along the
 * first, and around circles closed once more if asked for. Of a curve, one point a row.
 */
export function sheet(manifold: Manifold, first: number, second: number, closed: boolean): number[][] {
  const { coordinates } = manifold;
  const strides = coordinates.map((_, i) => coordinates.slice(i + 1).reduce((all, { values }) => all * values.length, 1));
  const middle = coordinates.reduce(
    (at, { values }, i) => (i === first || i === second ? at : at + strides[i] * Math.floor(values.length / 2)), 0,
  );
  const along = (i: number): number[] => {
    if (i >= coordinates.length) return [0];
    const n = coordinates[i].values.length;
    return Array.from({ length: n + (closed && coordinates[i].periodic ? 1 : 0) }, (_, k) => strides[i] * (k % n));
  };
  return along(first).map((a) => along(second).map((b) => middle + a + b));
}

/** Which two coordinates are shown; a choice where there are more. */
function shownPair(frame: Frame, manifold: Manifold): [number, number] {
  const m = manifold.coordinates.length;
  if (m < 3) return [0, 1];
  const pairs = Array.from({ length: m }, (_, i) => i).flatMap((i) => Array.from({ length: m - i - 1 }, (_, d): [number, number] => [i, i + 1 + d]));
  const names = pairs.map(([i, j]): [string, string] => [`${i},${j}`, `${manifold.coordinates[i].name}, ${manifold.coordinates[j].name}`]);
  const [i, j] = frame.choice('pair', 'Coordinates', names, true).split(',').map(Number);
  return [i, j];
}
