// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/damped_newton.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::dynamics {
namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

/// A state with G = F(x) - x and its norm.
struct Point {
  Vector x;
  Vector G;
  double residual = 0;  // not finite if G is not
};

Point evaluate(const Map& map, Vector x) {
  Point point{std::move(x), Vector(map.dim()), 0};
  map.step(point.x, point.G);
  point.G -= point.x;
  point.residual = point.G.norm();
  return point;
}

Matrix jacobian_of_difference(const Map& map, In<Vector> x) {
  Matrix A = map.jacobian(x);
  A.diagonal().array() -= 1.0;
  return A;
}

double rounding_floor(const Point& point, double frobenius_norm) {
  const double root_n = std::sqrt(static_cast<double>(point.x.size()));
  return 4 * eps * root_n * (1 + point.x.norm()) * std::max(1.0, frobenius_norm / root_n);
}

class RootFinder {
 public:
  RootFinder(const Map& map, In<Vector> start, const RootOptions& options)
      : map_(map), options_(options), here_(evaluate(map, start)) {}

  Root run(const std::function<bool()>& keep_going) {
    const auto status = iterate(keep_going);
    return {std::move(here_.x), here_.residual, iterations_, status};
  }

 private:
  SearchStatus iterate(const std::function<bool()>& keep_going) {
    std::vector<double> history;
    if (!std::isfinite(here_.residual)) return SearchStatus::not_finite;
    while (true) {
      if (here_.residual <= options_.tolerance) return SearchStatus::fixed_point;
      if (here_.x.norm() > options_.escape_radius) return SearchStatus::escaped;
      if (iterations_ == options_.max_iterations) return SearchStatus::max_iterations;
      if (keep_going && !keep_going()) return SearchStatus::cancelled;
      history.push_back(here_.residual);
      if (is_stalling(history)) return end_without_step();

      ++iterations_;
      A_ = jacobian_of_difference(map_, here_.x);
      if (!A_.allFinite()) return SearchStatus::not_finite;
      if (newton_step()) continue;
      if (is_at_floor() || !levenberg_marquardt_step()) return end_without_step();
    }
  }

  bool is_stalling(const std::vector<double>& history) const {
    const auto window = static_cast<std::size_t>(options_.stall_iterations);
    if (history.size() <= window) return false;
    const double before = history[history.size() - 1 - window];
    return history.back() * history.back() > 0.5 * before * before;
  }

  bool is_at_floor() const { return here_.residual <= rounding_floor(here_, A_.norm()); }

  SearchStatus end_without_step() const {
    return is_at_floor() ? SearchStatus::rounding_limited : SearchStatus::stalled;
  }

  /// After a failure Newton's step is not tried again for 1, 2, 4, 8, 8, ... iterations.
  bool newton_step() {
    if (newton_pause_ > 0) {
      --newton_pause_;
      return false;
    }
    if (const auto step = solve(A_, here_.G)) {
      Point there = evaluate(map_, here_.x - step->col(0));
      if (there.x.norm() <= options_.escape_radius &&
          there.residual * there.residual <= 0.75 * here_.residual * here_.residual) {
        here_ = std::move(there);
        newton_backoff_ = 1;
        return true;
      }
    }
    newton_pause_ = newton_backoff_;
    newton_backoff_ = std::min<Index>(2 * newton_backoff_, 8);
    return false;
  }

  bool levenberg_marquardt_step() {
    const Matrix AtA = multiply(A_, A_, true);
    const Vector gradient = A_.transpose() * here_.G;
    const double scale = AtA.diagonal().maxCoeff();
    if (!(scale > 0) || !std::isfinite(scale) || !(gradient.norm() > 0)) return false;
    double mu = std::max(damping_, 1e-12) * scale;
    double growth = 2;
    while (true) {
      Matrix damped = AtA;
      damped.diagonal().array() += mu;
      if (const auto step = solve_positive_definite(damped, gradient)) {
        const auto s = step->col(0);
        if (s.norm() <= eps * (1 + here_.x.norm())) return false;
        const double predicted = 0.5 * s.dot(mu * s + gradient);
        Point there = evaluate(map_, here_.x - s);
        const double actual =
            0.5 * (here_.residual - there.residual) * (here_.residual + there.residual);
        if (actual > 0 && std::isfinite(there.residual)) {  // Nielsen's rule
          damping_ = mu / scale * std::max(1.0 / 3, 1 - std::pow(2 * actual / predicted - 1, 3));
          here_ = std::move(there);
          return true;
        }
      }
      mu *= growth;
      growth *= 2;
      if (!std::isfinite(mu)) return false;
    }
  }

  const Map& map_;
  const RootOptions& options_;
  Point here_;
  Matrix A_;
  double damping_ = 1e-3;  // mu relative to the largest diagonal entry of A'A
  Index iterations_ = 0, newton_pause_ = 0, newton_backoff_ = 1;
};

}  // namespace

Root find_root(const Map& map, In<Vector> start, const RootOptions& options,
               const std::function<bool()>& keep_going) {
  require(start.size() == map.dim(), "find_root: start must have the dimension of the map");
  require(options.tolerance > 0, "find_root: need tolerance > 0");
  require(options.max_iterations > 0 && options.stall_iterations > 0,
          "find_root: need max_iterations > 0 and stall_iterations > 0");
  require(options.escape_radius > 0, "find_root: need escape_radius > 0");
  if (!start.allFinite()) {
    return {start, std::numeric_limits<double>::infinity(), 0, SearchStatus::not_finite};
  }
  return RootFinder(map, start, options).run(keep_going);
}

Root polish_root(const Map& map, In<Vector> root, double reach) {
  Point here = evaluate(map, root);
  Index iterations = 0;
  while (here.residual > 0) {
    const Matrix A = jacobian_of_difference(map, here.x);
    ++iterations;
    const auto step = A.allFinite() ? solve(A, here.G) : std::nullopt;
    if (!step || !((here.x - step->col(0) - root).norm() <= reach)) break;
    Point there = evaluate(map, here.x - step->col(0));
    if (!(there.residual <= 0.5 * here.residual)) break;
    here = std::move(there);
  }
  return {here.x, here.residual, iterations, SearchStatus::fixed_point};
}

}  // namespace nullcline::dynamics
