// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "nullcline/cells/cell.hpp"
#include "nullcline/cells/network.hpp"
#include "nullcline/core/map.hpp"

namespace nullcline::cells {

/// The shape of a parameter in terms of n (state), m (input): rows and columns as functions would
/// be overdone; 'n', 'm' or '1'.
struct ParameterShape {
  std::string name;
  char rows, cols;
  std::string meaning;
};

/// All that the rest of nullcline knows of a kind of cell.
struct CellKind {
  std::string name;
  std::string meaning;  ///< The equation in a line.
  Schema schema;
  std::vector<ParameterShape> parameters;  ///< Without the readout, which all have.

  /// Random parameters and readout for n_in inputs and n_out outputs.
  std::function<std::map<std::string, Matrix>(const Settings&, Index n_in, Index n_out,
                                              RandomStream&)>
      initialize;
  std::function<std::unique_ptr<Cell<float>>(const Network&)> make_float;
  std::function<std::unique_ptr<Cell<double>>(const Network&)> make_double;
  std::function<std::unique_ptr<DrivenMap>(const Network&)> make_map;
};

const std::vector<CellKind>& cell_kinds();
const CellKind& cell_kind(const std::string& name);  ///< Throws Error on an unknown name.

template <std::floating_point Real>
std::unique_ptr<Cell<Real>> make_cell(const Network& network);

/// A new network with random parameters.
Network make_network(const std::string& cell, const Settings& settings, Index n_in, Index n_out,
                     RandomStream& stream);

}  // namespace nullcline::cells
