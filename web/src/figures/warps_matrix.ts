// SPDX-License-Identifier: Apache-2.0
import { drawDistanceMatrix } from '../distance_matrix';
import { hasJoin } from '../similarity';
import { register } from './registry';

register({
  id: 'warps_matrix',
  title: 'Distances between the metrics of all pairs of networks',
  caption:
    'How far the metrics of two networks over the same inputs are apart at the last time (without a unit), for every pair: medians over the grid of ' +
    'inputs, means over contexts. Networks stand in the order of a tree of average linkage, or by a label and, within its classes, in that order. The stronger the ' +
    'color, the more alike; the strip on the left has the classes of the label. Linkage and shades are choices of ours.',
  needs: [],
  across: true,
  applies: (group) => hasJoin(group, 'warps'),
  draw: (frame, group, theme) => drawDistanceMatrix(frame, group, theme, 'warps'),
});
