// SPDX-License-Identifier: Apache-2.0
// What the analysis "connectivity" found, of one of several recurrent matrices where there are gates.
import { having, result, type Group, type Network, type Result } from './document';
import type { Frame } from './frame';

export type WeightsOf = (network: Network) => Result;

/** Lets the reader choose among the matrices of gated cells; elsewhere there is one, and no choice. */
export function chosenWeights(frame: Frame, group: Group): WeightsOf {
  const names = having(group, 'connectivity').map((network) => result(network, 'connectivity').texts('matrices'));
  const shared = (names[0] ?? []).filter((name) => names.every((others) => others.includes(name)));
  if (shared.length === 0) return (network) => result(network, 'connectivity');
  const matrix = frame.choice('matrix', 'Gate', shared.map((name): [string, string] => [name, name]));
  return (network) => result(network, 'connectivity').ofMatrix(matrix);
}
