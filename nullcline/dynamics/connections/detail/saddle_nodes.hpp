// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "nullcline/dynamics/connections/connections.hpp"

namespace nullcline::dynamics::detail {

/// By (from, to).
using Edges = std::map<std::pair<Index, Index>, Connection>;

/// The numbers of the saddles that are met: those of the points given, and new ones from
/// `first_new` on, in the order in which they are met. x and y are one if |x - y| <= same (1 +
/// |y|).
class SaddleNodes {
 public:
  SaddleNodes(const Matrix& points, Index first_new, double same)
      : points_(points), first_new_(first_new), same_(same) {}

  Index node_of(const Vector& x);
  Matrix new_saddles() const;  ///< (n, S)
  Vector state(Index node) const;
  bool is_new(Index node) const { return node >= first_new_; }

 private:
  bool same(const Vector& x, const Vector& y) const {
    return (x - y).norm() <= same_ * (1 + y.norm());
  }

  const Matrix& points_;
  Index first_new_;
  double same_;
  std::vector<Vector> found_;
};

}  // namespace nullcline::dynamics::detail
