// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/detail/distances.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace nullcline::representation::detail {

Matrix checked_pairs(In<Matrix> D, Index least, const char* what) {
  const Index K = D.rows();
  if (K != D.cols() || K < least) {
    throw std::invalid_argument(
        fmt::format("{} are {} x {}, must be square, {} or more", what, D.rows(), D.cols(), least));
  }
  const double allowed = 1e-6 * D.cwiseAbs().maxCoeff();
  for (Index j = 0; j < K; ++j) {
    for (Index i = 0; i <= j; ++i) {
      if (!std::isfinite(D(i, j)) || !std::isfinite(D(j, i))) {
        throw std::invalid_argument(fmt::format("{}: that of {} and {} is not finite", what, i, j));
      }
      if (std::abs(D(i, j) - D(j, i)) > allowed || (i == j && std::abs(D(i, i)) > allowed) ||
          (i != j && std::min(D(i, j), D(j, i)) < -allowed)) {
        throw std::invalid_argument(
            fmt::format("{}: that of ({}, {}) is {}, of ({}, {}) {}; must be symmetric, not "
                        "negative, and zero on the diagonal",
                        what, i, j, D(i, j), j, i, D(j, i)));
      }
    }
  }
  Matrix result = (0.5 * (D + D.transpose())).cwiseMax(0);
  result.diagonal().setZero();
  return result;
}

Matrix euclidean_distances(In<Matrix> X) {
  Matrix D = Matrix::Zero(X.cols(), X.cols());
  for (Index j = 0; j < X.cols(); ++j) {
    for (Index i = 0; i < j; ++i) D(i, j) = D(j, i) = (X.col(i) - X.col(j)).norm();
  }
  return D;
}

}  // namespace nullcline::representation::detail
