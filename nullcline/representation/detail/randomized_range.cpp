// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/detail/randomized_range.hpp"

#include <cmath>
#include <numbers>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/random.hpp"

namespace nullcline::representation::detail {
namespace {

Matrix normal_matrix(Index rows, Index cols, std::uint64_t seed, std::uint64_t step) {
  RandomStream stream({.seed = seed, .purpose = Purpose::analysis_starts, .step = step});
  Matrix A(rows, cols);
  stream.fill_normal({A.data(), static_cast<std::size_t>(A.size())});
  return A;
}

}  // namespace

Matrix randomized_range(In<Matrix> X, Index l, Index power, std::uint64_t seed) {
  Matrix Q = orthonormal_basis(multiply(X, normal_matrix(X.cols(), l, seed, 0)));
  for (Index k = 0; k < power; ++k) {
    Q = orthonormal_basis(multiply(X, orthonormal_basis(multiply(X, Q, true))));
  }
  return Q;
}

double residual_bound(In<Matrix> X, In<Matrix> Q, Index probes, std::uint64_t seed) {
  const Matrix Y = multiply(X, normal_matrix(X.cols(), probes, seed, 1));
  const Matrix rest = Y - multiply(Q, multiply(Q, Y, true));
  return 10 * std::sqrt(2 / std::numbers::pi) * rest.colwise().norm().maxCoeff();
}

}  // namespace nullcline::representation::detail
