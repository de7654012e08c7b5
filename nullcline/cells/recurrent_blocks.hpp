// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "nullcline/cells/network.hpp"

namespace nullcline::cells {

/// The recurrent weights of one gate of one layer, W (n, n), and what stands beside them: the
/// pre-activation of the gate is W h + A x + b (in a GRU whose reset comes before, W (r h)).
struct RecurrentBlock {
  /// The parameter, "recurrent" or "weight_hh_l0", where it has one block; else the gate, as in the
  /// equation of the cell: "r", "z", "n"; of several layers "r_l0".
  std::string name;
  std::string parameter;  ///< Without what a low rank adds to its name.
  Index gate = 0;         ///< Rows gate n .. (gate + 1) n - 1 of it.
  Index layer = 0;
  bool last_layer = true;  ///< Whether the readout sees this layer.
  bool free = true;        ///< Whether these rows of the parameter are the weights themselves.
  Matrix weights;          ///< (n, n) as the step has them: masked, of Dale's signs, of low rank.
  Matrix inputs;           ///< (n, m) of the same gate, from what the layer sees.
};

/// All of a network, by layer, then by gate. Empty for cells without recurrent weights.
std::vector<RecurrentBlock> recurrent_blocks(const Network& network);

/// Puts other weights in place of a block that is free.
void replace_block(Network& network, const RecurrentBlock& block, In<Matrix> weights);

}  // namespace nullcline::cells
