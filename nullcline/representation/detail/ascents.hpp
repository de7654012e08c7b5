// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "nullcline/representation/grassmann.hpp"
#include "nullcline/representation/predictive_information.hpp"

namespace nullcline::representation::detail {

/// A local maximum of predictive information, uphill from the column space of U.
GrassmannMaximum climb(const PredictiveInformation& information, In<Matrix> U, double tolerance,
                       Index max_iterations);

/// The index of the largest value that is defined; -1 if there is none.
Index best_of(const std::vector<GrassmannMaximum>& maxima);

/// V (n, d) turned within its space at random, and one of its directions exchanged for a random one
/// of R^n. `number` and `seed` say which.
Matrix with_one_exchanged(In<Matrix> V, std::uint64_t seed, Index number);

}  // namespace nullcline::representation::detail
