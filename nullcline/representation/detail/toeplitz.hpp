// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "nullcline/representation/log_determinant.hpp"

namespace nullcline::representation::detail {

/// What predictive information wants of a block-Toeplitz covariance C_N with N = 2T:
///
///     value    log det C_T - 1/2 log det C_2T
///     slopes   S_0 / 2 over S_1 over ... S_{2T-1}: S_k is the sum of the blocks (i, j), i - j = k,
///              of C_T^-1 - 1/2 C_2T^-1, those outside C_T counting as zero. (N d, d)
///
/// d value = 2 sum_k <slopes_k, d C(k)>.
struct ToeplitzInformation {
  double value = 0;
  Matrix slopes;  ///< Empty unless wanted.
};

/// `lags`: C(0) over C(1) over ... C(N - 1), (N d, d), N even. nullopt if C_N is not positive
/// definite.
std::optional<ToeplitzInformation> toeplitz_information(const Matrix& lags, LogDeterminant method,
                                                        bool with_slopes);

std::optional<ToeplitzInformation> information_by_cholesky(const Matrix& lags, bool with_slopes);
std::optional<ToeplitzInformation> information_by_levinson(const Matrix& lags, bool with_slopes);

/// log det C_1 .. log det C_N.
std::optional<Vector> log_determinants_by_cholesky(const Matrix& lags);
std::optional<Vector> log_determinants_by_levinson(const Matrix& lags);

/// `automatic` resolved for N blocks of d.
LogDeterminant resolved(LogDeterminant method, Index N, Index d);

}  // namespace nullcline::representation::detail
