// SPDX-License-Identifier: Apache-2.0
import { having, networkName, networkNumber, result, type Group, type Network } from '../document';
import type { Frame } from '../frame';
import { axis, type Trace } from '../plot';
import { format, plain } from '../text';
import type { Theme } from '../theme';
import { register } from './registry';

register({
  id: 'dca_curves',
  title: 'Predictive information against dimension and window',
  caption:
    'The largest predictive information of the states of a network in 1, 2, … dimensions, each found by itself, and in ' +
    'windows of several lengths: how many dimensions, and how much of the past, tell of the next steps. From few starts: ' +
    'each point is a lower bound. Thick: the chosen network, thin: the others. And where each start of the search ended, as a ' +
    'part of the best: the 2021 note expects nearly one optimum.',
  needs: ['dca'],
  applies: (group) => having(group, 'dca').some((network) => result(network, 'dca').has('trained_curve_dims')),
  draw(frame, group, theme) {
    const network = frame.network('dca');
    const found = result(network, 'dca');
    drawCurves(frame, group, network, theme, {
      title: 'Dimensions', x: 'Dimensions', name: 'curve_dims',
    });
    drawCurves(frame, group, network, theme, {
      title: 'Window', x: 'Window (steps of past and of future)', name: 'curve_windows', at: 'curve_window',
    });
    drawStarts(frame, group, theme);
    frame.legend([
      { text: 'trained', color: theme.trained, line: 'solid', symbol: 'circle', width: 2.5 },
      { text: 'untrained', color: theme.untrained, line: 'solid', symbol: 'circle', width: 2.5 },
      { text: 'other networks', color: theme.muted, line: 'solid', width: 1 },
    ]);
    frame.note(
      `Left in windows of ${format(found.number('window'))} steps, right in ${format(found.number('dim'))} dimensions. ` +
        'The information includes the measurement noise that the study adds to every unit (ridge).',
    );
  },
});

/** One column a network: where the starts of DCA ended. */
function drawStarts(frame: Frame, group: Group, theme: Theme): void {
  const traces = (['untrained', 'trained'] as const).flatMap((stage, s): Trace[] =>
    having(group, 'dca').filter((network) => result(network, 'dca').has(`${stage}_starts`)).map((network) => {
      const ends = result(network, 'dca').array(`${stage}_starts`).list();
      const best = Math.max(...ends);
      return {
        type: 'scatter', mode: 'markers', x: ends.map(() => networkNumber(group, network) + 0.3 * s - 0.15), y: ends.map((end) => end / best),
        marker: { size: 6, color: theme[stage], opacity: 0.6 },
        hovertemplate: `network ${plain(networkName(group, network))}, ${stage}<br>%{y:.4f} of ${format(best)} nats<extra></extra>`,
      };
    }),
  );
  if (traces.length === 0) return;
  frame.plot({
    title: 'Starts',
    description: 'Predictive information at which each start of the search ended, as a part of the best, by network',
    height: 300,
    traces,
    layout: { xaxis: axis('Network', theme, { dtick: 1 }), yaxis: axis('Part of the best', theme) },
  });
}

interface Curve {
  title: string;
  x: string;
  name: string;
  at?: string; // the array of the x; else 1, 2, ...
}

function drawCurves(frame: Frame, group: Group, chosen: Network, theme: Theme, what: Curve): void {
  const stages: [string, string][] = [['untrained', theme.untrained], ['trained', theme.trained]];
  const line = (network: Network, stage: string, color: string): Trace[] => {
    const found = result(network, 'dca');
    if (!found.has(`${stage}_${what.name}`)) return [];
    const isChosen = network === chosen;
    const y = found.array(`${stage}_${what.name}`).list();
    return [{
      type: 'scatter', mode: isChosen ? 'lines+markers' : 'lines', y,
      x: what.at ? found.array(`${stage}_${what.at}`).list() : y.map((_, i) => i + 1),
      line: { color, width: isChosen ? 2.5 : 0.9 }, marker: { size: 7, color }, opacity: isChosen ? 1 : 0.5,
      hovertemplate: `network ${plain(networkName(group, network))}, ${stage}<br>%{x}: %{y:.3f} nats<extra></extra>`,
    }];
  };
  const all = [...having(group, 'dca').filter((network) => network !== chosen), chosen];
  frame.plot({
    title: what.title,
    description: `Largest predictive information against ${what.x.toLowerCase()}`,
    height: 300,
    traces: all.flatMap((network) => stages.flatMap(([stage, color]) => line(network, stage, color))),
    layout: {
      xaxis: axis(what.x, theme, what.at ? {} : { dtick: 1 }),
      yaxis: axis('Predictive information (nats)', theme, { rangemode: 'tozero' }),
    },
  });
}
