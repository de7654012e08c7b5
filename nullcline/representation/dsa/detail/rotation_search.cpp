// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dsa/detail/rotation_search.hpp"

#include <algorithm>
#include <cmath>

#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::representation::detail {
namespace {

constexpr double largest_radius = 2;  // |W|_F / sqrt(2) is about the sum of turned angles.
constexpr double least_ratio = 0.1;   // Of gained to promised, for a step to be taken.
constexpr double rounding = 1e-13;    // Of g, against |A|_F |B|_F.
constexpr double least_radius = 1e-12;
constexpr int most_inner_steps = 60;

Matrix skew(const Matrix& X) { return 0.5 * (X - X.transpose()); }
double inner(const Matrix& X, const Matrix& Y) { return X.cwiseProduct(Y).sum(); }
Matrix commutator(const Matrix& X, const Matrix& Y) { return multiply(X, Y) - multiply(Y, X); }

/// skew(X Y' - Y' X)
Matrix turn(const Matrix& X, const Matrix& Y) {
  return skew(multiply(X, Y, false, true) - multiply(Y, X, true));
}

Matrix hessian_times(const Matrix& A, const Matrix& M, const Matrix& W) {
  return 0.5 * (turn(A, commutator(W, M)) + turn(commutator(A, W), M));
}

/// The W within the radius that about maximizes <gradient, W> + 1/2 <W, Hessian W> [Steihaug 1983].
struct Step {
  Matrix W;
  double promised = 0;
};

Step truncated_gradients(const Matrix& A, const Matrix& M, const Matrix& gradient, double radius) {
  Step step{Matrix::Zero(A.rows(), A.cols())};
  Matrix residual = gradient, direction = gradient, curved = Matrix::Zero(A.rows(), A.cols());
  const double first = residual.norm();
  const double enough = first * std::min(0.1, first / (A.norm() * M.norm()));
  const auto go = [&](double length, const Matrix& along) {
    step.W += length * direction;
    curved += length * along;
  };
  for (int k = 0; k < most_inner_steps && residual.norm() > enough; ++k) {
    const Matrix along = hessian_times(A, M, direction);
    const double curvature = -inner(direction, along), squared = residual.squaredNorm();
    const double length = squared / curvature;
    if (curvature <= 0 || (step.W + length * direction).norm() >= radius) {
      // To the edge: |W + t direction| = radius.
      const double d = direction.squaredNorm(), w = inner(step.W, direction);
      const double room = radius * radius - step.W.squaredNorm();
      go((-w + std::sqrt(std::max(0.0, w * w + d * room))) / d, along);
      break;
    }
    go(length, along);
    residual += length * along;
    direction = residual + (residual.squaredNorm() / squared) * direction;
  }
  step.promised = inner(gradient, step.W) + 0.5 * inner(step.W, curved);
  return step;
}

/// (I - W/2)^-1 (I + W/2) C; I - W/2 of a skew W is never singular.
Matrix turned(const Matrix& W, const Matrix& C) {
  const Matrix I = Matrix::Identity(W.rows(), W.cols());
  return solve(I - 0.5 * W, C + 0.5 * multiply(W, C)).value();
}

Matrix similar(const Matrix& C, const Matrix& B) {
  return multiply(multiply(C, B), C, false, true);
}

}  // namespace

RotationMaximum maximize_on_rotations(const Matrix& A, const Matrix& B, const Matrix& start,
                                      const RotationSearchOptions& options) {
  RotationMaximum result{.C = start};
  const double scale = A.norm() * B.norm();
  if (scale == 0) {
    result.converged = true;
    return result;
  }
  Matrix M = similar(result.C, B), gradient = turn(A, M);
  double value = inner(A, M), radius = 0.5;
  for (;; ++result.iterations) {
    result.gradient_norm = gradient.norm() / scale;
    result.converged = result.gradient_norm <= options.tolerance;
    if (result.converged || result.iterations == options.max_iterations || radius < least_radius) {
      break;
    }
    const Step step = truncated_gradients(A, M, gradient, radius);
    Matrix C = turned(step.W, result.C);
    Matrix M_there = similar(C, B), gradient_there = turn(A, M_there);
    const double gained = inner(A, M_there) - value;
    // Where g no longer tells, the gradient does.
    const bool tells = step.promised > rounding * scale;
    const double ratio =
        tells ? gained / step.promised : (gradient_there.norm() < gradient.norm() ? 1.0 : 0.0);
    if (ratio < 0.25) {
      radius = 0.25 * std::min(radius, step.W.norm());
    } else if (ratio > 0.75 && step.W.norm() > 0.99 * radius) {
      radius = std::min(2 * radius, largest_radius);
    }
    if (ratio < least_ratio) continue;
    result.C = std::move(C);
    M = std::move(M_there);
    gradient = std::move(gradient_there);
    value += gained;
  }
  return result;
}

}  // namespace nullcline::representation::detail
