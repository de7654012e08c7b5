// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "nullcline/core/random.hpp"
#include "nullcline/core/types.hpp"

/// Matrices for the tests of linear algebra, and what rounding allows of results.
namespace nullcline {

inline constexpr double eps = std::numeric_limits<double>::epsilon();

inline Matrix normal(Index rows, Index cols, std::uint64_t seed = 1) {
  RandomStream stream(StreamAddress{.seed = seed});
  Matrix A(rows, cols);
  stream.fill_normal({A.data(), static_cast<std::size_t>(A.size())});
  return A;
}

inline Matrix symmetric(Index n, std::uint64_t seed = 1) {
  const Matrix A = normal(n, n, seed);
  return (A + A.transpose()) / 2;
}

/// 2 on the diagonal, -1 beside it: eigenvalues 2 - 2 cos(k pi / (n + 1)), determinant n + 1.
inline Matrix second_difference(Index n) {
  Matrix A = 2 * Matrix::Identity(n, n);
  A.diagonal(1).setConstant(-1);
  A.diagonal(-1).setConstant(-1);
  return A;
}

inline Matrix rotation(double angle) {
  Matrix R(2, 2);
  R << std::cos(angle), -std::sin(angle), std::sin(angle), std::cos(angle);
  return R;
}

inline Matrix block_diagonal(const Matrix& A, const Matrix& B) {
  Matrix C = Matrix::Zero(A.rows() + B.rows(), A.cols() + B.cols());
  C.topLeftCorner(A.rows(), A.cols()) = A;
  C.bottomRightCorner(B.rows(), B.cols()) = B;
  return C;
}

/// LAPACK's algorithms are backward stable: errors of c n eps |A|, here with c = 10.
inline double rounding(const Matrix& A) {
  return 10 * eps * static_cast<double>(std::max<Index>(1, A.rows() + A.cols())) *
         std::max(A.norm(), eps);
}

inline double distance_to_orthonormal(const Matrix& Q) {
  return (Q.transpose() * Q - Matrix::Identity(Q.cols(), Q.cols())).norm();
}

inline double orthonormal_rounding(const Matrix& Q) {
  return 10 * eps * static_cast<double>(std::max<Index>(1, Q.rows() * Q.cols()));
}

}  // namespace nullcline
