// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/similarity/detail/components.hpp"

#include <algorithm>
#include <limits>

#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::representation::detail {
namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

/// How many of the variances, descending, are kept.
Index kept(In<Vector> variances, double part, Index dim, double smallest) {
  const double total = variances.sum();
  const Index most = dim > 0 ? std::min(dim, variances.size()) : variances.size();
  double sum = 0;
  Index k = 0;
  // A part that is reached to rounding is reached.
  while (k < most && variances(k) > smallest && (part >= 1 || sum < part * total * (1 - 8 * eps))) {
    sum += variances(k++);
  }
  return k;
}

Matrix by_svd(In<Matrix> X, double variance, Index dim) {
  const Svd factors = svd(X);
  const double rounding = static_cast<double>(std::max(X.rows(), X.cols())) * eps;
  const Vector variances = factors.values.array().square();
  const double smallest = rounding * factors.values(0);
  return factors.V.leftCols(kept(variances, variance, dim, smallest * smallest));
}

}  // namespace

Matrix sample_components(In<Matrix> X, double variance, Index dim) {
  const double size = X.cwiseAbs().maxCoeff();
  if (size == 0) return Matrix(X.cols(), 0);
  const Matrix scaled = X / size;  // no square of it overflows or vanishes
  if (X.rows() >= X.cols()) return by_svd(scaled, variance, dim);

  const SymmetricEigen covariance = symmetric_eigen(multiply(scaled, scaled, false, true));
  const Vector variances = covariance.values.reverse().cwiseMax(0);
  // Eigenvalues are off by eps variances(0): beyond this, an SVD must say what is rounding.
  const double uncertain = 1e5 * eps * variances(0);
  const Index k = kept(variances, variance, dim, uncertain);
  const bool all_found = k == X.rows() || k == dim;
  if (!all_found &&
      (variance >= 1 || variances.head(k).sum() < variance * variances.sum() * (1 - 8 * eps))) {
    return by_svd(scaled, variance, dim);
  }
  const Matrix V = covariance.vectors.rowwise().reverse().leftCols(k);
  const Matrix Q =
      multiply(scaled, V * variances.head(k).cwiseSqrt().cwiseInverse().asDiagonal(), true);
  // Columns of small variance lean towards the large ones by eps variances(0) / variance.
  const SymmetricEigen gram = symmetric_eigen(multiply(Q, Q, true));
  const Vector inverse_root = gram.values.cwiseSqrt().cwiseInverse();
  return multiply(Q, multiply(gram.vectors * inverse_root.asDiagonal(), gram.vectors, false, true));
}

}  // namespace nullcline::representation::detail
