// SPDX-License-Identifier: Apache-2.0
import { having, result, type Result } from '../document';
import type { Frame } from '../frame';
import type { Key } from '../legend';
import { axis, type Trace } from '../plot';
import { count, enumerate, format, label, plain } from '../text';
import type { Mark, Theme } from '../theme';
import { register } from './registry';

register({
  id: 'continuation',
  title: 'Fixed points from one input to another',
  caption:
    'Bifurcation diagram of one trained network: its fixed points as the constant input goes along a straight line ' +
    'from one steady input (0) to another (1), an output or a principal component of these points against the place ' +
    'on the line. Drawn through where stable, dashed where unstable. Beside it the largest modulus of the eigenvalues ' +
    'of a step, which is 1 where stability changes, and the ' +
    'least eigenvalue of the Hessian of the speed q: how sharply the slowest direction tells a fixed point from its ' +
    'neighborhood. It is positive wherever no eigenvalue is 1, and falls to 0 at folds and branch points. A pitchfork, a period doubling or a Neimark–Sacker point is ' +
    'supercritical where what branches off is stable in the directions that lose their stability there, a soft loss, and ' +
    'subcritical where it is not, a jump: by the sign of the cubic coefficient of the normal form (Kuznetsov 2004, ' +
    'section 5.4). Branches that reach neither end are found only where another branch meets them.',
  needs: ['continuation'],
  applies: (group) => having(group, 'continuation').length > 0,
  draw(frame, _group, theme) {
    const found = result(frame.network('continuation'), 'continuation');
    if (!found.has('parameter')) {
      frame.note('Not drawn: the task has one steady input, and the study names no direction from it.');
      return;
    }
    const coordinate = frame.choice('coordinate', 'Coordinate', coordinates(found));
    const [name, column] = coordinate.split(':');
    const title = coordinates(found).find(([value]) => value === coordinate)![1];
    const across = `From “${String(found.attributes.from)}” (0) to “${String(found.attributes.to)}” (1)`;
    draw(frame, found, theme, {
      title: 'Branches', x: across, y: title, values: columnOf(found, name, Number(column)),
      special: columnOf(found, `special_${name}`, Number(column)),
    });
    draw(frame, found, theme, { title: 'Largest |λ|', x: across, y: 'Largest |λ| of a step', values: found.array('largest_modulus').list() });
    if (found.has('smallest_hessian')) {
      draw(frame, found, theme, {
        title: 'Least curvature of q', x: across, y: 'Least eigenvalue of the Hessian of q, 1/s²',
        values: found.array('smallest_hessian').list(), logarithmic: true,
      });
    }
    frame.legend(keys(found, theme));
    frame.note(inWords(found, theme));
  },
});

function coordinates(found: Result): [value: string, text: string][] {
  const outputs = Array.from({ length: found.array('output').shape[1] }, (_, i): [string, string] => [
    `output:${i}`, label(found.texts('output_names')[i] ?? `output ${i + 1}`),
  ]);
  return [...outputs, ...[0, 1, 2].map((d): [string, string] => [`coordinates:${d}`, `PC ${d + 1}`])];
}

function columnOf(found: Result, name: string, column: number): number[] {
  const array = found.array(name);
  return Array.from({ length: array.shape[0] }, (_, p) => array.at(p, column));
}

interface Run {
  branch: number;
  isStable: boolean;
  points: number[];
}

/** Stretches of a branch of one stability; each begins with the last point of the one before. */
function runs(found: Result): Run[] {
  const branch = found.array('branch').list();
  const unstable = found.array('unstable').list();
  const all: Run[] = [];
  branch.forEach((b, p) => {
    const last = all[all.length - 1];
    const isStable = unstable[p] === 0;
    if (!last || last.branch !== b) all.push({ branch: b, isStable, points: [p] });
    else if (last.isStable === isStable) last.points.push(p);
    else all.push({ branch: b, isStable, points: [p - 1, p] });
  });
  return all;
}

/** In the order of the codes of the analysis: the kind is the shape and the color. */
function marks(theme: Theme): Mark[] {
  return [
    { text: 'fold', symbol: 'diamond', color: theme.red },
    { text: 'branch point', symbol: 'square', color: theme.categories[4] },
    { text: 'period doubling', symbol: 'triangle-up', color: theme.categories[3] },
    { text: 'Neimark–Sacker', symbol: 'circle', color: theme.categories[1] },
    { text: 'corner', symbol: 'x', color: theme.text },
  ];
}

/** Special points of one kind and one criticality, which is the filling. */
interface Specials {
  mark: Mark;
  rows: number[];
}

const isOpen = (criticality: string): boolean => criticality === 'subcritical' || criticality === 'undecided';

function specials(found: Result, theme: Theme): Specials[] {
  const kind = found.array('special_kind').list();
  const normal = kind.map((_, s) => criticality(found, s));
  const fillings = ['none', 'supercritical', 'subcritical', 'undecided'];
  return marks(theme)
    .flatMap((mark, code) =>
      fillings.map((filling): Specials => ({
        mark: {
          text: filling === 'none' ? mark.text : `${mark.text}, ${filling}`,
          symbol: (isOpen(filling) ? `${mark.symbol}-open${filling === 'undecided' ? '-dot' : ''}` : mark.symbol) as Mark['symbol'],
          color: mark.color,
        },
        rows: kind.map((_, s) => s).filter((s) => kind[s] === code && normal[s] === filling),
      })),
    )
    .filter(({ rows }) => rows.length > 0);
}

/** "none" of studies older than the array. */
function criticality(found: Result, s: number): string {
  if (!found.has('special_criticality')) return 'none';
  return found.texts('criticalities')[found.array('special_criticality').at(s)] ?? 'none';
}

/** What the pointer says of a special point beyond its place. */
function aboutNormalForm(found: Result, s: number): string {
  if (criticality(found, s) === 'none' || !found.has('special_normal_form')) return '';
  return `<br>cubic coefficient ${format(found.array('special_normal_form').at(s))}`;
}

interface Axes {
  title: string;
  x: string;
  y: string;
  values: number[];
  special?: number[];
  logarithmic?: boolean;
}

function draw(frame: Frame, found: Result, theme: Theme, axes: Axes): void {
  const parameter = found.array('parameter').list();
  const period = found.array('period').list();
  const unstable = found.array('unstable').list();
  const lines = runs(found).map(({ branch, isStable, points }): Trace => ({
    type: 'scatter', mode: 'lines', x: points.map((p) => parameter[p]), y: points.map((p) => axes.values[p]),
    line: { color: branchColor(period[branch], theme), width: isStable ? 2.5 : 1.5, dash: isStable ? 'solid' : 'dash' },
    customdata: points.map((p) => count(unstable[p], 'unstable direction')),
    hovertemplate: `branch ${branch + 1}${period[branch] > 1 ? `, cycles of ${period[branch]}` : ''}<br>at %{x:.4f}: %{y:.4g}<br>%{customdata}<extra></extra>`,
  }));
  frame.plot({
    title: axes.title,
    description: `${axes.y} of the fixed points against the place on the line between two inputs`,
    height: 360,
    traces: [...(axes.special || axes.logarithmic ? [] : [one(theme)]), ...lines, ...(axes.special ? special(found, axes.special, theme) : [])],
    layout: { xaxis: axis(plain(axes.x), theme, { range: [-0.03, 1.03] }), yaxis: axis(plain(axes.y), theme, axes.logarithmic ? { type: 'log', dtick: 1 } : {}) },
  });
}

const one = (theme: Theme): Trace => ({
  type: 'scatter', mode: 'lines', hoverinfo: 'skip', x: [0, 1], y: [1, 1], line: { color: theme.muted, width: 1, dash: 'dot' },
});

const branchColor = (period: number, theme: Theme): string => (period > 1 ? theme.change : theme.trained);

function special(found: Result, values: number[], theme: Theme): Trace[] {
  const parameter = found.array('special_parameter').list();
  return specials(found, theme).map(({ mark, rows }): Trace => {
    const open = mark.symbol.includes('open');
    return {
      type: 'scatter', mode: 'markers', cliponaxis: false, x: rows.map((s) => parameter[s]), y: rows.map((s) => values[s]),
      marker: { symbol: mark.symbol, size: mark.symbol === 'x' ? 7 : 11, color: mark.color, line: { width: open ? 2 : 1, color: open ? mark.color : theme.paper } },
      text: rows.map((s) => aboutNormalForm(found, s)),
      hovertemplate: `${mark.text}<br>at %{x:.6f}: %{y:.4g}%{text}<extra></extra>`,
    };
  });
}

function keys(found: Result, theme: Theme): Key[] {
  const cycles = found.array('period').list().some((period) => period > 1);
  return [
    { text: 'stable', color: theme.trained, line: 'solid', width: 2.5 },
    { text: 'unstable', color: theme.trained, line: 'dash', width: 1.5 },
    ...(cycles ? [{ text: 'cycles', color: theme.change, line: 'solid' as const, width: 2.5 }] : []),
    ...specials(found, theme).map(({ mark }) => mark),
    { text: '|λ| = 1', color: theme.muted, line: 'dot', width: 1 },
  ];
}

function inWords(found: Result, theme: Theme): string {
  const met = specials(found, theme).map(({ mark, rows }) => `${rows.length} × ${mark.text.replace(', ', ' ')}`);
  const ends = found.texts('ends');
  const early = ['first_end', 'last_end'].flatMap((name) => found.array(name).list().map((code) => ends[code] ?? ''))
    .filter((end) => ['step_too_small', 'not_finite', 'max_steps', 'state_bound', 'no_start'].includes(end)).length;
  return (
    `${count(found.array('period').size, 'branch', 'branches')} from ${count(found.number('starts'), 'fixed point')} at the two ends; ` +
    `special points: ${met.length > 0 ? enumerate(met) : 'none'}.` +
    (early > 0 ? ` ${count(early, 'end')} of branches lie within the line because the continuation gave up there.` : '') +
    (found.attributes.complete === false ? ' Not all branches were followed.' : '')
  );
}
