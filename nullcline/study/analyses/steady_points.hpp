// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nullcline/cells/network.hpp"
#include "nullcline/dynamics/points/complete_search.hpp"
#include "nullcline/dynamics/points/fixed_points.hpp"
#include "nullcline/study/analyses/trajectories.hpp"

namespace nullcline::study {

/// The meaning of the array `kind`: "stable", "saddle", "repelling", "marginal", "slow".
const std::vector<std::string>& point_kinds();

/// Starts of a search: states of noisy trajectories, mixes of two, and mixes with noise
/// (dynamics::draw_starts), as many of each as the settings `states`, `mixes`, `noisy` say.
Matrix steady_starts(const AnalysisContext& context);

/// What steady_points does beside searching from starts that are given.
struct SteadyPointOptions {
  bool certify = false;     ///< Prove each fixed point (dynamics/certificate.hpp).
  bool complete = false;    ///< Search in rounds, from starts drawn anew (complete_search.hpp).
  Index max_starts = 8192;  ///< Of all rounds at one input.
  std::uint64_t seed = 0;   ///< Of the study, for starts drawn anew.
  std::uint64_t network = 0;
};

/// The fixed points (and slow points, if the options ask for them) of a network at each of the
/// constant inputs, linearized, searched from the same starts (n, K); in a complete search these
/// are states of trajectories, from which starts are drawn. P rows, input by input:
///
///     states (P, n)  input (P, n_in)  input_index (P)  kind (P), see point_kinds
///     residual (P) |F(x) - x|         speed (P) q, 1/s^2
///     eigenvalues_real, eigenvalues_imag (P, n)  unstable (P)  degree (P)
///     multiplicity (P), how many starts reached the point
///     certified (P), radius_exists, radius_unique (P), 0 without a proof; if asked for
///
/// and the attributes dt, inputs (names), starts (of all inputs together), statuses (how they
/// ended), and completeness: for each input an object with the degree sum and what it proves, the
/// estimate of unseen points and, of a complete search, its verdict. `options.dt` is that of the
/// network. Cancelled, it returns what it has.
io::Dataset steady_points(const cells::Network& network,
                          const std::vector<tasks::SteadyInput>& inputs, In<Matrix> starts,
                          dynamics::FixedPointOptions options, const SteadyPointOptions& more = {});

/// All fixed points of the map that can be found, by dynamics::find_all_fixed_points from the
/// states (n, S), with at most as many starts as the setting `max_starts` says.
dynamics::CompleteSearch search_all(const AnalysisContext& context, const Map& map,
                                    In<Matrix> states, const Progress& progress);

/// `progress` of part number i of `parts`; empty if it is empty.
Progress part_of(const Progress& progress, std::size_t i, std::size_t parts);

}  // namespace nullcline::study
