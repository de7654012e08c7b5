// SPDX-License-Identifier: Apache-2.0
// What the figures of PCA and DCA space share: trajectories of a trained and of the untrained
// network, and the points of rest of the trained one, projected by basis' (x - mean).
import { having, result, type Group, type Network, type Result } from '../document';
import type { Frame } from '../frame';
import type { Key } from '../legend';
import { drawSpace, noteFlat, type Path3, type Point3, type Points3 } from '../space';
import { count, format, percent, plain } from '../text';
import { stability, type Theme } from '../theme';

export type Analysis = 'pca' | 'dca';
export type Stage = 'trained' | 'untrained';

export function drawLatent(frame: Frame, theme: Theme, analysis: Analysis): void {
  const network = frame.network(analysis);
  const color = frame.choice('color', 'Color', [['condition', 'by condition'], ['time', 'by time']], true);
  const hasPoints = network.results.has('fixed_points');
  const points = hasPoints
    ? frame.choice('points', 'Fixed points', [['', 'shown'], ['no', 'hidden']], true) === ''
    : false;
  const conditions = conditionNames(network, analysis);
  for (const stage of ['trained', 'untrained'] as const) {
    drawSpace(
      frame,
      {
        title: stage === 'trained' ? 'Trained' : 'Untrained (random weights)',
        description: `Trajectories of the ${stage} network in ${analysis.toUpperCase()} space`,
        axes: axisNames(result(network, analysis), analysis, stage),
        paths: trajectories(network, analysis, stage, conditions, color === 'time', theme),
        points: [
          ...starts(network, analysis, stage, conditions, theme),
          ...(points && stage === 'trained' ? fixedPoints(network, analysis, theme) : []),
        ],
      },
      theme,
    );
  }
  frame.legend(keys(network, analysis, conditions, color === 'time', points, theme));
  noteFlat(frame);
  if (!hasPoints) frame.note('This network has no analysis “fixed_points”, so none are marked.');
  else if (points) frame.note(pointsInWords(network, theme));
}

export function axisNames(found: Result, analysis: Analysis, stage: Stage): [string, string, string] {
  const variance = `${stage}_variance`;
  const name = (d: number): string => {
    if (analysis === 'dca' || !found.has(variance)) return `${analysis === 'dca' ? 'DC' : 'PC'} ${d + 1}`;
    return `PC ${d + 1} (${percent(found.array(variance).at(d))})`;
  };
  return [name(0), name(1), name(2)];
}

/** Below the legend: what stands where, in numbers. */
function pointsInWords(network: Network, theme: Theme): string {
  const kinds = result(network, 'fixed_points').array('kind').list();
  const marks = stability(theme);
  const parts = marks
    .map((mark, code) => ({ text: mark.text, n: kinds.filter((kind) => kind === code).length }))
    .filter((part) => part.n > 0)
    .map((part) => `${part.n} ${part.text}`);
  if (kinds.length === 0) return 'No fixed or slow point was found for this network.';
  return `${count(kinds.length, 'point')} of the trained network, over all constant inputs: ${parts.join(', ')}.`;
}

function conditionNames(network: Network, analysis: Analysis): string[] {
  const shape = result(network, analysis).array('trained_trajectories').shape;
  const own = result(network, analysis).texts('conditions');
  const names = own.length > 0 || !network.results.has('outputs') ? own : result(network, 'outputs').texts('conditions');
  return Array.from({ length: shape[0] }, (_, c) => names[c] ?? `condition ${c + 1}`);
}

function time(network: Network, steps: number): { values: number[]; unit: string } {
  const outputs = network.results.get('outputs');
  if (outputs?.has('time') && outputs.array('time').size === steps) {
    return { values: outputs.array('time').list(), unit: 's' };
  }
  return { values: Array.from({ length: steps }, (_, t) => t), unit: 'steps' };
}

function trajectories(
  network: Network,
  analysis: Analysis,
  stage: Stage,
  conditions: string[],
  isByTime: boolean,
  theme: Theme,
): Path3[] {
  const paths = result(network, analysis).array(`${stage}_trajectories`);
  const { values } = time(network, paths.shape[1]);
  return conditions.map((name, c) => ({
    at: [0, 1, 2].map((d) => paths.path([c], d)) as Point3,
    name,
    color: theme.categories[c % theme.categories.length],
    ...(isByTime ? { values, low: values[0], high: values[values.length - 1] } : {}),
  }));
}

function starts(network: Network, analysis: Analysis, stage: Stage, conditions: string[], theme: Theme): Points3[] {
  const paths = result(network, analysis).array(`${stage}_trajectories`);
  return [
    {
      at: [0, 1, 2].map((d) => conditions.map((_, c) => paths.at(c, 0, d))) as Point3,
      name: 'start of the trial',
      color: theme.text,
      symbol: 'cross',
      size: 8,
      text: conditions.map((name) => plain(`start of ${name}`)),
    },
  ];
}

/** Projected states of the points of rest, one cloud a kind. */
export function fixedPoints(network: Network, analysis: Analysis, theme: Theme): Points3[] {
  const found = result(network, 'fixed_points');
  const kinds = found.array('kind').list();
  const at = project(found, result(network, analysis));
  return stability(theme).flatMap((mark, code) => {
    const those = kinds.map((_, p) => p).filter((p) => kinds[p] === code);
    if (those.length === 0) return [];
    return [
      {
        at: at.map((coordinate) => those.map((p) => coordinate[p])) as Point3,
        name: mark.text,
        color: mark.color,
        symbol: mark.symbol,
        size: 10,
        text: those.map((p) => describe(found, p, mark.text)),
      },
    ];
  });
}

function project(found: Result, space: Result): Point3 {
  const states = found.array('states');
  const basis = space.array('trained_basis');
  const mean = space.array('trained_mean');
  return [0, 1, 2].map((d) =>
    Array.from({ length: states.shape[0] }, (_, p) => {
      let sum = 0;
      for (let n = 0; n < states.shape[1]; ++n) sum += basis.at(n, d) * (states.at(p, n) - mean.at(n));
      return sum;
    }),
  ) as Point3;
}

function describe(found: Result, p: number, kind: string): string {
  const unstable = found.array('unstable').at(p);
  return [
    `${kind}, point ${p + 1}`,
    plain(inputLabel(found, p)),
    count(unstable, 'unstable direction'),
    `|F(x) − x| = ${format(found.array('residual').at(p), 2)}`,
  ].join('<br>');
}

/** The constant input that a point belongs to, as the analysis calls it. */
export function inputLabel(found: Result, p: number): string {
  const labels = found.texts('inputs');
  const named = found.has('input_index') ? labels[found.array('input_index').at(p)] : undefined;
  return named ?? `input ${found.array('input').row(p).map((value) => format(value)).join(', ')}`;
}

function keys(
  network: Network,
  analysis: Analysis,
  conditions: string[],
  isByTime: boolean,
  points: boolean,
  theme: Theme,
): Key[] {
  const { values, unit } = time(network, result(network, analysis).array('trained_trajectories').shape[1]);
  const paths: Key[] = isByTime
    ? [
        { text: `start (${format(values[0])} ${unit})`, color: theme.sequence[0], line: 'solid', width: 4 },
        { text: 'middle', color: theme.sequence[1], line: 'solid', width: 4 },
        { text: `end (${format(values[values.length - 1])} ${unit})`, color: theme.sequence[2], line: 'solid', width: 4 },
      ]
    : conditions.map((text, c) => ({ text, color: theme.categories[c % theme.categories.length], line: 'solid', width: 3 }));
  const kinds = points ? new Set(result(network, 'fixed_points').array('kind').list()) : new Set<number>();
  return [
    ...paths,
    { text: 'start of the trial', color: theme.text, symbol: 'cross' },
    ...stability(theme).filter((_, code) => kinds.has(code)),
  ];
}

/** Whether any network of the group has final states over a grid of inputs. */
export function hasGrid(group: Group): boolean {
  return (['dca', 'pca'] as const).some((analysis) =>
    having(group, analysis).some((network) => result(network, analysis).has('trained_grid')),
  );
}
