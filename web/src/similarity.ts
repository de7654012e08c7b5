// SPDX-License-Identifier: Apache-2.0
// What a join of distances between networks, "similarity" or "warps", found by one metric, and what
// its figures have in common.
import { asNumber, type Group, type JsonObject, type Result } from './document';
import type { Frame } from './frame';
import { label, percent } from './text';
import type { Theme } from './theme';

export interface Label {
  name: string;
  classes: string[];
  /** The class of each object. */
  of: number[];
}

/** One row of the tests of how labels cluster. */
export interface Test {
  label: string;
  objects: string;
  number(name: string): number;
}

export type Join = 'similarity' | 'warps';

const parts = (group: Group, join: Join): string[] => Array.from(group.joins?.keys() ?? []).filter((name) => name.startsWith(`${join}/`));

export const hasJoin = (group: Group, join: Join): boolean => parts(group, join).length > 0;

/** The metric that the reader looks at, the same in all figures of the join. */
export function chosenMetric(frame: Frame, group: Group, join: Join): Result {
  const names = parts(group, join);
  const chosen = frame.choice(`metric of ${join}`, 'Metric', names.map((name) => [name, name.slice(join.length + 1)]), true);
  return group.joins!.get(chosen)!;
}

export function labels(found: Result): Label[] {
  const list = found.attributes.labels as JsonObject[];
  return list.map(({ name, classes }) => ({
    name: String(name),
    classes: (classes as string[]).map(String),
    of: found.array(`label/${String(name)}`).list(),
  }));
}

/** A label that the reader chose, likewise the same in all figures; undefined where there is none. */
export function chosenLabel(frame: Frame, found: Result, name: string, text: string, standard: string[]): Label | undefined {
  const all = labels(found);
  if (all.length === 0) return undefined;
  const first = standard.map((known) => all.find((one) => one.name === known)).find((one) => one !== undefined) ?? all[0];
  const ordered = [first, ...all.filter((one) => one !== first)];
  const chosen = frame.choice(name, text, ordered.map((one) => [one.name, label(one.name)]), true);
  return all.find((one) => one.name === chosen);
}

export const symbols = ['circle', 'diamond', 'square', 'cross', 'circle-open', 'square-open'];

export const classColor = (of: number, theme: Theme): string => theme.categories[of % theme.categories.length];
export const classSymbol = (of: number): string => symbols[of % symbols.length];

export function tests(found: Result): Test[] {
  const rows = (found.attributes.tests ?? []) as JsonObject[];
  return rows
    .filter((row) => row.status === 'tested')
    .map((row) => ({ label: String(row.label), objects: String(row.objects), number: (name) => asNumber(row[name]) }));
}

/** Objects that the metric compares: the others have no distance to themselves. */
export function compared(found: Result): number[] {
  const D = found.array('distances');
  return Array.from({ length: D.shape[0] }, (_, i) => i).filter((i) => !Number.isNaN(D.at(i, i)));
}

/** Which objects the metric could not compare, and why; empty if there is none. */
export function leftOut(found: Result): string {
  const list = (found.attributes.left_out ?? []) as JsonObject[];
  if (list.length === 0) return '';
  const shown = list.slice(0, 5).map(({ object, why }) => `${String(object)} (${String(why)})`);
  return `Left out: ${shown.join(', ')}${list.length > shown.length ? ` and ${list.length - shown.length} more` : ''}.`;
}

export function aboutMetric(found: Result): string {
  const metric = found.attributes.metric as JsonObject;
  const triangle = metric.triangle_inequality === true ? 'obeys the triangle inequality' : 'is no metric in the strict sense';
  return `${label(String(metric.meaning))}: the distance is ${String(metric.distance)}, ${triangle}, and does not see ${String(metric.invariance)}.`;
}

/** How far the distances of dsa may lie above the minima that they stand for. */
export function aboutGap(found: Result): string {
  if (!found.has('bounds')) return '';
  const D = found.array('distances');
  const B = found.array('bounds');
  const parts: number[] = [];
  for (const i of compared(found)) {
    for (const j of compared(found)) {
      if (i < j && D.at(i, j) > 0) parts.push(1 - B.at(i, j) / D.at(i, j));
    }
  }
  if (parts.length === 0) return '';
  const mean = parts.reduce((a, b) => a + b, 0) / parts.length;
  return `These distances are found by a search; lower bounds lie ${percent(mean)} below them on average.`;
}
