// SPDX-License-Identifier: Apache-2.0
import { having, result, type Result } from '../document';
import type { Frame } from '../frame';
import { axis, type Trace } from '../plot';
import { extent } from '../statistics';
import { format, label, plain } from '../text';
import type { Theme } from '../theme';
import { register } from './registry';

register({
  id: 'lyapunov',
  title: 'Lyapunov exponents',
  caption:
    'How fast orbits under a constant input part from their neighbors, one exponent a direction, per second: all ' +
    'negative at a stable point, one zero on a cycle of a continuous network, one positive in chaos. The spectrum has the largest ' +
    'exponents of the chosen orbit, with bars of three standard errors plus ln (steps) / time, and of the other ' +
    'orbits of this network; the convergence is what was known of them as the orbit went on. Length of the orbits, number of ' +
    'exponents and bars are choices of ours.',
  needs: ['lyapunov'],
  applies: (group) => having(group, 'lyapunov').length > 0,
  draw(frame, _group, theme) {
    const found = result(frame.network('lyapunov'), 'lyapunov');
    const orbits = found.array('verdict').list().map((_, orbit) => orbit);
    if (orbits.length === 0) {
      frame.note('No orbit was followed: the task has no steady input.');
      return;
    }
    const names = orbits.map((orbit): [string, string] => [String(orbit), orbitName(found, orbit)]);
    const chosen = Number(frame.choice('orbit', 'Orbit', names));
    drawSpectrum(frame, found, orbits, chosen, theme);
    drawHistory(frame, found, chosen, theme);
    frame.legend([
      { text: 'this orbit', color: theme.trained, symbol: 'circle' },
      ...(orbits.length > 1 ? [{ text: 'other orbits', color: theme.untrained, line: 'solid' as const, width: 1 }] : []),
      ...theme.categories.slice(0, found.array('exponents').shape[1]).map((color, i) => ({
        text: `λ(${i + 1})`, color, line: 'solid' as const, width: 1.5,
      })),
      { text: 'zero', color: theme.muted, line: 'dash', width: 1.5 },
    ]);
    frame.note(inWords(found, chosen));
  },
});

function verdict(found: Result, orbit: number): string {
  return (found.texts('verdicts')[found.array('verdict').at(orbit)] ?? 'unknown').replace(/_/g, ' ');
}

function orbitName(found: Result, orbit: number): string {
  const input = found.texts('inputs')[found.array('input_index').at(orbit)] ?? 'input';
  return `${orbit + 1}: ${input}, ${verdict(found, orbit)}`;
}

const zero = (x: [number, number], theme: Theme): Trace => ({
  type: 'scatter', mode: 'lines', hoverinfo: 'skip', x, y: [0, 0], line: { color: theme.muted, width: 1.5, dash: 'dash' },
});

function drawSpectrum(frame: Frame, found: Result, orbits: number[], chosen: number, theme: Theme): void {
  const exponents = found.array('exponents');
  const bars = found.array('bars');
  const index = Array.from({ length: exponents.shape[1] }, (_, i) => i + 1);
  const curve = (orbit: number): Trace => {
    const isChosen = orbit === chosen;
    return {
      type: 'scatter', mode: isChosen ? 'lines+markers' : 'lines', x: index, y: exponents.row(orbit),
      line: { color: isChosen ? theme.trained : theme.untrained, width: isChosen ? 1.5 : 1 },
      opacity: isChosen ? 1 : 0.6,
      marker: { size: 7, color: theme.trained },
      ...(isChosen ? { error_y: { type: 'data', array: bars.row(orbit), color: theme.trained, thickness: 1.5, width: 4 } } : {}),
      customdata: bars.row(orbit),
      hovertemplate: `${plain(orbitName(found, orbit))}<br>λ(%{x}) = %{y:.4g} ± %{customdata:.2g} 1/s<extra></extra>`,
    };
  };
  frame.plot({
    title: 'Spectrum',
    description: `Lyapunov exponents of orbit ${chosen + 1} in descending order with error bars`,
    traces: [zero([0.5, index.length + 0.5], theme), ...orbits.filter((o) => o !== chosen).map(curve), curve(chosen)],
    layout: {
      xaxis: axis('Number of the exponent', theme, {
        range: [0.5, index.length + 0.5],
        ...(index.length <= 12 ? { dtick: 1, tick0: 1 } : {}),
      }),
      yaxis: axis('Exponent (1/s)', theme),
    },
  });
}

/** The running estimates; their range leaves out the first tenth, which would hide the rest. */
function drawHistory(frame: Frame, found: Result, orbit: number, theme: Theme): void {
  const history = found.array('history');
  const k = history.shape[2];
  const known = history.path([orbit], 0).filter((value) => !Number.isNaN(value)).length; // an orbit at rest ends early
  const times = found.array('times').list().slice(0, known);
  const shown = Math.min(k, theme.categories.length);
  const curves = Array.from({ length: shown }, (_, i) => history.path([orbit], i).slice(0, known));
  const [low, high] = extent([0, ...curves.flatMap((curve) => curve.slice(Math.floor(known / 10)))]);
  const margin = 0.08 * (high - low);
  frame.plot({
    title: shown < k ? `Convergence of the first ${shown}` : 'Convergence',
    description: `Running estimates of the exponents of orbit ${orbit + 1} against time`,
    traces: [
      zero([0, times[times.length - 1]], theme),
      ...curves.map((y, i) => ({
        type: 'scatter', mode: 'lines', x: times, y, line: { color: theme.categories[i], width: 1.5 },
        hovertemplate: `λ(${i + 1}) = %{y:.4g} 1/s<br>after %{x:.3g} s<extra></extra>`,
      })),
    ],
    layout: {
      xaxis: axis('Time since the transient (s)', theme, { rangemode: 'tozero' }),
      yaxis: axis('Estimate (1/s)', theme, { range: [low - margin, high + margin] }),
    },
  });
}

function inWords(found: Result, orbit: number): string {
  const at = (name: string): number => found.array(name).at(orbit);
  const withError = (name: string, unit: string): string => `${format(at(name))} ± ${format(at(`${name}_error`), 2)}${unit}`;
  const period = at('period');
  const dimension = at('dimension_is_bound') > 0 ? `at least ${format(at('dimension'))}` : withError('dimension', '');
  return (
    `${label(orbitName(found, orbit))}${period > 0 ? ` of period ${format(period)} s` : ''}. Largest exponent ` +
    `${format(found.array('exponents').at(orbit, 0))} ± ${format(found.array('standard_errors').at(orbit, 0), 2)} 1/s ` +
    `(standard error); Kaplan–Yorke dimension ${dimension}; sum of the positive exponents ${withError('entropy_rate', ' nats/s')}.`
  );
}
