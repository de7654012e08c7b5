// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>

#include "nullcline/core/types.hpp"

namespace nullcline::connectivity::detail {

/// sigma_min(z I - A), the inverse of the norm of the resolvent, for many z.
///
/// With a Schur form A = Q T Q^H it is that of R = z I - T, and the largest eigenvalue of
/// (R^H R)^-1 is its inverse square: Lanczos, two triangular solves a step, O(n^2) [Lui 1997;
/// Trefethen & Embree 2005, section 39].
class Resolvent {
 public:
  explicit Resolvent(In<Matrix> A);

  /// False where LAPACK gave up: all else is empty or NaN then.
  bool known() const { return T_.size() > 0; }

  /// 0 where z is an eigenvalue to rounding. To a relative 1e-9 or so; where sigma_min is below
  /// rounding of |A|, to an absolute error of the order of n eps |A|_2. NaN where LAPACK gives up.
  double smallest_singular_value(std::complex<double> z) const;

  double norm() const { return norm_; }              ///< |A|_2
  const ComplexMatrix& schur() const { return T_; }  ///< T, the eigenvalues on its diagonal.

 private:
  ComplexMatrix T_;
  ComplexVector start_;
  double norm_;
};

}  // namespace nullcline::connectivity::detail
