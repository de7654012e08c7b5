// SPDX-License-Identifier: Apache-2.0
import { asNumber, result, type JsonObject, type Result } from '../document';
import { h } from '../dom';
import { legend, swatch } from '../legend';
import { show } from '../plot';
import { spectrum, type Mode } from '../modes';
import { leading, plane, planeKeys } from '../plane';
import { extent } from '../statistics';
import { table, type Column } from '../table';
import { count, enumerate, format } from '../text';
import { stability, type Theme } from '../theme';
import { inputLabel } from './latent';
import { register } from './registry';

register({
  id: 'fixed_points',
  title: 'Fixed points and their spectra',
  caption:
    'Fixed and slow points of one trained network under constant inputs, searched from states of its trajectories. ' +
    'The residual is |F(x) − x| of one step; q = |dx/dt|² / 2 is the speed of the 2021 note. Choose a row to see the ' +
    'eigenvalues λ of the step linearized there: inside the unit circle a direction decays, outside it grows, with ' +
    'time constant −dt / ln |λ| and frequency |arg λ| / (2π dt). Certified means proven, rounding errors included: ' +
    'one fixed point, and no other, lies within the radius given. The degrees of all points add up to 1 where the ' +
    'network maps a box into itself; any other sum proves that points are missing, 1 does not prove that none is. ' +
    'Arrow keys go from row to row, headings sort.',
  needs: ['fixed_points'],
  async draw(frame, _group, theme) {
    const network = frame.network('fixed_points');
    const found = result(network, 'fixed_points');
    const rows = points(found);
    frame.note(inWords(found, rows.length));
    for (const line of completeness(found)) frame.note(line);
    if (rows.length === 0) return;
    const detail = h('div', { class: 'spectrum' });
    let drawing = Promise.resolve();
    const list = table(columns(found, theme), rows, 'Fixed points', (row) => {
      drawing = drawing.then(() => drawSpectrum(detail, found, row, theme));
    });
    frame.add(list.element);
    frame.add(detail);
    list.select(rows[0]);
    await drawing;
  },
});

interface Row {
  index: number;
  modes: Mode[];
}

function points(found: Result): Row[] {
  const real = found.array('eigenvalues_real');
  const imaginary = found.array('eigenvalues_imag');
  return Array.from({ length: real.shape[0] }, (_, index) => ({
    index,
    modes: spectrum(real.row(index), imaginary.row(index), found.number('dt')),
  }));
}

function inWords(found: Result, kept: number): string {
  const starts = found.number('starts');
  const statuses = found.attributes.statuses;
  const ends =
    statuses && typeof statuses === 'object' && !Array.isArray(statuses)
      ? Object.entries(statuses)
          .filter(([, n]) => asNumber(n) > 0)
          .sort(([, a], [, b]) => asNumber(b) - asNumber(a))
          .map(([name, n]) => `${asNumber(n)} ${name.replace(/_/g, ' ')}`)
      : [];
  const distinct = `${count(kept, 'distinct point')} kept.`;
  if (Number.isNaN(starts) || ends.length === 0) return distinct;
  return `How ${count(starts, 'search', 'searches')} ended: ${enumerate(ends)}; ${distinct}`;
}

/** For each input what is proven, what the degrees say, and how many points are likely to be unseen. */
function completeness(found: Result): string[] {
  const all = found.attributes.completeness;
  return Array.isArray(all) ? all.map((about) => statement(about as JsonObject)) : [];
}

const verdicts: Record<string, string> = {
  agree: 'degree and hits agree that none is missing',
  no_degree: 'by the hits none is missing',
  points_missing: 'points are missing',
  likely_missing: 'points are likely to be missing',
  degenerate: 'the points are not isolated, so that no count is possible',
};

function statement(about: JsonObject): string {
  const points = asNumber(about.fixed_points);
  const sum = asNumber(about.degree_sum);
  const certified = asNumber(about.certified);
  const unseen = about.unseen as JsonObject | undefined;
  const degree =
    about.trapping_box !== true ? `degree sum ${format(sum)}, not known to be 1 for this network`
    : sum === 1 ? 'degree sum 1, as it must be'
    : `degree sum ${format(sum)} where it must be 1: points are missing`;
  const parts = [
    Number.isNaN(certified) ? count(points, 'fixed point')
    : `${count(points, 'fixed point')}, ${certified === points ? 'all' : certified} certified`,
    degree,
  ];
  if (unseen) {
    parts.push(
      `unseen by the hits of ${count(asNumber(about.starts), 'start')}: ${format(asNumber(unseen.estimate), 2)} ` +
        `(95 %: ${format(asNumber(unseen.lower), 2)} to ${format(asNumber(unseen.upper), 2)})`,
    );
  }
  const verdict = verdicts[String(about.completeness)];
  if (verdict) parts.push(`complete search: ${verdict}`);
  return `${String(about.input)}: ${parts.join('; ')}.`;
}

function columns(found: Result, theme: Theme): Column<Row>[] {
  const marks = stability(theme);
  const kind = (row: Row): string => marks[found.array('kind').at(row.index)]?.text ?? 'unknown';
  const number = (title: string, name: string): Column<Row>[] =>
    found.has(name) ? [{ title, value: (row) => found.array(name).at(row.index) }] : [];
  return [
    { title: '#', value: (row) => row.index + 1 },
    { title: 'Input', value: (row) => inputLabel(found, row.index) },
    {
      title: 'Kind',
      value: kind,
      text: (row) => {
        const mark = marks[found.array('kind').at(row.index)];
        return h('span', { class: 'kind' }, mark ? swatch(mark) : null, kind(row));
      },
    },
    ...number('Unstable directions', 'unstable'),
    ...certified(found),
    { title: 'Slowest decay (s)', value: (row) => slowest(row.modes) },
    ...number('Residual', 'residual'),
    ...number('Speed q (1/s²)', 'speed'),
    ...number('Times found', 'multiplicity'),
    ...number('Degree', 'degree'),
    ...radii(found),
    ...times(found),
  ];
}

const isCertified = (found: Result, row: Row): boolean => found.array('certified').at(row.index) > 0;

function certified(found: Result): Column<Row>[] {
  if (!found.has('certified')) return [];
  const words = (row: Row): string => (isCertified(found, row) ? 'yes' : 'no');
  return [{ title: 'Certified', value: words }];
}

/** How near the fixed point is proven to be, and how far no other is. */
function radii(found: Result): Column<Row>[] {
  if (!found.has('certified')) return [];
  const radius = (name: string) => (row: Row) => (isCertified(found, row) ? found.array(name).at(row.index) : NaN);
  return [
    { title: 'Exists within', value: radius('radius_exists') },
    { title: 'Alone within', value: radius('radius_unique') },
  ];
}

/** Of slow points, where there are any: what they are to states that come by, and for how long. */
function times(found: Result): Column<Row>[] {
  if (!found.has('grade') || !found.array('grade').list().some((grade) => grade >= 0)) return [];
  const grades = found.texts('grades');
  return [
    { title: 'Slow as', value: (row) => grades[found.array('grade').at(row.index)] ?? '' },
    { title: 'Passage (s)', value: (row) => found.array('passage').at(row.index) },
    { title: 'Escape (s)', value: (row) => found.array('escape').at(row.index) },
  ];
}

/** Of the decaying directions, seconds; NaN where none decays. */
function slowest(modes: Mode[]): number {
  const decaying = modes.map((mode) => mode.decay).filter((decay) => decay > 0);
  return decaying.length > 0 ? extent(decaying)[1] : NaN;
}

/** The whole plane, a close-up of it, and the slowest modes as a table. */
async function drawSpectrum(detail: HTMLElement, found: Result, row: Row, theme: Theme): Promise<void> {
  const heading = `Spectrum at point ${row.index + 1} (${inputLabel(found, row.index)})`;
  const old = Array.from(detail.querySelectorAll<HTMLElement>('.plot'));
  const plots = [false, true].map((isClose, i) => {
    const plot = old[i] ?? h('div', { class: 'plot', role: 'img' });
    plot.setAttribute('aria-label', `${heading}${isClose ? ', close-up' : ''}`);
    plot.dataset.panel = `${heading}${isClose ? ', close-up' : ''}`;
    plot.style.height = '300px';
    return { plot, ...plane(row.modes, isClose, theme) };
  });
  detail.replaceChildren(
    h('h4', {}, heading),
    legend(planeKeys(row.modes, theme)),
    h(
      'div',
      { class: 'panels three' },
      h('div', { class: 'panel' }, h('h4', {}, 'Unit circle'), plots[0].plot),
      h('div', { class: 'panel' }, h('h4', {}, 'Close-up'), plots[1].plot),
      h('div', { class: 'panel' }, h('h4', {}, 'Slowest modes'), leading(row.modes)),
    ),
  );
  detail.dataset.point = String(row.index + 1);
  for (const { plot, traces, layout } of plots) await show(plot, traces, layout, theme);
}
