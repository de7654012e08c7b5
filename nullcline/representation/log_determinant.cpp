// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/log_determinant.hpp"

#include <fmt/core.h>

#include <stdexcept>

#include "nullcline/representation/detail/toeplitz.hpp"

namespace nullcline::representation {
namespace detail {

LogDeterminant resolved(LogDeterminant method, Index N, Index d) {
  if (method != LogDeterminant::automatic) return method;
  return N * d <= 40 || d > 12 ? LogDeterminant::cholesky : LogDeterminant::levinson;
}

std::optional<ToeplitzInformation> toeplitz_information(const Matrix& lags, LogDeterminant method,
                                                        bool with_slopes) {
  const Index d = lags.cols();
  return resolved(method, lags.rows() / d, d) == LogDeterminant::cholesky
             ? information_by_cholesky(lags, with_slopes)
             : information_by_levinson(lags, with_slopes);
}

}  // namespace detail

const char* name_of(LogDeterminant method) {
  switch (method) {
    case LogDeterminant::automatic:
      return "automatic";
    case LogDeterminant::cholesky:
      return "cholesky";
    case LogDeterminant::levinson:
      return "levinson";
  }
  return "unknown";
}

std::optional<Vector> toeplitz_log_determinants(std::span<const Matrix> lags,
                                                LogDeterminant method) {
  const Index N = static_cast<Index>(lags.size());
  const Index d = N == 0 ? 0 : lags[0].rows();
  if (d == 0) throw std::invalid_argument("toeplitz_log_determinants: there is no lag");
  Matrix stacked(N * d, d);
  for (Index k = 0; k < N; ++k) {
    const Matrix& C = lags[static_cast<std::size_t>(k)];
    if (C.rows() != d || C.cols() != d) {
      throw std::invalid_argument(
          fmt::format("toeplitz_log_determinants: lag {} is {} x {}, not {} x {}", k, C.rows(),
                      C.cols(), d, d));
    }
    stacked.middleRows(k * d, d) = C;
  }
  return detail::resolved(method, N, d) == LogDeterminant::cholesky
             ? detail::log_determinants_by_cholesky(stacked)
             : detail::log_determinants_by_levinson(stacked);
}

}  // namespace nullcline::representation
