// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/detail/grassmann_ascent.hpp"

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/representation/detail/tall_products.hpp"

namespace nullcline::representation::detail {
namespace {

using Point = GrassmannAscent::Point;

constexpr double sufficient_increase = 1e-4;
constexpr double remaining_slope = 0.9;
constexpr double longest_step = 100;  // Of |t H|, the tangent of a turn; Q'Q is then 1 to 1e-12.
constexpr double rounding = 1e-9;     // Of f, against max(1, |f|), for f of some condition.
constexpr int most_trials = 40;       // Of one line search.
constexpr int most_flat_steps = 20;   // In a row that change f within rounding, to no avail.

double inner(const Matrix& A, const Matrix& B) { return A.cwiseProduct(B).sum(); }

void make_tangent(const Matrix& V, Matrix& H) { add_product(V, -transposed_times(V, H), H); }

std::optional<Point> evaluate(const SubspaceFunction& f, Matrix V) {
  Point point{std::move(V), 0, {}};
  const auto value = f(point.V, point.gradient);
  if (!value || !std::isfinite(*value) || !point.gradient.allFinite()) return std::nullopt;
  point.value = *value;
  make_tangent(point.V, point.gradient);
  return point;
}

/// A point along the retraction from `origin` in the direction H, and the slope of f there.
struct Trial {
  Point point;
  double slope;
};

std::optional<Trial> step_along(const SubspaceFunction& f, const Point& origin, const Matrix& H,
                                double t) {
  if (!(t * H.norm() <= longest_step)) return std::nullopt;
  const Matrix moved = origin.V + t * H;
  // moved'moved = 1 + t^2 H'H: for steps of this length a Cholesky factor is accurate enough.
  const Eigen::LLT<Matrix> gram(transposed_times(moved, moved));
  const Matrix R_inverse = gram.matrixU().solve(Matrix::Identity(H.cols(), H.cols()));
  Matrix Q = Matrix::Zero(H.rows(), H.cols());
  add_product(moved, R_inverse, Q);
  auto point = evaluate(f, std::move(Q));
  if (!point) return std::nullopt;
  const double slope = inner(transposed_times(H, point->gradient), R_inverse);
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

}  // namespace

GrassmannAscent::GrassmannAscent(const SubspaceFunction& f, In<Matrix> start,
                                 const GrassmannOptions& options)
    : f_(f),
      options_(options),
      start_(orthonormal_basis(start)),
      current_(evaluate(f, start_)),
      memory_(start.size(), options.memory) {}

/// What the last pairs make of the gradient. They were tangent where they were made and are left as
/// they are when the point moves on: with every <s, y> > 0 they stand for a positive definite
/// matrix B of R^(n x d), and P B^-1 P is one of any tangents. Moving the pairs along instead took
/// half of the time and saved few steps or none.
Matrix GrassmannAscent::direction() {
  const Point& at = *current_;
  Matrix H = memory_.solve(at.gradient.reshaped()).reshaped(at.V.rows(), at.V.cols());
  make_tangent(at.V, H);
  if (!(inner(H, at.gradient) > 0)) {
    memory_.clear();
    return at.gradient;
  }
  return H;
}

bool GrassmannAscent::step() {
  Matrix H = direction();
  // Without a memory the length of the gradient means nothing; a turn by a radian is far.
  double first = memory_.empty() ? 0.1 / current_->gradient.norm() : 1.0;
  first = std::min(first, 1.0 / H.norm());
  auto step = line_search(f_, *current_, H, first, evaluations_);
  if (!step) {
    if (memory_.empty()) return false;
    memory_.clear();
    return this->step();
  }

  Matrix moved = step->length * H, change = current_->gradient;
  make_tangent(step->point.V, moved);
  make_tangent(step->point.V, change);
  change -= step->point.gradient;
  memory_.add(moved.reshaped(), change.reshaped());
  current_ = std::move(step->point);
  ++iterations_;
  return true;
}

GrassmannStatus GrassmannAscent::climb_until_it_ends() {
  int flat_steps = 0;
  double reference_norm = current_->gradient.norm();
  for (;;) {
    if (current_->gradient.norm() <= options_.gradient_tolerance) return GrassmannStatus::converged;
    if (flat_steps >= most_flat_steps) return GrassmannStatus::stalled;
    if (iterations_ >= options_.max_iterations) return GrassmannStatus::max_iterations;
    const double before = current_->value;
    if (!step()) return GrassmannStatus::stalled;

    // Where f no longer tells, the gradient may: it has to halve within so many steps.
    const double norm = current_->gradient.norm();
    if (std::abs(current_->value - before) > rounding * std::max(1.0, std::abs(before)) ||
        norm < 0.5 * reference_norm) {
      flat_steps = 0;
      reference_norm = norm;
    } else {
      ++flat_steps;
    }
  }
}

GrassmannMaximum GrassmannAscent::climb() {
  if (!current_) return {.point = start_, .evaluations = evaluations_};
  const GrassmannStatus status = climb_until_it_ends();
  return {current_->V, current_->value, current_->gradient.norm(),
          iterations_, evaluations_,    status};
}

}  // namespace nullcline::representation::detail
