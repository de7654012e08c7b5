// SPDX-License-Identifier: Apache-2.0
// Bands between quantiles over time.
import type { Trace } from './plot';

/** Between two quantiles; on a logarithmic axis zeros have no place. */
export function area(time: number[], low: number[], high: number[], fill: string, isLog: boolean): Trace {
  const known = time.map((_, s) => s).filter((s) => Number.isFinite(low[s]) && Number.isFinite(high[s]) && (!isLog || low[s] > 0));
  const back = [...known].reverse();
  return {
    type: 'scatter', mode: 'lines', hoverinfo: 'skip', line: { width: 0 }, fill: 'toself', fillcolor: `${fill}30`,
    x: [...known, ...back].map((s) => time[s]), y: [...known.map((s) => high[s]), ...back.map((s) => low[s])],
  };
}
