// SPDX-License-Identifier: Apache-2.0
// A table that sorts by its headings and, where asked, lets one row be chosen by mouse or keys.
import { h } from './dom';
import { format } from './text';

export interface Column<Row> {
  title: string;
  value(row: Row): number | string;
  text?(row: Row): string | HTMLElement;
  /** Aligned as text although it sorts as a number. */
  isText?: boolean;
}

export interface Table<Row> {
  element: HTMLElement;
  select(row: Row): void;
}

export function table<Row>(
  columns: Column<Row>[],
  rows: Row[],
  name: string,
  chosen?: (row: Row) => void,
): Table<Row> {
  const lines = new Map<Row, HTMLTableRowElement>();
  const body = h('tbody');
  const heads = columns.map((column, i) =>
    h('th', { scope: 'col', 'aria-sort': 'none', class: isNumber(column, rows[0]) ? 'number' : '' }, h('button', { type: 'button', click: () => sort(i) }, column.title)),
  );

  for (const row of rows) {
    const line = h('tr', {}, ...columns.map((column) => cell(column, row)));
    if (chosen) {
      line.tabIndex = -1;
      line.setAttribute('aria-selected', 'false');
      line.addEventListener('click', () => select(row));
      line.addEventListener('keydown', (event) => move(event, line, row));
    }
    lines.set(row, line);
    body.append(line);
  }

  function sort(column: number): void {
    const isUp = heads[column].getAttribute('aria-sort') !== 'ascending';
    heads.forEach((head, i) => head.setAttribute('aria-sort', i !== column ? 'none' : isUp ? 'ascending' : 'descending'));
    const sorted = [...rows].sort((a, b) => compare(columns[column].value(a), columns[column].value(b), isUp));
    body.append(...sorted.map((row) => lines.get(row)!));
  }

  function select(row: Row): void {
    for (const [other, line] of lines) {
      line.setAttribute('aria-selected', String(other === row));
      line.tabIndex = other === row ? 0 : -1;
    }
    chosen?.(row);
  }

  function move(event: KeyboardEvent, line: HTMLTableRowElement, row: Row): void {
    const next = { ArrowDown: line.nextElementSibling, ArrowUp: line.previousElementSibling }[event.key];
    if (event.key === 'Enter' || event.key === ' ') select(row);
    else if (next instanceof HTMLTableRowElement) {
      next.click();
      next.focus();
    } else return;
    event.preventDefault();
  }

  const element = h(
    'div',
    { class: 'table', role: 'region', 'aria-label': name, tabindex: 0 },
    h('table', chosen ? { role: 'grid' } : {}, h('thead', {}, h('tr', {}, ...heads)), body),
  );
  return { element, select };
}

function cell<Row>(column: Column<Row>, row: Row): HTMLElement {
  const value = column.value(row);
  const content = column.text ? column.text(row) : typeof value === 'number' ? format(value) : value;
  return h('td', { class: isNumber(column, row) ? 'number' : '' }, content);
}

function isNumber<Row>(column: Column<Row>, row: Row | undefined): boolean {
  return row !== undefined && typeof column.value(row) === 'number' && !column.isText;
}

/** Numbers by size, texts by alphabet, what is not a number always last. */
function compare(a: number | string, b: number | string, isUp: boolean): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  return isUp ? order : -order;
}
