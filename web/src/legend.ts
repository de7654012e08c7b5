// SPDX-License-Identifier: Apache-2.0
import { h, svg } from './dom';

export interface Key {
  text: string;
  color: string;
  line?: 'solid' | 'dash' | 'dot';
  width?: number;
  band?: boolean;
  symbol?: string;
}

const dashes = { solid: undefined, dash: '7 4', dot: '2 3' };

/** A legend that wraps: a swatch as the plot draws it, and its meaning. */
export function legend(keys: Key[]): HTMLElement {
  return h('ul', { class: 'legend' }, ...keys.map((key) => h('li', {}, swatch(key), key.text)));
}

export function swatch(key: Key): SVGElement {
  const parts: SVGElement[] = [];
  if (key.band) parts.push(svg('rect', { x: 1, y: 2, width: 24, height: 10, fill: key.color, opacity: 0.25 }));
  if (key.line) {
    parts.push(
      svg('line', {
        x1: 1, y1: 7, x2: 25, y2: 7, stroke: key.color,
        'stroke-width': key.width ?? 2, 'stroke-dasharray': dashes[key.line],
      }),
    );
  }
  if (key.symbol) parts.push(marker(key.symbol, key.color));
  return svg('svg', { width: 26, height: 14, viewBox: '0 0 26 14', 'aria-hidden': 'true' }, ...parts);
}

function marker(symbol: string, color: string): SVGElement {
  if (symbol.endsWith('-dot')) {
    const dot = svg('circle', { cx: 13, cy: 7, r: 1.5, fill: color });
    return svg('g', {}, marker(symbol.slice(0, -'-dot'.length), color), dot);
  }
  switch (symbol) {
    case 'diamond':
      return svg('path', { d: 'M13 1l6 6-6 6-6-6z', fill: color });
    case 'square':
      return svg('path', { d: 'M8 2h10v10H8z', fill: color });
    case 'square-open':
      return svg('path', { d: 'M9 3h8v8H9z', fill: 'none', stroke: color, 'stroke-width': 2 });
    case 'cross':
      return svg('path', { d: 'M13 2v10M8 7h10', stroke: color, 'stroke-width': 3 });
    case 'diamond-open':
      return svg('path', { d: 'M13 2l5 5-5 5-5-5z', fill: 'none', stroke: color, 'stroke-width': 2 });
    case 'triangle-up':
      return svg('path', { d: 'M13 1l6 11H7z', fill: color });
    case 'triangle-up-open':
      return svg('path', { d: 'M13 3l4.5 8h-9z', fill: 'none', stroke: color, 'stroke-width': 2 });
    case 'x':
      return svg('path', { d: 'M9 3l8 8M17 3l-8 8', stroke: color, 'stroke-width': 3 });
    case 'circle-open':
      return svg('circle', { cx: 13, cy: 7, r: 4.5, fill: 'none', stroke: color, 'stroke-width': 2 });
    default:
      return svg('circle', { cx: 13, cy: 7, r: 5, fill: color });
  }
}
