// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/linear/mode_response.hpp"

#include <cmath>
#include <complex>
#include <vector>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::dynamics {
namespace {

using Complex = std::complex<double>;

/// z^k by squaring; 0^0 = 1.
Complex power(Complex z, Index k) {
  Complex result = 1;
  for (; k > 0; k /= 2) {
    if (k % 2 == 1) result *= z;
    z *= z;
  }
  return result;
}

/// y_j for j = 0 .. n; a pair enters with its second half.
Vector cumulative_outputs(const Modes& modes, const Vector& contributions) {
  const Index n = contributions.size();
  Vector outputs(n + 1);
  outputs(0) = 0;
  double sum = 0;
  for (Index a = 0; a < n; ++a) {
    sum += contributions(a);
    const bool is_first_half = modes.partners[static_cast<std::size_t>(a)] > a;
    outputs(a + 1) = is_first_half ? outputs(a) : sum;
  }
  return outputs;
}

Index first_lasting(const Vector& mean, double tolerance) {
  const Index n = mean.size() - 1;
  Index j = n;
  while (j > 0 && std::abs(mean(j - 1) - mean(n)) <= tolerance * std::abs(mean(n))) --j;
  return j;
}

Vector standard_error(const Matrix& outputs, const Vector& mean) {
  const auto P = static_cast<double>(outputs.cols());
  if (outputs.cols() < 2) return Vector::Zero(mean.size());
  return ((outputs.colwise() - mean).rowwise().squaredNorm() / (P * (P - 1))).cwiseSqrt();
}

}  // namespace

ComplexMatrix mode_amplitudes(const Modes& modes, In<Matrix> input_jacobian, In<Matrix> U,
                              Index k) {
  const Index n = modes.eigenvalues.size();
  require(input_jacobian.rows() == n && input_jacobian.cols() == U.rows() && k >= 0,
          "mode_amplitudes: need J_inp (n, m), U (m, B) and k >= 0");
  const Matrix effect = multiply(input_jacobian, U);
  ComplexMatrix amplitudes(n, U.cols());
  amplitudes.real() = multiply(modes.left.real(), effect, true);
  amplitudes.imag() = -multiply(modes.left.imag(), effect, true);
  for (Index a = 0; a < n; ++a) {
    amplitudes.row(a) *= power(modes.eigenvalues(a), k);
  }
  return amplitudes;
}

Matrix mode_response(const Modes& modes, In<Matrix> input_jacobian, In<Matrix> U, Index k,
                     std::span<const Index> selected) {
  const ComplexMatrix amplitudes = mode_amplitudes(modes, input_jacobian, U, k);
  const Index n = modes.eigenvalues.size();
  ComplexMatrix kept = ComplexMatrix::Zero(n, U.cols());
  for (const Index a : selected) {
    require(a >= 0 && a < n, "mode_response: a selected mode does not exist");
    kept.row(a) = amplitudes.row(a);
  }
  return multiply(modes.right.real(), kept.real()) - multiply(modes.right.imag(), kept.imag());
}

Matrix readout_contributions(const Modes& modes, In<Matrix> input_jacobian, In<Matrix> U, Index k,
                             In<Vector> readout) {
  require(readout.size() == modes.eigenvalues.size(),
          "readout_contributions: the readout must have the dimension of the state");
  const ComplexVector weights = modes.right.transpose() * readout.cast<Complex>();
  return (weights.asDiagonal() * mode_amplitudes(modes, input_jacobian, U, k)).real();
}

ModeAblation ablate_modes(std::span<const Modes> points, std::span<const Matrix> input_jacobians,
                          In<Vector> input, In<Vector> readout, const AblationOptions& options) {
  require(input_jacobians.size() == 1 || input_jacobians.size() == points.size(),
          "ablate_modes: need one input Jacobian, or one a point");
  require(input.allFinite() && input.norm() > 0, "ablate_modes: the input must not be zero");
  require(options.steps >= 0 && options.fraction > 0 && options.fraction <= 1,
          "ablate_modes: need steps >= 0 and fraction in (0, 1]");
  const Vector unit = input.normalized();
  const Index n = readout.size();
  ModeAblation result;
  result.outputs.resize(n + 1, static_cast<Index>(points.size()));
  for (std::size_t p = 0; p < points.size(); ++p) {
    if (points[p].status != ModesStatus::complete) continue;
    const Matrix& J = input_jacobians[input_jacobians.size() == 1 ? 0 : p];
    const Matrix contributions = readout_contributions(points[p], J, unit, options.steps, readout);
    result.outputs.col(result.points++) = cumulative_outputs(points[p], contributions);
  }
  result.outputs.conservativeResize(Eigen::NoChange, result.points);
  if (result.points == 0) return result;
  result.mean = result.outputs.rowwise().mean();
  result.standard_error = standard_error(result.outputs, result.mean);
  result.modes_needed = first_lasting(result.mean, 1 - options.fraction);
  return result;
}

}  // namespace nullcline::dynamics
