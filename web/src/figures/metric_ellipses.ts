// SPDX-License-Identifier: Apache-2.0
import { ellipse, type Ellipse } from '../gridlines';
import { applies, coordinateAxis, plotSlices, sheet, view, type Slice } from '../manifold';
import type { Options, Trace } from '../plot';
import { quantile } from '../statistics';
import { format } from '../text';
import type { Theme } from '../theme';
import { register } from './registry';

type Drawing = { traces: Trace[]; layout: Options };
type Kind = 'stretch' | 'equal';

register({
  id: 'metric_ellipses',
  title: 'Ellipses of the metric',
  caption:
    'The metric at points of the grid of inputs, as ellipses. “Stretch”: half axes √λ along the eigenvectors of G; long in ' +
    'the direction in which a change of the input moves the states most, a line where another moves nothing. “Equal ' +
    'distance”: inputs that move the states equally far, short where they are stretched. Coordinates are measured in steps of ' +
    'the grid; sizes in a panel are relative: 90 % of the ellipses are no larger than their cell.',
  needs: ['geometry'],
  applies: (group) => applies(group, 2),
  draw(frame, group, theme) {
    const shown = view(frame, group, 2);
    const kind = frame.choice('kind', 'Ellipses', [['stretch', 'stretch'], ['equal', 'equal distance']]) as Kind;
    plotSlices(
      frame, shown, (slice) => drawing(slice, shown.pair, kind, theme),
      (stage) => `Ellipses of the metric of the ${stage} network on the grid of inputs`,
    );
  },
});

const most = 11; // ellipses along an axis

function drawing(slice: Slice, [first, second]: [number, number], kind: Kind, theme: Theme): Drawing {
  const { coordinates } = slice.manifold;
  const [h1, h2] = [first, second].map((i) => coordinates[i].values[1] - coordinates[i].values[0]);
  const thin = <T>(list: T[]): T[] => list.filter((_, i) => i % Math.ceil(list.length / most) === 0);
  const points = thin(sheet(slice.manifold, first, second, false)).flatMap(thin);
  const stride = Math.ceil(Math.max(...[first, second].map((i) => coordinates[i].values.length)) / most);
  const G = [slice.metric(first, first), slice.metric(first, second), slice.metric(second, second)];
  const size = (lambda: number): number => (kind === 'stretch' ? Math.sqrt(lambda) : lambda > 0 ? 1 / Math.sqrt(lambda) : Infinity);
  const shapes = points.map((k) => ellipse(G[0][k] * h1 * h1, G[1][k] * h1 * h2, G[2][k] * h2 * h2, size));
  const sizes = shapes.map(({ x, y }) => Math.max(...x.map((value, i) => Math.hypot(value, y[i]))));
  const largest = quantile(sizes.filter((s) => Number.isFinite(s) && s > 0), 0.9);
  const scale = (0.47 * stride) / largest;
  const [kappa1, kappa2] = [slice.kappa(first), slice.kappa(second)];
  return {
    traces: [
      outline(points, shapes, scale, [kappa1, kappa2], [h1, h2], theme[slice.stage]),
      {
        type: 'scatter', mode: 'markers', x: points.map((k) => kappa1[k]), y: points.map((k) => kappa2[k]),
        marker: { size: 3, color: theme[slice.stage] },
        text: points.map((k) => `stretch ${format(Math.sqrt(G[0][k]))} and ${format(Math.sqrt(G[2][k]))}<br>cosine ${format(G[1][k] / Math.sqrt(G[0][k] * G[2][k]))}`),
        hovertemplate: `%{x:.3g}, %{y:.3g}<br>%{text}<extra></extra>`,
      },
    ],
    layout: {
      xaxis: coordinateAxis(coordinates[first], theme),
      yaxis: coordinateAxis(coordinates[second], theme),
    },
  };
}

/** All ellipses as one line with gaps; what is too long for the picture is cut at three cells. */
function outline(points: number[], shapes: Ellipse[], scale: number, kappa: [number[], number[]], h: number[], color: string): Trace {
  const x: (number | null)[] = [];
  const y: (number | null)[] = [];
  const clip = (value: number): number => Math.max(-3, Math.min(3, scale * value));
  points.forEach((k, p) => {
    if (!shapes[p].x.every(Number.isFinite)) return;
    x.push(...shapes[p].x.map((value) => kappa[0][k] + h[0] * clip(value)), null);
    y.push(...shapes[p].y.map((value) => kappa[1][k] + h[1] * clip(value)), null);
  });
  return { type: 'scatter', mode: 'lines', x, y, line: { color, width: 1.5 }, fill: 'toself', fillcolor: `${color}40`, hoverinfo: 'skip' };
}
