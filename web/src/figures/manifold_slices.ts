// SPDX-License-Identifier: Apache-2.0
import { Geodesics, geodesicPaths } from '../geodesics';
import { applies, panelTitle, sheet, Slice, stages, times, title, view, type Manifold } from '../manifold';
import { scalars, shade, type Shade } from '../scalars';
import { drawSpace, gridOf, noteFlat, type Space, type Surface3 } from '../space';
import { format, percent, plain } from '../text';
import type { Theme } from '../theme';
import { register } from './registry';

register({
  id: 'manifold_slices',
  title: 'The input manifold in the space of the states',
  caption:
    'The states that the inputs of the task drive the network to, all at one time: a point for each input of a grid over ' +
    'the coordinates of the inputs, without noise (figures 4 and 5 of the 2025 warping paper). Thin lines hold one ' +
    'coordinate; at the times that have them, strong ones are geodesics. The axes are principal components, of this time alone or of all times and contexts together; where one ' +
    'axis is more than four times another, proportions are not true. Grid, times and colors are choices of ours.',
  needs: ['geometry'],
  applies: (group) => applies(group),
  draw(frame, group, theme) {
    const { found, all, pair, step } = view(frame, group);
    const known = scalars(new Slice(found, all[0], 'trained', step));
    const chosen = frame.choice('scalar', 'Color', known.map(({ id, title: text }) => [id, text]));
    const space = frame.choice('axes', 'Axes', [['slice_projections', 'PCs of this time'], ['projections', 'PCs of all times']]);
    const colors = shade(known.find(({ id }) => id === chosen)!, theme);
    for (const manifold of all) {
      for (const stage of stages) {
        if (!colors.isKnown(new Slice(found, manifold, stage, step))) continue;
        const at = (s: number): Space => spaceOf(new Slice(found, manifold, stage, s), space, pair, colors, theme);
        if (!at(step).surfaces) {
          frame.note(`Not drawn: states of the ${stage} network are not finite.`);
          continue;
        }
        drawSpace(frame, at(step), theme, () => at(frame.place('time')));
      }
    }
    frame.note(`Color: ${colors.title}${colors.isLog ? ', on a logarithmic scale' : ''}.`);
    noteFlat(frame);
  },
});

function spaceOf(slice: Slice, space: string, pair: [number, number], colors: Shade, theme: Theme): Space {
  const { manifold, stage, found, step } = slice;
  const name = panelTitle(manifold, stage);
  const axes = axisNames(slice, space);
  const about = `States of the ${stage} network at ${format(times(found)[step])} s over the inputs, in principal components`;
  const empty: Space = { title: name, description: about, axes, paths: [], points: [] };
  if (!slice.has(space)) return empty;
  const rows = sheet(manifold, ...pair, true);
  const coordinates = [0, 1, 2].map((d) => slice.column(space, d));
  const values = colors.values(slice);
  const [low, high] = colors.range(values);
  const pick = (from: number[]): number[][] => rows.map((row) => row.map((k) => from[k]));
  const at = coordinates.map(pick) as [number[][], number[][], number[][]];
  const kappa = manifold.coordinates.map((_, i) => slice.kappa(i));
  const text = rows.map((row) => row.map((k) => pointText(manifold, kappa.map((of) => of[k]), `${plain(colors.title)} ${colors.text(values[k])}`)));
  const surface: Surface3 = { at, name, values: pick(values), low, high, scale: colors.scale, marks: colors.marks(low, high), text };
  const geodesics = manifold.coordinates.length === 2 ? geodesicPaths(new Geodesics(found, manifold, stage), step, space, theme) : [];
  return { ...empty, surfaces: [surface], paths: manifold.coordinates.length === 1 ? [] : [...gridOf(surface, theme.muted), ...geodesics] };
}

function pointText(manifold: Manifold, kappa: number[], color: string): string {
  return [...manifold.coordinates.map((coordinate, i) => `${plain(title(coordinate))}: ${format(kappa[i])}`), color].join('<br>');
}

function axisNames(slice: Slice, space: string): [string, string, string] {
  const name = `${slice.stage}_variance`;
  return [0, 1, 2].map((d) =>
    space === 'projections' && slice.found.has(name) ? `PC ${d + 1} (${percent(slice.found.array(name).at(d))})` : `PC ${d + 1}`,
  ) as [string, string, string];
}
