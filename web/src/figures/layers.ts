// SPDX-License-Identifier: Apache-2.0
import { asNumber, having, result, type Group, type JsonObject, type Network } from '../document';
import { pairedAxis, pairedKeys, pairedTraces, type Pairs } from '../paired';
import { axis } from '../plot';
import { register } from './registry';

register({
  id: 'layers',
  title: 'Two layers of states of rest',
  caption:
    'Whether the states of rest for input 1 > input 2 and for input 1 < input 2 are two layers (figure 2 of the 2021 ' +
    'note), over the grid of pairs of inputs. Left, of one network, each state along the line that joins the means of ' +
    'the two choices (at −1 and 1) against the difference of the inputs: two layers are a step, a linear code is a straight ' +
    'line. Right, of all networks, the gap between the two choices as a part of the distance of their means: 1 for two ' +
    'layers without thickness, 0.3 for a linear code on nine levels, negative where the choices overlap; and the mean silhouette. These ' +
    'measures are choices of ours.',
  needs: ['subspaces'],
  applies: (group) => having(group, 'subspaces').some((network) => result(network, 'subspaces').has('trained_layers_units')),
  draw(frame, group, theme) {
    const space = frame.choice('space', 'Space', [['units', 'all units'], ['dca', 'DCA, 3 dimensions']]);
    const network = frame.network('subspaces');
    frame.plot({
      title: 'Along the axis of the choice',
      description: 'States of rest along the axis of the choice against the difference of the inputs',
      height: 340,
      traces: (['untrained', 'trained'] as const).map((stage) => ({
        type: 'scatter', mode: 'markers', ...cloud(network, stage, space),
        marker: { color: theme[stage], size: 5, symbol: stage === 'trained' ? 'circle' : 'circle-open' },
        hovertemplate: `${stage}<br>input 1 − input 2 = %{x:.2f}<br>%{y:.2f}<extra></extra>`,
      })),
      layout: { xaxis: axis('Input 1 − input 2', theme), yaxis: axis('State along the axis (means at ±1)', theme) },
    });
    const all: Pairs[] = [['gap', 'gap'], ['silhouette', 'silhouette']].map(([kind, name]) => ({
      name,
      values: pairsOf(group, space, kind),
    }));
    frame.plot({
      title: 'All networks',
      description: 'Gap and silhouette of the two choices, untrained and trained',
      height: 340,
      traces: pairedTraces(all, group, '', theme),
      layout: { xaxis: pairedAxis(all, theme), yaxis: axis('Gap, silhouette (1 at most)', theme) },
    });
    frame.legend(pairedKeys(theme));
  },
});

/** The grid is (levels of input 1, levels of input 2). */
function cloud(network: Network, stage: string, space: string): { x: number[]; y: number[] } {
  const along = result(network, 'subspaces').array(`${stage}_layers_${space}`);
  const first = result(network, 'subspaces').array('grid_levels1').list();
  const second = result(network, 'subspaces').array('grid_levels2').list();
  return { x: first.flatMap((u1) => second.map((u2) => u1 - u2)), y: along.list() };
}

function pairsOf(group: Group, space: string, kind: string): Pairs['values'] {
  return having(group, 'subspaces').map((network) => {
    const stages = result(network, 'subspaces').attributes.layers as Record<string, Record<string, JsonObject>> | undefined;
    const at = (stage: string): number => asNumber(stages?.[stage]?.[space]?.[kind]);
    return { network, untrained: at('untrained'), trained: at('trained') };
  });
}
