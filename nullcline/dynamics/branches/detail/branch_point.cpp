// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/branches/detail/branch_point.hpp"

#include <cmath>
#include <limits>

#include "nullcline/core/attempt.hpp"

namespace nullcline::dynamics::detail {
namespace {

constexpr int most_iterations = 12;
constexpr double vertical = 1e-4;  // |dp/ds| up to this is the zero of a pitchfork

Matrix hessian(const Curve& curve, In<Vector> z, In<Vector> w) {
  return curve.family().second_derivative(z.head(curve.dim()), z(curve.dim()), w);
}

}  // namespace

std::optional<Vector> polish_branch_point(const Curve& curve, In<Vector> z0) {
  const Index n = curve.dim(), m = n + 1;  // unknowns: z (m), mu (1), w (n)
  Vector z = z0;
  Matrix A = curve.derivative(z);
  const auto decomposed = attempt(svd, A);
  if (!decomposed) return std::nullopt;
  Vector w = decomposed->U.col(n - 1);
  double mu = 0, last = std::numeric_limits<double>::infinity();
  for (int i = 0; i < most_iterations; ++i) {
    Matrix M = Matrix::Zero(m + 1 + n, m + 1 + n);
    M.topLeftCorner(n, m) = A;
    M.block(0, m, n, 1) = w;
    M.topRightCorner(n, n).diagonal().setConstant(mu);
    M.block(n, 0, m, m) = hessian(curve, z, w);
    M.block(n, m + 1, m, n) = A.transpose();
    M.bottomRightCorner(1, n) = 2 * w.transpose();
    Vector right(m + 1 + n);
    right << curve.residual(z) + mu * w, A.transpose() * w, w.squaredNorm() - 1;
    if (!M.allFinite() || !right.allFinite()) return std::nullopt;
    const auto step = solve(M, right);
    if (!step || !step->allFinite()) return std::nullopt;
    z -= step->topRows(m);
    mu -= (*step)(m, 0);
    w -= step->bottomRows(n);
    A = curve.derivative(z);
    if (!A.allFinite()) return std::nullopt;
    const double size = step->norm();
    if (size <= 1e-10 * (1 + z.norm()) && size >= 0.5 * last) break;  // rounding level
    if (size == 0) break;
    last = size;
  }
  const bool converged = last <= 1e-8 * (1 + z.norm()) && std::abs(mu) <= 1e-10 * (1 + z.norm());
  return converged ? std::optional<Vector>(z) : std::nullopt;
}

CrossingBranches crossing_branches(const Curve& curve, In<Vector> z, In<Vector> along) {
  const Index n = curve.dim();
  const auto of_A = attempt(svd, curve.derivative(z));
  if (!of_A) return {};
  const Vector w = of_A->U.col(n - 1);
  // The complement of the row space: QR goes on with orthogonal directions where columns vanish.
  Matrix rows = Matrix::Zero(n + 1, n + 1);
  rows.leftCols(n - 1) = of_A->V.leftCols(n - 1);
  const Matrix null_space = orthonormal_basis(rows).rightCols(2);

  const Matrix H = hessian(curve, z, w);
  if (!H.allFinite()) return {};
  const auto form = attempt(symmetric_eigen, null_space.transpose() * H * null_space);
  if (!form) return {};
  const double negative = form->values(0), positive = form->values(1);
  const double smallest = 1e-8 * H.norm();
  if (!(negative < 0 && positive > 0 && positive - negative > smallest)) return {};
  const Vector minor = null_space * form->vectors.col(0), major = null_space * form->vectors.col(1);
  Vector first = (std::sqrt(-negative) * major + std::sqrt(positive) * minor).normalized();
  Vector second = (std::sqrt(-negative) * major - std::sqrt(positive) * minor).normalized();
  if (std::abs(second.dot(along)) > std::abs(first.dot(along))) first.swap(second);
  if (first.dot(along) < 0) first = -first;
  const bool turns = std::abs(first(n)) <= vertical || std::abs(second(n)) <= vertical;
  return {turns ? Crossing::pitchfork : Crossing::transcritical, first, second};
}

double fold_curvature(const Curve& curve, In<Vector> z, In<Vector> tangent) {
  const Index n = curve.dim();
  const Matrix A = curve.derivative(z);
  const auto decomposed = attempt(svd, A.leftCols(n));
  if (!decomposed) return std::numeric_limits<double>::quiet_NaN();
  const Vector w = decomposed->U.col(n - 1);
  return -tangent.dot(hessian(curve, z, w) * tangent) / w.dot(A.col(n));
}

}  // namespace nullcline::dynamics::detail
