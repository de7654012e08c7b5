// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/cycles/limit_cycles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/stepper.hpp"
#include "nullcline/dynamics/cycles/detail/flow_shooting.hpp"
#include "nullcline/dynamics/cycles/detail/product_eigenvalues.hpp"

namespace nullcline::dynamics {
namespace {

using detail::FlowShooting;
using detail::velocity;

void check(const Flow& flow, In<Vector> u, const LimitCycleOptions& options) {
  require(u.size() == flow.input_dim(), "limit cycle: u must have the dimension of the input");
  require(flow.state_dim() >= 1, "limit cycle: need a flow of dimension >= 1");
  require(options.transient >= 0 && options.step > 0 && options.max_period > options.step,
          "limit cycle: need transient >= 0, step > 0 and max_period > step");
  require((options.transient + options.max_period) / options.step < 1e9,
          "limit cycle: need fewer than 1e9 steps up to the return");
  require(options.nodes >= 1 && options.steps >= options.nodes,
          "limit cycle: need nodes >= 1 and steps >= nodes");
  require(options.tolerance > 0 && options.max_iterations > 0 && options.escape_radius > 0,
          "limit cycle: need tolerance > 0, max_iterations > 0 and escape_radius > 0");
  require(options.return_tolerance > 0 && options.multiplier_tolerance >= 0,
          "limit cycle: need return_tolerance > 0 and multiplier_tolerance >= 0");
}

LimitCycleStatus status_of(SearchStatus status) {
  if (is_fixed_point(status)) return LimitCycleStatus::converged;
  if (status == SearchStatus::not_finite) return LimitCycleStatus::not_finite;
  if (status == SearchStatus::escaped) return LimitCycleStatus::diverged;
  if (status == SearchStatus::cancelled) return LimitCycleStatus::cancelled;
  return LimitCycleStatus::stalled;
}

/// The multipliers, the trivial one apart from the others.
void describe_stability(LimitCycle& cycle, double tolerance) {
  if (!cycle.multipliers.allFinite()) {
    cycle.trivial_error = std::numeric_limits<double>::quiet_NaN();
    cycle.stability = Stability::unknown;
    return;
  }
  Index trivial = 0;
  cycle.trivial_error = (cycle.multipliers.array() - 1.0).abs().minCoeff(&trivial);
  Index stable = 0;
  for (Index j = 0; j < cycle.multipliers.size(); ++j) {
    if (j == trivial) continue;
    const double excess = std::abs(cycle.multipliers(j)) - 1;
    if (excess > tolerance) ++cycle.unstable;
    if (excess < -tolerance) ++stable;
  }
  const Index others = cycle.multipliers.size() - 1;
  if (cycle.unstable == 0) {
    cycle.stability = stable == others ? Stability::stable : Stability::marginal;
  } else {
    cycle.stability = cycle.unstable == others ? Stability::repelling : Stability::saddle;
  }
}

bool is_a_point(const Matrix& states) {
  const double extent = (states.colwise() - states.col(0)).colwise().norm().maxCoeff();
  return extent <=
         10 * std::cbrt(std::numeric_limits<double>::epsilon()) * (1 + states.col(0).norm());
}

/// From a transient: the orbit from x(t0) until it comes back.
struct Return {
  LimitCycleStatus status = LimitCycleStatus::no_return;  // converged: came back
  Matrix orbit;                                           // (n, steps)
  double period = 0;
};

class ReturnFinder {
 public:
  ReturnFinder(const Flow& flow, In<Vector> u, const LimitCycleOptions& options)
      : flow_(flow),
        u_(u),
        options_(options),
        stepper_(flow, options.step, Method::rk4),
        step_(stepper_, u) {}

  Return from(In<Vector> start) const {
    Return result;
    Vector x = start;
    const Index before = count(options_.transient), window = count(options_.max_period);
    for (Index t = 0; t < before; ++t) {
      if (const auto end = advance(x, t, before + window)) return {*end, Matrix(), 0};
    }
    Matrix orbit(x.size(), window + 1);
    orbit.col(0) = x;
    const Vector normal = velocity(flow_, u_, x).normalized();
    double extent = 0, side = 0;
    for (Index t = 1; t <= window; ++t) {
      if (const auto end = advance(x, before + t, before + window)) return {*end, Matrix(), 0};
      orbit.col(t) = x;
      extent = std::max(extent, (x - orbit.col(0)).norm());
      const double now = normal.dot(x - orbit.col(0));
      if (t > 1 && side < 0 && now >= 0) {
        const double w = now / (now - side);
        const Vector crossing = (1 - w) * x + w * orbit.col(t - 1);
        if ((crossing - orbit.col(0)).norm() <= options_.return_tolerance * extent &&
            !is_a_point(orbit.leftCols(t + 1))) {
          return {LimitCycleStatus::converged, orbit.leftCols(t),
                  (static_cast<double>(t) - w) * options_.step};
        }
      }
      side = now;
    }
    if (is_a_point(orbit.rightCols(std::max<Index>(2, window / 2)))) {
      result.status = LimitCycleStatus::fixed_point;
    }
    return result;
  }

 private:
  Index count(double duration) const {
    return static_cast<Index>(std::ceil(duration / options_.step));
  }

  /// One step; or why there is none.
  std::optional<LimitCycleStatus> advance(Vector& x, Index done, Index all) const {
    constexpr Index report_every = 1024;
    if (options_.progress && done % report_every == 0 &&
        !options_.progress(0.5 * static_cast<double>(done) / static_cast<double>(all))) {
      return LimitCycleStatus::cancelled;
    }
    Vector next(x.size());
    step_.step(x, next);
    x.swap(next);
    if (!x.allFinite()) return LimitCycleStatus::not_finite;
    if (x.norm() > options_.escape_radius) return LimitCycleStatus::diverged;
    return std::nullopt;
  }

  const Flow& flow_;
  const Vector u_;
  const LimitCycleOptions& options_;
  SteppedFlow stepper_;
  FrozenMap step_;
};

LimitCycle ended(const Flow& flow, LimitCycleStatus status) {
  LimitCycle cycle;
  cycle.status = status;
  cycle.derivatives = flow.derivatives();
  return cycle;
}

}  // namespace

const char* name_of(LimitCycleStatus status) {
  switch (status) {
    case LimitCycleStatus::converged:
      return "converged";
    case LimitCycleStatus::fixed_point:
      return "fixed_point";
    case LimitCycleStatus::no_return:
      return "no_return";
    case LimitCycleStatus::stalled:
      return "stalled";
    case LimitCycleStatus::diverged:
      return "diverged";
    case LimitCycleStatus::not_finite:
      return "not_finite";
    case LimitCycleStatus::cancelled:
      return "cancelled";
  }
  return "";
}

LimitCycle refine_limit_cycle(const Flow& flow, In<Vector> u, In<Matrix> guess, double period,
                              const LimitCycleOptions& options) {
  check(flow, u, options);
  require(guess.rows() == flow.state_dim() && guess.cols() >= 1,
          "refine_limit_cycle: the guess must be (dimension of flow, nodes)");
  require(period > 0, "refine_limit_cycle: need period > 0");
  if (!guess.allFinite()) return ended(flow, LimitCycleStatus::not_finite);
  const double speed = velocity(flow, u, guess.col(0)).norm();
  if (!std::isfinite(speed)) return ended(flow, LimitCycleStatus::not_finite);
  if (speed == 0) return ended(flow, LimitCycleStatus::fixed_point);
  const Index n = guess.rows(), nodes = guess.cols();
  const Index steps = (std::max(options.steps, nodes) + nodes - 1) / nodes;  // of a node

  const RootOptions root{options.tolerance, options.max_iterations, options.escape_radius, 16};
  const auto keep_going = [&] { return !options.progress || options.progress(0.5); };
  Vector z(n * nodes + 1);
  z << guess.reshaped(), period;
  LimitCycle cycle = ended(flow, LimitCycleStatus::stalled);
  double coarse = 0;
  for (const Index refinement : {1, 2}) {
    const FlowShooting problem(flow, u, z.head(n), nodes, refinement * steps);
    const auto found = detail::solve_shooting(problem, z, root, keep_going);
    cycle.status = status_of(found.status);
    cycle.iterations += found.iterations;
    cycle.residual = found.residual;
    if (cycle.status != LimitCycleStatus::converged) {
      cycle.period = 0;
      return cycle;
    }
    coarse = std::exchange(cycle.period, found.z(n * nodes));
    z = found.z;
    const Matrix orbit = problem.orbit(z);
    if (is_a_point(orbit) || !(cycle.period > 0)) {
      return ended(flow,
                   is_a_point(orbit) ? LimitCycleStatus::fixed_point : LimitCycleStatus::stalled);
    }
    if (refinement == 1) continue;
    cycle.states = orbit;
    cycle.multipliers = detail::product_eigenvalues(problem.linearize(z).J);
  }
  cycle.period_error = std::abs(cycle.period - coarse) / 15;
  const Index S = cycle.states.cols();
  cycle.times =
      Vector::LinSpaced(S, 0, cycle.period * static_cast<double>(S - 1) / static_cast<double>(S));
  cycle.amplitudes = 0.5 * (cycle.states.rowwise().maxCoeff() - cycle.states.rowwise().minCoeff());
  describe_stability(cycle, options.multiplier_tolerance);
  return cycle;
}

LimitCycle find_limit_cycle(const Flow& flow, In<Vector> u, In<Vector> start,
                            const LimitCycleOptions& options) {
  check(flow, u, options);
  require(start.size() == flow.state_dim(),
          "find_limit_cycle: start must have the dimension of the flow");
  if (!start.allFinite()) return ended(flow, LimitCycleStatus::not_finite);
  const Return found = ReturnFinder(flow, u, options).from(start);
  if (found.status != LimitCycleStatus::converged) return ended(flow, found.status);
  Matrix guess(start.size(), options.nodes);
  for (Index i = 0; i < options.nodes; ++i) {
    guess.col(i) = found.orbit.col(i * found.orbit.cols() / options.nodes);
  }
  return refine_limit_cycle(flow, u, guess, found.period, options);
}

}  // namespace nullcline::dynamics
