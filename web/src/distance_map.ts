// SPDX-License-Identifier: Apache-2.0
// All networks as points, as near one another as their distances allow, and how labels cluster.
import type { Group, Result } from './document';
import type { Frame } from './frame';
import type { Key } from './legend';
import { axis, type Trace } from './plot';
import {
  aboutGap, aboutMetric, chosenLabel, chosenMetric, classColor, classSymbol, compared, leftOut, tests,
  type Join, type Label, type Test,
} from './similarity';
import { table } from './table';
import { format, label, percent, plain } from './text';
import type { Theme } from './theme';

export function drawDistanceMap(frame: Frame, group: Group, theme: Theme, join: Join): void {
  const found = chosenMetric(frame, group, join);
  if (!found.has('map')) {
    frame.note(`There is no map: fewer than two networks could be compared. ${leftOut(found)}`);
    return;
  }
  const stages = new Set(found.array('trained').list()).size > 1;
  const shown = stages
    ? frame.choice('stage', 'Networks', [['', 'trained and untrained'], ['1', 'trained'], ['0', 'untrained']])
    : '';
  const color = chosenLabel(frame, found, 'color', 'Color', ['cell', 'population', 'stage']);
  const shape = chosenLabel(frame, found, 'shape', 'Shape', ['activation', 'stage', 'population']);
  drawMap(frame, found, shown, color, shape, theme);
  const paler = stages && !isUniform(shown, color, shape) ? [{ text: 'before training: paler', color: theme.muted }] : [];
  frame.legend([...keys(color, shape, theme), ...paler]);
  const all = tests(found);
  frame.note([sentence(found, all, color), aboutMetric(found), aboutGap(found), leftOut(found)].filter((text) => text).join(' '));
  if (all.length > 0) frame.add(table(columns, all, 'How labels cluster').element);
}

/** Whether color, shape or the choice itself tells trained from untrained networks already. */
function isUniform(stage: string, ...by: (Label | undefined)[]): boolean {
  return stage !== '' || by.some((one) => one?.name === 'stage');
}

function drawMap(frame: Frame, found: Result, stage: string, color: Label | undefined, shape: Label | undefined, theme: Theme): void {
  const map = found.array('map');
  const trained = found.array('trained').list();
  const names = found.texts('objects');
  const places = compared(found).filter((i) => stage === '' || trained[i] === Number(stage));
  const points: Trace = {
    type: 'scatter', mode: 'markers',
    x: places.map((i) => map.at(i, 0)), y: places.map((i) => map.at(i, 1)),
    text: places.map((i) => plain(names[i])),
    marker: {
      size: 9, line: { width: 1, color: theme.paper },
      color: places.map((i) => (color ? classColor(color.of[i], theme) : theme.trained)),
      symbol: places.map((i) => (shape ? classSymbol(shape.of[i]) : 'circle')),
      opacity: places.map((i) => (trained[i] === 1 || isUniform(stage, color, shape) ? 1 : 0.35)),
    },
    hovertemplate: '%{text}<extra></extra>',
  };
  frame.plot({
    title: `Stress ${format(found.number('stress_1'))}`,
    description: `Map of ${places.length} networks, colored by ${color?.name ?? 'nothing'}, shaped by ${shape?.name ?? 'nothing'}`,
    height: 460,
    traces: [points],
    layout: {
      xaxis: axis('', theme, { showticklabels: false, ticks: '' }),
      yaxis: axis('', theme, { showticklabels: false, ticks: '', scaleanchor: 'x' }),
    },
  });
}

function keys(color: Label | undefined, shape: Label | undefined, theme: Theme): Key[] {
  const colors = (color?.classes ?? []).map((text, i): Key => ({
    text, color: classColor(i, theme), symbol: color === shape ? classSymbol(i) : 'square',
  }));
  if (color === shape) return colors;
  return [...colors, ...(shape?.classes ?? []).map((text, i): Key => ({ text, color: theme.muted, symbol: classSymbol(i) }))];
}

/** "Among the trained ones cell explains 40 % of the squared distances (p = 0.001); ..." */
function sentence(found: Result, all: Test[], color: Label | undefined): string {
  const rows = all.filter((test) => test.label === color?.name);
  const parts = rows.map((test) => {
    const whom = test.objects === 'all' ? 'Among all' : `Among the ${test.objects}`;
    return (
      `${whom}, ${test.label} explains ${percent(test.number('r_squared'))} of the squared distances ` +
      `(PERMANOVA, p = ${format(test.number('permanova_p'))}), silhouette ${format(test.number('silhouette'), 2)}.`
    );
  });
  return [`Stress-1 of the map: ${format(found.number('stress_1'))}.`, ...parts].join(' ');
}

const numeric = (title: string, name: string) => ({
  title,
  value: (test: Test) => test.number(name),
  text: (test: Test) => format(test.number(name), 2),
});

const columns = [
  { title: 'Label', value: (test: Test) => label(test.label) },
  { title: 'Networks', value: (test: Test) => test.objects },
  numeric('Number', 'count'),
  numeric('Classes', 'classes'),
  numeric('Silhouette', 'silhouette'),
  numeric('Pseudo-F', 'pseudo_f'),
  numeric('R²', 'r_squared'),
  numeric('p', 'permanova_p'),
  numeric('Nearest alike', 'accuracy'),
  numeric('by chance', 'chance'),
  numeric('p (nearest)', 'neighbor_p'),
];
