// SPDX-License-Identifier: Apache-2.0
// Numbers of a point of a warped manifold that pictures can show, and their colors.
import { cyclic, diverging, sequential, type Scale } from './color';
import { title, type Slice } from './manifold';
import type { Options } from './plot';
import { extent, quantile } from './statistics';
import { format, logarithmicMarks } from './text';
import type { Theme } from './theme';

export interface Scalar {
  id: string;
  title: string;
  /** Sizes over decades are shown by their decimal logarithm, numbers of both signs around zero. */
  kind: 'size' | 'decades' | 'signed' | 'cosine' | 'fraction' | 'angle';
  /** Of an angle: once around. */
  circle?: [lowest: number, highest: number];
  values(slice: Slice): number[];
}

/** What a slice has, the metric first. */
export function scalars(slice: Slice): Scalar[] {
  const { coordinates } = slice.manifold;
  const each = coordinates.map((_, i) => i);
  const pairs = each.flatMap((i) => each.slice(i + 1).map((j): [number, number] => [i, j]));
  const isSurface = coordinates.length > 1;
  const per = (i: number): string => (coordinates[i].unit ? ` (1/${coordinates[i].unit})` : '');
  const all: Scalar[] = [
    ...each.map((i): Scalar => ({
      id: `stretch_${i}`, title: `Stretch along ${coordinates[i].name}${per(i)}`, kind: 'decades',
      values: (of) => of.metric(i, i).map(Math.sqrt),
    })),
    { id: 'volume', title: isSurface ? 'Volume √det G' : 'Length element √G', kind: 'decades', values: volume },
    { id: 'condition', title: 'Condition, largest over smallest stretch', kind: 'decades', values: condition },
    { id: 'dimension', title: 'Effective dimension', kind: 'size', values: effectiveDimension },
    ...each.map((i): Scalar => ({ id: `lambda_${i}`, title: `Eigenvalue ${i + 1} of G`, kind: 'decades', values: (of) => of.column('eigenvalues', i) })),
    ...each.flatMap((i) => each.slice(i).map((j): Scalar => ({
      id: `G_${i}${j}`, title: `G${subscript(i + 1)}${subscript(j + 1)}`, kind: i === j ? 'decades' : 'signed', values: (of) => of.metric(i, j),
    }))),
    ...pairs.map(([i, j]): Scalar => ({
      id: `cosine_${i}${j}`, title: `Cosine between ${coordinates[i].name} and ${coordinates[j].name}`, kind: 'cosine', values: (of) => cosine(of, i, j),
    })),
    { id: 'curvature', title: coordinates.length === 2 ? 'Gaussian curvature' : 'Scalar curvature', kind: 'signed', values: (of) => of.column('curvature') },
    ...(coordinates.length > 2 ? each : []).map((i): Scalar => ({ id: `ricci_${i}`, title: `Ricci curvature ${i + 1}`, kind: 'signed', values: (of) => of.column('ricci', i) })),
    { id: 'mean_curvature', title: 'Mean curvature, the length of its vector', kind: 'decades', values: (of) => of.column('mean_curvature') },
    { id: 'gridline_defect', title: 'Defect of the gridlines, |dX′dX − G| / |G|', kind: 'size', values: (of) => of.column('gridline_defect') },
    ...each.map((i): Scalar => ({ id: `alignment_${i}`, title: `Alignment of ${coordinates[i].name} with the readout`, kind: 'fraction', values: (of) => of.column('alignment', i) })),
    { id: 'visible', title: 'Part of the metric that the readout sees', kind: 'fraction', values: (of) => of.column('visible') },
    { id: 'speed', title: 'Speed |dx/dt| (1/s)', kind: 'decades', values: (of) => of.column('speed') },
    { id: 'affine_invariant', title: 'Distance of the metric from before training, |log μ|', kind: 'size', values: (of) => of.column('affine_invariant') },
    { id: 'spectral_ratio', title: 'Distance but for scale, 1 − √(least μ / greatest μ)', kind: 'fraction', values: (of) => of.column('spectral_ratio') },
    ...each.map((i): Scalar => ({
      id: `kappa_${i}`, title: `${title(coordinates[i])}, the coordinate itself`, kind: coordinates[i].periodic ? 'angle' : 'size',
      circle: [coordinates[i].lowest, coordinates[i].highest], values: (of) => of.kappa(i),
    })),
  ];
  return all.filter(({ id }) => slice.has(needs(id)) && (isSurface || !['condition', 'dimension', 'lambda_0'].includes(id)));
}

/** The array that a scalar is made of. */
function needs(id: string): string {
  return ['curvature', 'ricci', 'mean_curvature', 'gridline_defect', 'alignment', 'visible', 'speed', 'affine_invariant', 'spectral_ratio'].find((name) => id.startsWith(name)) ?? 'metric';
}

const subscript = (i: number): string => String.fromCharCode(0x2080 + i);

const eigenvalues = (slice: Slice): number[][] => slice.manifold.coordinates.map((_, i) => slice.column('eigenvalues', i));

const volume = (slice: Slice): number[] =>
  eigenvalues(slice).reduce((all, column) => all.map((value, k) => value * Math.sqrt(column[k])), new Array<number>(slice.points).fill(1));

function condition(slice: Slice): number[] {
  const all = eigenvalues(slice);
  return all[0].map((largest, k) => Math.sqrt(largest / all[all.length - 1][k]));
}

function effectiveDimension(slice: Slice): number[] {
  const all = eigenvalues(slice);
  return all[0].map((_, k) => {
    const those = all.map((column) => column[k]);
    return those.reduce((a, b) => a + b, 0) ** 2 / those.reduce((a, b) => a + b * b, 0);
  });
}

function cosine(slice: Slice, i: number, j: number): number[] {
  const [ii, jj] = [slice.metric(i, i), slice.metric(j, j)];
  return slice.metric(i, j).map((value, k) => value / Math.sqrt(ii[k] * jj[k]));
}

/** Numbers as they are colored, and how the colors are to be read. */
export interface Shade {
  title: string;
  isLog: boolean;
  /** Whether a slice has it: what training changed, the trained network alone. */
  isKnown(slice: Slice): boolean;
  /** Numbers as they are colored: of sizes over decades, their logarithms to the base of ten. */
  values(slice: Slice): number[];
  text(value: number): string; // of what is colored
  scale: Scale;
  range(values: number[]): [low: number, high: number];
  /** Marks of the bar of colors, where they are not those of the numbers themselves. */
  marks(low: number, high: number): Options;
}

export function shade(scalar: Scalar, theme: Theme): Shade {
  const isLog = scalar.kind === 'decades';
  return {
    title: scalar.title,
    isLog,
    isKnown: (slice) => slice.has(needs(scalar.id)),
    values: (slice) => scalar.values(slice).map((value) => (isLog ? (value > 0 ? Math.log10(value) : NaN) : value)),
    text: (value) => format(isLog ? 10 ** value : value),
    scale: scalar.kind === 'signed' || scalar.kind === 'cosine' ? diverging(theme) : scalar.kind === 'angle' ? cyclic : sequential,
    range: (values) => (scalar.kind === 'angle' ? scalar.circle! : range(scalar.kind, values)),
    marks: (low, high) => (isLog ? decades(low, high) : {}),
  };
}

/** Marks of logarithms by the numbers themselves. */
function decades(low: number, high: number): Options {
  const { values, texts } = logarithmicMarks(10 ** low, 10 ** high);
  return { tickmode: 'array', tickvals: values.map(Math.log10), ticktext: texts };
}

/** Few large values would leave the rest without color: signed numbers are clipped at 90 % of their sizes. */
function range(kind: Scalar['kind'], values: number[]): [number, number] {
  if (kind === 'fraction') return [0, 1];
  if (kind === 'cosine') return [-1, 1];
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return [0, 1];
  if (kind === 'signed') {
    const top = quantile(known.map(Math.abs), 0.9) || 1;
    return [-top, top];
  }
  const [low, high] = extent(known);
  const size = Math.max(Math.abs(low), Math.abs(high)) || 1;
  return high - low > 1e-5 * size ? [low, high] : [low - 0.5 * size, high + 0.5 * size]; // numbers are single
}
