// SPDX-License-Identifier: Apache-2.0
import { having, result, type Group } from '../document';
import type { Frame } from '../frame';
import { axis, type Trace } from '../plot';
import { median } from '../statistics';
import type { Theme } from '../theme';
import { register } from './registry';

register({
  id: 'subspace_angles',
  title: 'Principal angles between subspaces',
  caption:
    'Principal angles of subspaces by their dimension: of the trained to the untrained network (figure 9 of the 2021 ' +
    'note), between two constant inputs (figure 10), and of DCA and PCA subspaces to the readout vector (figure 11). Dots are ' +
    'networks, lines their medians; the band holds 90 % of independent random subspaces of the same dimensions, and 90° ' +
    'is orthogonal. A subspace of DCA is the space of its filters V; every dimension is optimized by itself. Window and ridge ' +
    'of DCA are choices of ours.',
  needs: ['subspaces'],
  applies: (group) => having(group, 'subspaces').length > 0,
  draw(frame, group, theme) {
    const which = frame.choice('angle', 'Angle', [['first', 'smallest'], ['mean', 'mean'], ['last', 'largest']]) as Which;
    const { trained, untrained } = theme;
    const [, orange, green] = theme.categories;
    draw(frame, group, theme, which, 'Before to after training', 'random', [
      ['training_dca', green, -0.08], ['training_pca', orange, 0.08],
    ]);
    if (having(group, 'subspaces').some((network) => result(network, 'subspaces').has('trained_conditions'))) {
      draw(frame, group, theme, which, 'Between two constant inputs (DCA)', 'random', [
        ['untrained_conditions', untrained, -0.08], ['trained_conditions', trained, 0.08],
      ]);
    }
    for (const space of ['dca', 'pca']) {
      draw(frame, group, theme, which, `${space.toUpperCase()} to the readout`, 'random_readout', [
        [`untrained_readout_${space}`, untrained, -0.08], [`trained_readout_${space}`, trained, 0.08],
      ]);
    }
    frame.legend([
      { text: 'DCA', color: green, line: 'solid' },
      { text: 'PCA', color: orange, line: 'solid' },
      { text: 'untrained', color: untrained, line: 'solid' },
      { text: 'trained', color: trained, line: 'solid' },
      { text: 'random subspaces, 5 to 95 %', color: theme.muted, band: true },
    ]);
  },
});

type Which = 'first' | 'mean' | 'last';

/** One angle of each row, in degrees: rows are dimensions, angles ascend, NaN where there is none. */
function rows(table: { shape: number[]; row(i: number): number[] }, which: Which): number[] {
  return Array.from({ length: table.shape[0] }, (_, i) => {
    const angles = table.row(i).filter((angle) => !Number.isNaN(angle)).map((angle) => (angle * 180) / Math.PI);
    if (angles.length === 0) return NaN;
    if (which === 'first') return angles[0];
    return which === 'last' ? angles[angles.length - 1] : angles.reduce((a, b) => a + b, 0) / angles.length;
  });
}

function draw(
  frame: Frame, group: Group, theme: Theme, which: Which, title: string, random: string,
  series: [name: string, color: string, shift: number][],
): void {
  const found = having(group, 'subspaces').map((network) => result(network, 'subspaces'));
  const dims = Array.from({ length: found[0].array(`${random}_low`).shape[0] }, (_, i) => i + 1);
  const low = rows(found[0].array(`${random}_low`), which);
  const high = rows(found[0].array(`${random}_high`), which);
  const band: Trace = {
    type: 'scatter', mode: 'lines', x: [...dims, ...[...dims].reverse()], y: [...low, ...[...high].reverse()],
    fill: 'toself', fillcolor: theme.muted, opacity: 0.25, line: { width: 0 }, hoverinfo: 'skip',
  };
  const curves = series.flatMap(([name, color, shift]) => {
    const values = found.filter((one) => one.has(name)).map((one) => rows(one.array(name), which));
    return [
      {
        type: 'scatter', mode: 'markers', x: values.flatMap(() => dims.map((d) => d + shift)), y: values.flat(),
        marker: { color, size: 4, opacity: 0.6 }, hovertemplate: '%{y:.1f}°<extra></extra>',
      },
      {
        type: 'scatter', mode: 'lines', x: dims.map((d) => d + shift), y: dims.map((_, i) => median(values.map((v) => v[i]))),
        line: { color, width: 2 }, hovertemplate: 'median %{y:.1f}°<extra></extra>',
      },
    ];
  });
  frame.plot({
    title,
    description: `${title}: principal angles by dimension`,
    height: 290,
    traces: [band, ...curves],
    layout: {
      xaxis: axis('Dimension of the subspace', theme, { dtick: 1, range: [0.6, dims.length + 0.4] }),
      yaxis: axis('Angle (degrees)', theme, { range: [-2, 92], dtick: 15 }),
    },
  });
}
