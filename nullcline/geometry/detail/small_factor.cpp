// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/detail/small_factor.hpp"

#include <Eigen/SVD>
#include <algorithm>
#include <cmath>

namespace nullcline::geometry::detail {

Matrix small_factor(In<Matrix> A) {
  const Index m = A.cols();
  Matrix Q = A, R = Matrix::Zero(m, m);
  for (Index j = 0; j < m; ++j) {
    auto q = Q.col(j);
    double length = q.norm(), before = 0;
    const int most = 4;  // two passes are enough unless nothing is left but rounding
    for (int pass = 0; j > 0 && pass < most && length > 0 && (pass == 0 || 2 * length < before);
         ++pass) {
      before = length;
      for (Index i = 0; i < j; ++i) {
        const double part = Q.col(i).dot(q);
        R(i, j) += part;
        q -= part * Q.col(i);
      }
      length = q.norm();
    }
    R(j, j) = j < A.rows() ? length : 0;
    if (R(j, j) > 0) {
      q /= length;
    } else {
      q.setZero();
    }
  }
  return R;
}

Vector factor_singular_values(In<Matrix> R) {
  if (R.cols() == 1) return Vector::Constant(1, std::abs(R(0, 0)));
  if (R.cols() == 2) {
    // sigma_1 +- sigma_2 = |(a +- d, b)|, sigma_1 sigma_2 = a d of [a b; 0 d] with a, d >= 0.
    const double a = R(0, 0), b = R(0, 1), d = R(1, 1);
    const double first = (std::hypot(a + d, b) + std::hypot(a - d, b)) / 2;
    return Vector{{first, first > 0 ? std::min(a * (d / first), first) : 0}};
  }
  return Eigen::JacobiSVD<Matrix>(R).singularValues();
}

}  // namespace nullcline::geometry::detail
