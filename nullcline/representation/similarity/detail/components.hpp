// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline::representation::detail {

/// The leading principal components of centered data X (n, m), as directions in the space of
/// samples: Q (m, k) with orthonormal columns, those of V in X = U S V'. Kept are as many as reach
/// `variance` of the whole, no more than `dim` if that is positive, and none that is rounding:
/// sigma_i > max(n, m) eps sigma_1. From X X' where that is accurate enough, made orthonormal
/// again; else from an SVD of X.
Matrix sample_components(In<Matrix> X, double variance, Index dim);

}  // namespace nullcline::representation::detail
