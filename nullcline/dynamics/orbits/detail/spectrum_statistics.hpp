// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/dynamics/orbits/lyapunov.hpp"

namespace nullcline::dynamics::detail {

/// Fills the fields of `result` from `exponents` on that are averages, from the local exponents
/// (k, B T), 1/s, of T blocks of B orbits, columns b T + t, each block `duration` seconds long;
/// blocks_of (B): how many are there of each. Reads result.status. n: the dimension of the map.
void add_statistics(const Matrix& local, Index T, const std::vector<Index>& blocks_of,
                    double duration, Index n, double error_bar, LyapunovSpectrum& result);

/// See lyapunov_spectrum. bars (k): how far below 0 the sum of the first j + 1 may lie.
/// The j of D = j + S_j / |lambda_{j+1}|.
Index last_expanding_volume(In<Vector> exponents, In<Vector> bars);

}  // namespace nullcline::dynamics::detail
