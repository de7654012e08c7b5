// SPDX-License-Identifier: Apache-2.0
import { result } from '../document';
import { applies, mappedNetwork, panelTitle, sheet, shownManifolds, shownPair, Slice, stages, timeSlider, title, times, type Manifold } from '../manifold';
import { scalars, shade, type Shade } from '../scalars';
import { drawSpace, noteFlat, type Path3, type Point3, type Space } from '../space';
import { format, percent, plain } from '../text';
import type { Theme } from '../theme';
import { register } from './registry';

register({
  id: 'manifold_slices',
  title: 'The input manifold in the space of the states',
  caption:
    'The states that the inputs of the task drive the network to, all at one time: a point for each input of a grid over ' +
    'the coordinates of the inputs, without noise (figures 4 and 5 of the 2025 warping paper). Thin lines hold one ' +
    'coordinate. The axes are principal components, of this time alone or of all times and contexts together; where one ' +
    'axis is more than four times another, proportions are not true. Grid, times and colors are choices of ours.',
  needs: ['geometry'],
  applies: (group) => applies(group),
  draw(frame, group, theme) {
    const found = result(mappedNetwork(frame, group), 'geometry');
    const all = shownManifolds(frame, found);
    const pair = shownPair(frame, all[0]);
    const step = timeSlider(frame, found);
    const known = scalars(new Slice(found, all[0], 'trained', step));
    const chosen = frame.choice('scalar', 'Color', known.map(({ id, title: text }) => [id, text]));
    const space = frame.choice('axes', 'Axes', [['slice_projections', 'PCs of this time'], ['projections', 'PCs of all times']]);
    const colors = shade(known.find(({ id }) => id === chosen)!, theme);
    for (const manifold of all) {
      for (const stage of stages) {
        const at = (s: number): Space => view(new Slice(found, manifold, stage, s), space, pair, colors, theme);
        if (!at(step).surfaces) {
          frame.note(`Not drawn: states of the ${stage} network are not finite.`);
          continue;
        }
        drawSpace(frame, at(step), theme, () => at(frame.place('time')));
      }
    }
    frame.note(`Color: ${colors.title}.`);
    noteFlat(frame);
  },
});

function view(slice: Slice, space: string, pair: [number, number], colors: Shade, theme: Theme): Space {
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
  const text = rows.map((row) => row.map((k) => pointText(manifold, k, slice, `${plain(colors.title)} ${colors.text(values[k])}`)));
  const isCurve = manifold.coordinates.length === 1;
  return {
    ...empty,
    surfaces: [{ at, name, values: pick(values), low, high, scale: colors.scale, text }],
    paths: isCurve ? [] : lines(at, theme),
  };
}

/** The two families of lines on a sheet, every second one where they are many. */
function lines(at: [number[][], number[][], number[][]], theme: Theme): Path3[] {
  const n = at[0].length;
  const m = at[0][0].length;
  const few = (count: number): number[] => Array.from({ length: count }, (_, i) => i).filter((i) => i % Math.max(1, Math.round(count / 10)) === 0 || i === count - 1);
  const path = (point: (d: number) => number[]): Path3 => ({ at: [0, 1, 2].map(point) as Point3, name: 'line of the grid', color: `${theme.text}a0`, width: 0.6 });
  return [
    ...few(n).map((i) => path((d) => at[d][i])),
    ...few(m).map((j) => path((d) => at[d].map((row) => row[j]))),
  ];
}

function pointText(manifold: Manifold, k: number, slice: Slice, color: string): string {
  return [...manifold.coordinates.map((coordinate, i) => `${plain(title(coordinate))}: ${format(slice.kappa(i)[k])}`), color].join('<br>');
}

function axisNames(slice: Slice, space: string): [string, string, string] {
  const name = `${slice.stage}_variance`;
  return [0, 1, 2].map((d) =>
    space === 'projections' && slice.found.has(name) ? `PC ${d + 1} (${percent(slice.found.array(name).at(d))})` : `PC ${d + 1}`,
  ) as [string, string, string];
}
