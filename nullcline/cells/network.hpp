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
/// Each cell has its own parameters; all have the readout z = D y + c of the features y = R(x):
/// "readout" (n_out, F) and "readout_bias" (n_out, 1).
struct Network {
  std::string cell;   ///< A name of the registry.
  Settings settings;  ///< Of the cell's schema.
  std::map<std::string, Matrix> parameters;

  Index state_dim() const;                                 ///< S, all layers together
  Index feature_dim() const;                               ///< F
  Index input_dim() const;                                 ///< n_in
  Index output_dim() const;                                ///< n_out
  const Matrix& parameter(const std::string& name) const;  ///< Throws Error if there is none.
  double dt() const { return settings.number("dt"); }      ///< Seconds a step.
};

/// Throws Error (field: the parameter) unless every parameter that the cell wants is there, with a
/// shape that fits the others, without surplus, and finite.
void validate(const Network& network, const std::string& path = "");

/// The network in discrete time, x_t = F(x_{t-1}, u_t), without noise; owns what it needs. Of a
/// network with an embedding u is a token, by which the derivative is 0.
std::unique_ptr<DrivenMap> driven_map(const Network& network);

/// The same map of what the first layer sees: of `embed(network, u)`.
std::unique_ptr<DrivenMap> embedded_map(const Network& network);

/// Rows of the embedding for tokens (1, K), (m, K); the inputs themselves where there is none.
Matrix embed(const Network& network, In<Matrix> inputs);

/// The ODE dx/dt = f(x, u) of which the map is a step. Throws Error if the cell is none, or if it
/// has several layers.
std::unique_ptr<Flow> flow(const Network& network);

/// Where a trial starts: the parameter `initial_state`, or 0.              (S)
Vector initial_state(const Network& network);

/// What the readout sees of states, a column each: h, (h, c) of an LSTM, f(x) of the leaky rate
/// network in its current form, of the last layer.                         X: (S, K) -> (F, K)
Matrix features(const Network& network, In<Matrix> X);

/// d features / d state at one state.                                      (F, S)
Matrix features_jacobian(const Network& network, In<Vector> x);

/// The outputs D y + c of states, a column each.                           X: (S, K)
Matrix outputs(const Network& network, In<Matrix> X);

/// States (S, T B) of B trials over T steps under inputs (n_in, T B) from the starts (S, B).
/// With `noise`, recurrent noise as in training is drawn from it.
Matrix simulate(const Network& network, In<Matrix> inputs, In<Matrix> starts,
                RandomStream* noise = nullptr);

}  // namespace nullcline::cells
