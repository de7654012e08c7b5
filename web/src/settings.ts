// SPDX-License-Identifier: Apache-2.0
import { networkNumber, type Document, type Json } from './document';
import { h } from './dom';
import { table } from './table';
import { label } from './text';

/** The resolved study as a tree of tables. */
export function tree(value: Json, depth = 0): HTMLElement {
  if (Array.isArray(value)) {
    return h('ol', { class: 'tree' }, ...value.map((entry) => h('li', {}, isNested(entry) ? tree(entry, depth + 1) : scalar(entry))));
  }
  if (!value || typeof value !== 'object') return h('code', {}, scalar(value));
  const entries = Object.entries(value);
  const flat = entries.filter(([, entry]) => !isNested(entry));
  const rows = flat.map(([name, entry]) => h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, h('code', {}, scalar(entry)))));
  const nested = entries
    .filter(([, entry]) => isNested(entry))
    .map(([name, entry]) => h('details', { open: depth < 2 }, h('summary', {}, name), tree(entry, depth + 1)));
  return h('div', { class: 'tree' }, rows.length > 0 ? h('table', {}, h('tbody', {}, ...rows)) : null, ...nested);
}

function isNested(value: Json): boolean {
  if (Array.isArray(value)) return value.some((entry) => entry !== null && typeof entry === 'object');
  return value !== null && typeof value === 'object';
}

function scalar(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(scalar).join(', ')}]`;
  return typeof value === 'string' ? value : String(value);
}

export function seeds(page: Document): HTMLElement {
  const rows = page.groups.flatMap((group) => group.networks.map((network) => ({ group, network })));
  return table(
    [
      { title: 'Task', value: ({ group }) => label(group.name) },
      { title: 'Network', value: ({ group, network }) => networkNumber(group, network) },
      { title: 'Seed', value: ({ network }) => Number(network.seed), text: ({ network }) => network.seed },
      { title: 'Id', value: ({ network }) => network.id, text: ({ network }) => h('code', {}, network.id) },
    ],
    rows,
    'Seeds',
  ).element;
}
