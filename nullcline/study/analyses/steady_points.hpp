// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "nullcline/cells/network.hpp"
#include "nullcline/dynamics/fixed_points.hpp"
#include "nullcline/study/analyses/trajectories.hpp"

namespace nullcline::study {

/// The meaning of the array `kind`: "stable", "saddle", "repelling", "marginal", "slow".
const std::vector<std::string>& point_kinds();

/// Starts of a search: states of noisy trajectories, mixes of two, and mixes with noise
/// (dynamics::draw_starts), as many of each as the settings `states`, `mixes`, `noisy` say.
Matrix steady_starts(const AnalysisContext& context);

/// The fixed points (and slow points, if the options ask for them) of a network at each of the
/// constant inputs, searched from the same starts (n, K), linearized. P rows, input by input:
///
///     states (P, n)  input (P, n_in)  input_index (P)  kind (P), see point_kinds
///     residual (P) |F(x) - x|         speed (P) q, 1/s^2
///     eigenvalues_real, eigenvalues_imag (P, n)  unstable (P)  degree (P)
///     multiplicity (P), how many starts reached the point
///
/// and the attributes dt, inputs (names), starts (of all inputs together), statuses (how they
/// ended). `options.dt` is that of the network. Cancelled, it returns what it has.
io::Dataset steady_points(const cells::Network& network,
                          const std::vector<tasks::SteadyInput>& inputs, In<Matrix> starts,
                          dynamics::FixedPointOptions options);

}  // namespace nullcline::study
