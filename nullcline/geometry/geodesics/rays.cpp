// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/geodesics/rays.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>

#include "nullcline/geometry/geodesics/detail/conserved.hpp"
#include "nullcline/geometry/geodesics/detail/dormand_prince.hpp"
#include "nullcline/geometry/geodesics/detail/tangent_space.hpp"

namespace nullcline::geometry {
namespace {

using detail::Advance;
using detail::DormandPrince;
using detail::TangentSpace;

void check(const ImmersedManifold& manifold, In<Matrix> points, In<Matrix> velocities,
           const RayOptions& options) {
  const Index m = manifold.dim(), B = points.cols();
  if (points.rows() != m || velocities.rows() != m || velocities.cols() != B || B < 1 ||
      (options.frames.size() > 0 && (options.frames.rows() != m || options.frames.cols() % B))) {
    throw std::invalid_argument(
        fmt::format("geodesic_rays: points {} x {}, velocities {} x {} and frames {} x {} on a "
                    "manifold of {} dimensions",
                    points.rows(), B, velocities.rows(), velocities.cols(), options.frames.rows(),
                    options.frames.cols(), m));
  }
  if (!velocities.allFinite() || !options.frames.allFinite() || !(options.until > 0) ||
      options.intervals < 1 || !(options.tolerance > 0) || options.max_steps < 1) {
    throw std::invalid_argument(
        "geodesic_rays: velocities and frames must be finite, until, intervals, tolerance and "
        "max_steps positive");
  }
  for (Index b = 0; b < B; ++b) {
    if (!contains(manifold.domain(), points.col(b))) {
      throw std::invalid_argument(fmt::format("geodesic_rays: point {} is outside the domain", b));
    }
  }
}

/// The rays that are still on their way as one system: y holds (kappa, v, w_1 .. w_r) of each.
class Flight {
 public:
  Flight(const ImmersedManifold& manifold, In<Matrix> points, In<Matrix> velocities,
         const RayOptions& options)
      : manifold_(manifold),
        options_(options),
        m_(manifold.dim()),
        r_(options.frames.cols() / points.cols()),
        B_(points.cols()),
        now_(m_, B_ * (2 + r_)) {
    const Index knots = options.intervals + 1;
    const double none = std::numeric_limits<double>::quiet_NaN();
    result_.knots = knots;
    result_.points.setConstant(m_, B_ * knots, none);
    result_.velocities.setConstant(m_, B_ * knots, none);
    result_.frames.setConstant(m_, B_ * knots * r_, none);
    result_.reached.setZero(B_);
    result_.error.setZero(B_);
    result_.status.assign(static_cast<std::size_t>(B_), GeodesicStatus::converged);
    for (Index b = 0; b < B_; ++b) {
      active_.push_back(b);
      at(b).col(0) = points.col(b);
      at(b).col(1) = velocities.col(b);
      if (r_ > 0) at(b).rightCols(r_) = options.frames.middleCols(b * r_, r_);
    }
  }

  Rays fly() {
    keep(0);
    for (Index p = 1; p <= options_.intervals; ++p) {
      fly_to(options_.until * static_cast<double>(p) / static_cast<double>(options_.intervals));
      keep(p);
    }
    return std::move(result_);
  }

 private:
  using Part = Eigen::Block<Matrix, Eigen::Dynamic, Eigen::Dynamic, true>;

  /// (kappa, v, w_1 .. w_r) of ray b. (m, 2 + r)
  Part at(Index b) { return now_.middleCols(b * (2 + r_), 2 + r_); }

  void fly_to(double to) {
    while (!active_.empty() && s_ < to) {
      if (!solver_) {
        solver_.emplace([this](double, const Vector& y, Vector& dy) { return slope(y, dy); },
                        detail::StepControl{.tolerance = options_.tolerance,
                                            .smallest_step = 1e-10 * options_.until,
                                            .max_steps = options_.max_steps},
                        s_, gathered(), scale());
      }
      const Advance outcome = solver_->advance(to);
      s_ = solver_->s();
      scatter(solver_->y());
      if (outcome == Advance::reached) return;
      if (outcome == Advance::blocked) {
        drop(blocked_, blocked_by_);
      } else {
        while (!active_.empty()) drop(active_.back(), GeodesicStatus::not_converged);
      }
    }
  }

  void drop(Index ray, GeodesicStatus why) {
    result_.status[static_cast<std::size_t>(ray)] = why;
    result_.reached(ray) = s_;
    std::erase(active_, ray);
    solver_.reset();  // the others are a smaller system
  }

  bool blocked(Index ray, GeodesicStatus why) {
    blocked_ = ray;
    blocked_by_ = why;
    return false;
  }

  bool slope(const Vector& y, Vector& dy) {
    const Index width = 2 + r_, rays = static_cast<Index>(active_.size());
    const Eigen::Map<const Matrix> Y(y.data(), m_, rays * width);
    Matrix kappa(m_, rays);
    for (Index b = 0; b < rays; ++b) {
      const Index ray = active_[static_cast<std::size_t>(b)];
      kappa.col(b) = Y.col(b * width);
      if (!Y.middleCols(b * width, width).allFinite()) {
        return blocked(ray, GeodesicStatus::not_finite);
      }
      if (!contains(manifold_.domain(), kappa.col(b))) {
        return blocked(ray, GeodesicStatus::left_domain);
      }
    }
    const Jets jets = manifold_.jets(kappa, 2);
    const Index pairs = m_ * (m_ + 1) / 2;
    Eigen::Map<Matrix> dY(dy.data(), m_, rays * width);
    for (Index b = 0; b < rays; ++b) {
      const Index ray = active_[static_cast<std::size_t>(b)];
      const auto A = jets.tangents.middleCols(b * m_, m_);
      const auto second = jets.second.middleCols(b * pairs, pairs);
      if (!A.allFinite() || !second.allFinite()) return blocked(ray, GeodesicStatus::not_finite);
      const TangentSpace tangents(A);
      if (!tangents.immersed()) return blocked(ray, GeodesicStatus::degenerate);
      dY.col(b * width) = Y.col(b * width + 1);
      for (Index j = 1; j < width; ++j) {
        const Matrix bent = bend(second, Y.col(b * width + 1), Y.col(b * width + j));
        dY.col(b * width + j) = -tangents.coordinates(bent);
      }
    }
    return true;
  }

  Vector gathered() {
    const Index width = 2 + r_;
    Vector y(m_ * width * static_cast<Index>(active_.size()));
    for (std::size_t b = 0; b < active_.size(); ++b) {
      y.segment(static_cast<Index>(b) * m_ * width, m_ * width) = at(active_[b]).reshaped();
    }
    return y;
  }

  void scatter(const Vector& y) {
    const Index size = m_ * (2 + r_);
    for (std::size_t b = 0; b < active_.size(); ++b) {
      at(active_[b]) = y.segment(static_cast<Index>(b) * size, size).reshaped(m_, 2 + r_);
    }
  }

  /// Coordinates by their extents; velocities and frames by their largest entry, in extents too.
  Vector scale() {
    Vector extents(m_);
    for (Index i = 0; i < m_; ++i) {
      extents(i) = manifold_.domain()[static_cast<std::size_t>(i)].extent();
    }
    Vector result(m_ * (2 + r_) * static_cast<Index>(active_.size()));
    Index filled = 0;
    for (const Index b : active_) {
      for (Index j = 0; j < 2 + r_; ++j, filled += m_) {
        const double size = j == 0 ? 1 : (at(b).col(j).array() / extents.array()).abs().maxCoeff();
        result.segment(filled, m_) = std::max(size, 1e-300) * extents;
      }
    }
    return result;
  }

  /// g(p, q) of v, w_1 .. w_r at each ray. (1 + r, (1 + r) rays)
  Matrix products() {
    const Index rays = static_cast<Index>(active_.size()), width = 1 + r_;
    Matrix kappa(m_, rays);
    for (Index b = 0; b < rays; ++b) kappa.col(b) = at(active_[static_cast<std::size_t>(b)]).col(0);
    const Jets jets = manifold_.jets(kappa, 1);
    Matrix result(width, width * rays);
    for (Index b = 0; b < rays; ++b) {
      const Matrix vectors = jets.tangents.middleCols(b * m_, m_) *
                             at(active_[static_cast<std::size_t>(b)]).rightCols(width);
      result.middleCols(b * width, width) = vectors.transpose() * vectors;
    }
    return result;
  }

  void keep(Index p) {
    if (active_.empty()) return;
    const Index width = 1 + r_;
    const Matrix found = products();
    if (p == 0) initial_ = found;
    for (std::size_t b = 0; b < active_.size(); ++b) {
      const Index ray = active_[b], column = ray * result_.knots + p;
      result_.points.col(column) = at(ray).col(0);
      result_.velocities.col(column) = at(ray).col(1);
      result_.frames.middleCols(column * r_, r_) = at(ray).rightCols(r_);
      result_.reached(ray) = s_;
      result_.error(ray) =
          std::max(result_.error(ray),
                   detail::largest_change(initial_.middleCols(ray * width, width),
                                          found.middleCols(static_cast<Index>(b) * width, width)));
    }
  }

  const ImmersedManifold& manifold_;
  const RayOptions& options_;
  Index m_, r_, B_;
  Matrix now_;  // (m, B (2 + r))
  double s_ = 0;
  std::vector<Index> active_;
  std::optional<DormandPrince> solver_;
  Index blocked_ = 0;
  GeodesicStatus blocked_by_ = GeodesicStatus::left_domain;
  Matrix initial_;  // products at s = 0
  Rays result_;
};

}  // namespace

Rays geodesic_rays(const ImmersedManifold& manifold, In<Matrix> points, In<Matrix> velocities,
                   const RayOptions& options) {
  check(manifold, points, velocities, options);
  return Flight(manifold, points, velocities, options).fly();
}

}  // namespace nullcline::geometry
