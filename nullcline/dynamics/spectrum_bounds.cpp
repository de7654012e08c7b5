// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/spectrum_bounds.hpp"

#include <algorithm>
#include <stdexcept>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::dynamics {
namespace {

/// V and D of the header, in real numbers: of a pair a +- ib, D has the block [a, b; -b, a].
struct RealEigen {
  Matrix V, D;
};

RealEigen real_eigen(const GeneralEigen& system) {
  const Index n = system.values.size();
  RealEigen real{Matrix(n, n), Matrix::Zero(n, n)};
  for (Index j = 0; j < n; ++j) {
    const double a = system.values(j).real(), b = system.values(j).imag();
    real.D(j, j) = a;
    real.V.col(j) = system.vectors.col(j).real();
    if (b == 0) continue;
    real.D(j, j + 1) = b;
    real.D(j + 1, j) = -b;
    real.D(j + 1, j + 1) = a;
    real.V.col(j + 1) = system.vectors.col(j).imag();
    ++j;
  }
  return real;
}

/// At least the row sums of |V^-1 A V - D| for all A of the ball; nullopt if V cannot be proven
/// regular.
std::optional<Vector> deviations(const MatrixBall& J, const RealEigen& real) {
  const Index n = J.rows();
  const auto W = inverse(lu(real.V));
  if (!W || !W->allFinite()) return std::nullopt;
  const MatrixBall V(real.V);
  const MatrixBall off = multiply(*W, V) + MatrixBall(-Matrix::Identity(n, n));
  const double e = upper_row_sums(off.center.cwiseAbs() + off.radius).maxCoeff();
  if (!(e < 0.5)) return std::nullopt;

  const MatrixBall residual = multiply(J, V) + multiply(MatrixBall(-real.V), MatrixBall(real.D));
  const MatrixBall T = multiply(*W, residual);
  const Vector rows = upper_row_sums(T.center.cwiseAbs() + T.radius);
  // (W V)^-1 = I + F with |F| <= e / (1 - e) <= 2 e.
  return (rows.array() + 2 * e * rows.maxCoeff()) * (1 + gamma_bound(8)) + underflow;
}

enum class Side { inside, outside, unknown };

/// Where the disc of `radius` around a + ib lies.
Side side_of(double a, double b, double radius) {
  const Interval square = Interval(a) * Interval(a) + Interval(b) * Interval(b);
  const Interval far = Interval(1.0) + Interval(radius), near = Interval(1.0) - Interval(radius);
  if (square.lo > (far * far).hi) return Side::outside;
  if (near.lo > 0 && square.hi < (near * near).lo) return Side::inside;
  return Side::unknown;
}

}  // namespace

std::optional<Index> eigenvalues_outside_unit_circle(const MatrixBall& J) {
  require(J.rows() == J.cols(), "eigenvalues_outside_unit_circle: the matrix must be square");
  if (!J.is_finite()) return std::nullopt;
  GeneralEigen system;
  try {
    system = eigen(J.center);
  } catch (const std::runtime_error&) {  // LAPACK did not converge
    return std::nullopt;
  }
  const auto rows = deviations(J, real_eigen(system));
  if (!rows || !rows->allFinite()) return std::nullopt;
  Index outside = 0;
  for (Index j = 0; j < J.rows(); ++j) {
    const double a = system.values(j).real(), b = system.values(j).imag();
    // The unitary similarity that makes a block diagonal mixes the two rows of a pair.
    const double radius = b == 0 ? 1.5 * (*rows)(j) : above((*rows)(j) + (*rows)(j + 1));
    const Side side = side_of(a, b, radius);
    if (side == Side::unknown) return std::nullopt;
    const Index discs = b == 0 ? 1 : 2;
    if (side == Side::outside) outside += discs;
    j += discs - 1;
  }
  return outside;
}

}  // namespace nullcline::dynamics
