// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/branches/continuation.hpp"

#include <cmath>

#include "nullcline/core/attempt.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/branches/detail/follow.hpp"
#include "nullcline/dynamics/points/damped_newton.hpp"

namespace nullcline::dynamics {
namespace detail {

void check(const ContinuationOptions& options) {
  require(options.min_parameter < options.max_parameter && options.max_norm > 0,
          "continuation: need min_parameter < max_parameter and max_norm > 0");
  require(options.min_step > 0 && options.min_step <= options.initial_step &&
              options.initial_step <= options.max_step,
          "continuation: need 0 < min_step <= initial_step <= max_step");
  require(options.max_angle > 0 && options.max_angle < 1.5,
          "continuation: need 0 < max_angle < 1.5");
  require(options.tolerance > 0 && options.max_iterations > 1 && options.max_steps > 0,
          "continuation: need tolerance, max_steps > 0 and max_iterations > 1");
  require(options.dt > 0, "continuation: need dt > 0");
}

FoundStart find_start(const Curve& curve, In<Vector> x, double p,
                      const ContinuationOptions& options) {
  const Index n = curve.dim();
  require(x.size() == n, "continuation: the start must have the dimension of the family");
  require(p >= options.min_parameter && p <= options.max_parameter,
          "continuation: the start must lie between min_parameter and max_parameter");
  const Root root = find_root(FamilyMember(curve.family(), p), x,
                              {.tolerance = options.tolerance, .escape_radius = options.max_norm});
  if (root.status == SearchStatus::not_finite) return {std::nullopt, BranchEnd::not_finite};
  if (!is_fixed_point(root.status)) return {};
  Vector z(n + 1);
  z << polish_root(FamilyMember(curve.family(), p), root.state, 1e-3).state, p;
  Matrix square = Matrix::Zero(n + 1, n + 1);
  square.topRows(n) = curve.derivative(z);
  if (!square.allFinite()) return {std::nullopt, BranchEnd::not_finite};
  const auto decomposed = attempt(svd, square);
  if (!decomposed) return {};
  Vector along = decomposed->V.col(n);
  if (along(n) < 0) along = -along;
  return {curve.describe(z, along, options.eigenvalues), BranchEnd::not_finite};
}

}  // namespace detail

Branch continue_point(const MapFamily& family, In<Vector> x, double p,
                      const ContinuationOptions& options) {
  detail::check(options);
  const detail::Curve curve(family, options.tolerance, options.max_iterations);
  const detail::FoundStart start = detail::find_start(curve, x, p, options);
  if (!start.point) {
    Branch none;
    none.first_end = none.last_end = start.why;
    none.derivatives = family.derivatives();
    none.states.resize(family.dim(), 0);
    none.tangents.resize(family.dim() + 1, 0);
    return none;
  }
  const double budget = 2 * static_cast<double>(options.max_steps);
  Index steps = 0;
  detail::Interruptions interruptions;
  if (options.progress) {
    interruptions.keep_going = [&] {
      return options.progress(static_cast<double>(steps++) / budget);
    };
  }
  return detail::follow_both(curve, *start.point, options, interruptions);
}

const char* name_of(SpecialKind kind) {
  switch (kind) {
    case SpecialKind::fold:
      return "fold";
    case SpecialKind::branch_point:
      return "branch_point";
    case SpecialKind::period_doubling:
      return "period_doubling";
    case SpecialKind::neimark_sacker:
      return "neimark_sacker";
    case SpecialKind::corner:
      return "corner";
  }
  return "";
}

const char* name_of(Crossing crossing) {
  switch (crossing) {
    case Crossing::none:
      return "none";
    case Crossing::transcritical:
      return "transcritical";
    case Crossing::pitchfork:
      return "pitchfork";
  }
  return "";
}

const char* name_of(Criticality criticality) {
  static constexpr const char* names[] = {"none", "supercritical", "subcritical", "undecided"};
  return names[static_cast<int>(criticality)];
}

const char* name_of(BranchEnd end) {
  switch (end) {
    case BranchEnd::parameter_bound:
      return "parameter_bound";
    case BranchEnd::state_bound:
      return "state_bound";
    case BranchEnd::closed:
      return "closed";
    case BranchEnd::joined:
      return "joined";
    case BranchEnd::branched:
      return "branched";
    case BranchEnd::step_too_small:
      return "step_too_small";
    case BranchEnd::not_finite:
      return "not_finite";
    case BranchEnd::max_steps:
      return "max_steps";
    case BranchEnd::cancelled:
      return "cancelled";
    case BranchEnd::no_start:
      return "no_start";
  }
  return "";
}

}  // namespace nullcline::dynamics
