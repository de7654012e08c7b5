// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>

#include "nullcline/core/map.hpp"
#include "nullcline/core/random.hpp"
#include "nullcline/core/settings.hpp"

namespace nullcline::cells {

/// A network: which cell with which settings, and its parameters by name, in double. What is
/// stored, loaded and analyzed; `Cell<Real>` is made from it for training and simulation.
///
/// Each cell has its own parameters; all have the readout z = D x + c: "readout" (n_out, n) and
/// "readout_bias" (n_out, 1).
struct Network {
  std::string cell;   ///< A name of the registry.
  Settings settings;  ///< Of the cell's schema.
  std::map<std::string, Matrix> parameters;

  Index state_dim() const;                                 ///< n
  Index input_dim() const;                                 ///< n_in
  Index output_dim() const;                                ///< n_out
  const Matrix& parameter(const std::string& name) const;  ///< Throws Error if there is none.
  double dt() const { return settings.number("dt"); }      ///< Seconds a step.
};

/// Throws Error (field: the parameter) unless every parameter that the cell wants is there, with a
/// shape that fits the others, without surplus, and finite.
void validate(const Network& network, const std::string& path = "");

/// The network in discrete time, x_t = F(x_{t-1}, u_t), without noise; owns what it needs.
std::unique_ptr<DrivenMap> driven_map(const Network& network);

/// The outputs D x + c of states, a column each.          X: (n, K)
Matrix outputs(const Network& network, In<Matrix> X);

/// States (n, T B) of B trials over T steps under inputs (n_in, T B) from the starts (n, B).
/// With `noise`, recurrent noise as in training is drawn from it.
Matrix simulate(const Network& network, In<Matrix> inputs, In<Matrix> starts,
                RandomStream* noise = nullptr);

}  // namespace nullcline::cells
