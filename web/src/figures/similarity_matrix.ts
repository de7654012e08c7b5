// SPDX-License-Identifier: Apache-2.0
import { drawDistanceMatrix } from '../distance_matrix';
import { hasJoin } from '../similarity';
import { register } from './registry';

register({
  id: 'similarity_matrix',
  title: 'Distances of all pairs of networks',
  caption:
    'The distance of the chosen metric for every pair of networks, in the order of a tree of average linkage, which puts ' +
    'networks that are alike beside one another, or by a label and, within its classes, in that order. The stronger the color, the more alike. The strip ' +
    'on the left has the classes of the label. Linkage and shades are choices of ours.',
  needs: [],
  across: true,
  applies: (group) => hasJoin(group, 'similarity'),
  draw: (frame, group, theme) => drawDistanceMatrix(frame, group, theme, 'similarity'),
});
