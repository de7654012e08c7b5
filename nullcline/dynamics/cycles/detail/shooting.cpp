// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/cycles/detail/shooting.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace nullcline::dynamics::detail {
namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

struct Point {
  Vector z;
  Vector g;
  double residual = 0;  // not finite if g is not
};

class Shooter {
 public:
  Shooter(const ShootingProblem& problem, In<Vector> start, const RootOptions& options)
      : problem_(problem), options_(options), here_(evaluate(start)) {}

  ShootingEnd run(const std::function<bool()>& keep_going) {
    ShootingEnd end;
    end.status = iterate(keep_going);
    if (is_fixed_point(end.status)) polish(end);
    end.z = std::move(here_.z);
    end.residual = here_.residual;
    end.iterations = iterations_;
    return end;
  }

 private:
  Point evaluate(Vector z) const {
    Point point{std::move(z), Vector(), 0};
    point.g = problem_.residual(point.z);
    point.residual = point.g.norm();
    return point;
  }

  SearchStatus iterate(const std::function<bool()>& keep_going) {
    std::vector<double> history;
    if (!std::isfinite(here_.residual)) return SearchStatus::not_finite;
    while (true) {
      if (here_.residual <= options_.tolerance) return SearchStatus::fixed_point;
      if (!is_inside(here_)) return SearchStatus::escaped;
      if (iterations_ == options_.max_iterations) return SearchStatus::max_iterations;
      if (keep_going && !keep_going()) return SearchStatus::cancelled;
      history.push_back(here_.residual);
      if (is_stalling(history)) return end_without_step();

      ++iterations_;
      A_ = problem_.linearize(here_.z);
      if (!A_.all_finite()) return SearchStatus::not_finite;
      if (newton_step()) continue;
      if (here_.residual <= floor() || !levenberg_marquardt_step()) return end_without_step();
    }
  }

  bool is_inside(const Point& point) const {
    return problem_.largest_state(point.z) <= options_.escape_radius;
  }

  bool is_stalling(const std::vector<double>& history) const {
    const auto window = static_cast<std::size_t>(options_.stall_iterations);
    if (history.size() <= window) return false;
    const double before = history[history.size() - 1 - window];
    return history.back() * history.back() > 0.5 * before * before;
  }

  double floor() const {
    const double root = std::sqrt(static_cast<double>(here_.z.size()));
    return 4 * eps * (root + here_.z.norm()) * std::max(1.0, std::sqrt(A_.squared_norm()) / root);
  }

  SearchStatus end_without_step() const {
    return here_.residual <= floor() ? SearchStatus::rounding_limited : SearchStatus::stalled;
  }

  std::optional<Point> newton_point() const {
    Vector right = here_.g;
    const CyclicFactor factor = CyclicFactor::qr(A_, right);
    if (!factor.is_regular()) return std::nullopt;
    const Vector step = factor.solve_triangular(std::move(right));
    if (!step.allFinite()) return std::nullopt;
    return evaluate(here_.z - step);
  }

  /// After a failure Newton's step is not tried again for 1, 2, 4, 8, 8, ... iterations.
  bool newton_step() {
    if (newton_pause_ > 0) {
      --newton_pause_;
      return false;
    }
    auto there = newton_point();
    if (there && is_inside(*there) &&
        there->residual * there->residual <= 0.75 * here_.residual * here_.residual) {
      here_ = std::move(*there);
      newton_backoff_ = 1;
      return true;
    }
    newton_pause_ = newton_backoff_;
    newton_backoff_ = std::min<Index>(2 * newton_backoff_, 8);
    return false;
  }

  bool levenberg_marquardt_step() {
    const Vector gradient = A_.transposed_times(here_.g);
    const double scale = A_.squared_norm() / static_cast<double>(here_.z.size());
    if (!(scale > 0) || !std::isfinite(scale) || !(gradient.norm() > 0)) return false;
    double mu = std::max(damping_, 1e-12) * scale, growth = 2;
    while (std::isfinite(mu)) {
      if (const auto factor = CyclicFactor::cholesky(A_, mu)) {
        const Vector s = factor->solve_normal(gradient);
        if (!(s.norm() > eps * (1 + here_.z.norm()))) return false;
        const double predicted = 0.5 * s.dot(mu * s + gradient);
        Point there = evaluate(here_.z - s);
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
    }
    return false;
  }

  void polish(ShootingEnd& end) {
    for (Index i = 0; i < 60; ++i) {
      A_ = problem_.linearize(here_.z);
      ++iterations_;
      if (!A_.all_finite()) break;
      if (here_.residual == 0) break;
      auto there = newton_point();
      if (!there || !is_inside(*there) || !(there->residual <= 0.5 * here_.residual)) break;
      here_ = std::move(*there);
    }
    if (!A_.all_finite()) return;
    Vector unused = here_.g;
    end.inverse_norm = CyclicFactor::qr(A_, unused).inverse_norm();
    end.floor = floor();
  }

  const ShootingProblem& problem_;
  const RootOptions& options_;
  Point here_;
  CyclicSystem A_;
  double damping_ = 1e-3;  // mu relative to |A|_F^2 / N
  Index iterations_ = 0, newton_pause_ = 0, newton_backoff_ = 1;
};

}  // namespace

ShootingEnd solve_shooting(const ShootingProblem& problem, In<Vector> start,
                           const RootOptions& options, const std::function<bool()>& keep_going) {
  if (!start.allFinite()) {
    const double infinite = std::numeric_limits<double>::infinity();
    return {start, infinite, 0, 0, 0, SearchStatus::not_finite};
  }
  return Shooter(problem, start, options).run(keep_going);
}

}  // namespace nullcline::dynamics::detail
