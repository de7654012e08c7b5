// SPDX-License-Identifier: Apache-2.0
import { sequential } from '../color';
import { having, result, type Group, type Result } from '../document';
import type { Frame } from '../frame';
import { heatMap } from '../heatmap';
import { shownManifolds, stepTimes, type Manifold } from '../manifold';
import { axis } from '../plot';
import { extent, median } from '../statistics';
import { label } from '../text';
import type { Theme } from '../theme';
import { register } from './registry';

type Kind = 'affine_invariant' | 'spectral_ratio';

/** A panel: where its numbers lie, and the networks of its rows and columns. */
const panels: [suffix: string, prefix: 'trained' | 'untrained', rows: string, columns: string][] = [
  ['', 'trained', 'trained', 'trained'],
  ['_untrained', 'trained', 'trained', 'untrained'],
  ['', 'untrained', 'untrained', 'untrained'],
];

register({
  id: 'metric_distances',
  title: 'Distances between metrics at all times',
  caption:
    'How far the metric at one time is from that at another, medians over the grid of inputs: within the trained network, ' +
    'from it to the network before training, and within that. |log μ| is the length of the logarithms of the stretches μ of ' +
    'one metric as the other sees them; the other distance, 1 − √(least μ / greatest μ), does not see scale. A block of small numbers ' +
    'is a time through which the geometry stands still, as through a delay. Empty where no point is immersed at both times. ' +
    'At most 31 times (our choice). Of all networks together: medians.',
  needs: ['geometry'],
  applies: (group) => having(group, 'geometry').some((network) => result(network, 'geometry').has('0/trained/course/steps')),
  draw(frame, group, theme) {
    const found = frame.networks('medians of all', 'geometry').map((network) => result(network, 'geometry'));
    const kind = frame.choice('distance', 'Distance', [['affine_invariant', '|log μ|'], ['spectral_ratio', 'but for scale']]) as Kind;
    for (const manifold of shownManifolds(frame, found[0])) {
      for (const panel of panels) drawPanel(frame, found, manifold, kind, panel, theme);
    }
    noteCurves(frame, group, kind);
  },
});

function drawPanel(
  frame: Frame, found: Result[], manifold: Manifold, kind: Kind,
  [suffix, prefix, rows, columns]: (typeof panels)[number], theme: Theme,
): void {
  const name = `${manifold.index}/${prefix}/course/${kind}${suffix}`;
  if (!found[0].has(name)) return;
  const at = stepTimes(found[0], `${manifold.index}/${prefix}/course/steps`);
  const z = at.map((_, i) => at.map((__, j) => median(found.map((of) => of.array(name).at(i, j)).filter(Number.isFinite))));
  const known = z.flat().filter(Number.isFinite);
  const [, top] = kind === 'spectral_ratio' || known.length === 0 ? [0, 1] : extent(known);
  const same = rows === columns ? `within the ${rows} network` : `from the ${rows} to the ${columns} network`;
  frame.plot({
    title: label(manifold.name ? `${manifold.name}, ${same}` : same),
    description: `Distances of metrics over pairs of times, ${same}`,
    height: 330,
    traces: heatMap({
      x: at, y: at, z, low: 0, high: top > 0 ? top : 1, scale: sequential, title: kind === 'spectral_ratio' ? '1 − √(least μ / greatest μ)' : '|log μ|',
    }),
    layout: {
      xaxis: axis(`Time (s), ${columns}`, theme, { showgrid: false }),
      yaxis: axis(`Time (s), ${rows}`, theme, { showgrid: false }),
    },
  });
}

/** Of curves one of the two is always 0. */
function noteCurves(frame: Frame, group: Group, kind: Kind): void {
  const isCurve = having(group, 'geometry').some((network) => result(network, 'geometry').has('0/axis_0') && !result(network, 'geometry').has('0/axis_1'));
  if (isCurve && kind === 'spectral_ratio') frame.note('Of a curve there is one stretch alone: metrics differ in scale or not at all.');
}
