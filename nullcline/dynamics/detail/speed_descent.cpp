// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/detail/speed_descent.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "nullcline/core/attempt.hpp"
#include "nullcline/dynamics/detail/simplex_minimum.hpp"
#include "nullcline/dynamics/points/damped_newton.hpp"
#include "nullcline/dynamics/points/speed.hpp"

namespace nullcline::dynamics::detail {
namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();
constexpr std::size_t most_branches = 100;

/// q and its gradient at a state near the present one.
struct Branch {
  Vector x;
  double q;
  Vector gradient;
};

/// The step that minimizes the piecewise quadratic model, and what the model says of it.
struct ModelStep {
  Vector d;              // (n)
  Vector combination;    // p = sum_j w_j g_j, the shortest in the metric of the Hessian
  double gap = 0;        // sum_j w_j a_j >= 0: how far below q(x) the branches are at x
  double radius = 0;     // the largest |x_j - x| of the branches that count, w_j > 0
  double predicted = 0;  // decrease of q, > 0
};

class SpeedDescent {
 public:
  SpeedDescent(const Map& map, In<Vector> start, const DescentLimits& limits)
      : map_(map), limits_(limits), x_(start), q_(speed(map, x_, 1.0)) {}

  Descent run(const std::function<bool()>& keep_going) {
    Descent end;
    end.status = iterate(keep_going);
    end.residual = std::sqrt(2 * q_);
    end.gradient = gradient_;
    end.smallest_eigenvalue = smallest_eigenvalue_;
    end.iterations = iterations_;
    end.state = std::move(x_);
    return end;
  }

 private:
  SearchStatus iterate(const std::function<bool()>& keep_going) {
    if (!std::isfinite(q_)) return SearchStatus::not_finite;
    while (true) {
      if (std::sqrt(2 * q_) <= limits_.tolerance) return SearchStatus::fixed_point;
      if (x_.norm() > limits_.escape_radius) return SearchStatus::escaped;
      if (iterations_ == limits_.max_iterations) return SearchStatus::max_iterations;
      if (keep_going && !keep_going()) return SearchStatus::cancelled;

      ++iterations_;
      here_ = speed_derivatives(map_, x_, 1.0);
      if (!here_.gradient.allFinite() || !here_.hessian.allFinite()) {
        return SearchStatus::not_finite;
      }
      gradient_ = here_.gradient.norm();
      const auto end = step_down();
      if (!end) continue;
      if (const auto root = root_nearby()) return *root;
      return *end;
    }
  }

  /// One step that reduces q; or how the search ends.
  std::optional<SearchStatus> step_down() {
    if (gradient_ <= limits_.gradient_tolerance && eigenvalue() > 0) {
      return SearchStatus::slow_point;
    }
    if (gradient_ == 0) return classify(ModelStep{Vector(), here_.gradient});
    forget_branches_beyond(10 * last_step_);
    damping_was_needed_ = false;
    for (int failures = 0; failures < 60; ++failures) {
      const auto step = model_step();
      if (!step) return SearchStatus::stalled;
      if (is_stationary(*step)) {
        if (step->radius > 100 * limits_.step_tolerance * scale()) {
          pull_branches_in();
          continue;
        }
        if (damping_ > 0 && !damping_was_needed_) {
          damping_ = 0;
          continue;
        }
        if (const auto end = classify(*step)) return end;
        return std::nullopt;  // went down from a saddle of q
      }
      if (try_step(*step)) {
        damping_ = damping_ < 1e-9 ? 0 : damping_ / 8;
        return std::nullopt;
      }
      if (bends_down_ || failures % 4 == 3) raise_damping();
    }
    return SearchStatus::stalled;
  }

  double curvature() const { return here_.hessian.diagonal().cwiseAbs().maxCoeff(); }
  double scale() const { return 1 + x_.norm(); }

  void raise_damping() { damping_ = std::max(4 * damping_, 1e-6); }

  void forget_branches_beyond(double reach) {
    std::erase_if(branches_, [&](const Branch& b) { return (b.x - x_).norm() > reach; });
    if (branches_.size() > most_branches) branches_.erase(branches_.begin());
  }

  /// Distant branches say little of a minimum at x: moves them a hundredth as near.
  void pull_branches_in() {
    for (Branch& branch : branches_) {
      branch.x = x_ + 0.01 * (branch.x - x_);
      branch.q = speed(map_, branch.x, 1.0);
      branch.gradient = speed_gradient(map_, branch.x, 1.0);
    }
  }

  /// Minimizes  max_j (q_j(x) + g_j' d) + d' (H + mu I) d / 2,  j over the branches carried to x
  /// by the Hessian and over q itself, by its dual: a quadratic program on the simplex.
  std::optional<ModelStep> model_step() {
    const auto m = static_cast<Index>(branches_.size()) + 1;
    Matrix gradients(x_.size(), m);
    Vector gaps = Vector::Zero(m);
    bends_down_ = false;
    gradients.col(0) = here_.gradient;
    for (Index j = 1; j < m; ++j) {
      const Branch& branch = branches_[static_cast<std::size_t>(j - 1)];
      const Vector back = x_ - branch.x;
      const Vector bend = here_.hessian * back;
      const double gap = q_ - branch.q - branch.gradient.dot(back) - 0.5 * back.dot(bend);
      gaps(j) = std::abs(gap);
      bends_down_ = gap < -100 * eps * q_;  // of the last branch, the one that just failed
      gradients.col(j) = branch.gradient + bend;
    }
    const auto steps = solve_with_positive_hessian(gradients);
    if (!steps) return std::nullopt;
    const Matrix K = gradients.transpose() * *steps;
    const Vector w = simplex_minimum(0.5 * (K + K.transpose()), gaps);
    ModelStep step;
    step.d = -(*steps * w);
    step.combination = gradients * w;
    step.gap = gaps.dot(w);
    for (Index j = 1; j < m; ++j) {
      const Vector& x = branches_[static_cast<std::size_t>(j - 1)].x;
      if (w(j) > 1e-8) step.radius = std::max(step.radius, (x - x_).norm());
    }
    step.predicted = step.gap - 0.5 * step.combination.dot(step.d);
    return step;
  }

  /// (H + mu I)^-1 B with mu raised until the matrix is positive definite.
  std::optional<Matrix> solve_with_positive_hessian(const Matrix& B) {
    const double unit = curvature();
    if (!(unit > 0)) return std::nullopt;
    while (damping_ < 1e12) {
      Matrix shifted = here_.hessian;
      shifted.diagonal().array() += damping_ * unit;
      auto X = solve_positive_definite(shifted, B);
      if (X && X->allFinite()) return X;
      raise_damping();
      damping_was_needed_ = true;
    }
    return std::nullopt;
  }

  /// By the step and the gradient; at a kink, where x is known no better than q is, to what the
  /// resolution of q allows.
  bool is_stationary(const ModelStep& step) const {
    const double tolerance = limits_.step_tolerance * scale();
    const double resolution = 100 * eps * q_;
    if (step.gap > std::max(tolerance * tolerance * curvature(), resolution)) return false;
    const double p = step.combination.norm();
    return p <= tolerance * curvature() || (damping_ == 0 && step.d.norm() <= tolerance) ||
           (step.predicted <= resolution && p <= 1e-2 * gradient_);
  }

  /// Takes the step if q falls by a tenth of the prediction; below the resolution of q, if the
  /// gradient shrinks. Otherwise what lies at its end becomes a branch of the model.
  bool try_step(const ModelStep& step) {
    Branch there{x_ + step.d, 0, Vector()};
    there.q = speed(map_, there.x, 1.0);
    last_step_ = step.d.norm();
    if (!std::isfinite(there.q)) return false;
    const bool below_resolution = step.predicted < 100 * eps * q_;
    if (!below_resolution && q_ - there.q >= 0.1 * step.predicted) {
      branches_.push_back({x_, q_, here_.gradient});
      x_ = std::move(there.x);
      q_ = there.q;
      return true;
    }
    there.gradient = speed_gradient(map_, there.x, 1.0);
    if (!there.gradient.allFinite()) return false;
    if (below_resolution && there.gradient.norm() <= 0.5 * gradient_) {
      x_ = std::move(there.x);
      q_ = there.q;
      return true;
    }
    branches_.push_back(std::move(there));
    return false;
  }

  /// What a stationary point is; nullopt after a step down along negative curvature.
  std::optional<SearchStatus> classify(const ModelStep& step) {
    const double zero = 1e3 * limits_.step_tolerance * scale() * curvature();
    if (gradient_ > std::max(zero, 10 * step.combination.norm())) {
      eigenvalue();
      gradient_ = step.combination.norm();
      return SearchStatus::kink;
    }
    const auto system = attempt(symmetric_eigen, here_.hessian);
    if (!system) return SearchStatus::stalled;
    smallest_eigenvalue_ = system->values(0);
    const double resolution = 1e-10 * system->values.cwiseAbs().maxCoeff();
    if (smallest_eigenvalue_ > resolution) return SearchStatus::slow_point;
    if (smallest_eigenvalue_ >= -resolution) return SearchStatus::flat;
    for (double length = 0.1 * scale(); length > 1e-6 * scale(); length /= 4) {
      for (const double sign : {1.0, -1.0}) {
        const Vector there = x_ + sign * length * system->vectors.col(0);
        const double q = speed(map_, there, 1.0);
        if (!(q < q_)) continue;
        x_ = there;
        q_ = q;
        branches_.clear();
        return std::nullopt;
      }
    }
    return SearchStatus::stalled;
  }

  double eigenvalue() {
    const auto system = attempt(symmetric_eigen, here_.hessian);
    smallest_eigenvalue_ = system ? system->values(0) : std::numeric_limits<double>::quiet_NaN();
    return smallest_eigenvalue_;
  }

  /// A stationary point with a root of F(x) - x beside it is that root, not yet converged.
  std::optional<SearchStatus> root_nearby() {
    const Root root = find_root(map_, x_,
                                {.tolerance = limits_.tolerance,
                                 .max_iterations = 20,
                                 .escape_radius = 2 * limits_.escape_radius});
    if (!is_fixed_point(root.status) || (root.state - x_).norm() > 1e-3 * scale()) {
      return std::nullopt;
    }
    x_ = root.state;
    q_ = 0.5 * root.residual * root.residual;
    return root.status;
  }

  const Map& map_;
  const DescentLimits& limits_;
  Vector x_;
  double q_;
  SpeedDerivatives here_;
  std::vector<Branch> branches_;
  bool bends_down_ = false;          // a concave kink, or curvature that the Hessian does not tell
  bool damping_was_needed_ = false;  // to make the present Hessian positive definite
  double damping_ = 0;               // mu relative to the largest diagonal entry of the Hessian
  double last_step_ = 0;
  double gradient_ = 0, smallest_eigenvalue_ = 0;
  Index iterations_ = 0;
};

}  // namespace

Descent descend(const Map& map, In<Vector> start, const DescentLimits& limits,
                const std::function<bool()>& keep_going) {
  if (!start.allFinite()) {
    return {start, std::numeric_limits<double>::infinity(), 0, 0, 0, SearchStatus::not_finite};
  }
  return SpeedDescent(map, start, limits).run(keep_going);
}

}  // namespace nullcline::dynamics::detail
