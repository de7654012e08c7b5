// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/grassmann.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/representation/detail/lbfgs_memory.hpp"
#include "nullcline/representation/detail/tall_products.hpp"

namespace nullcline::representation {
namespace {

constexpr double sufficient_increase = 1e-4;
constexpr double remaining_slope = 0.9;
constexpr double rounding = 1e-9;    // Of f, against max(1, |f|), for f of some condition.
constexpr int most_trials = 40;      // Of one line search.
constexpr int most_flat_steps = 20;  // In a row that change f within rounding, to no avail.

double inner(const Matrix& A, const Matrix& B) { return A.cwiseProduct(B).sum(); }

void make_tangent(const Matrix& V, Matrix& H) {
  detail::add_product(V, -detail::transposed_times(V, H), H);
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

/// What the last pairs of steps and changes of -gradient make of a gradient, tangent at V. The pairs
/// were tangent where they were made and are left as they are when the point moves on: with every
/// <s, y> > 0 they stand for a positive definite matrix B of R^(n x d), and P B^-1 P is one of any
/// tangents. Moving the pairs along instead took half of the time and saved few steps or none.
Matrix direction(detail::LbfgsMemory& memory, const Point& point) {
  Matrix H = memory.solve(point.gradient.reshaped()).reshaped(point.V.rows(), point.V.cols());
  make_tangent(point.V, H);
  return H;
}

/// A point along the retraction from `origin` in the direction H, and the slope of f there.
struct Trial {
  Point point;
  double slope;
};

std::optional<Trial> step_along(const SubspaceFunction& f, const Point& origin, const Matrix& H,
                                double t) {
  const Matrix moved = origin.V + t * H;
  Matrix Q = orthonormal_basis(moved);
  const Matrix R = detail::transposed_times(Q, moved);
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

  detail::LbfgsMemory memory(start.size(), options.memory);
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

    Matrix H = direction(memory, *current);
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
    memory.add(moved.reshaped(), change.reshaped());

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
