// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "nullcline/cells/network.hpp"
#include "nullcline/core/piecewise_linear.hpp"

namespace nullcline::cells {

/// The map x -> F(x, u) at a constant input as an explicit piecewise linear map, for the exact
/// methods of `dynamics`: of one layer of `vanilla`, or of `leaky_rate` in either form by Euler's
/// method, with the activation relu, leaky_relu or identity. nullopt for any other network. Its
/// values and Jacobians are those of driven_map(network) to rounding.
///
/// input: (n_in), a token where the network has an embedding. Throws std::invalid_argument if it
/// has another size or is not finite, Error where a parameter is missing.
std::optional<PiecewiseLinearMap> piecewise_linear(const Network& network, In<Vector> input);

}  // namespace nullcline::cells
