// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "nullcline/core/types.hpp"

namespace nullcline::representation::detail {

/// Q (n, l), orthonormal, whose span holds most of that of X (n, m) [Halko, Martinsson & Tropp
/// 2011, algorithm 4.4]: Q = orth(X Omega), then `power` times Q = orth(X orth(X' Q)). Omega is
/// normal, from the stream of `seed`. l <= min(n, m).
Matrix randomized_range(In<Matrix> X, Index l, Index power, std::uint64_t seed);

/// A number that ||X - Q Q' X||_2 exceeds with probability 1e-`probes` at most [equation 4.3]:
/// 10 sqrt(2 / pi) max_i ||(I - Q Q') X w_i|| over as many normal w_i.
double residual_bound(In<Matrix> X, In<Matrix> Q, Index probes, std::uint64_t seed);

}  // namespace nullcline::representation::detail
