// SPDX-License-Identifier: Apache-2.0
import { drawDistanceMap } from '../distance_map';
import { hasJoin } from '../similarity';
import { register } from './registry';

register({
  id: 'similarity_map',
  title: 'All networks on one map',
  caption:
    'Every network, trained and before training, as a point: points are as near one another as multidimensional scaling ' +
    '(SMACOF) can bring them to the distances of the chosen metric between the states of two networks under the same noise-free ' +
    'conditions (as figure 1d of Maheswaranathan et al. 2019). Stress is the part that two dimensions cannot show. Directions ' +
    'of the map mean nothing. The table holds how labels cluster in the distances themselves, not in the map: silhouettes, ' +
    'PERMANOVA, and how often the nearest network has the same label; p values are of permuted labels. Metrics and tests are ' +
    'choices of ours.',
  needs: [],
  across: true,
  applies: (group) => hasJoin(group, 'similarity'),
  draw: (frame, group, theme) => drawDistanceMap(frame, group, theme, 'similarity'),
});
