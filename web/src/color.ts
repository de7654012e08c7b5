// SPDX-License-Identifier: Apache-2.0
// Scales of color that the page computes itself: Plotly's bundle here has no heat maps.
import type { Theme } from './theme';

/** Places from 0 to 1 with their colors, as Plotly takes them. */
export type Scale = [place: number, color: string][];

/** Cividis [Nuñez, Anderton & Renslow 2018], readable without red or green, in nine steps. */
export const sequential: Scale = [
  [0, '#00224e'], [0.125, '#1a386f'], [0.25, '#434e6c'], [0.375, '#61656f'], [0.5, '#7d7c78'],
  [0.625, '#9b9476'], [0.75, '#bcae6c'], [0.875, '#dec958'], [1, '#fee838'],
];

/** Through nothing in the middle: for numbers of both signs. */
export const diverging = (theme: Theme): Scale => [[0, theme.blue], [0.5, theme.grid], [1, theme.red]];

/** Ends where it begins: for angles. */
export const cyclic: Scale = [
  [0, '#3b6fb6'], [0.17, '#7d5bb0'], [0.33, '#c0557f'], [0.5, '#c97a3d'], [0.67, '#8f9a35'], [0.83, '#3f9a76'], [1, '#3b6fb6'],
];

/** Between two colors #rrggbb, linear in each channel: `part` 0 is the first, 1 the second. */
export function mix(from: string, to: string, part: number): string {
  const channel = (color: string, k: number): number => parseInt(color.slice(1 + 2 * k, 3 + 2 * k), 16);
  const mixed = [0, 1, 2].map((k) => Math.round(channel(from, k) + part * (channel(to, k) - channel(from, k))));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** The color at a place from 0 to 1, clipped; between two steps of the scale along a straight line. */
export function colorAt(scale: Scale, place: number): string {
  const t = Math.min(1, Math.max(0, place));
  const above = Math.max(1, scale.findIndex(([edge]) => edge >= t));
  const [low, from] = scale[above - 1];
  const [high, to] = scale[above];
  return mix(from, to, (t - low) / (high - low));
}
