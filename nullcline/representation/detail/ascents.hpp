// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "nullcline/representation/cross_covariance.hpp"
#include "nullcline/representation/dca.hpp"
#include "nullcline/representation/predictive_information.hpp"

namespace nullcline::representation::detail {

/// A local maximum of predictive information, uphill from the column space of U.
GrassmannMaximum climb(const PredictiveInformation& information, In<Matrix> U, double tolerance,
                       Index max_iterations);

/// The index of the largest value that is defined; -1 if there is none.
Index best_of(const std::vector<GrassmannMaximum>& maxima);

/// The best subspace, (n, d), within the span of all maxima found, from options.starts random ones
/// in it and the best maximum: where some maxima have one part of the largest and others another.
/// Directions within 0.1 rad of those of better maxima do not count. nullopt where it is no better
/// than the best maximum. `covariances` and maxima are in the same coordinates.
std::optional<Matrix> combined_start(const std::vector<GrassmannMaximum>& maxima,
                                     const CrossCovariances& covariances,
                                     const DcaOptions& options);

}  // namespace nullcline::representation::detail
