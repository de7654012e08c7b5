// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/detail/innovations.hpp"

#include <algorithm>
#include <limits>

#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::representation::detail {
namespace {

// Below this an error variance is rounding. It shapes the coordinates only, not what is found.
constexpr double smallest_error = 1e-12;

}  // namespace

InnovationCoordinates::InnovationCoordinates(const CrossCovariances& covariances,
                                             double ridge_variance) {
  const Matrix& C0 = covariances.lags[0];
  const Index n = C0.rows();
  const SymmetricEigen eigen = symmetric_eigen(C0);
  const double floor =
      static_cast<double>(n) * std::numeric_limits<double>::epsilon() * eigen.values(n - 1);
  const Index rank = (eigen.values.array() > std::max(0.0, floor)).count();
  E_ = eigen.vectors.rowwise().reverse().leftCols(rank);
  scales_ = (eigen.values.reverse().head(rank).array() + ridge_variance).sqrt();
  if (rank == 0) return;

  const Matrix whitener = E_ * scales_.cwiseInverse().asDiagonal();
  const Matrix L = multiply(whitener, multiply(covariances.lags[1], whitener), true);
  SymmetricEigen error =
      symmetric_eigen(Matrix::Identity(rank, rank) - multiply(L, L, false, true));
  R_ = std::move(error.vectors);
  errors_ = error.values.cwiseMax(smallest_error);
}

Matrix InnovationCoordinates::from_units(In<Matrix> V) const {
  const Matrix white = scales_.asDiagonal() * multiply(E_, V, true);
  return errors_.cwiseSqrt().asDiagonal() * multiply(R_, white, true);
}

Matrix InnovationCoordinates::to_units(In<Matrix> U) const {
  const Matrix white = multiply(R_, errors_.cwiseSqrt().cwiseInverse().asDiagonal() * U);
  return multiply(E_, scales_.cwiseInverse().asDiagonal() * white);
}

CrossCovariances InnovationCoordinates::apply(const CrossCovariances& covariances, Index count,
                                              Threads threads) const {
  CrossCovariances result{Vector::Zero(rank()), {}};
  result.lags.resize(static_cast<std::size_t>(count));
  result.lags[0] = errors_.cwiseInverse().asDiagonal();
  const Matrix B = to_units(Matrix::Identity(rank(), rank()));
  parallel_for(count - 1, threads, [&](Index i) {
    const auto k = static_cast<std::size_t>(i + 1);
    result.lags[k] = multiply(B, multiply(covariances.lags[k], B), true);
  });
  return result;
}

}  // namespace nullcline::representation::detail
