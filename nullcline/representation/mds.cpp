// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/mds.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/representation/detail/distances.hpp"
#include "nullcline/representation/detail/trials.hpp"

namespace nullcline::representation {
namespace {

/// -1/2 J D^2 J
Matrix double_centered(const Matrix& D) {
  Matrix B = -0.5 * D.array().square();
  const Vector means = B.colwise().mean().transpose();
  B.colwise() -= means;
  B.rowwise() -= means.transpose();
  B.array() += means.mean();
  return B;
}

}  // namespace

ClassicalMds classical_mds(In<Matrix> distances, const ClassicalMdsOptions& options) {
  const Matrix D = detail::checked_pairs(distances, 1, "classical_mds: distances");
  const Index K = D.rows();
  if (options.dim < 1 || options.dim > K) {
    throw std::invalid_argument(
        fmt::format("classical_mds: dim is {}, must be 1 .. {}", options.dim, K));
  }
  const SymmetricEigen B = symmetric_eigen(double_centered(D));
  ClassicalMds result;
  result.eigenvalues = B.values.reverse();
  const Vector& values = result.eigenvalues;
  const double rounding = static_cast<double>(K) * std::numeric_limits<double>::epsilon() *
                          values.cwiseAbs().maxCoeff();
  result.positive = (values.array() > rounding).count();

  Matrix axes = B.vectors.rowwise().reverse().leftCols(options.dim);
  detail::orient_columns(axes);
  const Index kept = std::min(options.dim, result.positive);
  result.points = Matrix::Zero(options.dim, K);
  result.points.topRows(kept) =
      values.head(kept).cwiseSqrt().asDiagonal() * axes.leftCols(kept).transpose();

  if (result.positive > 0) {
    result.explained = values.head(kept).sum() / values.head(result.positive).sum();
  }
  const double negative = (values.array() < -rounding).select(-values, 0).sum();
  const double total = values.cwiseAbs().sum();
  if (total > 0) result.negative_part = negative / total;
  return result;
}

}  // namespace nullcline::representation
