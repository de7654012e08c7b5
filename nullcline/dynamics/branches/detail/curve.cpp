// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/branches/detail/curve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "nullcline/core/attempt.hpp"
#include "nullcline/core/lu.hpp"

namespace nullcline::dynamics::detail {
namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

Matrix bordered(const Matrix& A, In<Vector> border) {
  Matrix M(A.rows() + 1, A.cols());
  M << A, border.transpose();
  return M;
}

/// No z in doubles does better, as in find_root.
double rounding_floor(In<Vector> z, double frobenius_norm) {
  const double root_n = std::sqrt(static_cast<double>(z.size()));
  return 4 * eps * root_n * (1 + z.norm()) * std::max(1.0, frobenius_norm / root_n);
}

}  // namespace

Vector Curve::residual(In<Vector> z) const {
  const Vector x = z.head(dim());
  Vector image(dim());
  family_.step(x, z(dim()), image);
  return image - x;
}

Matrix Curve::derivative(In<Vector> z) const {
  const Vector x = z.head(dim());
  Matrix A(dim(), dim() + 1);
  A << family_.jacobian(x, z(dim())), family_.parameter_derivative(x, z(dim()));
  A.diagonal().array() -= 1.0;
  return A;
}

Corrected Curve::correct(In<Vector> guess, In<Vector> border) const {
  Corrected result{Correction::failed, guess, 0};
  Vector G = residual(result.z);
  double floor = rounding_floor(result.z, 0);
  while (true) {
    if (!G.allFinite()) return {Correction::not_finite, result.z, result.iterations};
    if (result.iterations > 0 && G.norm() <= std::max(tolerance_, floor)) {
      result.status = Correction::converged;
      return result;
    }
    if (result.iterations == max_iterations_) return result;

    const Matrix A = derivative(result.z);
    ++result.iterations;
    if (!A.allFinite()) return {Correction::not_finite, result.z, result.iterations};
    floor = rounding_floor(result.z, A.norm());
    const bool was_done = G.norm() <= std::max(tolerance_, floor);
    Vector right(dim() + 1);
    right << -G, border.dot(guess - result.z);
    const auto step = solve(bordered(A, border), right);
    const Vector next = step ? Vector(result.z + *step) : result.z;
    const Vector G_next = step && next.allFinite() ? residual(next) : Vector(G);
    if (was_done && !(G_next.norm() < G.norm())) {  // a step from rounding level leads nowhere
      result.status = Correction::converged;
      return result;
    }
    if (!step || G_next.norm() >= std::max(G.norm(), 10 * floor)) return result;
    result.z = next;
    G = G_next;
  }
}

std::optional<CurvePoint> Curve::describe(In<Vector> z, In<Vector> along, bool eigenvalues) const {
  Matrix A = derivative(z);
  if (!A.allFinite()) return std::nullopt;
  CurvePoint point{z, along.normalized(), 0, -std::numeric_limits<double>::infinity(), {}};
  Lu factored;
  if (factored.factor(bordered(A, along))) {
    // det [A; t'] follows from [A; along']: the determinant is linear in its last row, and `along`
    // is (along' t) t plus a combination of the other rows.
    Vector tangent = Vector::Unit(dim() + 1, dim());
    factored.solve(tangent);
    const double norm = tangent.norm();
    if (!std::isfinite(norm)) return std::nullopt;
    point.tangent = tangent / norm;
    point.sign = factored.sign_of_determinant();
    point.log_determinant = factored.log_abs_determinant() + std::log(norm);
  }
  if (eigenvalues) {
    A.diagonal().array() += 1.0;
    auto values = attempt(nullcline::eigenvalues, A.leftCols(dim()));
    if (!values) return std::nullopt;
    point.eigenvalues = std::move(*values);
  }
  return point;
}

Segment::Segment(const Curve& on, const CurvePoint& from, const CurvePoint& to)
    : curve(on), a(from), b(to), length(from.tangent.dot(to.z - from.z)) {}

Vector Segment::guess(double sigma) const {
  const double u = sigma / length, v = 1 - u;
  const Vector slope_b = b.tangent / a.tangent.dot(b.tangent);
  return v * v * (1 + 2 * u) * a.z + u * u * (1 + 2 * v) * b.z +
         length * u * v * (v * a.tangent - u * slope_b);
}

Vector Segment::tangent(double sigma) const {
  const double u = sigma / length;
  return ((1 - u) * a.tangent + u * b.tangent).normalized();
}

std::optional<CurvePoint> Segment::at(double sigma, bool eigenvalues) const {
  const Corrected corrected = curve.correct(guess(sigma), a.tangent);
  if (corrected.status != Correction::converged) return std::nullopt;
  return curve.describe(corrected.z, tangent(sigma), eigenvalues);
}

}  // namespace nullcline::dynamics::detail
