// SPDX-License-Identifier: Apache-2.0
// Where a function sampled on a rectangular grid is zero.

export type Segment = [x0: number, y0: number, x1: number, y1: number];

/**
 * The line f = 0 of values[j][i] at (x[i], y[j]), as straight pieces: marching squares, linear along
 * the edges of the grid; where a square has the signs of a saddle, the mean of its corners says which
 * two are joined. Squares with a value that is not finite have no line.
 */
export function zeroContour(x: number[], y: number[], values: number[][]): Segment[] {
  const pieces: Segment[] = [];
  for (let j = 0; j + 1 < y.length; ++j) {
    for (let i = 0; i + 1 < x.length; ++i) {
      const corners = [
        { x: x[i], y: y[j], f: values[j][i] },
        { x: x[i + 1], y: y[j], f: values[j][i + 1] },
        { x: x[i + 1], y: y[j + 1], f: values[j + 1][i + 1] },
        { x: x[i], y: y[j + 1], f: values[j + 1][i] },
      ];
      if (corners.every(({ f }) => Number.isFinite(f))) pieces.push(...inSquare(corners));
    }
  }
  return pieces;
}

interface Corner {
  x: number;
  y: number;
  f: number;
}

/** Corners in the order of a walk around the square. */
function inSquare(corners: Corner[]): Segment[] {
  const crossings = corners.flatMap((a, k): [number, number][] => {
    const b = corners[(k + 1) % 4];
    if (a.f >= 0 === b.f >= 0) return [];
    const part = a.f / (a.f - b.f);
    return [[a.x + part * (b.x - a.x), a.y + part * (b.y - a.y)]];
  });
  const join = (k: number, l: number): Segment => [...crossings[k], ...crossings[l]];
  if (crossings.length === 2) return [join(0, 1)];
  if (crossings.length < 4) return [];
  const center = corners.reduce((sum, { f }) => sum + f, 0);
  return center >= 0 === corners[0].f >= 0 ? [join(0, 1), join(2, 3)] : [join(3, 0), join(1, 2)];
}
