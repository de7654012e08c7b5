// SPDX-License-Identifier: Apache-2.0
import { area } from '../bands';
import { having, result, type Result } from '../document';
import type { Frame } from '../frame';
import type { Key } from '../legend';
import { manifolds, shownManifolds, times, type Manifold, type Stage } from '../manifold';
import { axis, logarithmicAxis, type Options, type Trace } from '../plot';
import { median } from '../statistics';
import { format, label, plain } from '../text';
import type { Theme } from '../theme';
import { register } from './registry';

interface Quantity {
  name: string;
  title: string;
  axis: string;
  /** What each of its numbers is called. */
  curves(manifold: Manifold): string[];
  range?: [number, number];
  log?: boolean;
  /** Its axis need not begin at zero. */
  free?: boolean;
}

const byCoordinate = ({ coordinates }: Manifold): string[] => coordinates.map(({ name }) => name);
const byNumber = ({ coordinates }: Manifold): string[] => coordinates.map((_, i) => `λ(${i + 1})`);
const single = (): string[] => [''];

const shapes: Quantity[] = [
  { name: 'normalized_eigenvalues', title: 'Eigenvalues over their sum', axis: 'λ / sum of all λ', curves: byNumber, range: [-0.03, 1.03] },
  { name: 'stretch', title: 'Stretch', axis: 'Stretch √G', curves: byCoordinate, log: true },
  { name: 'alignment', title: 'Alignment with the readout', axis: 'Length within the readout / length', curves: byCoordinate, range: [-0.03, 1.03] },
];

const sizes: Quantity[] = [
  { name: 'eigenvalues', title: 'Eigenvalues', axis: 'Eigenvalue of G', curves: byNumber, log: true },
  { name: 'volume', title: 'Volume', axis: 'Volume √det G', curves: single, log: true },
  { name: 'effective_dim', title: 'Effective dimension', axis: 'Effective dimension', curves: single, free: true },
  { name: 'visible', title: 'Part of the metric that the readout sees', axis: 'Part', curves: single },
  { name: 'affine_invariant', title: 'Distance from before training', axis: '|log μ|', curves: single },
  { name: 'spectral_ratio', title: 'The same but for scale', axis: '1 − √(least μ / greatest μ)', curves: single, range: [-0.03, 1.03] },
];

register({
  id: 'metric_spectra',
  title: 'The metric over time',
  caption:
    'How inputs that differ little come to states that differ, as a trial goes on: medians over the grid of inputs, with the ' +
    'range from 5 % to 95 % of the trained network as a band (figures 4 to 7 of the 2025 warping paper, which shows squares of ' +
    'eigenvalues). Alignment is the part of the length of a change of the states, by one coordinate, that lies in the space ' +
    'of the readout. At a decision: the stretch of the coordinate that decides near the boundary over that far from it, and the metric of the others over its own. The distance from before training is |log μ| of the stretches μ of one metric as the other sees them. Of ' +
    'all networks together: medians of their medians and quantiles. Grid and times are choices of ours.',
  needs: ['geometry'],
  applies: (group) => having(group, 'geometry').some((network) => manifolds(result(network, 'geometry')).length > 0),
  draw(frame, _group, theme) {
    const found = frame.networks('medians of all', 'geometry').map((network) => result(network, 'geometry'));
    const set = frame.choice('set', 'Shown', [
      ['shape', 'shape, stretch, alignment'], ['size', 'sizes, dimension, change by training'],
      ...(found[0].has('0/trained/decision/half') ? [['decision', 'the warp at a decision'] as [string, string]] : []),
    ]);
    const all = shownManifolds(frame, found[0]);
    if (set === 'decision') {
      for (const manifold of all) drawDecision(frame, found, manifold, theme);
      frame.legend([{ text: 'trained', color: theme.trained, line: 'solid' }, { text: 'before training', color: theme.muted, line: 'dash' }, ...irrelevantKeys(all, found[0], theme)]);
      return;
    }
    for (const quantity of set === 'shape' ? shapes : sizes) {
      for (const manifold of all) drawOverTime(frame, found, manifold, quantity, theme);
    }
    frame.legend([
      ...Array.from({ length: all[0].coordinates.length }, (_, i): Key => ({
        text: set === 'shape' ? `λ(${i + 1}), or ${all[0].coordinates[i].name}` : `λ(${i + 1})`, color: color(i, theme), line: 'solid', band: true,
      })),
      { text: 'before training', color: theme.muted, line: 'dash' },
    ]);
    const total = totals(found[0], all);
    if (total) frame.note(total);
  },
});

/** The coordinates by which the decision is not, in their order. */
function irrelevant(found: Result, manifold: Manifold): number[] {
  const relevant = found.array(`${manifold.index}/trained/decision/coordinate`).at(0);
  return manifold.coordinates.map((_, i) => i).filter((i) => i !== relevant);
}

/** Where there are several of them, whose color is which. */
function irrelevantKeys(all: Manifold[], found: Result, theme: Theme): Key[] {
  const shown = new Set(all.map((manifold) => irrelevant(found, manifold)).filter((others) => others.length > 1).flat());
  return [...shown].sort().map((i): Key => ({ text: all[0].coordinates[i].name, color: color(i, theme), line: 'solid' }));
}

/** Stretch at the boundary over that far from it, and of the coordinates that do not matter over the one that does. */
function drawDecision(frame: Frame, found: Result[], manifold: Manifold, theme: Theme): void {
  const time = times(found[0]);
  const of = (stage: Stage, name: string): string => `${manifold.index}/${stage}/decision/${name}`;
  const over = (stage: Stage, name: string, i: number): number[] =>
    time.map((_, s) => median(found.map((one) => one.array(of(stage, name)).at(s, i)).filter(Number.isFinite)));
  const line = (stage: Stage, y: number[], what: string, own?: string): Trace => {
    const shown = own ?? (stage === 'trained' ? theme.trained : theme.muted);
    return {
      type: 'scatter', mode: 'lines+markers', x: time, y: y.map((value) => (value > 0 ? value : null)),
      line: { color: shown, width: 2, dash: stage === 'trained' ? 'solid' : 'dash' },
      marker: { size: 5, color: shown },
      hovertemplate: `${what}, ${stage}<br>%{x:.3g} s: %{y:.3g}<extra></extra>`,
    };
  };
  const others = irrelevant(found[0], manifold);
  const draw = (name: string, heading: string, ratio: string): void => {
    if (!found[0].has(of('trained', name))) return; // of a curve nothing is irrelevant
    const shape = found[0].array(of('trained', name)).shape;
    const several = (shape[1] ?? 1) > 1;
    const curves = (['untrained', 'trained'] as Stage[]).flatMap((stage) =>
      Array.from({ length: shape[1] ?? 1 }, (_, i) => several
        ? line(stage, over(stage, name, i), `${heading}: ${plain(manifold.coordinates[others[i]].name)}`, color(others[i], theme))
        : line(stage, over(stage, name, i), heading)));
    frame.plot({
      title: manifold.name ? `${heading}, ${manifold.name}` : heading, description: `${heading} against time, trained and before training`, height: 280, traces: curves,
      layout: { xaxis: axis('Time (s)', theme, { rangemode: 'tozero' }), yaxis: logarithmicAxis(ratio, curves.flatMap(({ y }) => (y as (number | null)[]).filter((v): v is number => v !== null)), theme) },
    });
  };
  draw('boundary_stretch', 'Stretch at the boundary', 'Stretch near / far');
  draw('compression', 'Irrelevant over relevant', 'G irrelevant / G relevant');
  const [warp, speed] = [0, 1].map((i) => median(found.map((one) => one.array(of('trained', 'half')).at(i)).filter(Number.isFinite)));
  frame.note(`${manifold.name ? `${label(manifold.name)}: the` : 'The'} stretch at the boundary is half-way to its last value at ${format(warp)} s, the speed |dx/dt| at ${format(speed)} s.`);
}

const color = (i: number, theme: Theme): string => theme.categories[i % theme.categories.length];

function drawOverTime(frame: Frame, found: Result[], manifold: Manifold, quantity: Quantity, theme: Theme): void {
  const name = (stage: Stage): string => `${manifold.index}/${stage}/summary/${quantity.name}`;
  if (!found[0].has(name('trained'))) return;
  if (manifold.coordinates.length === 1 && ['normalized_eigenvalues', 'effective_dim', 'spectral_ratio'].includes(quantity.name)) return; // always 1, or 0
  const time = times(found[0]);
  const curves = quantity.curves(manifold);
  const band = (stage: Stage, i: number, q: number): number[] =>
    time.map((_, s) => median(found.map((of) => of.array(name(stage)).at(s, q, i))));
  const spread = (i: number): Options => ({
    type: 'data', symmetric: false, color: color(i, theme), thickness: 1.5,
    array: time.map((_, s) => band('trained', i, 2)[s] - band('trained', i, 1)[s]),
    arrayminus: time.map((_, s) => band('trained', i, 1)[s] - band('trained', i, 0)[s]),
  });
  const isMoment = time.length === 1; // as of a feed-forward network
  const line = (stage: Stage, i: number): Trace => ({
    type: 'scatter', mode: isMoment ? 'markers' : 'lines', ...(isMoment && stage === 'trained' ? { error_y: spread(i) } : {}), x: time, y: band(stage, i, 1).map((value) => (quantity.log && value <= 0 ? null : value)),
    line: { color: color(i, theme), width: stage === 'trained' ? 2.2 : 1.3, dash: stage === 'trained' ? 'solid' : 'dash' },
    marker: { color: color(i, theme), symbol: stage === 'trained' ? 'circle' : 'circle-open', size: 9 },
    text: time.map((_, s) => `${format(band(stage, i, 0)[s])} to ${format(band(stage, i, 2)[s])}`),
    hovertemplate: `${plain(curves[i])} ${stage}<br>%{x:.3g} s: %{y:.3g}<br>5 to 95 %: %{text}<extra></extra>`,
  });
  const before = (i: number): number[] => (found[0].has(name('untrained')) ? band('untrained', i, 1) : []);
  frame.plot({
    title: manifold.name ? `${quantity.title}, ${manifold.name}` : quantity.title,
    description: `${quantity.title} against time, trained and before training`,
    height: 280,
    traces: curves.flatMap((_, i) => [area(time, band('trained', i, 0), band('trained', i, 2), color(i, theme), quantity.log ?? false), ...(found[0].has(name('untrained')) ? [line('untrained', i)] : []), line('trained', i)]),
    layout: {
      xaxis: axis('Time (s)', theme, { range: time.length > 1 ? [Math.min(0, time[0]), time[time.length - 1]] : [0, 2 * time[0]] }),
      yaxis: vertical(quantity, curves.flatMap((_, i) => [...band('trained', i, 0), ...band('trained', i, 2), ...before(i)]), theme),
    },
  });
}

function vertical(quantity: Quantity, values: number[], theme: Theme): Options {
  if (quantity.log) return logarithmicAxis(quantity.axis, values, theme);
  return axis(quantity.axis, theme, quantity.range ? { range: quantity.range } : quantity.free ? {} : { rangemode: 'tozero' });
}

/** Of surfaces, what Gauss and Bonnet ask: the integral of the curvature over a torus is 0. */
function totals(found: Result, all: Manifold[]): string {
  const parts = all.flatMap((manifold) => {
    const name = `${manifold.index}/trained/curvature_total`;
    if (manifold.coordinates.length !== 2 || !found.has(name)) return [];
    const total = found.array(name);
    const isTorus = manifold.coordinates.every(({ periodic }) => periodic);
    return [`${manifold.name ? `${label(manifold.name)}: ` : ''}${format(total.at(total.size - 1))}${isTorus ? ', which on a torus is 0 but for the error of the grid' : ''}`];
  });
  return parts.length > 0 ? `Integral of the Gaussian curvature at the last time, first network. ${parts.join('; ')}.` : '';
}
