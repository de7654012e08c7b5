// SPDX-License-Identifier: Apache-2.0
// One number a network, untrained and trained: a dot each, joined by a line, and the medians.
import { networkName, type Group, type Network } from './document';
import { axis, type Options, type Trace } from './plot';
import { median } from './statistics';
import { format, plain } from './text';
import type { Theme } from './theme';

export interface Pairs {
  name: string;
  values: { network: Network; untrained: number; trained: number }[];
}

/** Each of the pairs has a place of its own on the x axis. */
export function pairedTraces(all: Pairs[], group: Group, unit: string, theme: Theme): Trace[] {
  const gap = 0.18;
  return all.flatMap((pairs, place) => [
    ...pairs.values.map(({ network, untrained, trained }) => ({
      type: 'scatter', mode: 'lines+markers', x: [place - gap, place + gap], y: [untrained, trained],
      line: { color: theme.muted, width: 0.8 },
      marker: { size: 6, color: [theme.untrained, theme.trained] },
      hovertemplate: `network ${plain(networkName(group, network))}<br>%{y:.3g}${unit}<extra></extra>`,
    })),
    ...(['untrained', 'trained'] as const).map((stage, s) => {
      const middle = median(pairs.values.map((pair) => pair[stage]));
      const x = place + (2 * s - 1) * gap;
      return {
        type: 'scatter', mode: 'lines', x: [x - 0.09, x + 0.09], y: [middle, middle],
        line: { color: theme[stage], width: 3.5 },
        hovertemplate: `${stage}: median ${format(middle)}${unit}<extra></extra>`,
      };
    }),
  ]);
}

export function pairedAxis(all: Pairs[], theme: Theme): Options {
  return axis('', theme, {
    tickmode: 'array', tickvals: all.map((_, i) => i), ticktext: all.map(({ name }) => plain(name)),
    range: [-0.5, all.length - 0.5],
  });
}

export const pairedKeys = (theme: Theme): { text: string; color: string; symbol: string }[] => [
  { text: 'untrained network', color: theme.untrained, symbol: 'circle' },
  { text: 'the same trained', color: theme.trained, symbol: 'circle' },
];
