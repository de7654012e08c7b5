// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>

#include "nullcline/core/types.hpp"

namespace nullcline::representation {

/// How the log-determinant of a block-Toeplitz covariance C_N, N x N blocks of (d, d), is found.
enum class LogDeterminant {
  automatic,  ///< `cholesky` up to 40 rows or d > 12, else `levinson`; our choice.
  cholesky,   ///< Of the whole matrix: O(N^3 d^3), backward stable whatever its condition.
  levinson,   ///< The block recursion of Levinson and Whittle: O(N^2 d^3). It loses digits as the
              ///< condition number of C_N, and agrees to rounding times that.
};
const char* name_of(LogDeterminant method);

/// log det C_1, ..., log det C_N of the covariances of 1 .. N successive steps, from the lags
/// C(0) .. C(N - 1), C(0) symmetric (cross_covariance.hpp). One factorization gives them all: of
/// the leading blocks of a Cholesky factor, or, with F_m the error covariance of the best linear
/// prediction from m steps [Whittle 1963],
///
///     log det C_N = sum_{m=0}^{N-1} log det F_m.
///
/// nullopt when C_N is not positive definite. Throws std::invalid_argument when there is no lag or
/// lags are not square of one size.
std::optional<Vector> toeplitz_log_determinants(std::span<const Matrix> lags,
                                                LogDeterminant method = LogDeterminant::automatic);

}  // namespace nullcline::representation
