// SPDX-License-Identifier: Apache-2.0
import { heatMap } from '../heatmap';
import { applies, coordinateAxis, plotSlices, sheet, Slice, stages, times, view, type Manifold } from '../manifold';
import { axis, logarithmicAxis, type Options, type Trace } from '../plot';
import { scalars, shade, type Shade } from '../scalars';
import { plain } from '../text';
import type { Theme } from '../theme';
import { register } from './registry';

type Drawing = { traces: Trace[]; layout: Options };

register({
  id: 'metric_maps',
  title: 'Maps of the metric over the inputs',
  caption:
    'The metric G that the states pull back to the coordinates of the inputs, G_ij = ∂x/∂κ_i · ∂x/∂κ_j, its eigenvalues and ' +
    'what follows from them, at every point of the grid and one time (figures 4 and 6 of the 2025 warping paper). Numbers ' +
    'of both signs are clipped at the size that 90 % of them have. Each panel has colors of its own, unless all share them.',
  needs: ['geometry'],
  applies: (group) => applies(group),
  draw(frame, group, theme) {
    const shown = view(frame, group);
    const { found, all, pair, step } = shown;
    const known = scalars(new Slice(found, all[0], 'trained', step)).filter(({ id }) => !id.startsWith('kappa'));
    const chosen = frame.choice('scalar', 'Quantity', known.map(({ id, title: text }) => [id, text]));
    const isShared = frame.choice('colors', 'Colors', [['', 'of each panel'], ['all', 'of all times and panels']]) === 'all';
    const colors = shade(known.find(({ id }) => id === chosen)!, theme);
    const common = isShared ? colors.range(everywhere(found, all, colors)) : undefined;
    const drawing = (slice: Slice): Drawing | undefined => {
      if (!colors.isKnown(slice)) return undefined;
      return slice.dim === 1 ? curve(slice, colors, common, theme) : map(slice, pair, colors, common, theme);
    };
    plotSlices(frame, shown, drawing, (stage) => `${colors.title} of the ${stage} network over the inputs`);
    frame.note(`Shown: ${colors.title}${colors.isLog ? ', on a logarithmic scale' : ''}.`);
  },
});

function everywhere(found: Slice['found'], all: Manifold[], colors: Shade): number[] {
  return all.flatMap((manifold) =>
    stages.flatMap((stage) =>
      times(found).flatMap((_, s) => {
        const slice = new Slice(found, manifold, stage, s);
        return colors.isKnown(slice) ? colors.values(slice) : [];
      }),
    ),
  );
}

/** The first coordinate to the right, the second one upwards. */
function map(slice: Slice, [first, second]: [number, number], colors: Shade, common: [number, number] | undefined, theme: Theme): Drawing {
  const { coordinates } = slice.manifold;
  const values = colors.values(slice);
  const rows = sheet(slice.manifold, second, first, false);
  const [low, high] = common ?? colors.range(values);
  return {
    traces: heatMap({
      x: coordinates[first].values, y: coordinates[second].values, z: rows.map((row) => row.map((k) => values[k])),
      low, high, scale: colors.scale, marks: colors.marks(low, high), title: plain(colors.title), text: colors.text,
    }),
    layout: {
      xaxis: coordinateAxis(coordinates[first], theme),
      yaxis: coordinateAxis(coordinates[second], theme),
    },
  };
}

function curve(slice: Slice, colors: Shade, common: [number, number] | undefined, theme: Theme): Drawing {
  const [coordinate] = slice.manifold.coordinates;
  const values = colors.values(slice);
  const x = coordinate.periodic ? [...coordinate.values, coordinate.highest] : coordinate.values;
  const y = coordinate.periodic ? [...values, values[0]] : values;
  const [low, high] = common ?? colors.range(values);
  return {
    traces: [{
      type: 'scatter', mode: 'lines', x, y: y.map((value) => (colors.isLog ? 10 ** value : value)),
      line: { color: theme[slice.stage], width: 2 }, text: y.map(colors.text), hovertemplate: `%{x:.3g}: %{text}<extra></extra>`,
    }],
    layout: {
      xaxis: coordinateAxis(coordinate, theme, { showgrid: true }),
      yaxis: colors.isLog
        ? logarithmicAxis(plain(colors.title), [10 ** low, 10 ** high], theme)
        : axis(plain(colors.title), theme, { range: padded([low, high]) }),
    },
  };
}

const padded = ([low, high]: [number, number]): [number, number] => [low - 0.05 * (high - low), high + 0.05 * (high - low)];

