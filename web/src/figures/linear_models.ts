// SPDX-License-Identifier: Apache-2.0
import { having, result, type Result } from '../document';
import type { Frame } from '../frame';
import { axis } from '../plot';
import { median } from '../statistics';
import { format } from '../text';
import { stability, type Theme } from '../theme';
import { register } from './registry';

register({
  id: 'linear_models',
  title: 'Linear models fitted near slow points',
  caption:
    'How far a linear model, fitted to noisy orbits that start around a fixed or slow point, is from the Jacobian there, ' +
    'along the directions of the data; one line a point, against how far off the orbits start, relative to the spread of ' +
    'the states of trials. Small orbits are mostly noise, large ones leave the linear neighborhood (question 7 of the 2021 ' +
    'note). Dynamic mode decomposition keeps the leading directions alone; how many, is a choice of ours.',
  needs: ['linear_models'],
  applies: (group) => having(group, 'linear_models').length > 0,
  draw(frame, _group, theme) {
    const found = frame.networks('all together', 'linear_models').map((network) => result(network, 'linear_models'));
    drawFit(frame, found, 'fit', 'Least squares', theme);
    drawFit(frame, found, 'dmd', 'Dynamic mode decomposition', theme);
    const kinds = stability(theme);
    frame.legend([
      ...kinds.map((kind) => ({ text: kind.text, color: kind.color, line: 'solid' as const, width: 1.3 })),
      { text: 'median over points', color: theme.text, line: 'solid', width: 3 },
    ]);
    const own = found.flatMap((of) => of.array('trial_difference').list()).filter((value) => !Number.isNaN(value));
    frame.note(
      own.length > 0
        ? `Fitted to the task’s own trials near ${own.length} of these points: difference ${format(median(own), 2)} (median).`
        : 'The task’s own trials do not stay near a point for long enough to fit a model to them.',
    );
  },
});

/** 0.001, 0.002, 0.005, ... 50: ranges are a decade or less. */
const decimals = [-3, -2, -1, 0, 1].flatMap((e) => [1, 2, 5].map((m) => Number((m * 10 ** e).toPrecision(1))));

function drawFit(frame: Frame, found: Result[], fit: string, title: string, theme: Theme): void {
  const kinds = stability(theme);
  const lines = found.flatMap((of) =>
    of.array('kind').list().map((kind, p) => ({
      x: of.array('size').list(), y: of.array(`${fit}_difference`).row(p), kind: kinds[kind],
    })),
  );
  const sizes = lines.length > 0 ? lines[0].x : [];
  const middle = sizes.map((_, s) => median(lines.map(({ y }) => y[s])));
  frame.plot({
    title,
    description: `Difference of the fit by ${title.toLowerCase()} from the Jacobian against the size of the orbits`,
    traces: [
      ...lines.map(({ x, y, kind }) => ({
        type: 'scatter', mode: 'lines', x, y, line: { color: kind.color, width: 1 }, opacity: 0.5,
        hovertemplate: `${kind.text}<br>size %{x}: %{y:.3g}<extra></extra>`,
      })),
      {
        type: 'scatter', mode: 'lines+markers', x: sizes, y: middle, line: { color: theme.text, width: 2.5 },
        hovertemplate: 'median<br>size %{x}: %{y:.3g}<extra></extra>',
      },
    ],
    layout: {
      xaxis: axis('Size of the orbits', theme, { type: 'log', dtick: 1 }),
      yaxis: axis('Relative difference', theme, { type: 'log', tickvals: decimals }),
    },
  });
}
