// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "nullcline/dynamics/connections/connections.hpp"

namespace nullcline::dynamics::detail {

/// By (from, to).
using Edges = std::map<std::pair<Index, Index>, Connection>;

/// Whether x and y are one: |x - y| <= match (1 + |y|).
inline bool same_state(In<Vector> x, In<Vector> y, double match) {
  return (x - y).norm() <= match * (1 + y.norm());
}

/// The numbers of the saddles that are met: those of the points given, and new ones from
/// `first_new` on, in the order in which they are met, each `same_state` but once.
class SaddleNodes {
 public:
  SaddleNodes(const Matrix& points, Index first_new, double same)
      : points_(points), first_new_(first_new), same_(same) {}

  Index node_of(const Vector& x);
  Matrix new_saddles() const;  ///< (n, S)
  Vector state(Index node) const;
  bool is_new(Index node) const { return node >= first_new_; }

 private:
  bool same(const Vector& x, const Vector& y) const { return same_state(x, y, same_); }

  const Matrix& points_;
  Index first_new_;
  double same_;
  std::vector<Vector> found_;
};

}  // namespace nullcline::dynamics::detail
