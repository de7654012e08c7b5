// SPDX-License-Identifier: Apache-2.0
// Plotly with this page's typography. Legends are HTML (legend.ts): they wrap on narrow screens.
import Plotly from 'plotly.js-gl3d-dist-min';
import { saveButton } from './saved';
import { extent } from './statistics';
import { logarithmicMarks } from './text';
import type { Theme } from './theme';

export type Options = Record<string, unknown>;
export type Trace = Options;

export const fonts = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';

export function axis(title: string, theme: Theme, more: Options = {}): Options {
  return {
    title: { text: title, font: { size: 13 }, standoff: 8 },
    automargin: true,
    gridcolor: theme.grid,
    zeroline: false,
    linecolor: theme.muted,
    showline: true,
    ticks: 'outside',
    ticklen: 4,
    tickcolor: theme.muted,
    tickfont: { size: 12 },
    exponentformat: 'power',
    minexponent: 4,
    ...more,
  };
}

/** A logarithmic axis for values, of which those above 0 have a place. */
export function logarithmicAxis(title: string, values: number[], theme: Theme): Options {
  const known = values.filter((value) => value > 0 && Number.isFinite(value));
  if (known.length === 0) return axis(title, theme, { type: 'log' });
  const [low, high] = extent(known);
  const margin = Math.max(1.05, (high / low) ** 0.06);
  const marks = logarithmicMarks(low / margin, high * margin);
  return axis(title, theme, {
    type: 'log', range: [Math.log10(low / margin), Math.log10(high * margin)], tickmode: 'array', tickvals: marks.values, ticktext: marks.texts,
  });
}

export function axis3(title: string, theme: Theme): Options {
  return {
    title: { text: title, font: { size: 12 } },
    gridcolor: theme.grid,
    linecolor: theme.muted,
    zerolinecolor: theme.grid,
    tickfont: { size: 10, color: theme.muted },
    exponentformat: 'e',
    nticks: 5,
    showbackground: false,
    showspikes: false,
  };
}

/** Draws into an element that is in the page; its height is the element's. */
export function show(element: HTMLElement, traces: Trace[], layout: Options, theme: Theme): Promise<HTMLElement> {
  return Plotly.newPlot(element, ...contents(traces, layout, theme));
}

/** Other traces into a plot that stands; what the reader turned or zoomed stays as it is. */
export function update(element: HTMLElement, traces: Trace[], layout: Options, theme: Theme): Promise<HTMLElement> {
  return Plotly.react(element, ...contents(traces, layout, theme));
}

function contents(traces: Trace[], layout: Options, theme: Theme): [Trace[], Options, Options] {
  return [
    traces,
    {
      font: { family: fonts, size: 12, color: theme.text },
      paper_bgcolor: 'rgba(0,0,0,0)',
      plot_bgcolor: 'rgba(0,0,0,0)',
      margin: { l: 56, r: 24, t: 10, b: 48 },
      showlegend: false,
      hovermode: 'closest',
      hoverlabel: {
        font: { family: fonts, size: 12, color: theme.text },
        bgcolor: theme.paper,
        bordercolor: theme.muted,
      },
      uirevision: 'same',
      modebar: { bgcolor: 'rgba(0,0,0,0)', color: theme.muted, activecolor: theme.text },
      ...layout,
    },
    {
      responsive: true,
      displaylogo: false,
      plotGlPixelRatio: window.devicePixelRatio,
      scrollZoom: false, // the wheel scrolls the page
      modeBarButtonsToRemove: ['toImage', 'lasso2d', 'select2d', 'resetCameraLastSave3d', 'autoScale2d'],
      modeBarButtonsToAdd: [saveButton(theme)],
    },
  ];
}

/** Frees what a plot holds; a lost WebGL context counts no more against the browser's sixteen. */
export function discard(element: HTMLElement): void {
  const canvases = Array.from(element.querySelectorAll('canvas'));
  Plotly.purge(element);
  for (const canvas of canvases) {
    const context = (canvas.getContext('webgl2') ?? canvas.getContext('webgl')) as WebGLRenderingContext | null;
    context?.getExtension('WEBGL_lose_context')?.loseContext();
  }
}

/** A still picture of a plot, as an address that an image element takes. */
export function picture(element: HTMLElement): Promise<string> {
  const { width, height } = element.getBoundingClientRect();
  return Plotly.toImage(element, { format: 'png', width, height, scale: 1.5 });
}
