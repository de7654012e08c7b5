// SPDX-License-Identifier: Apache-2.0
import { having, result, type Group } from '../document';
import type { Frame } from '../frame';
import { Geodesics, pairColor } from '../geodesics';
import { applies, coordinateAxis, mapped, panelTitle, sheet, shownManifolds, stages, type Coordinate } from '../manifold';
import { axis, type Options, type Trace } from '../plot';
import { drawSpace, noteFlat, type Path3, type Point3 } from '../space';
import { table } from '../table';
import { format, label } from '../text';
import type { Theme } from '../theme';
import { register } from './registry';

register({
  id: 'geodesics',
  title: 'Geodesics of the states',
  caption:
    'The shortest ways between inputs along the states that they drive the network to, at one time: across each coordinate, and along the diagonals. ' +
    'Strong lines: the shortest of all windings around circles; pale ones: the other geodesics that were found; dotted: the straight lines in the inputs. ' +
    'Beside them the grid of inputs drawn so that distances on the page are as near to those along the states as the plane, or of manifolds with a circle the space, allows (SMACOF; the ' +
    'stress is the part that it cannot show). Lengths are in the unit of the states. Which geodesics are shown is our choice.',
  needs: ['geometry'],
  applies: (group) => applies(group) && hasGeodesics(group),
  draw(frame, group, theme) {
    const found = mapped(frame, group);
    const asked = shownManifolds(frame, found).flatMap((manifold) => stages.map((stage) => new Geodesics(found, manifold, stage)));
    const each = asked.filter((one) => one.has('length'));
    if (each.length === 0) {
      frame.note('None: no slice is immersed at all points of the grid, or states interpolated over it do not follow them.');
      return;
    }
    const known = each[0].times();
    const p = Number(frame.choice('slice', 'At', known.map((t, i): [string, string] => [String(i), `${format(t)} s`]).reverse()));
    for (const one of each) {
      if (one.manifold.coordinates.length !== 2) continue;
      frame.plot({
        title: panelTitle(one.manifold, one.stage),
        description: `Geodesics of the states of the ${one.stage} network over the inputs`,
        height: 340,
        ...plane(one, p, theme),
      });
      drawing(frame, one, p, theme);
    }
    const [first] = each;
    if (first.manifold.coordinates.length === 2) {
      frame.legend([
        ...Array.from({ length: first.pairs }, (_, g) => ({ text: first.ends(g), color: pairColor(g, theme), line: 'solid' as const })),
        { text: 'straight in the inputs', color: theme.muted, line: 'dot' as const },
      ]);
    }
    const rows = each.flatMap((one) => Array.from({ length: one.pairs }, (_, g) => row(one, p, g)));
    frame.add(table(columns, rows, 'Lengths of geodesics').element);
    frame.note(accuracy(each, p, asked.length));
    noteFlat(frame);
  },
});

function hasGeodesics(group: Group): boolean {
  return having(group, 'geometry').some((network) => result(network, 'geometry').names().some((name) => name.endsWith('geodesics/length')));
}

/**
 * κ of a path within the domain: around a circle it leaves on one side and comes in on the other,
 * with the piece between drawn on both.
 */
function wrapped(path: number[][], coordinates: Coordinate[]): [(number | null)[], (number | null)[]] {
  const turn = (value: number, { lowest, highest, periodic }: Coordinate): number => (periodic ? Math.floor((value - lowest) / (highest - lowest) + 1e-9) : 0);
  const x: (number | null)[] = [];
  const y: (number | null)[] = [];
  const put = (i: number, turns: number[]): void => {
    const [a, b] = coordinates.map(({ lowest, highest }, d) => path[d][i] - turns[d] * (highest - lowest));
    x.push(a);
    y.push(b);
  };
  let before: number[] | undefined;
  path[0].forEach((_, i) => {
    const turns = coordinates.map((coordinate, d) => turn(path[d][i], coordinate));
    if (before && turns.some((value, d) => value !== before![d])) {
      put(i, before);
      x.push(null);
      y.push(null);
      put(i - 1, turns);
    }
    put(i, turns);
    before = turns;
  });
  return [x, y];
}

const rangeOf = ({ lowest, highest }: Coordinate): [number, number] => [lowest, highest];

function plane(one: Geodesics, p: number, theme: Theme): { traces: Trace[]; layout: Options } {
  const { coordinates } = one.manifold;
  const paths = one.array('paths');
  const line = (g: number, w: number, isShortest: boolean): Trace => {
    const [x, y] = wrapped([0, 1].map((d) => paths.path([p, g, w], d)), coordinates);
    return {
      type: 'scatter', mode: 'lines', x, y, opacity: isShortest ? 1 : 0.35, line: { color: pairColor(g, theme), width: isShortest ? 2.5 : 1.2 },
      hovertemplate: `${one.ends(g)}<br>length ${format(one.array('length').at(p, g, w))}<extra></extra>`,
    };
  };
  const straight = (g: number, w: number): Trace => {
    const ends = [0, 1].map((d) => [paths.at(p, g, w, 0, d), paths.at(p, g, w, paths.shape[3] - 1, d)]);
    const between = ends.map(([a, b]) => Array.from({ length: 65 }, (_, i) => a + ((b - a) * i) / 64));
    const [x, y] = wrapped(between, coordinates);
    return { type: 'scatter', mode: 'lines', hoverinfo: 'skip', x, y, line: { color: theme.muted, width: 1, dash: 'dot' } };
  };
  const each = Array.from({ length: one.pairs }, (_, g) => ({ g, found: one.windings(p, g) })).filter(({ found }) => found.length > 0);
  return {
    traces: [
      ...each.map(({ g, found: [w] }) => straight(g, w)),
      ...each.flatMap(({ g, found }) => found.slice(1).map((w) => line(g, w, false))),
      ...each.map(({ g, found: [w] }) => line(g, w, true)),
    ],
    layout: { xaxis: coordinateAxis(coordinates[0], theme, { range: rangeOf(coordinates[0]) }), yaxis: coordinateAxis(coordinates[1], theme, { range: rangeOf(coordinates[1]) }) },
  };
}

/** The grid by its distances along the states. */
function drawing(frame: Frame, one: Geodesics, p: number, theme: Theme): void {
  if (!one.has('map') || !Number.isFinite(one.array('stress').at(p))) return;
  const map = one.array('map');
  const rows = sheet(one.manifold, 0, 1, true);
  const columns = rows[0].map((_, j) => rows.map((row) => row[j]));
  const coordinate = (points: number[], d: number): number[] => points.map((k) => map.at(p, k, d));
  const title = `${panelTitle(one.manifold, one.stage)}: by distances, stress ${format(one.array('stress').at(p), 2)}`;
  const description = `The grid of inputs drawn by distances along the states of the ${one.stage} network`;
  const lines: [number[], string][] = [
    ...columns.map((points): [number[], string] => [points, theme.trained]),
    ...rows.map((points): [number[], string] => [points, theme.change]),
  ];
  if (map.shape[2] === 3) {
    const paths = lines.map(([points, color]): Path3 => ({ at: [0, 1, 2].map((d) => coordinate(points, d)) as Point3, name: 'line of the grid', color, width: 1 }));
    drawSpace(frame, { title, description, axes: ['1', '2', '3'], paths, points: [] }, theme);
    return;
  }
  frame.plot({
    title, description, height: 340,
    traces: lines.map(([points, color]) => ({
      type: 'scatter', mode: 'lines', hoverinfo: 'skip', x: coordinate(points, 0), y: coordinate(points, 1), line: { color, width: 1.3 },
    })),
    layout: { xaxis: axis('Length', theme, { showgrid: false }), yaxis: axis('Length', theme, { showgrid: false, scaleanchor: 'x' }) },
  });
}

interface Row {
  context: string;
  network: string;
  ends: string;
  length: number;
  straight: number;
  windings: string;
  others: number;
}

function row(one: Geodesics, p: number, g: number): Row {
  const found = one.windings(p, g);
  const at = (name: string): number => (found.length > 0 ? one.array(name).at(p, g, found[0]) : NaN);
  return {
    context: label(one.manifold.name), network: one.stage, ends: one.ends(g), length: at('length'), straight: at('straight'),
    windings: found.length > 0 ? one.array('windings').row(found[0]).join(', ') : '',
    others: Math.max(0, found.length - 1),
  };
}

const columns = [
  { title: 'Context', value: ({ context }: Row) => context },
  { title: 'Network', value: ({ network }: Row) => network },
  { title: 'Between', value: ({ ends }: Row) => ends },
  { title: 'Length', value: ({ length }: Row) => length },
  { title: 'Straight in the inputs', value: ({ straight }: Row) => straight },
  { title: 'Part', value: ({ length, straight }: Row) => length / straight, text: ({ length, straight }: Row) => format(length / straight, 3) },
  { title: 'Windings', value: ({ windings }: Row) => windings },
  { title: 'Others found', value: ({ others }: Row) => others },
];

/** How far the interpolated states can be trusted, and where there are none. */
function accuracy(each: Geodesics[], p: number, asked: number): string {
  const errors = each.map((one) => one.array('metric_error').at(p));
  const known = errors.filter((error, i) => !Number.isNaN(error) && Array.from({ length: each[i].pairs }, (_, g) => g).some((g) => Number.isFinite(each[i].array('straight').at(p, g, 0))));
  const lost = asked - known.length;
  const without = lost > 0 ? ` ${lost} of ${asked} slices have none: they are not immersed at all points of the grid, or states interpolated over it do not follow them.` : '';
  return known.length === 0
    ? without.trim()
    : `Geodesics are of states interpolated over the inputs; their metric is off by at most |log μ| = ${format(Math.max(...known))} at the points of the grid, lengths by half of that, relative.${without}`;
}
