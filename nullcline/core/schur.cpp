// SPDX-License-Identifier: Apache-2.0
// The Schur forms of linear_algebra.hpp, and Sylvester's equation by them.
#include <algorithm>
#include <cmath>
#include <complex>

#include "nullcline/core/detail/lapack.hpp"
#include "nullcline/core/linear_algebra.hpp"

namespace nullcline {

using detail::begin;
using detail::check;
using detail::column_major;
using detail::extent;
using detail::is_square;
using detail::stride;

ComplexMatrix complex_schur(In<Matrix> A) {
  begin(A, is_square(A), "complex_schur");
  ComplexMatrix T = A.cast<std::complex<double>>();
  if (T.size() == 0) return T;
  const lapack_int n = extent(A.rows());
  ComplexVector values(A.rows());
  lapack_int selected = 0;
  check(LAPACKE_zgees(column_major, 'N', 'N', nullptr, n, T.data(), n, &selected, values.data(),
                      nullptr, 1),
        "zgees");
  return T.triangularView<Eigen::Upper>();
}

Matrix real_schur(In<Matrix> A) {
  begin(A, is_square(A), "real_schur");
  Matrix T = A;
  if (T.size() == 0) return T;
  const lapack_int n = extent(A.rows());
  Vector wr(A.rows()), wi(A.rows());
  lapack_int selected = 0;
  check(LAPACKE_dgees(column_major, 'N', 'N', nullptr, n, T.data(), n, &selected, wr.data(),
                      wi.data(), nullptr, 1),
        "dgees");
  return T;
}

OrderedSchur unit_circle_schur(In<Matrix> A) {
  begin(A, is_square(A), "unit_circle_schur");
  const lapack_int n = extent(A.rows());
  OrderedSchur result{Matrix(A.rows(), A.rows()), A, 0};
  if (n == 0) return result;
  Vector wr(A.rows()), wi(A.rows());
  lapack_int selected = 0;
  const auto outside = [](const double* re, const double* im) -> lapack_logical {
    return std::hypot(*re, *im) > 1;
  };
  const lapack_int info = LAPACKE_dgees(column_major, 'V', 'S', outside, n, result.T.data(), n,
                                        &selected, wr.data(), wi.data(), result.Q.data(), n);
  if (info != n + 2) check(info, "dgees");  // n + 2: rounding moved an eigenvalue over the circle
  result.outside = selected;
  return result;
}

Matrix solve_sylvester(In<Matrix> A, In<Matrix> B, In<Matrix> C) {
  begin(A, is_square(A) && A.rows() == C.rows(), "solve_sylvester");
  begin(B, is_square(B) && B.rows() == C.cols(), "solve_sylvester");
  begin(C, true, "solve_sylvester");
  Matrix X = C;
  if (X.size() == 0) return X;
  double scale = 1;
  const lapack_int info =
      LAPACKE_dtrsyl(column_major, 'N', 'N', -1, extent(A.rows()), extent(B.rows()), A.data(),
                     stride(A), B.data(), stride(B), X.data(), extent(X.rows()), &scale);
  check(std::min<lapack_int>(info, 0), "dtrsyl");  // 1: solved for eigenvalues a rounding apart
  return X / scale;
}

}  // namespace nullcline
