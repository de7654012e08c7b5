// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/dynamics/detail/over_items.hpp"
#include "nullcline/dynamics/detail/speed_descent.hpp"
#include "nullcline/dynamics/points/detail/known_roots.hpp"
#include "nullcline/dynamics/points/fixed_points.hpp"

namespace nullcline::dynamics::detail {

/// What find_fixed_points does, with starts that may come in several parts: the roots of the parts
/// before are known to those that follow. The same starts give the same bits in any parts whose
/// sizes are multiples of the first wave.
class FixedPointSearch {
 public:
  /// Throws std::invalid_argument on an option out of range. `map` must outlive it.
  FixedPointSearch(const Map& map, const FixedPointOptions& options);

  /// Searches from each column, with `progress` in place of that of the options.
  void add(In<Matrix> starts, const Progress& progress);

  /// A point that was found in another way: with no start. Left out where it is not isolated: far
  /// from its starts such a search ends where gates saturate, and all is a root to rounding.
  void add_point(In<Vector> x, double residual);

  FixedPoints result() const;
  std::vector<Index> hits() const;   ///< (P) starts that led to each known root.
  std::vector<int> degrees() const;  ///< (P) of each known root.
  const KnownRoots& known() const { return known_; }
  bool cancelled() const { return !cancellation_.keep_going(); }

 private:
  void search(In<Matrix> starts, Index first, ItemCounter& counter);
  void descend(In<Matrix> starts, ItemCounter& counter);

  const Map& map_;
  FixedPointOptions options_;
  Vector bound_;
  double radius_ = 0;
  KnownRoots known_;
  std::vector<Descent> ends_;  // of all starts
  std::vector<Index> point_;   // the root that each reached, or -1
  Cancellation cancellation_;
};

}  // namespace nullcline::dynamics::detail
