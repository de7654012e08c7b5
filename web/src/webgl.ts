// SPDX-License-Identifier: Apache-2.0
// Browsers keep sixteen WebGL contexts alive and drop the oldest without asking. So the page counts
// its own: a figure that wants more than is left has the longest unseen ones replaced by pictures.

/** A figure that holds contexts and can let go of them. */
export interface Holder {
  readonly isVisible: boolean;
  park(): Promise<void>;
}

const capacity = 8;
const held = new Map<Holder, number>(); // in the order of their last drawing

export function available(): boolean {
  try {
    const canvas = document.createElement('canvas');
    const context = (canvas.getContext('webgl') ?? canvas.getContext('webgl2')) as WebGLRenderingContext | null;
    context?.getExtension('WEBGL_lose_context')?.loseContext();
    return context !== null;
  } catch {
    return false;
  }
}

/** Makes room for one more context of `holder`. */
export async function acquire(holder: Holder): Promise<void> {
  const total = (): number => Array.from(held.values()).reduce((a, b) => a + b, 0);
  const others = Array.from(held.keys()).filter((other) => other !== holder);
  for (const other of [...others.filter((o) => !o.isVisible), ...others.filter((o) => o.isVisible)]) {
    if (total() < capacity) break;
    held.delete(other);
    await other.park();
  }
  const mine = held.get(holder) ?? 0;
  held.delete(holder);
  held.set(holder, mine + 1);
}

export function release(holder: Holder): void {
  held.delete(holder);
}
