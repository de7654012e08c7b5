// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/orbits/detail/recurrence.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nullcline::dynamics::detail {
namespace {

constexpr Index steps_between_questions = 256;
constexpr double away = 100;  // times nearness: not to take slow motion for a return

/// visit(t, x_t) for t = 1, 2, ... until it returns false; false if it was asked to stop.
bool follow(const Map& map, In<Vector> start, Index steps, const std::function<bool()>& keep_going,
            const std::function<bool(Index, const Vector&)>& visit) {
  Vector x = start, y(start.size());
  for (Index t = 1; t <= steps; ++t) {
    if (t % steps_between_questions == 0 && !keep_going()) return false;
    map.step(x, y);
    x.swap(y);
    if (!visit(t, x)) return true;
  }
  return true;
}

/// Returns as they come, until one is confirmed a period later.
class Confirmation {
 public:
  explicit Confirmation(double nearness) : nearness_(nearness) {}

  /// An orbit that is `distance` from where it began after `steps`, known to within `error`: true
  /// if this confirms one.
  bool confirms(double steps, double distance, double error = 0) {
    if (candidate_ && steps > 2 * candidate_->steps + slack()) candidate_.reset();
    if (!candidate_) {
      if (distance <= nearness_ + error) candidate_ = Return{steps, distance};
      return false;
    }
    return std::abs(steps - 2 * candidate_->steps) <= slack() && distance <= 2 * nearness_ + error;
  }
  const std::optional<Return>& candidate() const { return candidate_; }

 private:
  double slack() const { return 1e-3 * candidate_->steps; }
  double nearness_;
  std::optional<Return> candidate_;
};

constexpr double largest_error = 100;   // of interpolation, times nearness
constexpr Index nodes = 8, before = 3;  // states around a crossing, and how many are before it

using Weights = Eigen::Matrix<double, nodes, 1>;

/// Lagrange's weights at s in [0, 1] of values at -3, -2, .., 4, without the outer `left_out` ones
/// on each side.
Weights weights_at(double s, Index left_out = 0) {
  Weights weights = Weights::Zero();
  for (Index i = left_out; i < nodes - left_out; ++i) {
    weights(i) = 1;
    for (Index j = left_out; j < nodes - left_out; ++j) {
      if (j != i) weights(i) *= (s + before - static_cast<double>(j)) / static_cast<double>(i - j);
    }
  }
  return weights;
}

/// Where the polynomial through values is 0, between values(before) < 0 <= values(before + 1).
double crossing_between(const Weights& values) {
  double low = 0, high = 1;
  for (int i = 0; i < 52; ++i) {
    const double middle = (low + high) / 2;
    (weights_at(middle).dot(values) < 0 ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace

double orbit_diameter(const Map& map, In<Vector> x, Index steps,
                      const std::function<bool()>& keep_going) {
  double diameter = 0;
  follow(map, x, steps, keep_going, [&](Index, const Vector& y) {
    const double distance = (y - x).norm();
    diameter = std::isfinite(distance) ? std::max(diameter, distance)
                                       : std::numeric_limits<double>::infinity();
    return std::isfinite(diameter);
  });
  return diameter;
}

double closest_return(const Map& map, In<Vector> x, double diameter, Index steps,
                      const std::function<bool()>& keep_going) {
  double farthest = diameter / 2, closest = 1;
  bool was_away = false;
  follow(map, x, steps, keep_going, [&](Index, const Vector& y) {
    const double distance = (y - x).norm();
    was_away = was_away || distance >= farthest;
    farthest = std::max(farthest, distance);
    if (was_away) closest = std::min(closest, distance / farthest);
    return true;
  });
  return closest;
}

std::optional<Return> first_return(const Map& map, In<Vector> x, double nearness, Index longest,
                                   const std::function<bool()>& keep_going) {
  Confirmation confirmation(nearness);
  bool confirmed = false, was_away = false;
  follow(map, x, 2 * longest, keep_going, [&](Index t, const Vector& y) {
    const double distance = (y - x).norm();
    was_away = was_away || distance > away * nearness;
    confirmed = was_away && confirmation.confirms(static_cast<double>(t), distance);
    return !confirmed && (t < longest || confirmation.candidate());
  });
  return confirmed ? confirmation.candidate() : std::nullopt;
}

std::optional<Return> first_crossing(const Map& map, In<Vector> x, double nearness, Index longest,
                                     const std::function<bool()>& keep_going) {
  constexpr Index later = nodes - 1 - before;  // what is known of the orbit after a crossing
  Matrix window = x.replicate(1, nodes);       // x_{t - nodes + 1} .. x_t
  Vector normal(x.size());
  map.step(x, normal);
  normal -= x;
  Confirmation confirmation(nearness);
  bool confirmed = false;
  follow(map, x, 2 * longest + later, keep_going, [&](Index t, const Vector& y) {
    window.leftCols(nodes - 1) = window.rightCols(nodes - 1).eval();
    window.col(nodes - 1) = y;
    if (t < nodes) return true;
    const Weights heights = (window.colwise() - x).transpose() * normal;
    if (heights(before) < 0 && heights(before + 1) >= 0) {
      const double s = crossing_between(heights);
      const Vector state = window * weights_at(s);
      const double error =
          std::min((state - window * weights_at(s, 1)).norm(), largest_error * nearness);
      confirmed =
          confirmation.confirms(static_cast<double>(t - later) + s, (state - x).norm(), error);
    }
    return !confirmed && (t < longest + later || confirmation.candidate());
  });
  return confirmed ? confirmation.candidate() : std::nullopt;
}

}  // namespace nullcline::dynamics::detail
