// SPDX-License-Identifier: Apache-2.0
// The few functions of Plotly that this page calls.
declare module 'plotly.js-gl3d-dist-min' {
  type Options = Record<string, unknown>;
  interface Plotly {
    newPlot(root: HTMLElement, traces: Options[], layout: Options, config: Options): Promise<HTMLElement>;
    react(root: HTMLElement, traces: Options[], layout: Options, config: Options): Promise<HTMLElement>;
    purge(root: HTMLElement): void;
    toImage(root: HTMLElement, options: Options): Promise<string>;
    Icons: { camera: Options };
    Plots: { resize(root: HTMLElement): Promise<void> };
  }
  const plotly: Plotly;
  export default plotly;
}
declare module '*.css' {
  const text: string;
  export default text;
}
