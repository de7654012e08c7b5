// SPDX-License-Identifier: Apache-2.0
// Figures draw one after another, with the page left responsive in between.

let last: Promise<void> = Promise.resolve();

export function enqueue(work: () => Promise<void>): Promise<void> {
  last = last.then(() => new Promise<void>((resolve) => setTimeout(resolve))).then(work);
  return last;
}
