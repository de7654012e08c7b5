// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/lbfgs.hpp"

#include <algorithm>
#include <cmath>

#include "nullcline/core/errors.hpp"

namespace nullcline::training {
namespace {

/// f along the line: at t, its value, gradient, and slope by t.
struct LinePoint {
  double t = 0, value = 0;
  Vector gradient;
  double slope = 0;
};

/// The minimum of the cubic through the values and slopes of two points, kept within bounds; their
/// middle where the cubic has none [Nocedal & Wright 2006, equation 3.59].
double cubic_minimum(const LinePoint& a, const LinePoint& b, double lowest, double highest) {
  const double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.t - b.t);
  const double square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return (lowest + highest) / 2;
  const double d2 = std::sqrt(square);
  const double at = a.t <= b.t
                        ? b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
                        : a.t - (a.t - b.t) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2));
  if (!std::isfinite(at)) return (lowest + highest) / 2;
  return std::min(std::max(at, lowest), highest);
}

class LineSearch {
 public:
  LineSearch(const LbfgsOptions& options, const Lbfgs::Function& f, const Vector& x,
             const Vector& d, LinePoint start)
      : options_(options), f_(f), x_(x), d_(d), start_(std::move(start)), trial_(x.size()) {}

  LinePoint run(double t) {
    LinePoint now = first(t), before = start_;
    for (; steps_ < options_.line_search_steps; ++steps_) {
      const bool high = too_high(now) || (steps_ > 1 && now.value >= before.value);
      if (!high && flat(now)) return now;
      if (high || now.slope >= 0) return zoom(std::move(before), std::move(now));
      const double next = cubic_minimum(before, now, now.t + 0.01 * (now.t - before.t), 10 * now.t);
      before = std::move(now);
      now = at(next);
    }
    return now.value < start_.value ? now : start_;
  }

 private:
  LinePoint at(double t) {
    trial_ = x_ + t * d_;
    LinePoint point{.t = t, .gradient = Vector(x_.size())};
    point.value = f_(trial_, point.gradient);
    point.slope = point.gradient.dot(d_);
    return point;
  }

  /// A step from which f overflows says nothing about f: a tenth of it is tried, and so on.
  LinePoint first(double t) {
    LinePoint point = at(t);
    while (!(std::isfinite(point.value) && std::isfinite(point.slope)) &&
           steps_ < options_.line_search_steps) {
      point = at(point.t / 10);
      ++steps_;
    }
    return std::isfinite(point.value) && std::isfinite(point.slope) ? point : start_;
  }

  bool too_high(const LinePoint& p) const {
    return !(p.value <= start_.value + options_.c1 * p.t * start_.slope);  // NaN is too high
  }
  bool flat(const LinePoint& p) const { return std::abs(p.slope) <= -options_.c2 * start_.slope; }

  /// Refines a bracket that holds a point of the strong Wolfe conditions.
  LinePoint zoom(LinePoint low, LinePoint high) {
    if (low.value > high.value) std::swap(low, high);
    const double longest = d_.cwiseAbs().maxCoeff();
    bool little_progress = false;
    while (steps_ < options_.line_search_steps) {
      const double left = std::min(low.t, high.t), right = std::max(low.t, high.t);
      if ((right - left) * longest < options_.tolerance_change) break;
      double t = cubic_minimum(low, high, left, right);
      // Twice at the border of the bracket: a tenth of its length away from it.
      const double margin = 0.1 * (right - left);
      if (std::min(right - t, t - left) < margin) {
        if (little_progress || t >= right || t <= left) {
          t = std::abs(t - right) < std::abs(t - left) ? right - margin : left + margin;
          little_progress = false;
        } else {
          little_progress = true;
        }
      } else {
        little_progress = false;
      }
      LinePoint now = at(t);
      ++steps_;
      if (!(now.value < low.value) || too_high(now)) {
        high = std::move(now);
        if (high.value < low.value) std::swap(low, high);
        continue;
      }
      if (flat(now)) return now;
      if (now.slope * (high.t - low.t) >= 0) high = std::move(low);
      low = std::move(now);
    }
    return low;
  }

  const LbfgsOptions& options_;
  const Lbfgs::Function& f_;
  const Vector &x_, &d_;
  LinePoint start_;
  Vector trial_;
  Index steps_ = 0;
};

}  // namespace

Lbfgs::Lbfgs(const LbfgsOptions& options, Index size) : options_(options) {
  require(options.history >= 1 && 0 < options.c1 && options.c1 < options.c2 && options.c2 < 1,
          "Lbfgs: need history >= 1 and 0 < c1 < c2 < 1");
  state_.s.resize(size, 0);
  state_.y.resize(size, 0);
}

void Lbfgs::remember(const Vector& gradient) {
  const Vector y = gradient - state_.previous_gradient;
  const Vector s = state_.step_length * state_.direction;
  const double curvature = y.dot(s);
  if (!(curvature > 1e-10)) return;
  const Index pairs = state_.s.cols(), kept = std::min(pairs, options_.history - 1);
  for (auto [all, last] : {std::pair{&state_.s, &s}, std::pair{&state_.y, &y}}) {
    Matrix shifted(all->rows(), kept + 1);
    shifted.leftCols(kept) = all->rightCols(kept);
    shifted.col(kept) = *last;
    *all = std::move(shifted);
  }
  state_.scale = curvature / y.squaredNorm();
}

Vector Lbfgs::direction(const Vector& gradient) const {
  Vector d = -gradient;
  const Index pairs = state_.s.cols();
  Vector shares(pairs), inverse(pairs);
  for (Index i = pairs - 1; i >= 0; --i) {
    inverse(i) = 1 / state_.y.col(i).dot(state_.s.col(i));
    shares(i) = inverse(i) * state_.s.col(i).dot(d);
    d -= shares(i) * state_.y.col(i);
  }
  d *= state_.scale;
  for (Index i = 0; i < pairs; ++i) {
    d += (shares(i) - inverse(i) * state_.y.col(i).dot(d)) * state_.s.col(i);
  }
  return d;
}

Lbfgs::Status Lbfgs::step(const Function& f, Vector& x, double& value, Vector& gradient) {
  if (!std::isfinite(value) || !gradient.allFinite()) return Status::not_finite;
  if (gradient.cwiseAbs().maxCoeff() <= options_.tolerance_gradient) return Status::converged;
  if (state_.iterations > 0) remember(gradient);
  const Vector d = direction(gradient);
  const double slope = gradient.dot(d);
  if (slope > -options_.tolerance_change) return Status::converged;
  const double t = state_.iterations > 0 ? 1 : std::min(1.0, 1 / gradient.lpNorm<1>());
  LinePoint end = LineSearch(options_, f, x, d, {0, value, gradient, slope}).run(t);
  ++state_.iterations;
  state_.previous_gradient = gradient;
  state_.direction = d;
  state_.step_length = end.t;
  if (end.t == 0) return Status::converged;
  x += end.t * d;
  value = end.value;
  gradient = std::move(end.gradient);
  return Status::moved;
}

}  // namespace nullcline::training
