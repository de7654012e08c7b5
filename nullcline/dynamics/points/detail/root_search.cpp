// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/detail/root_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::dynamics::detail {
namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();
constexpr double offer_reduction = 0.25;   // of |G|
constexpr double newton_reduction = 0.13;  // of |G|, times the fraction of the step
constexpr double smallest_fraction = 0.25;

}  // namespace

double rounding_floor(double norm_of_state, double frobenius_norm, Index n) {
  const double root_n = std::sqrt(static_cast<double>(n));
  return 4 * eps * root_n * (1 + norm_of_state) * std::max(1.0, frobenius_norm / root_n);
}

Matrix jacobian_of_difference(const Map& map, In<Vector> x) {
  Matrix A = map.jacobian(x);
  A.diagonal().array() -= 1.0;
  return A;
}

RootSearch::RootSearch(const Map& map, const Vector& bound, In<Vector> start,
                       const RootOptions& options, Lu& lu)
    : map_(map),
      bound_(bound),
      options_(options),
      trial_(start.array().max(-bound.array()).min(bound.array())),
      lu_(lu) {
  if (start.allFinite()) return;
  here_ = {trial_, {}, std::numeric_limits<double>::infinity()};
  end(SearchStatus::not_finite);
}

void RootSearch::end(SearchStatus status) {
  if (phase_ == Phase::start && here_.x.size() == 0) {
    here_ = {trial_, {}, std::numeric_limits<double>::infinity()};
  }
  done_ = true;
  const bool spurious = is_fixed_point(status) && is_spurious(here_.x, bound_);
  status_ = spurious ? SearchStatus::escaped : status;
}

bool RootSearch::is_stalling() const {
  const auto window = static_cast<std::size_t>(options_.stall_iterations);
  if (history_.size() <= window) return false;
  const double before = history_[history_.size() - 1 - window];
  return history_.back() * history_.back() > 0.5 * before * before;
}

/// Whether x is far outside of the box, or outside of the ball of the escape radius; true for NaN.
bool RootSearch::is_outside(const Vector& x) const {
  return !(x.norm() <= options_.escape_radius) ||
         !(x.array().abs() <= domain_slack * bound_.array()).all();
}

bool RootSearch::is_at_floor() const {
  return here_.residual <= rounding_floor(here_.x.norm(), size_of_A_, here_.x.size());
}

void RootSearch::end_without_step() {
  end(is_at_floor() ? SearchStatus::rounding_limited : SearchStatus::stalled);
}

/// Makes `there` the state, and goes on from it or ends.
void RootSearch::accept(Point there) {
  here_ = std::move(there);
  A_.resize(0, 0);
  normal_.resize(0, 0);
  if (!std::isfinite(here_.residual)) return end(SearchStatus::not_finite);
  if (is_outside(here_.x)) return end(SearchStatus::escaped);
  if (here_.residual <= options_.tolerance) return end(SearchStatus::fixed_point);
  if (iterations_ == options_.max_iterations) return end(SearchStatus::max_iterations);
  history_.push_back(here_.residual);
  if (is_stalling()) {
    if (size_of_A_ < 0) size_of_A_ = jacobian_of_difference(map_, here_.x).norm();
    return end_without_step();
  }
  phase_ = Phase::offered;
}

void RootSearch::offer(In<Vector> step) {
  trial_ = here_.x + step;
  phase_ = Phase::offer;
}

void RootSearch::propose_own() {
  ++iterations_;
  A_ = jacobian_of_difference(map_, here_.x);
  size_of_A_ = A_.norm();
  if (!std::isfinite(size_of_A_) && !A_.allFinite()) return end(SearchStatus::not_finite);
  propose_newton();
}

/// After a failure Newton's step is not tried again for 1, 2, 4, 8, 8, ... iterations.
void RootSearch::propose_newton() {
  if (newton_pause_ > 0) {
    --newton_pause_;
    return propose_damped();
  }
  fraction_ = 1;
  if (lu_.factor(A_)) {
    newton_step_ = -here_.G;
    lu_.solve(newton_step_);
    return try_newton();
  }
  give_up_newton();
}

/// The next fraction of the step that stays inside.
void RootSearch::try_newton() {
  for (; fraction_ >= smallest_fraction; fraction_ *= 0.5) {
    trial_ = here_.x + fraction_ * newton_step_;
    phase_ = Phase::newton;
    if (!is_outside(trial_)) return;
  }
  give_up_newton();
}

void RootSearch::give_up_newton() {
  newton_pause_ = newton_backoff_;
  newton_backoff_ = std::min<Index>(2 * newton_backoff_, 8);
  propose_damped();
}

void RootSearch::propose_damped() {
  if (is_at_floor()) return end_without_step();
  normal_ = multiply(A_, A_, true);
  gradient_ = A_.transpose() * here_.G;
  scale_ = normal_.diagonal().maxCoeff();
  if (!(scale_ > 0) || !std::isfinite(scale_) || !(gradient_.norm() > 0)) {
    return end_without_step();
  }
  mu_ = std::max(damping_, 1e-12) * scale_;
  growth_ = 2;
  try_damped();
}

/// The next mu whose matrix is regular.
void RootSearch::try_damped() {
  for (; std::isfinite(mu_); mu_ *= growth_, growth_ *= 2) {
    Matrix damped = normal_;
    damped.diagonal().array() += mu_;
    if (!lu_.factor(damped)) continue;
    Vector s = gradient_;
    lu_.solve(s);
    if (!s.allFinite()) continue;
    if (s.norm() <= eps * (1 + here_.x.norm())) break;
    predicted_ = 0.5 * s.dot(mu_ * s + gradient_);
    trial_ = here_.x - s;
    phase_ = Phase::damped;
    return;
  }
  end_without_step();
}

void RootSearch::digest(In<Vector> F) {
  Point there{trial_, F - trial_, 0};
  there.residual = there.G.norm();
  switch (phase_) {
    case Phase::start:
      return accept(std::move(there));
    case Phase::offered:
      return;
    case Phase::offer:
      if (there.residual <= offer_reduction * here_.residual && !is_outside(there.x)) {
        return accept(std::move(there));
      }
      return propose_own();
    case Phase::newton:
      if (there.residual <= (1 - newton_reduction * fraction_) * here_.residual) {
        newton_backoff_ = 1;
        return accept(std::move(there));
      }
      fraction_ *= 0.5;
      return try_newton();
    case Phase::damped: {
      const double actual =
          0.5 * (here_.residual - there.residual) * (here_.residual + there.residual);
      if (actual > 0 && std::isfinite(there.residual)) {  // Nielsen's rule
        damping_ = mu_ / scale_ * std::max(1.0 / 3, 1 - std::pow(2 * actual / predicted_ - 1, 3));
        return accept(std::move(there));
      }
      mu_ *= growth_;
      growth_ *= 2;
      return try_damped();
    }
  }
}

}  // namespace nullcline::dynamics::detail
