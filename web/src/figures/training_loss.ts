// SPDX-License-Identifier: Apache-2.0
import { having, networkName, result } from '../document';
import { axis } from '../plot';
import { median } from '../statistics';
import { plain } from '../text';
import { register } from './registry';

register({
  id: 'training_loss',
  title: 'Training loss',
  caption:
    'Mean squared error of the readout on the training trials against the step of the optimizer, one line a ' +
    'network, on a logarithmic scale. Batch, number of steps and criterion are choices of this study; they stand ' +
    'under Settings.',
  needs: ['training'],
  draw(frame, group, theme) {
    const networks = having(group, 'training');
    const curves = networks.map((network) => ({
      x: result(network, 'training').array('step').list(),
      y: result(network, 'training').array('loss').list(),
      failed: network.metrics.reached === false,
      name: networkName(group, network),
    }));
    const steps = curves[0].x;
    const together = curves.filter((curve) => curve.x.length === steps.length);
    const middle = steps.map((_, i) => median(together.map((curve) => curve.y[i])));
    frame.plot({
      description: `Training loss of ${networks.length} networks against the step`,
      height: 340,
      traces: [
        ...curves.map(({ x, y, failed, name }) => ({
          type: 'scatter', mode: 'lines', x, y,
          line: { width: failed ? 1.8 : 1.1, color: failed ? theme.red : theme.trained, dash: failed ? 'dash' : 'solid' },
          opacity: failed ? 1 : 0.45,
          hovertemplate: `network ${plain(name)}<br>step %{x}<br>loss %{y:.3e}<extra></extra>`,
        })),
        {
          type: 'scatter', mode: 'lines', x: steps, y: middle, name: 'median',
          line: { width: 2.5, color: theme.text },
          hovertemplate: 'median<br>step %{x}<br>loss %{y:.3e}<extra></extra>',
        },
      ],
      layout: {
        xaxis: axis('Training step', theme),
        yaxis: axis('Loss (mean squared error)', theme, { type: 'log', dtick: 1 }),
      },
    });
    const hasFailed = curves.some((curve) => curve.failed);
    frame.legend([
      { text: 'one network', color: theme.trained, line: 'solid', width: 1.3 },
      { text: 'median over networks', color: theme.text, line: 'solid', width: 3 },
      ...(hasFailed ? [{ text: 'did not meet the criterion', color: theme.red, line: 'dash' as const }] : []),
    ]);
  },
});
