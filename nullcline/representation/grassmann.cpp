// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/grassmann.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <stdexcept>
#include <vector>

#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::representation {
namespace {

constexpr double sufficient_increase = 1e-4;
constexpr double remaining_slope = 0.9;
constexpr double rounding = 1e-9;    // Of f, against max(1, |f|), for f of some condition.
constexpr int most_trials = 40;      // Of one line search.
constexpr int most_flat_steps = 20;  // In a row that change f within rounding, to no avail.

double inner(const Matrix& A, const Matrix& B) { return A.cwiseProduct(B).sum(); }

void make_tangent(const Matrix& V, Matrix& H) {
  const Matrix along = V.transpose() * H;
  H.noalias() -= V * along;
}

/// A point of the manifold with what f is there.
struct Point {
  Matrix V;
  double value = 0;
  Matrix gradient;  // Tangent.
};

std::optional<Point> evaluate(const SubspaceFunction& f, Matrix V) {
  Point point{std::move(V), 0, {}};
  const auto value = f(point.V, point.gradient);
  if (!value || !std::isfinite(*value) || !point.gradient.allFinite()) return std::nullopt;
  point.value = *value;
  make_tangent(point.V, point.gradient);
  return point;
}

/// The last steps s and the changes y of -gradient, each tangent where it was made. They are left
/// as they are when the point moves on, and what they make of a gradient is projected: with every
/// <s, y> > 0 they stand for a positive definite matrix B of R^(n x d), and P B P is one of any
/// tangents. Moving the pairs along instead took half of the time and saved few steps or none.
class Memory {
 public:
  explicit Memory(Index capacity) : capacity_(static_cast<std::size_t>(capacity)) {}

  /// Takes a pair only if it is one of a concave direction, as the Wolfe conditions promise.
  void add(Matrix step, Matrix change) {
    const double curvature = inner(step, change);
    if (curvature <= std::numeric_limits<double>::epsilon() * step.norm() * change.norm()) return;
    pairs_.push_back({std::move(step), std::move(change), curvature});
    if (pairs_.size() > capacity_) pairs_.pop_front();
  }

  void clear() { pairs_.clear(); }
  bool empty() const { return pairs_.empty(); }

  /// The two-loop recursion: an approximation of (-Hessian)^-1 gradient, tangent at V.
  Matrix direction(const Matrix& V, const Matrix& gradient) const {
    Matrix H = gradient;
    std::vector<double> weights(pairs_.size());
    for (std::size_t i = pairs_.size(); i-- > 0;) {
      weights[i] = inner(pairs_[i].step, H) / pairs_[i].curvature;
      H -= weights[i] * pairs_[i].change;
    }
    if (!pairs_.empty()) H *= pairs_.back().curvature / pairs_.back().change.squaredNorm();
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      H += (weights[i] - inner(pairs_[i].change, H) / pairs_[i].curvature) * pairs_[i].step;
    }
    make_tangent(V, H);
    return H;
  }

 private:
  struct Pair {
    Matrix step, change;
    double curvature;  // <step, change> > 0
  };
  std::size_t capacity_;
  std::deque<Pair> pairs_;
};

/// A point along the retraction from `origin` in the direction H, and the slope of f there.
struct Trial {
  Point point;
  double slope;
};

std::optional<Trial> step_along(const SubspaceFunction& f, const Point& origin, const Matrix& H,
                                double t) {
  const Matrix moved = origin.V + t * H;
  Matrix Q = orthonormal_basis(moved);
  const Matrix R = Q.transpose() * moved;
  auto point = evaluate(f, std::move(Q));
  if (!point) return std::nullopt;
  const Matrix velocity = R.triangularView<Eigen::Upper>().solve<Eigen::OnTheRight>(H);
  const double slope = inner(point->gradient, velocity);
  return Trial{std::move(*point), slope};
}

struct Step {
  Point point;
  double length;
};

/// A step t > 0 that satisfies the strong Wolfe conditions, by bracketing; the best increasing
/// step if trials run out; nullopt if none increases f.
std::optional<Step> line_search(const SubspaceFunction& f, const Point& origin, const Matrix& H,
                                double t, Index& evaluations) {
  const double first_slope = inner(origin.gradient, H);
  const double noise = rounding * std::max(1.0, std::abs(origin.value));
  double low = 0, low_slope = first_slope;
  double high = std::numeric_limits<double>::infinity(), high_slope = 0;
  std::optional<Step> best;
  for (int trial_count = 0; trial_count < most_trials; ++trial_count) {
    ++evaluations;
    auto trial = step_along(f, origin, H, t);
    const double gain = trial ? trial->point.value - origin.value : 0;
    const bool rises = trial && (gain >= sufficient_increase * t * first_slope ||
                                 (gain >= -noise && gain <= noise));
    if (rises && trial->slope >= -remaining_slope * first_slope) {
      const bool done = trial->slope <= remaining_slope * first_slope;
      low = t;
      low_slope = trial->slope;
      best = Step{std::move(trial->point), t};
      if (done) return best;
    } else {
      high = t;
      high_slope = trial ? trial->slope : 0;
    }
    if (std::isinf(high)) {
      t *= 3;
      continue;
    }
    // The zero of the slope, if both ends tell of one; kept off the ends.
    double fraction = high_slope < 0 ? low_slope / (low_slope - high_slope) : 0.5;
    fraction = std::clamp(fraction, 0.1, 0.9);
    t = low + fraction * (high - low);
    if (t <= low || t >= high) break;
  }
  return best;
}

void check(In<Matrix> start, const GrassmannOptions& options) {
  if (start.cols() < 1 || start.cols() > start.rows()) {
    throw std::invalid_argument(
        fmt::format("maximize_on_grassmann: the start is {} x {}, needs 1 .. n columns",
                    start.rows(), start.cols()));
  }
  if (options.max_iterations < 1 || !(options.gradient_tolerance > 0) || options.memory < 1) {
    throw std::invalid_argument(
        fmt::format("maximize_on_grassmann: max_iterations ({}), gradient_tolerance ({}) and "
                    "memory ({}) must be positive",
                    options.max_iterations, options.gradient_tolerance, options.memory));
  }
}

}  // namespace

const char* name_of(GrassmannStatus status) {
  switch (status) {
    case GrassmannStatus::converged:
      return "converged";
    case GrassmannStatus::stalled:
      return "stalled";
    case GrassmannStatus::max_iterations:
      return "max_iterations";
    case GrassmannStatus::undefined:
      return "undefined";
  }
  return "unknown";
}

GrassmannMaximum maximize_on_grassmann(const SubspaceFunction& f, In<Matrix> start,
                                       const GrassmannOptions& options) {
  check(start, options);
  GrassmannMaximum result;
  result.evaluations = 1;
  auto current = evaluate(f, orthonormal_basis(start));
  if (!current) {
    result.point = orthonormal_basis(start);
    return result;
  }

  Memory memory(options.memory);
  int flat_steps = 0;
  double reference_norm = current->gradient.norm();
  result.status = GrassmannStatus::max_iterations;
  for (;;) {
    const double gradient_norm = current->gradient.norm();
    if (gradient_norm <= options.gradient_tolerance) {
      result.status = GrassmannStatus::converged;
      break;
    }
    if (flat_steps >= most_flat_steps) {
      result.status = GrassmannStatus::stalled;
      break;
    }
    if (result.iterations == options.max_iterations) break;

    Matrix H = memory.direction(current->V, current->gradient);
    if (!(inner(H, current->gradient) > 0)) {
      memory.clear();
      H = current->gradient;
    }
    // Without a memory the length of the gradient means nothing; a turn by a radian is far.
    double first = memory.empty() ? 0.1 / gradient_norm : 1.0;
    first = std::min(first, 1.0 / H.norm());
    auto step = line_search(f, *current, H, first, result.evaluations);
    if (!step && !memory.empty()) {
      memory.clear();
      continue;
    }
    if (!step) {
      result.status = GrassmannStatus::stalled;
      break;
    }

    Matrix moved = step->length * H, change = current->gradient;
    make_tangent(step->point.V, moved);
    make_tangent(step->point.V, change);
    change -= step->point.gradient;
    memory.add(std::move(moved), std::move(change));

    // Where f no longer tells, the gradient may: it has to halve within so many steps.
    const double gain = std::abs(step->point.value - current->value);
    if (gain > rounding * std::max(1.0, std::abs(current->value)) ||
        step->point.gradient.norm() < 0.5 * reference_norm) {
      flat_steps = 0;
      reference_norm = step->point.gradient.norm();
    } else {
      ++flat_steps;
    }
    current = std::move(step->point);
    ++result.iterations;
  }
  result.point = current->V;
  result.value = current->value;
  result.gradient_norm = current->gradient.norm();
  return result;
}

}  // namespace nullcline::representation
