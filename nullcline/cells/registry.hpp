// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "nullcline/cells/cell.hpp"
#include "nullcline/cells/network.hpp"
#include "nullcline/cells/parameter_shape.hpp"
#include "nullcline/core/map.hpp"

namespace nullcline::cells {

class FeatureFunction;
struct Layer;

/// All that the rest of nullcline knows of a kind of cell.
struct CellKind {
  std::string name;
  std::string meaning;  ///< The equation in a line.
  Schema schema;

  /// All parameters but the readout, which all networks have, in the order in which they train.
  std::function<std::vector<ParameterShape>(const Settings&, Index n_in)> parameters;
  std::function<Index(const Settings&)> state_dim;    ///< S
  std::function<Index(const Settings&)> feature_dim;  ///< F, what the readout sees
  std::function<Index(const Network&)> input_dim;     ///< Throws Error if it cannot be told.
  std::function<Index(const Network&)> units;         ///< `units`, from the parameters alone.

  /// Random parameters and readout for n_in inputs and n_out outputs.
  std::function<std::map<std::string, Matrix>(const Settings&, Index n_in, Index n_out,
                                              RandomStream&)>
      initialize;
  std::function<std::unique_ptr<Cell<float>>(const Network&)> make_float;
  std::function<std::unique_ptr<Cell<double>>(const Network&)> make_double;

  /// The map in discrete time, of what the first layer sees: behind the embedding, if there is one.
  std::function<std::unique_ptr<DrivenMap>(const Network&)> make_map;
  /// The flow that the map steps; null where there is none. May be empty.
  std::function<std::unique_ptr<Flow>(const Network&)> make_flow;
  /// Features of the last layer's state, the last rows of the network's.
  std::function<std::unique_ptr<FeatureFunction>(const Network&)> make_features;
  std::function<Layer(const Settings&)> layer;  ///< One of its layers, see layer.hpp.
};

const std::vector<CellKind>& cell_kinds();
const CellKind& cell_kind(const std::string& name);  ///< Throws Error on an unknown name.

template <std::floating_point Real>
std::unique_ptr<Cell<Real>> make_cell(const Network& network);

/// A new network with random parameters.
Network make_network(const std::string& cell, const Settings& settings, Index n_in, Index n_out,
                     RandomStream& stream);

}  // namespace nullcline::cells
