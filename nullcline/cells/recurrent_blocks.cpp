// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/recurrent_blocks.hpp"

#include <algorithm>
#include <memory>

#include "nullcline/cells/layer.hpp"
#include "nullcline/cells/registry.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::cells {
namespace {

LayerNames names_of(const Network& network) {
  const auto numbered = [](const auto& entry) { return entry.first.ends_with("_l0"); };
  return {.plain = std::none_of(network.parameters.begin(), network.parameters.end(), numbered)};
}

/// One layer, its matrices put together.
struct Assembled {
  Index n, m;
  std::vector<Matrix> M;  // [recurrent, input, bias] of each stage
};

Assembled assembled(const Network& network, const Layer& layer, const LayerNames& names, Index l) {
  const Connections connections(network.settings);
  Assembled result{connections.units, 0, {}};
  for (const LayerParameter& parameter : layer.parameters) {
    if (parameter.columns != Columns::input) continue;
    result.m = network.parameter(names(parameter.name, l)).cols();
  }
  std::vector<const Matrix*> values;
  for (const auto& shape : layer_parameters(layer, network.settings, names, l, result.m)) {
    values.push_back(&network.parameter(shape.name));
  }
  assemble<double>(layer, connections, result.m, values, result.M);
  return result;
}

/// The input weights that are added to the same rows as those of `gate`.
Matrix inputs_of(const Layer& layer, const Assembled& made, Index gate) {
  const Index first = layer.step_double.operand_dim(made.n);
  for (const LayerParameter& parameter : layer.parameters) {
    if (parameter.columns != Columns::input) continue;
    for (const Place& place : parameter.places) {
      if (place.rows != gate) continue;
      return made.M[static_cast<std::size_t>(place.stage)].block(place.block * made.n, first,
                                                                 made.n, made.m);
    }
  }
  return Matrix::Zero(made.n, made.m);
}

std::string name_of(const LayerParameter& parameter, const LayerNames& names, Index gate, Index l,
                    Index layers) {
  if (parameter.blocks() == 1) return names(parameter.name, l);
  const auto g = static_cast<std::size_t>(gate);
  const std::string word =
      g < parameter.gates.size() ? parameter.gates[g] : "gate" + std::to_string(gate);
  return layers > 1 ? word + "_l" + std::to_string(l) : word;
}

}  // namespace

std::vector<RecurrentBlock> recurrent_blocks(const Network& network) {
  const Layer layer = cell_kind(network.cell).layer(network.settings);
  const auto& values = network.settings.values();
  const Index layers = values.contains("layers") ? network.settings.integer("layers") : 1;
  const Structure structure = structure_of(network.settings);
  const LayerNames names = names_of(network);
  std::vector<RecurrentBlock> blocks;
  for (Index l = 0; l < layers; ++l) {
    const Assembled made = assembled(network, layer, names, l);
    for (const LayerParameter& parameter : layer.parameters) {
      if (parameter.columns != Columns::recurrent) continue;
      for (const Place& place : parameter.places) {
        blocks.push_back({.name = name_of(parameter, names, place.rows, l, layers),
                          .parameter = names(parameter.name, l),
                          .gate = place.rows,
                          .layer = l,
                          .last_layer = l + 1 == layers,
                          .free = structure == Structure::dense || structure == Structure::masked,
                          .weights = made.M[static_cast<std::size_t>(place.stage)].block(
                              place.block * made.n, 0, made.n, made.n),
                          .inputs = inputs_of(layer, made, place.rows)});
      }
    }
  }
  return blocks;
}

void replace_block(Network& network, const RecurrentBlock& block, In<Matrix> weights) {
  const Index n = block.weights.rows();
  require(block.free && weights.rows() == n && weights.cols() == n,
          "replace_block: weights that follow from others, or of another shape");
  network.parameters.at(block.parameter).middleRows(block.gate * n, n) = weights;
}

}  // namespace nullcline::cells
