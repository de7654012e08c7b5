// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/geodesics/detail/discrete_geodesic.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "nullcline/geometry/geodesics/detail/line_length.hpp"
#include "nullcline/geometry/geodesics/detail/tangent_space.hpp"

namespace nullcline::geometry::detail {
namespace {

constexpr double settled = 1e-13;        // decrement / energy; a Newton step squares what is left
constexpr double shortest_chord = 0.8;   // of an arc of 2.3 rad of a circle
constexpr double largest_damping = 1e8;  // of H_pp, relative to 2 P G

/// A symmetric positive definite block tridiagonal matrix with the blocks D_p, and U_p above.
class BlockTridiagonal {
 public:
  std::vector<Matrix> diagonal, upper;  // (m, m); one fewer of the latter

  /// x of H x = b, (m, P) each, by block Cholesky; false if H is not positive definite.
  bool solve(const Matrix& b, Matrix& x) const {
    const std::size_t P = diagonal.size();
    std::vector<Eigen::LLT<Matrix>> factors;
    factors.reserve(P);
    x = b;
    for (std::size_t p = 0; p < P; ++p) {
      const auto column = static_cast<Index>(p);
      Matrix block = diagonal[p];
      if (p > 0) {
        block -= upper[p - 1].transpose() * factors.back().solve(upper[p - 1]);
        x.col(column) -= upper[p - 1].transpose() * factors.back().solve(x.col(column - 1));
      }
      factors.emplace_back(block);
      if (factors.back().info() != Eigen::Success) return false;
    }
    for (std::size_t p = P; p-- > 0;) {
      const auto column = static_cast<Index>(p);
      if (p + 1 < P) x.col(column) -= upper[p] * x.col(column + 1);
      x.col(column) = factors[p].solve(Vector(x.col(column)));
    }
    return x.allFinite();
  }
};

class Relaxation {
 public:
  Relaxation(const ImmersedManifold& manifold, Matrix knots)
      : manifold_(manifold), P_(knots.cols() - 1), m_(manifold.dim()) {
    result_.knots = std::move(knots);
  }

  DiscreteGeodesic run(Index max_iterations) {
    if (look() && !resolved()) fail(GeodesicStatus::not_converged);
    double damping = 0;
    for (Index& i = result_.iterations; i < max_iterations && !done_;) {
      const auto [gradient, H] = equations();
      ++i;
      damping = step(gradient, H, damping);
    }
    if (result_.status == GeodesicStatus::converged) set_velocities();
    return std::move(result_);
  }

 private:
  auto A(Index p) const { return jets_.tangents.middleCols(p * m_, m_); }
  Vector r(Index p) const {
    return 2 * jets_.points.col(p) - jets_.points.col(p - 1) - jets_.points.col(p + 1);
  }
  double scale() const { return static_cast<double>(P_); }

  static double energy_of(const Matrix& x) {
    const Index P = x.cols() - 1;
    return static_cast<double>(P) / 2 * (x.rightCols(P) - x.leftCols(P)).squaredNorm();
  }

  void finish(bool minimum) {
    result_.minimum = minimum;
    fail(GeodesicStatus::converged);
  }

  void fail(GeodesicStatus status) {
    result_.status = status;
    done_ = true;
  }

  /// Jets of the knots; false, with a status, where they are of no use.
  bool look() {
    jets_ = manifold_.jets(result_.knots, 2);
    if (!jets_.points.allFinite() || !jets_.tangents.allFinite() || !jets_.second.allFinite()) {
      fail(GeodesicStatus::not_finite);
      return false;
    }
    for (Index p = 0; p <= P_; ++p) {
      if (TangentSpace(A(p)).immersed()) continue;
      fail(GeodesicStatus::degenerate);
      return false;
    }
    result_.energy = energy_of(jets_.points);
    return true;
  }

  std::pair<Matrix, BlockTridiagonal> equations() {
    const Index pairs = m_ * (m_ + 1) / 2;
    Matrix gradient(m_, P_ - 1);
    BlockTridiagonal H;
    metric_.clear();
    for (Index p = 1; p < P_; ++p) {
      const Vector rest = r(p);
      gradient.col(p - 1) = scale() * A(p).transpose() * rest;
      metric_.emplace_back(2 * scale() * A(p).transpose() * A(p));
      Matrix block = metric_.back();
      for (Index i = 0, pair = p * pairs; i < m_; ++i) {
        for (Index j = i; j < m_; ++j, ++pair) {
          const double bent = scale() * rest.dot(jets_.second.col(pair));
          block(i, j) += bent;
          if (i != j) block(j, i) += bent;
        }
      }
      H.diagonal.push_back(block);
      if (p + 1 < P_) H.upper.emplace_back(-scale() * A(p).transpose() * A(p + 1));
    }
    return {gradient, H};
  }

  /// One step of `damping` or more; returns the damping of the next.
  double step(const Matrix& gradient, const BlockTridiagonal& H, double damping) {
    // Smooth changes of the path have eigenvalues of about pi^2 / 2 P^2 relative to 2 P G.
    const double least = 1 / (scale() * scale());
    GeodesicStatus why = GeodesicStatus::not_converged;
    for (; damping <= largest_damping; damping = std::max(10 * damping, least)) {
      BlockTridiagonal damped = H;
      for (std::size_t p = 0; p < metric_.size(); ++p) damped.diagonal[p] += damping * metric_[p];
      Matrix by;
      if (!damped.solve(-gradient, by)) continue;
      // Twice what a quadratic energy would fall by; undone is what damping takes off smooth steps.
      const double decrement = -gradient.cwiseProduct(by).sum();
      const bool last = decrement * (1 + damping / least) <= settled * result_.energy;
      const bool stays = inside(by);
      if (!stays) why = GeodesicStatus::left_domain;
      const bool went = stays && try_to(by, decrement);
      if (last) finish(damping == 0);
      if (went || last) return damping <= least ? 0 : damping / 10;
    }
    fail(why);
    return damping;
  }

  /// Whether each segment is nearly as long as the manifold below it. Else a chord may cut across,
  /// or go around a circle unseen, and the least energy is that of a polygon that makes use of it.
  bool resolved() const {
    for (Index p = 0; p < P_; ++p) {
      const Vector step = result_.knots.col(p + 1) - result_.knots.col(p);
      const Vector chord = jets_.points.col(p + 1) - jets_.points.col(p);
      if (chord.norm() < shortest_chord * line_length(chord, A(p) * step, A(p + 1) * step)) {
        return false;
      }
    }
    return true;
  }

  bool inside(const Matrix& by) const {
    for (Index p = 1; p < P_; ++p) {
      if (!contains(manifold_.domain(), result_.knots.col(p) + by.col(p - 1))) return false;
    }
    return true;
  }

  /// Goes there if the energy falls, as far as rounding lets one see it; else stays.
  bool try_to(const Matrix& by, double decrement) {
    DiscreteGeodesic before = result_;
    Jets jets = std::move(jets_);
    result_.knots.middleCols(1, P_ - 1) += by;
    const bool usable = look() && resolved();
    const double rounding = 1e-10 * before.energy;
    if (usable && (result_.energy < before.energy ||
                   (decrement <= rounding && result_.energy <= before.energy + rounding))) {
      return true;
    }
    result_ = std::move(before);
    jets_ = std::move(jets);
    done_ = false;
    return false;
  }

  void set_velocities() {
    const Matrix& x = jets_.points;
    const Vector first = scale() * (x.col(1) - x.col(0));
    const Vector last = scale() * (x.col(P_) - x.col(P_ - 1));
    result_.start_velocity = TangentSpace(A(0)).coordinates(first);
    result_.end_velocity = TangentSpace(A(P_)).coordinates(last);
  }

  const ImmersedManifold& manifold_;
  Index P_, m_;
  Jets jets_;
  std::vector<Matrix> metric_;  // 2 P G at the inner knots
  bool done_ = false;
  DiscreteGeodesic result_;
};

}  // namespace

DiscreteGeodesic relax(const ImmersedManifold& manifold, Matrix knots, Index max_iterations) {
  return Relaxation(manifold, std::move(knots)).run(max_iterations);
}

}  // namespace nullcline::geometry::detail
