// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/pullback_metric.hpp"

#include <fmt/core.h>

#include <limits>
#include <stdexcept>

#include "nullcline/geometry/detail/small_factor.hpp"

namespace nullcline::geometry {
const char* name_of(MetricStatus status) {
  switch (status) {
    case MetricStatus::immersed:
      return "immersed";
    case MetricStatus::degenerate:
      return "degenerate";
    case MetricStatus::collapsed:
      return "collapsed";
    case MetricStatus::not_finite:
      return "not_finite";
  }
  return "unknown";
}

PullbackMetric pullback_metric(In<Matrix> tangents, Index m) {
  if (m < 1 || tangents.cols() % m != 0) {
    throw std::invalid_argument(
        fmt::format("pullback_metric: {} columns are no multiple of m = {} tangents, m >= 1",
                    tangents.cols(), m));
  }
  const Index C = tangents.cols() / m;
  const double none = std::numeric_limits<double>::quiet_NaN();
  const double rounding =
      static_cast<double>(tangents.rows()) * std::numeric_limits<double>::epsilon();
  PullbackMetric result;
  result.dim = m;
  result.metric.setConstant(m * m, C, none);
  result.factor.setConstant(m * m, C, none);
  result.eigenvalues.setConstant(m, C, none);
  result.stretch.setConstant(m, C, none);
  result.cosines.setConstant(m * (m - 1) / 2, C, none);
  result.volume.setConstant(C, none);
  result.condition.setConstant(C, none);
  result.effective_dim.setConstant(C, none);
  result.status.assign(static_cast<std::size_t>(C), MetricStatus::not_finite);
  for (Index c = 0; c < C; ++c) {
    const auto A = tangents.middleCols(c * m, m);
    if (!A.allFinite()) continue;
    const Matrix G = A.transpose() * A;
    // Of G alone only half the digits of the small singular values would be left.
    const Matrix R = detail::small_factor(A);
    const Vector sigma = detail::factor_singular_values(R);
    const Vector lambda = sigma.array().square();
    result.metric.col(c) = G.reshaped();
    result.factor.col(c) = R.reshaped();
    result.eigenvalues.col(c) = lambda;
    result.stretch.col(c) = A.colwise().norm().transpose();
    result.volume(c) = sigma.prod();
    MetricStatus& status = result.status[static_cast<std::size_t>(c)];
    status = sigma(0) == 0                        ? MetricStatus::collapsed
             : sigma(m - 1) > rounding * sigma(0) ? MetricStatus::immersed
                                                  : MetricStatus::degenerate;
    result.condition(c) = status == MetricStatus::immersed
                              ? sigma(0) / sigma(m - 1)
                              : std::numeric_limits<double>::infinity();
    const double squares = lambda.squaredNorm();
    result.effective_dim(c) = squares > 0 ? lambda.sum() * lambda.sum() / squares : 0;
    for (Index i = 0, pair = 0; i < m; ++i) {
      for (Index j = i + 1; j < m; ++j, ++pair) {
        const double lengths = result.stretch(i, c) * result.stretch(j, c);
        result.cosines(pair, c) = lengths > 0 ? G(i, j) / lengths : 0;
      }
    }
  }
  return result;
}

}  // namespace nullcline::geometry
