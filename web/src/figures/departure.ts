// SPDX-License-Identifier: Apache-2.0
import { having, type Group, type Result } from '../document';
import { pairedAxis, pairedKeys, pairedTraces, type Pairs } from '../paired';
import { axis } from '../plot';
import { median } from '../statistics';
import { format } from '../text';
import { chosenWeights, type WeightsOf } from '../weights';
import { register } from './registry';

register({
  id: 'departure',
  title: 'Departure from normality before and after training',
  caption:
    'How far the recurrent weights are from a normal matrix: the norm of the strictly upper triangle of their Schur form, ' +
    'which is 0 for a normal one, of all networks. The 2021 note tells of it in its text, from about 16.5 to 17.5 in its ' +
    '“2-norm”; which norm of a matrix and which Schur form that is it does not say, so both norms stand here, of the ' +
    'complex and of the real form.',
  needs: ['connectivity'],
  draw(frame, group, theme) {
    const weights = chosenWeights(frame, group);
    const all: Pairs[] = norms
      .map(([name, title]) => ({ name: title, values: pairsOf(group, weights, name) }))
      .filter(({ values }) => values.length > 0);
    frame.plot({
      title: 'All networks',
      description: 'Departure from normality of all networks, untrained and trained, by several norms',
      height: 340,
      traces: pairedTraces(all, group, '', theme),
      layout: { xaxis: pairedAxis(all, theme), yaxis: axis('Departure from normality', theme, { rangemode: 'tozero' }) },
    });
    frame.legend(pairedKeys(theme));
    frame.note(
      `Medians: ${all.map(({ name, values }) =>
        `${name} ${format(median(values.map((v) => v.untrained)))} → ${format(median(values.map((v) => v.trained)))}`).join('; ')}.`,
    );
  },
});

const norms: [name: string, title: string][] = [
  ['frobenius', 'Frobenius'],
  ['operator', 'operator'],
  ['real_frobenius', 'Frobenius, real'],
  ['real_operator', 'operator, real'],
];

function pairsOf(group: Group, weights: WeightsOf, norm: string): Pairs['values'] {
  const at = (found: Result, when: string): number => found.number(`departure_${when}_${norm}`);
  return having(group, 'connectivity')
    .map((network) => ({ network, untrained: at(weights(network), 'before'), trained: at(weights(network), 'after') }))
    .filter(({ untrained, trained }) => !Number.isNaN(untrained + trained));
}
