// SPDX-License-Identifier: Apache-2.0
// principal_angles of linear_algebra.hpp.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "nullcline/core/detail/lapack.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"

namespace nullcline {

using detail::begin;

namespace {

/// An orthonormal basis of the column space of A, whatever the lengths of its columns.
Matrix basis_of_independent(In<Matrix> A) {
  Matrix directions = A;
  for (Index j = 0; j < A.cols(); ++j) directions.col(j).stableNormalize();
  Svd decomposition = svd(directions);
  const Vector& values = decomposition.values;
  const double smallest =
      std::numeric_limits<double>::epsilon() * static_cast<double>(std::max(A.rows(), A.cols()));
  require(values.size() == 0 || values.minCoeff() > smallest * values(0),
          "principal_angles: the columns must be linearly independent");
  return std::move(decomposition.U);
}

}  // namespace

Vector principal_angles(In<Matrix> A, In<Matrix> B) {
  begin(A, A.rows() == B.rows() && A.cols() <= A.rows() && B.cols() <= B.rows(),
        "principal_angles");
  begin(B, true, "principal_angles");
  if (A.cols() < B.cols()) return principal_angles(B, A);

  // With the bases Q_A (n, p) and Q_B (n, q), p >= q: the cosines are the singular values of
  // Q_A' Q_B, the sines those of Q_B - Q_A Q_A' Q_B [Bjorck & Golub 1973, theorem 1 and (13)].
  const Matrix Q_A = basis_of_independent(A), Q_B = basis_of_independent(B);
  const Matrix overlap = multiply(Q_A, Q_B, true);
  const Vector cosines = singular_values(overlap);
  const Vector sines = singular_values(Q_B - multiply(Q_A, overlap)).reverse();
  Vector angles(B.cols());
  for (Index j = 0; j < angles.size(); ++j) {
    angles(j) = cosines(j) * cosines(j) > 0.5 ? std::asin(std::min(1.0, sines(j)))
                                              : std::acos(std::min(1.0, cosines(j)));
  }
  return angles;
}

}  // namespace nullcline
