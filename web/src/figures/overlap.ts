// SPDX-License-Identifier: Apache-2.0
import { having, result, type Result } from '../document';
import type { Frame } from '../frame';
import { axis } from '../plot';
import { median } from '../statistics';
import { format, plain } from '../text';
import type { Theme } from '../theme';
import { register } from './registry';

register({
  id: 'overlap',
  title: 'Slow points shared between inputs',
  caption:
    'Pairs of steady inputs, such as the rules of several tasks: how far, on average, a fixed or slow point at one input ' +
    '(row) is from the nearest one at the other (column), relative to the spread of the states of trials, and the mean ' +
    'principal angle between the slow subspaces of the two (question 1 of the 2021 note). Small and dark is shared. The ' +
    'dimension of the slow subspace is a choice of ours.',
  needs: ['overlap'],
  applies: (group) => having(group, 'overlap').some((network) => result(network, 'overlap').texts('inputs').length > 1),
  draw(frame, _group, theme) {
    const found = frame.networks('median over networks', 'overlap').map((network) => result(network, 'overlap'));
    drawPairs(frame, found, 'distance', 'Distance of the points', '', theme);
    drawPairs(frame, found, 'angle', 'Angle of the slow subspaces', ' rad', theme);
    const all = (name: string): number => median(found.flatMap((of) => of.array(name).list()));
    const chance = median(found.map((of) => of.number('chance_angle')));
    frame.note(
      `Medians over all pairs: distance ${format(all('distance'))}, to as many random states of trials ` +
        `${format(all('chance_distance'))}; angle ${format(all('angle'))} rad, of random subspaces ${format(chance)} rad.`,
    );
  },
});

function drawPairs(frame: Frame, found: Result[], name: string, title: string, unit: string, theme: Theme): void {
  const inputs = found[0].texts('inputs');
  const pairs = inputs.flatMap((_, i) => inputs.map((__, j) => ({ i, j })).filter(({ j }) => i !== j));
  const values = pairs.map(({ i, j }) => median(found.map((of) => of.array(name).at(i, j))));
  const size = Math.max(5, Math.min(26, 200 / inputs.length));
  frame.plot({
    title,
    description: `${title} for every pair of inputs, as squares whose shade is the value`,
    height: 480,
    traces: [
      {
        type: 'scatter', mode: 'markers',
        x: pairs.map(({ j }) => plain(inputs[j])), y: pairs.map(({ i }) => plain(inputs[i])),
        marker: {
          symbol: 'square', size, color: values,
          colorscale: [[0, theme.trained], [1, theme.grid]], colorbar: { thickness: 12, outlinewidth: 0 },
        },
        customdata: values.map((value) => format(value)),
        hovertemplate: `%{y} to %{x}<br>%{customdata}${unit}<extra></extra>`,
      },
    ],
    layout: {
      xaxis: axis('', theme, { type: 'category', categoryarray: inputs.map(plain), tickangle: -60, showgrid: false }),
      yaxis: axis('', theme, { type: 'category', categoryarray: inputs.map(plain).reverse(), showgrid: false }),
    },
  });
}
