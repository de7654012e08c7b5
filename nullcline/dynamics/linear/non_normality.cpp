// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/linear/non_normality.hpp"

#include <algorithm>
#include <cmath>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::dynamics {
namespace {

/// |A|_2 <= min(|A|_F, sqrt(|A|_1 |A|_inf)).
double bound_of_norm(const Matrix& A) {
  const double columns = A.cwiseAbs().colwise().sum().maxCoeff();
  const double rows = A.cwiseAbs().rowwise().sum().maxCoeff();
  return std::min(A.norm(), std::sqrt(columns * rows));
}

/// |J^m| <= |J^k|^(m / k) |J^(m mod k)|: once some |J^k| <= 1 the peak lies before k.
void follow_powers(In<Matrix> J, Index max_steps, NonNormality& result) {
  Matrix power = J;
  for (Index k = 1; k <= max_steps; ++k) {
    const double bound = bound_of_norm(power);
    double norm = bound;
    if (bound > 1) norm = k == 1 ? result.norm : singular_values(power)(0);
    if (norm <= 1) {
      result.peak_is_final = true;
      return;
    }
    if (norm > result.peak) {
      result.peak = norm;
      result.peak_step = k;
    }
    if (k == max_steps || norm > 1e150) return;
    power = multiply(J, power);
  }
}

}  // namespace

NonNormality non_normality(In<Matrix> J, Index max_steps) {
  require(J.rows() > 0 && J.rows() == J.cols(), "non_normality: J must be (n, n), n > 0");
  require(max_steps >= 0, "non_normality: need max_steps >= 0");
  NonNormality result;
  const ComplexMatrix schur = complex_schur(J);
  result.departure = ComplexMatrix(schur.triangularView<Eigen::StrictlyUpper>()).norm();
  result.spectral_radius = schur.diagonal().cwiseAbs().maxCoeff();
  result.norm = singular_values(J)(0);
  result.numerical_abscissa = symmetric_eigen(0.5 * (J + J.transpose())).values(J.rows() - 1);
  follow_powers(J, max_steps, result);
  return result;
}

}  // namespace nullcline::dynamics
