// SPDX-License-Identifier: Apache-2.0
// The place of one figure on the page: heading, the reader's choices, panels, caption.
import { having, Missing, networkName, type Group, type Network } from './document';
import { h } from './dom';
import type { Figure } from './figures/registry';
import { legend, type Key } from './legend';
import { discard, picture, show, update, type Options, type Trace } from './plot';
import { enqueue } from './queue';
import { count } from './text';
import type { Themes } from './theme';
import { acquire, release, type Holder } from './webgl';

/** Choices that the figures of one task have in common, e.g. which network is looked at. */
export class Shared {
  readonly values = new Map<string, string>();
  readonly frames: Frame[] = [];

  set(name: string, value: string): void {
    this.values.set(name, value);
    for (const frame of this.frames) if (frame.uses(name)) frame.refresh();
  }

  /** The same of a slider, which many panels follow without being drawn from the start. */
  move(name: string, value: string): void {
    this.values.set(name, value);
    for (const frame of this.frames) if (frame.uses(name)) frame.move();
  }
}

export interface Panel {
  title?: string;
  traces: Trace[];
  layout: Options;
  /** What the panel shows once the reader has moved a slider of the figure. */
  moved?(): { traces: Trace[]; layout: Options };
  height?: number;
  /** Says in words what the panel shows, for those who do not see it. */
  description: string;
}

interface Slider {
  input: HTMLInputElement;
  output: HTMLOutputElement;
  texts: string[];
}

export class Frame implements Holder {
  readonly element: HTMLElement;
  private readonly controls = h('div', { class: 'controls' });
  private readonly body = h('div', { class: 'body' });
  private panels: HTMLElement | null = null;
  private readonly own = new Map<string, string>();
  private readonly selects = new Map<string, HTMLSelectElement>();
  private readonly sliders = new Map<string, Slider>();
  private moving: { plot: HTMLElement; panel: Panel }[] = [];
  private isFollowing = false;
  private used = new Set<string>();
  private readonly cameras = new Map<string, unknown>();
  private pending: (() => Promise<unknown>)[] = [];
  private stale = true;
  isVisible = false;

  constructor(
    readonly figure: Figure,
    private readonly group: Group,
    private readonly shared: Shared,
    private readonly themes: Themes,
    id: string,
    number: string,
  ) {
    this.element = h(
      'figure',
      { id, class: 'figure', 'data-figure': figure.id, 'data-group': group.name },
      h('h3', {}, h('a', { href: `#${id}` }, figure.title)),
      this.controls,
      this.body,
      h('figcaption', {}, h('b', {}, `Figure ${number}. `), figure.caption),
    );
    shared.frames.push(this);
    new IntersectionObserver(
      (entries) => {
        this.isVisible = entries[entries.length - 1].isIntersecting;
        if (this.isVisible && this.stale) void enqueue(() => this.draw());
      },
      { rootMargin: '300px' },
    ).observe(this.element);
  }

  // What a figure calls while it draws.

  /** A choice of the reader, as a select above the figure; a new choice draws the figure again. */
  choice(name: string, label: string, options: [value: string, text: string][], shared = false): string {
    this.used.add(name);
    const store = shared ? this.shared.values : this.own;
    let value = store.get(name);
    if (value === undefined || !options.some(([known]) => known === value)) value = options[0][0];
    let select = this.selects.get(name);
    if (!select) {
      select = h('select', {
        change: () => {
          const chosen = this.selects.get(name)!.value;
          if (shared) this.shared.set(name, chosen);
          else {
            this.own.set(name, chosen);
            this.refresh();
          }
        },
      });
      this.selects.set(name, select);
      this.controls.append(h('label', {}, `${label} `, select));
    }
    select.replaceChildren(...options.map(([known, text]) => h('option', { value: known }, text)));
    select.value = value;
    return value;
  }

  /**
   * A place among `texts`, as a slider above the figure that all figures of the task share; the last
   * one until the reader moves it. Panels with `moved` follow.
   */
  slider(name: string, label: string, texts: string[]): number {
    if (texts.length > 1) this.used.add(name);
    let slider = this.sliders.get(name);
    if (!slider) {
      const input = h('input', {
        type: 'range', min: 0, 'aria-label': label,
        input: () => this.shared.move(name, this.sliders.get(name)!.input.value),
      });
      slider = { input, output: h('output'), texts };
      this.sliders.set(name, slider);
      this.controls.append(h('label', {}, `${label} `, input, ' ', slider.output));
    }
    slider.texts = texts;
    slider.input.max = String(texts.length - 1);
    return this.place(name);
  }

  /** Where a slider stands. */
  place(name: string): number {
    const slider = this.sliders.get(name)!;
    const last = slider.texts.length - 1;
    const place = Math.min(last, Number(this.shared.values.get(name) ?? last));
    slider.input.value = String(place);
    slider.output.textContent = slider.texts[place];
    return place;
  }

  /** The network that the reader looks at, the same in all figures of the task. */
  network(...analyses: string[]): Network {
    const all = having(this.group, ...analyses);
    const id = this.choice('network', 'Network', all.map((n) => [n.id, networkName(this.group, n)]), true);
    return all.find((network) => network.id === id) ?? all[0];
  }

  /** All networks together, or one of them. */
  networks(all: string, ...analyses: string[]): Network[] {
    const found = having(this.group, ...analyses);
    const id = this.choice('networks', 'Networks', [
      ['', all],
      ...found.map((n): [string, string] => [n.id, networkName(this.group, n)]),
    ]);
    return id === '' ? found : found.filter((network) => network.id === id);
  }

  /** One plot, beside the others where the page is wide enough; drawn once all of them stand. */
  plot(panel: Panel): void {
    const plot = h('div', { class: 'plot', role: 'img', 'aria-label': panel.description });
    plot.style.height = `${panel.height ?? 320}px`;
    plot.dataset.panel = panel.title ?? '';
    this.grid().append(h('div', { class: 'panel' }, panel.title ? h('h4', {}, panel.title) : null, plot));
    this.pending.push(() => this.show(plot, panel));
    if (panel.moved) this.moving.push({ plot, panel });
  }

  legend(keys: Key[]): void {
    this.add(legend(keys));
  }

  /** A line of text below what has been drawn so far. */
  note(text: string): void {
    this.add(h('p', { class: 'note' }, text));
  }

  add(node: HTMLElement): void {
    this.body.append(node);
    this.panels = null;
  }

  // What the page calls.

  uses(name: string): boolean {
    return this.used.has(name);
  }

  /** What is drawn no longer holds: again, now if it is in view, else when it comes into view. */
  refresh(): void {
    this.stale = true;
    delete this.element.dataset.drawn;
    if (this.isVisible) void enqueue(() => this.draw());
  }

  /** A slider stands elsewhere: panels that follow do so where they stand, one after another. */
  move(): void {
    if (!this.isVisible || this.stale) {
      this.refresh();
      return;
    }
    for (const name of this.sliders.keys()) this.place(name);
    if (this.isFollowing) return; // what is under way will find the new place
    this.isFollowing = true;
    void enqueue(async () => {
      this.isFollowing = false;
      for (const { plot, panel } of this.stale ? [] : this.moving) {
        const { traces, layout } = panel.moved!();
        await update(plot, traces, layout, this.themes.current);
      }
    });
  }

  async draw(): Promise<void> {
    if (!this.stale) return;
    this.stale = false;
    this.body.style.minHeight = `${this.body.offsetHeight}px`; // the page does not jump
    this.clear();
    this.used = new Set();
    delete this.element.dataset.drawn;
    delete this.element.dataset.error;
    try {
      const absent = this.figure.needs.filter((name) => having(this.group, name).length === 0);
      if (absent.length > 0) this.sayMissing(absent);
      else await this.figure.draw(this, this.group, this.themes.current);
      for (const drawing of this.pending) await drawing();
      this.sayIncomplete(absent);
    } catch (error) {
      this.clear();
      const message = error instanceof Error ? error.message : String(error);
      this.element.dataset.error = message;
      this.note(
        error instanceof Missing
          ? `This figure cannot be drawn: ${message}.`
          : `This figure failed to draw: ${message}`,
      );
    }
    for (const [name, select] of this.selects) select.parentElement!.hidden = !this.used.has(name);
    for (const [name, { input }] of this.sliders) input.parentElement!.hidden = !this.used.has(name);
    this.body.style.minHeight = '';
    if (!this.element.dataset.error) this.element.dataset.drawn = 'true';
  }

  /** Replaces the plots by pictures of them, until the figure comes into view again. */
  async park(): Promise<void> {
    for (const plot of Array.from(this.body.querySelectorAll<HTMLElement>('.js-plotly-plot'))) {
      const image = h('img', { alt: plot.getAttribute('aria-label') ?? '', src: await picture(plot) });
      image.style.width = '100%';
      image.addEventListener('click', () => void enqueue(() => this.draw()));
      this.release(plot);
      plot.replaceChildren(image);
    }
    this.stale = true;
  }

  private async show(plot: HTMLElement, panel: Panel): Promise<void> {
    const layout = { ...panel.layout };
    if (layout.scene) {
      await acquire(this);
      const camera = this.cameras.get(plot.dataset.panel ?? '');
      if (camera) layout.scene = { ...(layout.scene as Options), camera };
    }
    await show(plot, panel.traces, layout, this.themes.current);
  }

  private grid(): HTMLElement {
    if (!this.panels) {
      const panels = h('div', { class: 'panels' });
      this.add(panels);
      this.panels = panels;
    }
    return this.panels;
  }

  private clear(): void {
    for (const plot of Array.from(this.body.querySelectorAll<HTMLElement>('.js-plotly-plot'))) this.release(plot);
    release(this);
    this.body.replaceChildren();
    this.panels = null;
    this.pending = [];
    this.moving = [];
  }

  private release(plot: HTMLElement): void {
    const layout = (plot as { layout?: { scene?: { camera?: unknown } } }).layout;
    if (layout?.scene?.camera) this.cameras.set(plot.dataset.panel ?? '', layout.scene.camera);
    discard(plot);
  }

  private sayMissing(absent: string[]): void {
    const names = absent.map((name) => `“${name}”`).join(', ');
    this.element.dataset.missing = absent.join(' ');
    this.note(`Not drawn: no network of this task has the analysis ${names}. Add it to the study and run again.`);
  }

  private sayIncomplete(absent: string[]): void {
    const all = this.group.networks.length;
    for (const name of this.figure.needs) {
      const lacking = all - having(this.group, name).length;
      if (lacking > 0 && !absent.includes(name)) {
        this.note(`${count(lacking, 'network')} of ${all} without the analysis “${name}”.`);
      }
    }
  }
}
