// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "nullcline/core/types.hpp"

namespace nullcline::representation::detail {

/// The n of trials (n, T_i), and their samples sum_i T_i. Throws std::invalid_argument, told in
/// the name of `caller`, when there is no trial, one is empty, has another n, or holds an entry
/// that is not finite.
struct TrialShape {
  Index dim;
  Index samples;
};
TrialShape check_trials(std::span<const Matrix> trials, const char* caller);

/// The mean over all time steps of all trials. (n)
Vector mean_of(std::span<const Matrix> trials, const TrialShape& shape);

/// Turns each column so that its entry of largest magnitude is positive; of entries whose
/// magnitudes agree to 1e-10, the first one counts.
void orient_columns(InOut<Matrix> V);

}  // namespace nullcline::representation::detail
