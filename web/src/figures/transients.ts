// SPDX-License-Identifier: Apache-2.0
import { asNumber, having, result, type Group, type JsonObject } from '../document';
import { pairedAxis, pairedKeys, pairedTraces, type Pairs } from '../paired';
import { axis } from '../plot';
import { format } from '../text';
import { median } from '../statistics';
import { register } from './registry';

const kinds = [
  ['onset_to_plane', 'onset to plane'],
  ['onset_to_line', 'onset to line'],
  ['switch_to_line', 'switch to line'],
] as const;

register({
  id: 'transients',
  title: 'Angle of the first transient to the fixed points',
  caption:
    'The direction in which the state moves first, after the onset of an input and after a switch, against the fixed ' +
    'points of the inputs (figure 3 of the 2021 note, which sees the first transient orthogonal to the plane of both ' +
    'fixed points in trained networks and in it in untrained ones). The line joins the fixed points; the plane is the ' +
    'one through both that is closest to the orbits between them. In the space of all units, or of the three dynamical ' +
    'components. Without noise, means over inputs or switches. Plane, line and length of the transient are choices of ' +
    'ours.',
  needs: ['subspaces'],
  applies: (group) => pairsOf(group, 'units', 'onset_to_line').length > 0,
  draw(frame, group, theme) {
    const space = frame.choice('space', 'Space', [['units', 'all units'], ['dca', 'DCA, 3 dimensions']]);
    const all: Pairs[] = kinds.map(([kind, name]) => ({ name, values: pairsOf(group, space, kind) }));
    frame.plot({
      description: 'Angles of first transients to the fixed points, untrained and trained',
      height: 340,
      traces: pairedTraces(all, group, '°', theme),
      layout: { xaxis: pairedAxis(all, theme), yaxis: axis('Angle (degrees)', theme, { range: [-2, 92], dtick: 15 }) },
    });
    frame.legend(pairedKeys(theme));
    const seconds = result(having(group, 'subspaces')[0], 'subspaces').number('transient');
    const [{ values }] = all;
    frame.note(
      `First ${format(1000 * seconds)} ms. Onset to plane, median: ${format(median(values.map((v) => v.untrained)))}° untrained, ` +
        `${format(median(values.map((v) => v.trained)))}° trained; larger when trained in ` +
        `${values.filter((v) => v.trained > v.untrained).length} of ${values.length}.`,
    );
  },
});

function pairsOf(group: Group, space: string, kind: string): Pairs['values'] {
  return having(group, 'subspaces')
    .map((network) => {
      const stages = result(network, 'subspaces').attributes.transients as Record<string, Record<string, JsonObject>> | undefined;
      const at = (stage: string): number => asNumber(stages?.[stage]?.[space]?.[kind]) * (180 / Math.PI);
      return { network, untrained: at('untrained'), trained: at('trained') };
    })
    .filter(({ untrained, trained }) => !Number.isNaN(untrained + trained));
}
