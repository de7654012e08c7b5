// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/branches/detail/follow.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "nullcline/core/attempt.hpp"
#include "nullcline/dynamics/branches/detail/special_points.hpp"

namespace nullcline::dynamics::detail {
namespace {

class Follower {
 public:
  Follower(const Curve& curve, const CurvePoint& start, const ContinuationOptions& options,
           const Interruptions& interruptions)
      : curve_(curve),
        start_(start),
        options_(options),
        interruptions_(interruptions),
        here_(start),
        step_(options.initial_step) {}

  HalfBranch run() {
    half_.end = walk();
    return std::move(half_);
  }

 private:
  struct Attempt {
    Correction status = Correction::failed;
    std::optional<CurvePoint> point;
    Index iterations = 0;
  };

  BranchEnd walk() {
    while (true) {
      if (is_leaving()) return BranchEnd::parameter_bound;
      if (half_.steps == options_.max_steps) return BranchEnd::max_steps;
      if (interruptions_.keep_going && !interruptions_.keep_going()) return BranchEnd::cancelled;
      ++half_.steps;
      Attempt attempt = try_step();
      bool lands = false;
      if (attempt.point && is_outside(*attempt.point)) {
        attempt.point = land_on_bound(*attempt.point);
        lands = attempt.point.has_value();
      }
      if (!attempt.point) {
        if (shorten() || cross_corner_at_last()) continue;
        if (is_near_bound()) return BranchEnd::parameter_bound;
        return attempt.status == Correction::not_finite ? BranchEnd::not_finite
                                                        : BranchEnd::step_too_small;
      }
      const bool closes = returns_to_start(*attempt.point);
      if (closes) attempt.point = start_;
      if (accept(*attempt.point)) return BranchEnd::joined;
      if (closes) return BranchEnd::closed;
      if (lands) return BranchEnd::parameter_bound;
      if (here_.state().norm() > options_.max_norm) return BranchEnd::state_bound;
      lengthen(attempt.iterations);
    }
  }

  Attempt try_step() const {
    const Vector guess = here_.z + step_ * here_.tangent;
    const Corrected corrected = curve_.correct(guess, here_.tangent);
    if (corrected.status != Correction::converged) return {corrected.status, std::nullopt, 0};
    if ((corrected.z - guess).norm() > 0.5 * step_) return {};
    auto point = curve_.describe(corrected.z, here_.tangent, options_.eigenvalues);
    if (!point) return {Correction::not_finite, std::nullopt, 0};
    if (point->tangent.dot(here_.tangent) < std::cos(options_.max_angle)) return {};
    // The chord of an arc has the mean direction of its ends; that to another branch has not.
    const Vector chord = (point->z - here_.z).normalized();
    const Vector mean = (point->tangent + here_.tangent).normalized();
    if ((chord - mean).norm() > 0.25 * options_.max_angle) return {};
    return {Correction::converged, std::move(point), corrected.iterations};
  }

  /// A step of half the length. Now and then a corner is looked for within the last one, and passed
  /// if the pieces on both sides are straight.
  bool shorten() {
    const double failed = step_;
    step_ *= 0.5;
    if (++failures_ % 4 == 0 && cross_corner(failed, 1e-10 * (1 + here_.z.norm()))) return true;
    return step_ >= options_.min_step;
  }

  /// Where no step succeeds the sides may be curved.
  bool cross_corner_at_last() {
    for (const double reach : {1e1, 1e2, 1e3, 1e4, 1e5}) {
      const double ahead = reach * options_.min_step;
      if (cross_corner(ahead, 1e-3 * ahead)) return true;
    }
    return false;
  }

  void lengthen(Index iterations) {
    if (iterations <= 3 && failures_ == 0) step_ = std::min(1.5 * step_, options_.max_step);
    failures_ = 0;
  }

  bool is_outside(const CurvePoint& point) const {
    return point.parameter() > options_.max_parameter || point.parameter() < options_.min_parameter;
  }

  bool is_leaving() const {
    const double p = here_.parameter(), slope = here_.slope();
    return (p >= options_.max_parameter && slope > 0) || (p <= options_.min_parameter && slope < 0);
  }

  bool is_near_bound() const {
    const double p = here_.parameter();
    return std::min(options_.max_parameter - p, p - options_.min_parameter) <= options_.min_step;
  }

  /// The point between here and `beyond` with p at the bound.
  std::optional<CurvePoint> land_on_bound(const CurvePoint& beyond) const {
    const Segment segment(curve_, here_, beyond);
    const Index n = curve_.dim();
    const double bound =
        std::clamp(beyond.parameter(), options_.min_parameter, options_.max_parameter);
    const bool above = beyond.parameter() > bound;
    double inside = 0, outside = segment.length;
    for (int i = 0; i < 50; ++i) {
      const double middle = 0.5 * (inside + outside);
      ((segment.guess(middle)(n) > bound) == above ? outside : inside) = middle;
    }
    Vector guess = segment.guess(inside);
    guess(n) = bound;
    const Corrected corrected = curve_.correct(guess, Vector::Unit(n + 1, n));
    if (corrected.status != Correction::converged) return std::nullopt;
    if ((corrected.z - guess).norm() > 0.5 * segment.length) return std::nullopt;
    Vector z = corrected.z;
    z(n) = bound;
    return curve_.describe(z, segment.tangent(inside), options_.eigenvalues);
  }

  bool returns_to_start(const CurvePoint& there) const {
    if (half_.points.size() < 2) return false;
    const Segment segment(curve_, here_, there);
    const double sigma = here_.tangent.dot(start_.z - here_.z);
    if (!(sigma > 0 && sigma <= segment.length)) return false;
    if ((segment.guess(sigma) - start_.z).norm() > 0.1 * segment.length) return false;
    if (segment.tangent(sigma).dot(start_.tangent) < std::cos(2 * options_.max_angle)) return false;
    const auto point = segment.at(sigma, false);
    const Vector z = point ? point->z : segment.guess(sigma);
    return (z - start_.z).norm() <= 1e-6 * (1 + z.norm());
  }

  /// Adds the point and the special ones before it; true if the branch ends at one of these.
  bool accept(CurvePoint point) {
    for (SpecialPoint& special : special_points(Segment(curve_, here_, point))) {
      special.index = static_cast<Index>(half_.points.size());
      special.arclength += arclength_;
      half_.special.push_back(special);
      if (!interruptions_.joined || !interruptions_.joined(special)) continue;
      Vector z(special.tangent.size());
      z << special.state, special.parameter;
      if (auto end = curve_.describe(z, special.tangent, options_.eigenvalues)) {
        end->tangent = special.tangent;
        half_.points.push_back(std::move(*end));
      }
      return true;
    }
    move_to(std::move(point));
    return false;
  }

  void move_to(CurvePoint point) {
    arclength_ += (point.z - here_.z).norm();
    here_ = std::move(point);
    half_.points.push_back(here_);
  }

  /// Where the derivative jumps before the distance `ahead`: goes on along the null vector of the
  /// one beyond, which may point backward. Only the right one of its two signs leads to where that
  /// derivative holds. True if the straight lines of both sides meet within `tolerance`.
  bool cross_corner(double ahead, double tolerance) {
    const Matrix A = curve_.derivative(here_.z);
    const Matrix beyond = curve_.derivative(here_.z + ahead * here_.tangent);
    const double jump = (beyond - A).norm();
    if (!std::isfinite(jump) || jump <= 1e-6 * (1 + A.norm())) return false;
    Matrix square = Matrix::Zero(A.cols(), A.cols());
    square.topRows(A.rows()) = beyond;
    const auto decomposed = attempt(svd, square);
    if (!decomposed) return false;
    Vector direction = decomposed->V.col(A.rows());
    if (direction.dot(here_.tangent) < 0) direction = -direction;
    for (const double sign : {1.0, -1.0}) {
      auto point = point_beyond(beyond, jump, sign * direction, ahead);
      if (point && pass_corner(std::move(*point), tolerance)) return true;
    }
    return false;
  }

  std::optional<CurvePoint> point_beyond(const Matrix& beyond, double jump, const Vector& direction,
                                         double ahead) const {
    const double distance = 4 * ahead;
    const Vector guess = here_.z + 0.5 * ahead * here_.tangent + distance * direction;
    const Corrected corrected = curve_.correct(guess, direction);
    if (corrected.status != Correction::converged) return std::nullopt;
    if ((corrected.z - guess).norm() > 0.5 * distance) return std::nullopt;
    if (!((curve_.derivative(corrected.z) - beyond).norm() <= 1e-3 * jump)) return std::nullopt;
    auto point = curve_.describe(corrected.z, direction, options_.eigenvalues);
    if (point && is_outside(*point)) return std::nullopt;
    return point;
  }

  /// Goes to the point if its tangent meets that of here, and reports the corner where they do.
  bool pass_corner(CurvePoint point, double tolerance) {
    // The nearest points here + s t and point + s' t' of the two lines.
    const Vector between = point.z - here_.z;
    const double cosine = here_.tangent.dot(point.tangent), sine_squared = 1 - cosine * cosine;
    if (sine_squared < 1e-12) return false;
    const double along = here_.tangent.dot(between), back = point.tangent.dot(between);
    const double s = (along - cosine * back) / sine_squared;
    const double s_back = (cosine * along - back) / sine_squared;
    const Vector meeting = here_.z + s * here_.tangent;
    if ((point.z + s_back * point.tangent - meeting).norm() > tolerance) return false;
    if (s < -tolerance || s_back > tolerance) return false;

    SpecialPoint corner;
    corner.kind = SpecialKind::corner;
    corner.index = static_cast<Index>(half_.points.size());
    corner.parameter = meeting(meeting.size() - 1);
    corner.state = meeting.head(meeting.size() - 1);
    corner.tangent = here_.tangent;
    corner.arclength = arclength_ + s;
    half_.special.push_back(std::move(corner));
    move_to(std::move(point));
    step_ = options_.initial_step;
    failures_ = 0;
    return true;
  }

  const Curve& curve_;
  const CurvePoint& start_;
  const ContinuationOptions& options_;
  const Interruptions& interruptions_;
  CurvePoint here_;
  double step_;
  int failures_ = 0;  // since the last point; after any the next step is no longer than this one
  double arclength_ = 0;
  HalfBranch half_;
};

/// Where a branch turns back in p at a branch point it has no fold.
void drop_false_folds(std::vector<SpecialPoint>& special) {
  const auto near_turning = [&](const SpecialPoint& fold) {
    return std::any_of(special.begin(), special.end(), [&](const SpecialPoint& other) {
      return other.kind == SpecialKind::branch_point &&
             std::abs(other.tangent(other.tangent.size() - 1)) <= 1e-4 &&
             (other.state - fold.state).norm() <= 1e-4 * (1 + fold.state.norm());
    });
  };
  std::vector<SpecialPoint> kept;
  for (const SpecialPoint& point : special) {
    if (point.kind == SpecialKind::fold && near_turning(point)) continue;
    // A special start is found on both sides.
    if (!kept.empty() && kept.back().kind == point.kind &&
        (kept.back().tangent - point.tangent).norm() <= 1e-3 &&
        std::abs(kept.back().arclength - point.arclength) <= 1e-7 * (1 + point.state.norm())) {
      continue;
    }
    kept.push_back(point);
  }
  special = std::move(kept);
}

void fill_point(Branch& branch, Index column, const CurvePoint& point, double orientation) {
  branch.states.col(column) = point.state();
  branch.parameters(column) = point.parameter();
  branch.tangents.col(column) = orientation * point.tangent;
  if (point.eigenvalues.size() == 0) return;
  branch.eigenvalues.col(column) = point.eigenvalues;
  branch.unstable.push_back((point.eigenvalues.array().abs() > 1 + 1e-9).count());
}

/// Squares of the singular values of A / dt, A = J - I, (n, P).
Matrix hessian_eigenvalues(const Curve& curve, const Branch& branch, double dt) {
  const Index n = curve.dim();
  Matrix all = Matrix::Constant(n, branch.states.cols(), std::numeric_limits<double>::quiet_NaN());
  for (Index j = 0; j < all.cols(); ++j) {
    Vector z(n + 1);
    z << branch.states.col(j), branch.parameters(j);
    const auto values = attempt(singular_values, curve.derivative(z).leftCols(n));
    if (values) all.col(j) = (values->reverse() / dt).array().square();
  }
  return all;
}

}  // namespace

HalfBranch follow(const Curve& curve, const CurvePoint& start, const ContinuationOptions& options,
                  const Interruptions& interruptions) {
  return Follower(curve, start, options, interruptions).run();
}

Branch follow_both(const Curve& curve, const CurvePoint& start, const ContinuationOptions& options,
                   const Interruptions& interruptions) {
  HalfBranch forward = follow(curve, start, options, interruptions), backward;
  if (forward.end == BranchEnd::closed || forward.end == BranchEnd::cancelled) {
    backward.end = forward.end;
  } else {
    CurvePoint turned = start;
    turned.tangent = -start.tangent;
    turned.sign = -start.sign;
    backward = follow(curve, turned, options, interruptions);
  }
  return assemble(curve, start, forward, backward, options);
}

Branch assemble(const Curve& curve, const CurvePoint& start, const HalfBranch& forward,
                const HalfBranch& backward, const ContinuationOptions& options) {
  const Index n = curve.dim(), before = static_cast<Index>(backward.points.size());
  const Index count = before + 1 + static_cast<Index>(forward.points.size());
  Branch branch;
  branch.states.resize(n, count);
  branch.parameters.resize(count);
  branch.arclength.resize(count);
  branch.tangents.resize(n + 1, count);
  if (options.eigenvalues) branch.eigenvalues.resize(n, count);
  branch.start = before;
  for (Index j = 0; j < before; ++j) {
    fill_point(branch, j, backward.points[static_cast<std::size_t>(before - 1 - j)], -1);
  }
  fill_point(branch, before, start, 1);
  for (Index j = before + 1; j < count; ++j) {
    fill_point(branch, j, forward.points[static_cast<std::size_t>(j - before - 1)], 1);
  }
  branch.arclength(before) = 0;
  const auto chord = [&](Index j) {  // between j and j + 1
    return std::hypot((branch.states.col(j + 1) - branch.states.col(j)).norm(),
                      branch.parameters(j + 1) - branch.parameters(j));
  };
  for (Index j = before; j > 0; --j) branch.arclength(j - 1) = branch.arclength(j) - chord(j - 1);
  for (Index j = before; j + 1 < count; ++j) {
    branch.arclength(j + 1) = branch.arclength(j) + chord(j);
  }
  for (auto special = backward.special.rbegin(); special != backward.special.rend(); ++special) {
    branch.special.push_back(*special);
    branch.special.back().index = before - special->index - 1;
    branch.special.back().arclength = -special->arclength;
    branch.special.back().tangent = -special->tangent;
  }
  for (const SpecialPoint& special : forward.special) {
    branch.special.push_back(special);
    branch.special.back().index += before;
  }
  drop_false_folds(branch.special);
  if (options.speed_hessians) {
    branch.hessian_eigenvalues = hessian_eigenvalues(curve, branch, options.dt);
    branch.smallest_hessian = branch.hessian_eigenvalues.row(0).transpose();
  }
  branch.first_end = backward.end;
  branch.last_end = forward.end;
  branch.steps = forward.steps + backward.steps;
  branch.derivatives = curve.family().derivatives();
  return branch;
}

}  // namespace nullcline::dynamics::detail
