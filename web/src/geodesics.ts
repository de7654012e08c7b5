// SPDX-License-Identifier: Apache-2.0
// Geodesics of slices of the states, as the analysis “geometry” stores them.
import type { Result } from './document';
import { stepTimes, times, type Manifold, type Stage } from './manifold';
import type { Path3, Point3 } from './space';
import { format } from './text';
import type { Theme } from './theme';

/** Geodesics of a network at a stage on a manifold. */
export class Geodesics {
  private readonly prefix: string;

  constructor(
    readonly found: Result,
    readonly manifold: Manifold,
    readonly stage: Stage,
  ) {
    this.prefix = `${manifold.index}/${stage}/geodesics/`;
  }

  has(name: string): boolean {
    return this.found.has(this.prefix + name);
  }

  array(name: string): ReturnType<Result['array']> {
    return this.found.array(this.prefix + name);
  }

  /** Times of the slices that have them, in s. */
  times(): number[] {
    return this.has('steps') ? stepTimes(this.found, `${this.prefix}steps`) : [];
  }

  /** The place among those of a slice; -1 where it has none. */
  place(step: number): number {
    const at = times(this.found)[step];
    return this.times().findIndex((time) => Math.abs(time - at) < 1e-9 * Math.max(1, at));
  }

  get pairs(): number {
    return this.has('length') ? this.array('from').shape[0] : 0;
  }

  /** The windings of which a geodesic was found, the shortest first. */
  windings(p: number, g: number): number[] {
    const length = this.array('length');
    return Array.from({ length: length.shape[2] }, (_, w) => w)
      .filter((w) => Number.isFinite(length.at(p, g, w)))
      .sort((a, b) => length.at(p, g, a) - length.at(p, g, b));
  }

  /** "0, 0 → 1, 2" */
  ends(g: number): string {
    const [from, to] = ['from', 'to'].map((name) => this.array(name).row(g).map((value) => format(value)).join(', '));
    return `${from} → ${to}`;
  }
}

export const pairColor = (g: number, theme: Theme): string => theme.categories[g % theme.categories.length];

/** The shortest geodesics in the space of the states, where the slice has any. */
export function geodesicPaths(all: Geodesics, step: number, space: string, theme: Theme): Path3[] {
  const p = all.place(step);
  if (p < 0 || !all.has(space)) return [];
  return Array.from({ length: all.pairs }, (_, g) => g).flatMap((g): Path3[] => {
    const [w] = all.windings(p, g);
    if (w === undefined) return [];
    const at = [0, 1, 2].map((d) => all.array(space).path([p, g, w], d)) as Point3;
    return [{ at, name: `geodesic ${all.ends(g)}, length ${format(all.array('length').at(p, g, w))}`, color: pairColor(g, theme), width: 4 }];
  });
}
