// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "nullcline/dynamics/connections/detail/edge.hpp"
#include "nullcline/dynamics/connections/detail/leaving.hpp"
#include "nullcline/dynamics/detail/over_items.hpp"

namespace nullcline::dynamics::detail {

using Ends = std::pair<Index, Index>;  // the smaller one first

/// Two sampled orbits of one point with different ends.
struct EdgePair {
  const Leaving* leaving;
  Index a, b;           // columns of its u
  double distance = 0;  // between these
  Chord chord = {};
  std::shared_ptr<const std::set<Ends>> sampled = {};  // ends between which there are other pairs

  Vector middle() const { return (leaving->u.col(a) + leaving->u.col(b)).normalized(); }
};

/// The boundaries of one point that are to be followed.
struct Boundaries {
  std::vector<EdgePair> pairs;  // between which they are followed
  Index skipped = 0;            // seen, but not followed
};

/// How the boundaries of one point are followed.
EdgeOptions edge_options(const ConnectionOptions& options, const Leaving& leaving,
                         const Cancellation& cancellation);

/// Pairs of the directions of `leaving`, whose orbits have these `ends` (end_of): of two unstable
/// directions, neighbors on their circle; of more, up to four pairs of each two ends, the nearest
/// one and others far from it, up to 64 in all, the nearest ones first.
Boundaries boundaries_of(const Leaving& leaving, const std::vector<Index>& ends);

}  // namespace nullcline::dynamics::detail
