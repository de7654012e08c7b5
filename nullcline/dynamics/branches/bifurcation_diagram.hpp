// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/dynamics/branches/continuation.hpp"

namespace nullcline::dynamics {

struct DiagramStart {
  Vector state;          ///< x (n), a fixed point of the `period`-th iterate or near one.
  double parameter = 0;  ///< p
  Index period = 1;      ///< > 0
};

struct DiagramOptions {
  ContinuationOptions continuation = {};  ///< Of each branch; `progress` by the budget of all.
  Index depth = 1;          ///< >= 0; how often to switch: 0 follows the starts alone, 1 also the
                            ///< branches that start on theirs.
  Index max_period = 4;     ///< > 0; cycles of a longer period are not switched to.
  Index max_branches = 50;  ///< > 0
};

/// Where branches meet.
struct Junction {
  SpecialKind kind = SpecialKind::branch_point;  ///< Or period_doubling.
  Index period = 1;                              ///< The least that the point has.
  double parameter = 0;
  Vector state;                 ///< (n) of the cycle, the point where it was found first.
  std::vector<Index> branches;  ///< Those that are known to go through it or start there.
};

struct Diagram {
  std::vector<Branch> branches;
  std::vector<Junction> junctions;
  std::vector<Index> branch_of_start;  ///< The branch of each start, -1: of none.
  bool complete = true;  ///< False where cancelled, or where max_branches left some out.
};

/// The branches through the starts and those that can be reached from them:
///
/// - at a branch point, the second branch of the same period, in both directions;
/// - at a period doubling of a k-cycle, the branch of 2k-cycles, as fixed points of the 2k-th
///   iterate, from the point along the eigenvector of -1. The two directions are one cycle a step
///   apart, and one is followed; where it arrives at shorter cycles again it ends as `joined`.
///
/// No branch is followed twice: a start on a known one (any point of its cycle) is not followed,
/// and a branch point already met through a second branch is not switched at. Branches that lie
/// apart from all of the starts are not found.
///
/// k-cycles are by single shooting: where a cycle expands by 1e8 in k steps little is left of the
/// tolerance. Throws std::invalid_argument as continue_point does.
Diagram bifurcation_diagram(const MapFamily& family, const std::vector<DiagramStart>& starts,
                            const DiagramOptions& options = {});

}  // namespace nullcline::dynamics
