// SPDX-License-Identifier: Apache-2.0
// Modes in the complex plane.
import type { Key } from './legend';
import { inTime, type Mode } from './modes';
import { axis, type Options, type Trace } from './plot';
import { extent } from './statistics';
import { table } from './table';
import { format } from './text';
import type { Theme } from './theme';

export function unitCircle(theme: Theme): Trace {
  const angles = Array.from({ length: 181 }, (_, i) => (2 * Math.PI * i) / 180);
  return {
    type: 'scatter', mode: 'lines', hoverinfo: 'skip',
    x: angles.map(Math.cos), y: angles.map(Math.sin), line: { color: theme.muted, width: 1.5, dash: 'dash' },
  };
}

export const circleKey = (theme: Theme): Key => ({ text: 'unit circle', color: theme.muted, line: 'dash', width: 1.5 });

/** Axes of a complex plane with equal units. */
export function planeLayout(theme: Theme): Options {
  return {
    xaxis: axis('Real part', theme, { zeroline: true, zerolinecolor: theme.grid }),
    yaxis: axis('Imaginary part', theme, { zeroline: true, zerolinecolor: theme.grid, scaleanchor: 'x' }),
  };
}

/** All modes; with `isClose` the axes leave the rest of the unit circle out. */
export function plane(modes: Mode[], isClose: boolean, theme: Theme): { traces: Trace[]; layout: Options } {
  const cloud = (those: Mode[], symbol: string, color: string): Trace => ({
    type: 'scatter', mode: 'markers', x: those.map((m) => m.real), y: those.map((m) => m.imaginary),
    marker: { symbol, color, size: isClose ? 6 : 4, line: { width: isClose ? 1 : 0, color: theme.paper } },
    text: those.map(inTime),
    hovertemplate: 'λ = %{x:.4f} + %{y:.4f} i<br>%{text}<extra></extra>',
  });
  const [inside, outside] = split(modes);
  return {
    traces: [unitCircle(theme), cloud(inside, 'circle', theme.blue), cloud(outside, 'diamond', theme.red)],
    layout: isClose ? closeUp(planeLayout(theme), modes) : planeLayout(theme),
  };
}

export function planeKeys(modes: Mode[], theme: Theme): Key[] {
  const [inside, outside] = split(modes);
  return [
    { text: `decaying (${inside.length})`, color: theme.blue, symbol: 'circle' },
    { text: `growing (${outside.length})`, color: theme.red, symbol: 'diamond' },
    circleKey(theme),
  ];
}

function split(modes: Mode[]): [inside: Mode[], outside: Mode[]] {
  return [modes.filter((mode) => mode.modulus <= 1), modes.filter((mode) => mode.modulus > 1)];
}

/** Ranges around the modes and the point 1, with a margin. */
function closeUp(layout: Options, modes: Mode[]): Options {
  const around = (values: number[]): [number, number] => {
    const [low, high] = extent(values);
    const margin = 0.08 * (high - low) + 1e-3;
    return [low - margin, high + margin];
  };
  return {
    xaxis: { ...(layout.xaxis as Options), range: around([1, ...modes.map((mode) => mode.real)]) },
    yaxis: { ...(layout.yaxis as Options), range: around([0, ...modes.map((mode) => mode.imaginary)]) },
  };
}

/** The modes that fade last, a conjugate pair as one line. */
export function leading(modes: Mode[], rows = 8): HTMLElement {
  const upper = modes.filter((mode) => mode.imaginary >= 0).slice(0, rows);
  return table(
    [
      { title: '|λ|', value: (mode) => mode.modulus, text: (mode) => mode.modulus.toFixed(4) },
      { title: 'Decay (s)', value: (mode) => mode.decay },
      { title: 'Freq. (Hz)', value: (mode) => mode.frequency, text: (mode) => format(mode.frequency) },
      { title: 'Pair', value: (mode) => (mode.imaginary > 0 ? 'yes' : 'no') },
    ],
    upper,
    'Slowest modes',
  ).element;
}
