// SPDX-License-Identifier: Apache-2.0
import { drawLatent } from './latent';
import { register } from './registry';

register({
  id: 'latent_pca',
  title: 'Trajectories in the space of principal components (PCA)',
  caption:
    'The same trajectories and points in the three leading principal components, each axis with the share of the ' +
    'variance that it explains. The 2021 note shows only DCA space; PCA stands beside it as the view in which ' +
    'variance, not predictability, chooses the axes.',
  needs: ['pca'],
  draw: (frame, _group, theme) => drawLatent(frame, theme, 'pca'),
});
