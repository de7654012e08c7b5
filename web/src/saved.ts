// SPDX-License-Identifier: Apache-2.0
// A plot saved as a picture of vectors that stands alone: the title of its panel above it, below it
// the legend that holds for it, which on the page are text beside the plot (frame.ts, legend.ts).
import Plotly from 'plotly.js-gl3d-dist-min';
import { h, svg } from './dom';
import type { Theme } from './theme';

const margin = 12; // pixels, as all lengths here
const lineHeight = 20;
const swatchWidth = 26;
const gaps = { swatch: 6, key: 18 };

interface Key {
  swatch: SVGElement;
  text: string;
}

/** For Plotly's bar of buttons, in the place of its own that saves a bare plot. */
export function saveButton(theme: Theme) {
  return {
    name: 'save',
    title: 'Download plot as SVG, with its legend',
    icon: Plotly.Icons.camera,
    click: (plot: HTMLElement) => void save(plot, theme),
  };
}

async function save(plot: HTMLElement, theme: Theme): Promise<void> {
  const { width, height } = plot.getBoundingClientRect();
  const bare = await Plotly.toImage(plot, { format: 'svg', width, height, imageDataOnly: true });
  const drawn = new DOMParser().parseFromString(bare, 'image/svg+xml').documentElement;
  const address = URL.createObjectURL(new Blob([compose(drawn, plot, width, height, theme)], { type: 'image/svg+xml' }));
  h('a', { href: address, download: `${fileName(plot)}.svg` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000); // some browsers read it later
}

function compose(drawn: Element, plot: HTMLElement, width: number, height: number, theme: Theme): string {
  const title = plot.dataset.panel ?? '';
  const top = title ? margin + lineHeight : 0;
  const lines = wrapped(keysOf(plot), width - 2 * margin, fontsOf(plot));
  const total = top + height + (lines.length > 0 ? lines.length * lineHeight + margin : 0);
  const write = (x: number, y: number, text: string, size: number) =>
    svg('text', { x, y, fill: theme.text, 'font-family': fontsOf(plot), 'font-size': size, 'dominant-baseline': 'middle' }, text);

  drawn.setAttribute('y', String(top));
  const whole = svg(
    'svg',
    { width, height: total, viewBox: `0 0 ${width} ${total}` },
    svg('rect', { width, height: total, fill: theme.paper }),
    title ? write(margin, top - lineHeight / 2, title, 14) : null,
  );
  whole.append(document.importNode(drawn, true));
  lines.forEach((line, row) => {
    const y = top + height + (row + 0.5) * lineHeight;
    for (const { key, x } of line) {
      const swatch = key.swatch.cloneNode(true) as SVGElement;
      swatch.setAttribute('x', String(margin + x));
      swatch.setAttribute('y', String(y - 7)); // half its height
      whole.append(swatch, write(margin + x + swatchWidth + gaps.swatch, y, key.text, 12));
    }
  });
  return new XMLSerializer().serializeToString(whole);
}

const fontsOf = (element: Element) => getComputedStyle(element).fontFamily;

/** Of the next legend below the plot; where there is none, of that above it. */
function keysOf(plot: HTMLElement): Key[] {
  const all = Array.from(plot.closest('figure')?.querySelectorAll('.legend') ?? []);
  const below = all.find((one) => plot.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
  const items = Array.from((below ?? all[all.length - 1])?.querySelectorAll('li') ?? []);
  return items.map((item) => ({ swatch: item.querySelector('svg')!, text: item.textContent ?? '' }));
}

/** Keys from left to right in lines of the given width, as the page sets them. */
function wrapped(keys: Key[], width: number, fonts: string): { key: Key; x: number }[][] {
  const pen = document.createElement('canvas').getContext('2d')!;
  pen.font = `12px ${fonts}`;
  const lines: { key: Key; x: number }[][] = [];
  let x = width;
  for (const key of keys) {
    const length = swatchWidth + gaps.swatch + pen.measureText(key.text).width;
    if (lines.length === 0 || x + length > width) {
      lines.push([]);
      x = 0;
    }
    lines[lines.length - 1].push({ key, x });
    x += length + gaps.key;
  }
  return lines;
}

/** As what a plot is saved: the figure that it is in, and which of its plots, where there are several. */
function fileName(element: HTMLElement): string {
  const figure = element.closest('figure');
  const plots = Array.from(figure?.querySelectorAll('.plot') ?? []);
  const number = plots.findIndex((plot) => plot === element || plot.contains(element)) + 1;
  return (figure?.id ?? 'plot') + (plots.length > 1 && number > 0 ? `-${number}` : '');
}
