// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/linear/gaussian_dynamics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "nullcline/core/attempt.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::dynamics {
namespace {

constexpr Index max_doublings = 64;  // 2^64 steps: more than any 1 - |lambda| of doubles asks for

Matrix symmetric_part(const Matrix& A) { return 0.5 * (A + A.transpose()); }

/// A S A'; not finite where it overflows.
Matrix congruence(const Matrix& A, const Matrix& S) {
  const Matrix product = multiply(A, S);
  if (!product.allFinite()) return Matrix::Constant(A.rows(), A.rows(), product.sum());
  return symmetric_part(multiply(product, A, false, true));
}

}  // namespace

const char* name_of(GaussianStatus status) {
  switch (status) {
    case GaussianStatus::converged:
      return "converged";
    case GaussianStatus::unstable:
      return "unstable";
    case GaussianStatus::singular_noise:
      return "singular_noise";
    case GaussianStatus::not_finite:
      return "not_finite";
    case GaussianStatus::not_converged:
      return "not_converged";
  }
  return "";
}

StationaryCovariance stationary_covariance(In<Matrix> J, In<Matrix> Q) {
  require(J.rows() == J.cols() && Q.rows() == J.rows() && Q.cols() == J.rows(),
          "stationary_covariance: J and Q must be (n, n)");
  StationaryCovariance result;
  if (!J.allFinite() || !Q.allFinite()) {
    result.status = GaussianStatus::not_finite;
    return result;
  }
  if (J.rows() == 0) return result;
  const auto lambda = attempt(eigenvalues, J);
  if (!lambda) {
    result.status = GaussianStatus::not_converged;
    return result;
  }
  if (std::abs((*lambda)(0)) >= 1) {
    result.status = GaussianStatus::unstable;
    return result;
  }
  Matrix A = J, S = symmetric_part(Q);
  const Matrix noise = S;
  for (; result.iterations < max_doublings; ++result.iterations) {
    const Matrix increment = congruence(A, S);
    S += increment;
    if (increment.norm() <= std::numeric_limits<double>::epsilon() / 4 * S.norm()) break;
    A = multiply(A, A);
    if (!A.allFinite() || !S.allFinite()) break;
  }
  if (!S.allFinite() || result.iterations == max_doublings) {
    result.status = GaussianStatus::unstable;  // stable in exact arithmetic perhaps, not in doubles
    return result;
  }
  const double size = S.norm();
  if (size > 0) result.residual = (congruence(J, S) + noise - S).norm() / size;
  result.covariance = std::move(S);
  return result;
}

LinearPredictiveInformation predictive_information(In<Matrix> J, In<Matrix> Q) {
  LinearPredictiveInformation result;
  result.stationary = stationary_covariance(J, Q);
  result.status = result.stationary.status;
  if (result.status != GaussianStatus::converged) return result;
  const auto of_state = log_determinant(result.stationary.covariance);
  const auto of_noise = log_determinant(Q);
  if (!of_state || !of_noise) {
    result.status = GaussianStatus::singular_noise;
    return result;
  }
  result.nats = std::max(0.0, 0.5 * (*of_state - *of_noise));
  return result;
}

StablePart stable_part(const Modes& modes, In<Matrix> Q, double margin) {
  const Index n = modes.eigenvalues.size();
  require(Q.rows() == n && Q.cols() == n && margin >= 0,
          "stable_part: need Q (n, n) and margin >= 0");
  StablePart result;
  result.coordinates.resize(n, n);
  result.jacobian = Matrix::Zero(n, n);
  Index s = 0;
  for (Index a = 0; a < n; ++a) {
    if (!modes.has_left(a) || std::abs(modes.eigenvalues(a)) >= 1 - margin) continue;
    const Index partner = modes.partners[static_cast<std::size_t>(a)];
    if (partner < a) continue;
    const double re = modes.eigenvalues(a).real(), im = modes.eigenvalues(a).imag();
    result.coordinates.row(s) = modes.left.col(a).real().transpose();
    result.jacobian(s, s) = re;
    if (partner > a) {
      result.coordinates.row(s + 1) = modes.left.col(a).imag().transpose();
      result.jacobian.block(s, s, 2, 2) << re, im, -im, re;
      ++s;
    }
    ++s;
  }
  result.coordinates.conservativeResize(s, Eigen::NoChange);
  result.jacobian.conservativeResize(s, s);
  result.noise = s == 0 ? Matrix(0, 0) : congruence(result.coordinates, Q);
  return result;
}

}  // namespace nullcline::dynamics
