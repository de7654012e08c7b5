// SPDX-License-Identifier: Apache-2.0
import { having, result } from '../document';
import { median } from '../statistics';
import { format } from '../text';
import { drawLatent } from './latent';
import { register } from './registry';

register({
  id: 'latent_dca',
  title: 'Trajectories in the space of dynamical components (DCA)',
  caption:
    'Noise-free trajectories of one network in the three-dimensional subspace that carries most predictive ' +
    'information (figures 2 and 3 of the 2021 note), trained and untrained, each in its own subspace. Marks are ' +
    'fixed and slow points of the trained network under constant inputs, projected into the same subspace; shape ' +
    'and color tell their stability. Drag to turn. Axes keep true proportions unless one is four times another. ' +
    'Coordinates are firing rates in arbitrary units.',
  needs: ['dca'],
  draw(frame, group, theme) {
    drawLatent(frame, theme, 'dca');
    const information = (name: string): number[] => having(group, 'dca').map((n) => result(n, 'dca').number(name));
    const trained = median(information('trained_predictive_information'));
    const untrained = median(information('untrained_predictive_information'));
    if (Number.isNaN(trained) || Number.isNaN(untrained)) return;
    frame.note(
      `Predictive information, median over networks: ${format(trained)} nats trained, ${format(untrained)} nats untrained.`,
    );
  },
});
