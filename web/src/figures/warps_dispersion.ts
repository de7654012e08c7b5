// SPDX-License-Identifier: Apache-2.0
import { area } from '../bands';
import type { Group, JsonObject, Result } from '../document';
import type { Frame } from '../frame';
import { axis, type Trace } from '../plot';
import { classColor, compared, labels } from '../similarity';
import { extent } from '../statistics';
import { format, label, plain } from '../text';
import type { Theme } from '../theme';
import { register } from './registry';

const prefix = 'dispersion/';
const part = 'warps/affine_invariant';

register({
  id: 'warps_dispersion',
  title: 'How far networks are from the mean metric of their population',
  caption:
    'The root mean square distance |log μ| (without a unit) of the networks of a population from their Fréchet mean, the metric that is nearest to all of them: ' +
    'medians over the grid of inputs against time, with 5 % to 95 % as a band, for each context, trained and, where the study has them, before training. Small ' +
    'numbers: the networks warp the inputs alike. Empty where one network is not immersed, or the mean was not found. The measure is a choice of ours.',
  needs: [],
  across: true,
  applies: (group) => populations(group).length > 0,
  draw(frame, group, theme) {
    const found = group.joins!.get(part)!;
    const names = populations(group);
    const all = (found.attributes.manifolds ?? []) as JsonObject[];
    all.forEach((manifold, c) => drawManifold(frame, found, names, c, String(manifold.name ?? ''), theme));
    frame.legend([
      ...names.map((name, i) => ({ text: withSize(found, names, name), color: classColor(i, theme), line: 'solid' as const, band: true })),
      ...(names.some((name) => found.has(`${prefix}${name}/untrained`)) ? [{ text: 'before training', color: theme.muted, line: 'dash' as const }] : []),
    ]);
  },
});

/** Of which populations there is a mean metric, in the order, and so the colors, of the map. */
function populations(group: Group): string[] {
  const found = group.joins?.get(part);
  if (!found) return [];
  const names = found.names().filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length, name.lastIndexOf('/')));
  const order = labels(found).find(({ name }) => name === 'population')?.classes ?? [];
  return [...order.filter((name) => names.includes(name)), ...new Set(names.filter((name) => !order.includes(name)))];
}

/** "perception, n = 10": how many trained networks of a population were compared. */
function withSize(found: Result, names: string[], population: string): string {
  const by = labels(found).find(({ name }) => name === 'population');
  const trained = found.array('trained').list();
  const those = compared(found).filter((i) => trained[i] === 1 && (by ? by.classes[by.of[i]] === population : names.length === 1));
  return those.length > 0 ? `${population}, n = ${those.length}` : population;
}

function drawManifold(frame: Frame, found: Result, names: string[], c: number, manifold: string, theme: Theme): void {
  const time = found.array('time').list();
  const isMoment = time.length === 1;
  const traces = names.flatMap((name, i) =>
    ['untrained', 'trained'].flatMap((stage): Trace[] => {
      const key = `${prefix}${name}/${stage}`;
      if (!found.has(key)) return [];
      const values = (q: number): number[] => time.map((_, s) => found.array(key).at(s, q, c));
      const [low, middle, high] = [0, 1, 2].map(values);
      const color = classColor(i, theme);
      const line: Trace = {
        type: 'scatter', mode: isMoment ? 'markers' : 'lines', x: time, y: middle,
        line: { color, width: stage === 'trained' ? 2.2 : 1.3, dash: stage === 'trained' ? 'solid' : 'dash' },
        marker: { color, size: 9, symbol: stage === 'trained' ? 'circle' : 'circle-open' },
        text: time.map((_, s) => `${format(low[s])} to ${format(high[s])}`),
        hovertemplate: `${plain(name)} ${stage}<br>%{x:.3g} s: %{y:.3g}<br>5 to 95 %: %{text}<extra></extra>`,
      };
      return stage === 'trained' && !isMoment ? [area(time, low, high, color, false), line] : [line];
    }),
  );
  const heights = traces.flatMap(({ y }) => y as number[]).filter(Number.isFinite);
  if (heights.length === 0) {
    frame.note(`No mean metric${manifold ? ` of ${manifold}` : ''}: a network is not immersed anywhere.`);
    return;
  }
  frame.plot({
    title: label(manifold || 'distance from the mean metric'),
    description: `Root mean square distance from the mean metric against time, by population${manifold ? `, ${manifold}` : ''}`,
    height: 320,
    traces,
    layout: {
      xaxis: axis('Time (s)', theme, { range: isMoment ? [0, 2 * time[0]] : [Math.min(0, time[0]), time[time.length - 1]] }),
      yaxis: axis('Distance |log μ|', theme, { range: [0, 1.05 * extent(heights)[1]] }),
    },
  });
}
