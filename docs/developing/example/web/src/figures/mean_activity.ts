// SPDX-License-Identifier: Apache-2.0
import { result } from '../document';
import { axis } from '../plot';
import { register } from './registry';

register({
  id: 'mean_activity',
  title: 'Mean activity of the units',
  caption: 'The mean state of each unit over conditions and time, without noise, in ascending order.',
  needs: ['mean_activity'],
  async draw(frame, _group, theme) {
    const network = frame.network('mean_activity');
    const y = result(network, 'mean_activity').array('trained').list().sort((a, b) => a - b);
    await frame.plot({
      description: `Mean state of each of ${y.length} units`,
      traces: [{ type: 'scatter', mode: 'markers', x: y.map((_, i) => i + 1), y, marker: { color: theme.trained } }],
      layout: { xaxis: axis('Unit, by rank', theme), yaxis: axis('Mean state', theme) },
    });
  },
});
