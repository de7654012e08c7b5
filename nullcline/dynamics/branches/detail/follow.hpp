// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "nullcline/dynamics/branches/continuation.hpp"
#include "nullcline/dynamics/branches/detail/curve.hpp"

namespace nullcline::dynamics::detail {

/// One direction of a branch. `index` of a special point counts from 0 at the start.
struct HalfBranch {
  std::vector<CurvePoint> points;     ///< Without the start.
  std::vector<SpecialPoint> special;  ///< In order.
  BranchEnd end = BranchEnd::max_steps;
  Index steps = 0;
};

struct Interruptions {
  std::function<bool()> keep_going;                 ///< Asked before each step; may be empty.
  std::function<bool(const SpecialPoint&)> joined;  ///< True ends the branch there; may be empty.
};

/// Throws std::invalid_argument where an option is out of range.
void check(const ContinuationOptions& options);

/// A point of the curve from (x, p), by find_root at fixed p; or why there is none. The tangent has
/// dp/ds >= 0.
struct FoundStart {
  std::optional<CurvePoint> point;
  BranchEnd why = BranchEnd::no_start;
};
FoundStart find_start(const Curve& curve, In<Vector> x, double p,
                      const ContinuationOptions& options);

/// The steps from `start` along its tangent.
HalfBranch follow(const Curve& curve, const CurvePoint& start, const ContinuationOptions& options,
                  const Interruptions& interruptions);

/// Both directions from `start`; the second is not followed where the first came back.
Branch follow_both(const Curve& curve, const CurvePoint& start, const ContinuationOptions& options,
                   const Interruptions& interruptions);

/// The branch of two halves, of which `backward` was followed along -t.
Branch assemble(const Curve& curve, const CurvePoint& start, const HalfBranch& forward,
                const HalfBranch& backward, const ContinuationOptions& options);

}  // namespace nullcline::dynamics::detail
