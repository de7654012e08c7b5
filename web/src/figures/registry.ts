// SPDX-License-Identifier: Apache-2.0
import type { Group } from '../document';
import type { Frame } from '../frame';
import type { Theme } from '../theme';

/** One figure, drawn once for every task of the document. */
export interface Figure {
  id: string;
  title: string;
  /** What it shows, which figure of the paper it answers to, which choice is ours. */
  caption: string;
  /** Analyses without which there is nothing to draw; the page then says which one is missing. */
  needs: string[];
  /** Of all populations together: drawn once, if it applies, of a group that has `populations`. */
  across?: boolean;
  /** False where the figure makes no sense for the task; absent means always. */
  applies?(group: Group): boolean;
  /** Draws into an empty frame; called again for a new theme or a new choice of the reader. */
  draw(frame: Frame, group: Group, theme: Theme): void | Promise<void>;
}

export const figures: Figure[] = [];

/** Figures stand on the page in the order in which index.ts imports them. */
export function register(figure: Figure): void {
  if (figures.some((other) => other.id === figure.id)) throw new Error(`figure ${figure.id} exists`);
  figures.push(figure);
}
