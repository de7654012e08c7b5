// SPDX-License-Identifier: Apache-2.0
import { drawDistanceMap } from '../distance_map';
import { hasJoin } from '../similarity';
import { register } from './registry';

register({
  id: 'warps_map',
  title: 'All networks by how they warp their task',
  caption:
    'Every network, trained and, where the study has them, before training, as a point, by the distances between the metrics that they pull back to the ' +
    'inputs of their task (without a unit): |log μ| over the stretches μ of one metric as the other sees them, or but for scale; medians over the grid of inputs at the last time, means over ' +
    'contexts. Points are as near one another as multidimensional scaling (SMACOF) can bring them; stress is the part that two dimensions cannot show, and directions of the map mean nothing. ' +
    'The table holds how labels cluster in the distances themselves; p values are of permuted labels. Distances between networks and these tests are choices of ours.',
  needs: [],
  across: true,
  applies: (group) => hasJoin(group, 'warps'),
  draw: (frame, group, theme) => drawDistanceMap(frame, group, theme, 'warps'),
});
