// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/linear/non_normality.hpp"

#include <algorithm>
#include <cmath>

#include "nullcline/core/attempt.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::dynamics {
namespace {

/// |A|_2 <= min(|A|_F, sqrt(|A|_1 |A|_inf)).
double bound_of_norm(const Matrix& A) {
  const double columns = A.cwiseAbs().colwise().sum().maxCoeff();
  const double rows = A.cwiseAbs().rowwise().sum().maxCoeff();
  return std::min(A.norm(), std::sqrt(columns * rows));
}

/// |J^m| <= |J^k|^(m / k) |J^(m mod k)|: once some |J^k| <= 1 the peak lies before k. False where a
/// norm is not to be had.
bool follow_powers(In<Matrix> J, Index max_steps, NonNormality& result) {
  Matrix power = J;
  for (Index k = 1; k <= max_steps; ++k) {
    const double bound = bound_of_norm(power);
    double norm = bound;
    if (bound > 1 && k == 1) norm = result.norm;
    if (bound > 1 && k > 1) {
      const auto values = attempt(singular_values, power);
      if (!values) return false;
      norm = (*values)(0);
    }
    if (norm <= 1) {
      result.peak_is_final = true;
      return true;
    }
    if (norm > result.peak) {
      result.peak = norm;
      result.peak_step = k;
    }
    if (k == max_steps || norm > 1e150) return true;
    power = multiply(J, power);
  }
  return true;
}

}  // namespace

NonNormality non_normality(In<Matrix> J, Index max_steps) {
  require(J.rows() > 0 && J.rows() == J.cols(), "non_normality: J must be (n, n), n > 0");
  require(max_steps >= 0, "non_normality: need max_steps >= 0");
  NonNormality result;
  const auto schur = attempt(complex_schur, J);
  const auto stretches = attempt(singular_values, J);
  const auto symmetric = attempt(symmetric_eigen, 0.5 * (J + J.transpose()));
  if (schur && stretches && symmetric) {
    result.departure = ComplexMatrix(schur->triangularView<Eigen::StrictlyUpper>()).norm();
    result.spectral_radius = schur->diagonal().cwiseAbs().maxCoeff();
    result.norm = (*stretches)(0);
    result.numerical_abscissa = symmetric->values(J.rows() - 1);
    if (follow_powers(J, max_steps, result)) return result;
  }
  NonNormality unknown;
  unknown.status = why_unknown(J);
  return unknown;
}

}  // namespace nullcline::dynamics
