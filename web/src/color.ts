// SPDX-License-Identifier: Apache-2.0

/** Between two colors #rrggbb, linear in each channel: `part` 0 is the first, 1 the second. */
export function mix(from: string, to: string, part: number): string {
  const channel = (color: string, k: number): number => parseInt(color.slice(1 + 2 * k, 3 + 2 * k), 16);
  const mixed = [0, 1, 2].map((k) => Math.round(channel(from, k) + part * (channel(to, k) - channel(from, k))));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
