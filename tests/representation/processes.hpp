// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <vector>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/random.hpp"
#include "nullcline/representation/cross_covariance.hpp"

/// Processes whose covariances are known exactly.
namespace nullcline::representation::testing {

inline Matrix random_matrix(Index rows, Index cols, std::uint64_t seed) {
  RandomStream stream({.seed = seed, .purpose = Purpose::analysis_noise});
  Matrix A(rows, cols);
  for (double& entry : A.reshaped()) entry = stream.normal();
  return A;
}

inline Matrix random_rotation(Index n, std::uint64_t seed) {
  return orthonormal_basis(random_matrix(n, n, seed));
}

/// Sigma of Sigma = A Sigma A' + Q, by (I - A x A) vec Sigma = vec Q.
inline Matrix stationary_covariance(const Matrix& A, const Matrix& Q) {
  const Index n = A.rows();
  Matrix system = Matrix::Identity(n * n, n * n);
  for (Index i = 0; i < n; ++i) {
    for (Index j = 0; j < n; ++j) system.block(i * n, j * n, n, n) -= A(i, j) * A;
  }
  const Matrix Sigma = solve(system, Q.reshaped(n * n, 1)).value().reshaped(n, n);
  return 0.5 * (Sigma + Sigma.transpose());
}

/// C(k) = A^k Sigma of the VAR(1) process x' = A x + e, Cov e = Q.
inline CrossCovariances var1(const Matrix& A, const Matrix& Q, Index count) {
  CrossCovariances result{Vector::Zero(A.rows()), {stationary_covariance(A, Q)}};
  while (static_cast<Index>(result.lags.size()) < count) {
    result.lags.emplace_back(A * result.lags.back());
  }
  return result;
}

/// Coordinates y = B x of a process.
inline CrossCovariances transformed(const CrossCovariances& covariances, const Matrix& B) {
  CrossCovariances result{B * covariances.mean, {}};
  for (const Matrix& C : covariances.lags) result.lags.emplace_back(B * C * B.transpose());
  return result;
}

/// A random A scaled to a spectral radius < 1, and a positive definite Q.
inline Matrix stable_matrix(Index n, double radius, std::uint64_t seed) {
  const Matrix A = random_matrix(n, n, seed);
  return A * (radius / std::abs(eigenvalues(A)(0)));
}

inline Matrix positive_matrix(Index n, std::uint64_t seed) {
  const Matrix A = random_matrix(n, n, seed);
  return A * A.transpose() / static_cast<double>(n) + Matrix::Identity(n, n);
}

}  // namespace nullcline::representation::testing
