// SPDX-License-Identifier: Apache-2.0
// The page: navigation, overview, one section a task with its figures, settings.
import { parse, type Document, type Group, type Json } from './document';
import { h } from './dom';
import './figures/index';
import { figures, type Figure } from './figures/registry';
import { Frame, Shared } from './frame';
import { overview } from './overview';
import { enqueue } from './queue';
import { seeds, tree } from './settings';
import { label } from './text';
import { Themes, type Choice } from './theme';

declare global {
  interface Window {
    /** For tests and for printing. */
    nullcline: { drawAll(): Promise<void>; theme(choice: Choice): void };
  }
}

const page = parse(document.getElementById('document')!.textContent!);
const frames: Frame[] = [];
const themes = new Themes(() => frames.forEach((frame) => frame.refresh()));

async function drawAll(): Promise<void> {
  await Promise.all(frames.map((frame) => enqueue(() => frame.draw())));
}

window.nullcline = { drawAll, theme: (choice) => themes.choose(choice) };
document.title = page.title;
document.body.append(header(page), layout(page));
spy();
document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();

function header(content: Document): HTMLElement {
  const links = [
    ['overview', 'Overview'],
    ...sectionsOf(content).map((group, g) => [groupId(group, g), label(group.name)]),
    ['settings', 'Settings'],
  ];
  const theme = h(
    'select',
    { 'aria-label': 'Colors', change: (event) => themes.choose((event.target as HTMLSelectElement).value as Choice) },
    h('option', { value: 'auto' }, 'Auto'),
    h('option', { value: 'light' }, 'Light'),
    h('option', { value: 'dark' }, 'Dark'),
  );
  return h(
    'header',
    {},
    h('nav', { 'aria-label': 'Sections' }, ...links.map(([id, text]) => h('a', { href: `#${id}` }, text))),
    theme,
  );
}

function layout(content: Document): HTMLElement {
  const sections = sectionsOf(content).map(section);
  return h(
    'div',
    { class: 'layout' },
    h('aside', { 'aria-label': 'Figures' }, ...sections.map(({ contents }) => contents)),
    h(
      'main',
      {},
      h(
        'section',
        { id: 'overview' },
        h('h1', {}, content.title),
        h('p', { class: 'lead' }, content.description),
        h('h2', {}, 'What was found'),
        overview(content.groups),
      ),
      ...sections.map(({ element }) => element),
      h(
        'section',
        { id: 'settings' },
        h('h2', {}, 'Settings'),
        h('p', {}, 'The study as it ran, every default filled in.'),
        tree(content.study),
        h('h3', {}, 'Seeds'),
        seeds(content),
        h('h3', {}, 'Version'),
        h('p', {}, `nullcline ${content.version}. This page holds all of its data and loads nothing.`),
        h('p', {}, h('button', { type: 'button', click: () => void drawAll().then(() => window.print()) }, 'Draw every figure and print')),
      ),
    ),
  );
}

/** The populations, and before them all together where a figure compares them. */
function sectionsOf(content: Document): Group[] {
  const all: Group = {
    name: 'all populations',
    task: {},
    networks: content.groups.flatMap((group) => group.networks),
    populations: content.groups,
    joins: content.joins,
  };
  const compared = figures.some((figure) => isOf(figure, all) && (figure.applies?.(all) ?? true));
  return compared ? [all, ...content.groups] : content.groups;
}

function isOf(figure: Figure, group: Group): boolean {
  return (figure.across ?? false) === (group.populations !== undefined);
}

function section(group: Group, g: number): { element: HTMLElement; contents: HTMLElement } {
  const id = groupId(group, g);
  const shared = new Shared();
  const own = figures
    .filter((figure) => isOf(figure, group) && (figure.applies?.(group) ?? true))
    .map((figure, f) => new Frame(figure, group, shared, themes, `${id}-${figure.id}`, `${g + 1}.${f + 1}`));
  frames.push(...own);
  return {
    element: h('section', { id }, h('h2', {}, label(group.name)), ...about(group), ...own.map((frame) => frame.element)),
    contents: h(
      'div',
      {},
      h('a', { href: `#${id}` }, h('b', {}, label(group.name))),
      h('ul', {}, ...own.map((frame) => h('li', {}, h('a', { href: `#${frame.element.id}` }, frame.figure.title)))),
    ),
  };
}

/** What the task is: its meaning, inputs and outputs, and whatever else is told of it. */
function about(group: Group): (HTMLElement | null)[] {
  const { name: _name, meaning, inputs, outputs, ...rest } = group.task;
  const size = label([sized(inputs, 'input'), sized(outputs, 'output')].filter((text) => text !== '').join('; '));
  return [
    typeof meaning === 'string' ? h('p', { class: 'lead' }, meaning) : null,
    size ? h('p', { class: 'note' }, `${size}.`) : null,
    Object.keys(rest).length > 0
      ? h('details', { class: 'task' }, h('summary', {}, 'All settings'), tree(rest))
      : null,
  ];
}

function sized(value: Json | undefined, what: string): string {
  if (typeof value === 'number') return `${value} ${what}${value === 1 ? '' : 's'}`;
  return Array.isArray(value) ? `${what}${value.length === 1 ? '' : 's'}: ${value.join(', ')}` : '';
}

function groupId(group: Group, g: number): string {
  const slug = group.name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return ['overview', 'settings', 'document', ''].includes(slug) ? `task-${g + 1}` : slug;
}

/** Marks in the navigation where the reader is. */
function spy(): void {
  const links = new Map<Element, HTMLAnchorElement[]>();
  for (const link of document.querySelectorAll<HTMLAnchorElement>('nav a, aside a')) {
    const target = document.getElementById(link.hash.slice(1));
    if (target) links.set(target, [...(links.get(target) ?? []), link]);
  }
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        for (const link of links.get(target) ?? []) link.toggleAttribute('aria-current', isIntersecting);
      }
    },
    { rootMargin: '-30% 0px -65% 0px' },
  );
  for (const target of links.keys()) observer.observe(target);
}
