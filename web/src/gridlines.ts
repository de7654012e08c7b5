// SPDX-License-Identifier: Apache-2.0
// Positions by arc length in the space of the states, along one coordinate of the inputs.

/**
 * s_i = integral of `speed` ds from places[origin] to places[i] by the trapezoidal rule, negative
 * before the origin. The speed is the stretch √G_ii.
 */
export function arcLength(places: number[], speed: number[], origin: number): number[] {
  const steps = places.slice(1).map((place, i) => ((place - places[i]) * (speed[i] + speed[i + 1])) / 2);
  const from = [0];
  for (const step of steps) from.push(from[from.length - 1] + step);
  return from.map((s) => s - from[origin]);
}

/** Each half stretched so that its end stands where the input has it; a half of no length as it is. */
export function normalized(length: number[], places: number[], origin: number): number[] {
  const last = length.length - 1;
  const factor = (end: number): number => (length[end] === 0 ? 1 : (places[end] - places[origin]) / length[end]);
  const [below, above] = [factor(0), factor(last)];
  return length.map((s, i) => places[origin] + s * (i < origin ? below : above));
}

export interface Ellipse {
  x: number[];
  y: number[];
}

/**
 * The ellipse with semi-axes r(λ) along the eigenvectors of the symmetric matrix (a b; b c) with
 * eigenvalues λ, around 0.
 */
export function ellipse(a: number, b: number, c: number, r: (lambda: number) => number, points = 33): Ellipse {
  const middle = (a + c) / 2;
  const half = Math.hypot((a - c) / 2, b);
  const angle = Math.atan2(2 * b, a - c) / 2;
  const [long, short] = [r(Math.max(0, middle + half)), r(Math.max(0, middle - half))];
  const around = Array.from({ length: points }, (_, i) => (2 * Math.PI * i) / (points - 1));
  return {
    x: around.map((t) => long * Math.cos(t) * Math.cos(angle) - short * Math.sin(t) * Math.sin(angle)),
    y: around.map((t) => long * Math.cos(t) * Math.sin(angle) + short * Math.sin(t) * Math.cos(angle)),
  };
}
