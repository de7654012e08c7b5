// SPDX-License-Identifier: Apache-2.0
import { result } from '../document';
import { arcLength, normalized } from '../gridlines';
import { applies, mappedNetwork, panelTitle, sheet, shownManifolds, shownPair, Slice, stages, timeSlider, title, type Coordinate } from '../manifold';
import type { Frame } from '../frame';
import { axis, type Options, type Trace } from '../plot';
import { plain } from '../text';
import type { Theme } from '../theme';
import { register } from './registry';

type Drawing = { traces: Trace[]; layout: Options };

register({
  id: 'metric_gridlines',
  title: 'Gridlines by arc length',
  caption:
    'The grid of inputs with its lines where the states have them: each point stands at ∫ √G₁₁ dκ₁ and ∫ √G₂₂ dκ₂ along the ' +
    'lines of the grid, from the center, by the trapezoidal rule (figure 4 of the 2025 warping paper, which sums √G without the ' +
    'step, and in its other version G itself). Of a curve: the arc length, and around a circle marks at equal steps of the ' +
    'input (inner) and where they stand by arc length (outer; figure 2). Relative lengths end where the inputs do, each half by ' +
    'itself. Angles between the lines, G₁₂, are not seen in it, so that it is no isometric drawing.',
  needs: ['geometry'],
  applies: (group) => applies(group),
  draw(frame, group, theme) {
    const found = result(mappedNetwork(frame, group), 'geometry');
    const all = shownManifolds(frame, found);
    const pair = shownPair(frame, all[0]);
    const step = timeSlider(frame, found);
    const isRelative = frame.choice('lengths', 'Lengths', [['relative', 'relative'], ['absolute', 'absolute']]) === 'relative';
    for (const manifold of all) {
      const isCurve = manifold.coordinates.length === 1;
      if (isCurve) drawArc(frame, stages.map((stage) => (s: number) => new Slice(found, manifold, stage, s)), step, isRelative, theme);
      for (const stage of stages) {
        if (isCurve && !manifold.coordinates[0].periodic) continue;
        const at = (s: number): Drawing => {
          const slice = new Slice(found, manifold, stage, s);
          return isCurve ? circle(slice, theme) : lines(slice, pair, isRelative, theme);
        };
        frame.plot({
          title: panelTitle(manifold, stage),
          description: `Lines of the grid of inputs at the arc length of the states of the ${stage} network`,
          height: 340,
          ...at(step),
          moved: () => at(frame.place('time')),
        });
      }
    }
    frame.legend(
      all[0].coordinates.length === 1
        ? stages.map((stage) => ({ text: stage, color: theme[stage], line: 'solid' as const }))
        : [
            { text: `${all[0].coordinates[pair[1]].name} held`, color: theme.trained, line: 'solid' },
            { text: `${all[0].coordinates[pair[0]].name} held`, color: theme.change, line: 'solid' },
          ],
    );
  },
});

/** Values of a coordinate with the end of a circle, and where arc length begins. */
function places(coordinate: Coordinate): { at: number[]; origin: number } {
  if (coordinate.periodic) return { at: [...coordinate.values, coordinate.highest], origin: 0 };
  return { at: coordinate.values, origin: Math.floor(coordinate.values.length / 2) };
}

function lengths(coordinate: Coordinate, speed: number[], isRelative: boolean): number[] {
  const { at, origin } = places(coordinate);
  const length = arcLength(at, speed, origin);
  return isRelative ? normalized(length, at, origin) : length;
}

function lines(slice: Slice, [first, second]: [number, number], isRelative: boolean, theme: Theme): Drawing {
  const rows = sheet(slice.manifold, first, second, true);
  const [a, b] = [first, second].map((i) => slice.manifold.coordinates[i]);
  const [speed1, speed2] = [slice.metric(first, first), slice.metric(second, second)].map((G) => G.map(Math.sqrt));
  const columns = rows[0].map((_, j) => lengths(a, rows.map((row) => speed1[row[j]]), isRelative)); // X1 by column, then row
  const alongRows = rows.map((row) => lengths(b, row.map((k) => speed2[k]), isRelative)); // X2 by row, then column
  const X1 = (i: number, j: number): number => columns[j][i];
  const X2 = (i: number, j: number): number => alongRows[i][j];
  const every = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
  const line = (points: [number, number][], color: string): Trace => ({
    type: 'scatter', mode: 'lines', hoverinfo: 'skip', line: { color, width: 1.3 },
    x: points.map(([i, j]) => X1(i, j)), y: points.map(([i, j]) => X2(i, j)),
  });
  const name = (coordinate: Coordinate): string => plain(isRelative ? title(coordinate) : `Arc length along ${coordinate.name}`);
  return {
    traces: [
      ...every(rows[0].length).map((j) => line(every(rows.length).map((i) => [i, j]), theme.trained)),
      ...every(rows.length).map((i) => line(every(rows[0].length).map((j) => [i, j]), theme.change)),
    ],
    layout: { xaxis: axis(name(a), theme, { showgrid: false }), yaxis: axis(name(b), theme, { showgrid: false }) },
  };
}

/** Arc length against the coordinate, of both networks, and where nothing is stretched. */
function drawArc(frame: Frame, slices: ((step: number) => Slice)[], step: number, isRelative: boolean, theme: Theme): void {
  const at = (s: number): Drawing => {
    const all = slices.map((slice) => slice(s));
    const [coordinate] = all[0].manifold.coordinates;
    const { at: x } = places(coordinate);
    return {
      traces: [
        ...(isRelative ? [{ type: 'scatter', mode: 'lines', hoverinfo: 'skip', x: [x[0], x[x.length - 1]], y: [x[0], x[x.length - 1]], line: { color: theme.muted, width: 1, dash: 'dot' } }] : []),
        ...all.map((slice): Trace => ({
          type: 'scatter', mode: 'lines', x, y: lengths(coordinate, closed(slice, coordinate), isRelative), line: { color: theme[slice.stage], width: 2 },
          hovertemplate: `${slice.stage}<br>%{x:.3g}: %{y:.4g}<extra></extra>`,
        })),
      ],
      layout: {
        xaxis: axis(plain(title(coordinate)), theme),
        yaxis: axis(isRelative ? 'Arc length, scaled to the range' : 'Arc length', theme),
      },
    };
  };
  const { name } = slices[0](step).manifold;
  frame.plot({
    title: name ? `${name}: arc length` : 'Arc length',
    description: 'Arc length of the states against the coordinate of the inputs',
    height: 340,
    ...at(step),
    moved: () => at(frame.place('time')),
  });
}

function closed(slice: Slice, coordinate: Coordinate): number[] {
  const speed = slice.metric(0, 0).map(Math.sqrt);
  return coordinate.periodic ? [...speed, speed[0]] : speed;
}

/** Marks at 24 equal steps of the input on a circle, and on a larger one at their arc lengths. */
function circle(slice: Slice, theme: Theme): Drawing {
  const [coordinate] = slice.manifold.coordinates;
  const { at } = places(coordinate);
  const angle = (value: number): number => (2 * Math.PI * (value - coordinate.lowest)) / (coordinate.highest - coordinate.lowest);
  const warped = lengths(coordinate, closed(slice, coordinate), true);
  const marks = at.map((_, i) => i).filter((i) => i < at.length - 1 && i % Math.max(1, Math.round((at.length - 1) / 24)) === 0);
  const ring = (radius: number, color: string): Trace => {
    const around = Array.from({ length: 121 }, (_, i) => (2 * Math.PI * i) / 120);
    return { type: 'scatter', mode: 'lines', hoverinfo: 'skip', x: around.map((t) => radius * Math.cos(t)), y: around.map((t) => radius * Math.sin(t)), line: { color, width: 1.5 } };
  };
  const ticks = (values: number[], radius: number, color: string): Trace => ({
    type: 'scatter', mode: 'markers', x: values.map((v) => radius * Math.cos(angle(v))), y: values.map((v) => radius * Math.sin(angle(v))),
    marker: { size: 7, color }, text: marks.map((i) => `${plain(title(coordinate))} ${at[i].toFixed(2)}`), hovertemplate: '%{text}<extra></extra>',
  });
  const spokes = marks.flatMap((i) => [[at[i], 0.8], [warped[i], 1.1], null] as ([number, number] | null)[]);
  const range = [-1.25, 1.25];
  return {
    traces: [
      ring(0.75, theme.untrained), ring(1.15, theme[slice.stage]),
      {
        type: 'scatter', mode: 'lines', hoverinfo: 'skip', line: { color: theme.muted, width: 0.8 },
        x: spokes.map((p) => (p ? p[1] * Math.cos(angle(p[0])) : null)), y: spokes.map((p) => (p ? p[1] * Math.sin(angle(p[0])) : null)),
      },
      ticks(marks.map((i) => at[i]), 0.75, theme.muted), ticks(marks.map((i) => warped[i]), 1.15, theme[slice.stage]),
    ],
    layout: {
      xaxis: axis('cos', theme, { range, showgrid: false, showticklabels: false, ticks: '' }),
      yaxis: axis('sin', theme, { range, showgrid: false, showticklabels: false, ticks: '', scaleanchor: 'x' }),
    },
  };
}
