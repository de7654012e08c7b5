// SPDX-License-Identifier: Apache-2.0
import { cyclic } from '../color';
import { arcLength, normalized } from '../gridlines';
import { applies, coordinateAxis, plotSlices, sheet, Slice, stages, title, view, type Coordinate } from '../manifold';
import type { Frame } from '../frame';
import { axis, type Options, type Trace } from '../plot';
import { format, plain } from '../text';
import type { Theme } from '../theme';
import { register } from './registry';

type Drawing = { traces: Trace[]; layout: Options };

register({
  id: 'metric_gridlines',
  title: 'Gridlines by arc length',
  caption:
    'The grid of inputs with its lines where the states have them: each point stands at ∫ √G₁₁ dκ₁ and ∫ √G₂₂ dκ₂ along the ' +
    'lines of the grid, from the center (of circles, from 0), by the trapezoidal rule (figure 4 of the 2025 warping paper, which sums √G without the ' +
    'step, and in its other version G itself). Of a curve: the arc length, and around a circle marks at equal steps of the ' +
    'input (inner) and where they stand by arc length (outer; figure 2). Relative lengths end where the inputs do, each half by ' +
    'itself. Angles between the lines, G₁₂, are not seen in it, so that it is no isometric drawing.',
  needs: ['geometry'],
  applies: (group) => applies(group),
  draw(frame, group, theme) {
    const shown = view(frame, group);
    const { found, all, pair, step } = shown;
    const isRelative = frame.choice('lengths', 'Lengths', [['relative', 'relative'], ['absolute', 'absolute']]) === 'relative';
    for (const manifold of all) {
      if (manifold.coordinates.length > 1) continue;
      drawArc(frame, stages.map((stage) => (s: number) => new Slice(found, manifold, stage, s)), step, isRelative, theme);
    }
    const drawing = (slice: Slice): Drawing | undefined => {
      if (slice.dim > 1) return lines(slice, pair, isRelative, theme);
      return slice.manifold.coordinates[0].periodic ? circle(slice, theme) : undefined;
    };
    plotSlices(frame, shown, drawing, (stage) => `Lines of the grid of inputs at the arc length of the states of the ${stage} network`);
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
  const along = (coordinate: Coordinate): Options =>
    isRelative ? coordinateAxis(coordinate, theme) : axis(plain(`Arc length along ${coordinate.name}`), theme, { showgrid: false });
  return {
    traces: [
      ...every(rows[0].length).map((j) => line(every(rows.length).map((i) => [i, j]), theme.trained)),
      ...every(rows.length).map((i) => line(every(rows[0].length).map((j) => [i, j]), theme.change)),
    ],
    layout: { xaxis: along(a), yaxis: along(b) },
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
        xaxis: coordinateAxis(coordinate, theme, { showgrid: true }),
        yaxis: isRelative ? coordinateAxis({ ...coordinate, name: 'arc length, scaled' }, theme, { showgrid: true }) : axis('Arc length', theme),
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

/** Marks at equal steps of the input on a circle, and in the same colors at their arc lengths on a larger one. */
function circle(slice: Slice, theme: Theme): Drawing {
  const [coordinate] = slice.manifold.coordinates;
  const { at } = places(coordinate);
  const turn = (value: number): number => (value - coordinate.lowest) / (coordinate.highest - coordinate.lowest);
  const warped = lengths(coordinate, closed(slice, coordinate), true);
  const marks = at.map((_, i) => i).filter((i) => i < at.length - 1 && i % Math.max(1, Math.round((at.length - 1) / 24)) === 0);
  const point = (value: number, radius: number): [number, number] => [radius * Math.cos(2 * Math.PI * turn(value)), radius * Math.sin(2 * Math.PI * turn(value))];
  const ring = (radius: number, color: string): Trace => {
    const around = Array.from({ length: 121 }, (_, i) => point(coordinate.lowest + ((coordinate.highest - coordinate.lowest) * i) / 120, radius));
    return { type: 'scatter', mode: 'lines', hoverinfo: 'skip', x: around.map(([x]) => x), y: around.map(([, y]) => y), line: { color, width: 1.5 } };
  };
  const ticks = (values: number[], radius: number): Trace => ({
    type: 'scatter', mode: 'markers', x: values.map((v) => point(v, radius)[0]), y: values.map((v) => point(v, radius)[1]),
    marker: { size: 9, color: marks.map((i) => turn(at[i])), colorscale: cyclic, cmin: 0, cmax: 1, line: { width: 1, color: theme.paper } },
    text: marks.map((i) => `${plain(title(coordinate))} ${format(at[i])}`), hovertemplate: '%{text}<extra></extra>',
  });
  const range = [-1.25, 1.25];
  return {
    traces: [
      ring(0.75, theme.muted), ring(1.15, theme[slice.stage]),
      ticks(marks.map((i) => at[i]), 0.75), ticks(marks.map((i) => warped[i]), 1.15),
    ],
    layout: { xaxis: { range, visible: false }, yaxis: { range, visible: false, scaleanchor: 'x' } },
  };
}
