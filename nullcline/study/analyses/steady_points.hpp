// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "nullcline/study/analyses/steady_search.hpp"
#include "nullcline/study/analyses/trajectories.hpp"

namespace nullcline::study {

/// The meaning of the array `kind`: "stable", "saddle", "repelling", "marginal", "slow".
const std::vector<std::string>& point_kinds();

/// The index of point p in point_kinds().
std::int64_t kind_of(const SteadyPoints& points, Index p);

/// The points at all inputs. P rows, input by input, fixed points before slow ones:
///
///     states (P, n)  input (P, n_in)  input_index (P)  kind (P), see point_kinds
///     residual (P) |F(x) - x|         speed (P) q, 1/s^2
///     eigenvalues_real, eigenvalues_imag (P, n)  unstable (P)  degree (P)
///     multiplicity (P), how many starts reached the point; 0 where none was needed
///     certified (P), radius_exists, radius_unique (P), 0 without a proof
///     grade (P) of slow points, its place in the attribute `grades`, -1 of fixed ones
///     passage, dwell, decay, escape (P) s, see slow_time_scales; NaN of fixed points
///
/// and the attributes dt, inputs (names), grades, starts (of all inputs together), statuses (how
/// they ended), and completeness, see completeness_json.
io::Dataset steady_points(const std::vector<SteadyPoints>& all, const cells::Network& network);

/// All fixed points of the map that can be found, by dynamics::find_all_fixed_points from the
/// states (n, S), with at most as many starts as the setting `max_starts` says.
dynamics::CompleteSearch search_all(const AnalysisContext& context, const Map& map,
                                    In<Matrix> states, const Progress& progress);

/// `progress` of part number i of `parts`; empty if it is empty.
Progress part_of(const Progress& progress, std::size_t i, std::size_t parts);

}  // namespace nullcline::study
