// SPDX-License-Identifier: Apache-2.0

export function mean(values: number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** Of the mean: standard deviation over the root of their number; NaN of fewer than two. */
export function standardError(values: number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return values.length < 2 ? NaN : Math.sqrt(squares / (values.length - 1) / values.length);
}

/** Smallest and largest of the finite values, any number of them. */
export function extent(values: number[]): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

/** Linear interpolation between order statistics; NaN of nothing. */
export function quantile(values: number[], p: number): number {
  const sorted = values.filter((v) => !Number.isNaN(v)).sort((a, b) => a - b);
  if (sorted.length === 0) return NaN;
  const place = p * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.ceil(place);
  if (below === above) return sorted[below];
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

export const median = (values: number[]): number => quantile(values, 0.5);

/** Element-wise mean of rows of equal length. */
export function meanOfRows(rows: number[][]): number[] {
  return rows[0].map((_, i) => mean(rows.map((row) => row[i])));
}

/** Ranks 1..n, ties at their mean rank. */
export function ranks(values: number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const result = new Array<number>(values.length);
  for (let i = 0; i < order.length; ) {
    let j = i;
    while (j + 1 < order.length && values[order[j + 1]] === values[order[i]]) ++j;
    for (let k = i; k <= j; ++k) result[order[k]] = (i + j) / 2 + 1;
    i = j + 1;
  }
  return result;
}

export function correlation(x: number[], y: number[]): number {
  const mx = mean(x);
  const my = mean(y);
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < x.length; ++i) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) ** 2;
    yy += (y[i] - my) ** 2;
  }
  return xy / Math.sqrt(xx * yy);
}

/** Spearman's rank correlation. */
export const rankCorrelation = (x: number[], y: number[]): number => correlation(ranks(x), ranks(y));
