// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/geodesics/parallel_transport.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "nullcline/geometry/geodesics/detail/conserved.hpp"
#include "nullcline/geometry/geodesics/detail/dormand_prince.hpp"
#include "nullcline/geometry/geodesics/detail/tangent_space.hpp"

namespace nullcline::geometry {
namespace {

Matrix products(const ImmersedManifold& manifold, In<Vector> kappa, const Matrix& W) {
  const Matrix carried = manifold.jets(kappa, 1).tangents * W;
  return carried.transpose() * carried;
}

}  // namespace

Transport parallel_transport(const ImmersedManifold& manifold, const Curve& curve,
                             In<Matrix> vectors, const TransportOptions& options) {
  const Index m = manifold.dim(), r = vectors.cols();
  if (vectors.rows() != m || r < 1 || !vectors.allFinite() || !(options.tolerance > 0) ||
      options.max_steps < 1) {
    throw std::invalid_argument(fmt::format(
        "parallel_transport: vectors are {} x {}, must be {} x 1 or more and finite; tolerance {}, "
        "max_steps {}",
        vectors.rows(), r, m, options.tolerance, options.max_steps));
  }
  GeodesicStatus why = GeodesicStatus::not_converged;
  const auto stop = [&](GeodesicStatus status) {
    why = status;
    return false;
  };
  const auto slope = [&](double s, const Vector& y, Vector& dy) {
    const CurvePoint at = curve(s);
    if (at.kappa.size() != m || at.velocity.size() != m) {
      throw std::invalid_argument(
          fmt::format("parallel_transport: the curve is of {} and {} coordinates, must be {}",
                      at.kappa.size(), at.velocity.size(), m));
    }
    if (!contains(manifold.domain(), at.kappa)) return stop(GeodesicStatus::left_domain);
    const Jets jets = manifold.jets(at.kappa, 2);
    if (!y.allFinite() || !jets.tangents.allFinite() || !jets.second.allFinite()) {
      return stop(GeodesicStatus::not_finite);
    }
    const detail::TangentSpace tangents(jets.tangents);
    if (!tangents.immersed()) return stop(GeodesicStatus::degenerate);
    for (Index j = 0; j < r; ++j) {
      dy.segment(j * m, m) =
          -tangents.coordinates(bend(jets.second, at.velocity, y.segment(j * m, m)));
    }
    return true;
  };
  const Vector start = Vector(vectors.reshaped());
  detail::DormandPrince solver(
      slope, {.tolerance = options.tolerance, .max_steps = options.max_steps}, 0, start,
      Vector::Constant(start.size(), std::max(start.cwiseAbs().maxCoeff(), 1e-300)));
  const detail::Advance outcome = solver.advance(1);
  Transport result;
  result.vectors = solver.y().reshaped(m, r);
  result.reached = solver.s();
  result.status = outcome == detail::Advance::reached   ? GeodesicStatus::converged
                  : outcome == detail::Advance::blocked ? why
                                                        : GeodesicStatus::not_converged;
  if (result.reached > 0) {
    result.error =
        detail::largest_change(products(manifold, curve(0).kappa, vectors),
                               products(manifold, curve(result.reached).kappa, result.vectors));
  }
  return result;
}

double angle_between(const ImmersedManifold& manifold, In<Vector> kappa, In<Vector> v,
                     In<Vector> w) {
  if (manifold.dim() != 2 || kappa.size() != 2 || v.size() != 2 || w.size() != 2) {
    throw std::invalid_argument(
        fmt::format("angle_between: a point of {} and vectors of {} and {} coordinates on a "
                    "manifold of {}; all must be 2",
                    kappa.size(), v.size(), w.size(), manifold.dim()));
  }
  const Matrix A = manifold.jets(kappa, 1).tangents;
  const Matrix R =
      Eigen::HouseholderQR<Matrix>(A).matrixQR().topRows(2).triangularView<Eigen::Upper>();
  // The area of the parallelogram has the sign of the turn; det R is sqrt(det G) up to its sign.
  const double area = std::abs(R(0, 0) * R(1, 1)) * (v(0) * w(1) - v(1) * w(0));
  return std::atan2(area, (R * v).dot(R * w));
}

}  // namespace nullcline::geometry
