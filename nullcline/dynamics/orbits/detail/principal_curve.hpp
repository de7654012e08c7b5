// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"
#include "nullcline/dynamics/orbits/detail/neighbor_graph.hpp"

namespace nullcline::dynamics::detail {

/// Where points stand along the curve that they lie on, by lengths of paths in their graph.
struct CurveOrder {
  Vector positions;  // (P) from 0 to length
  double length = 0;
  bool closed = false;
};

/// From a far end of the graph. It is closed if, without the surroundings of that point, the rest
/// is a longer chain than before: of a ring more than half remains, of a line less than all.
CurveOrder order_along_curve(const NeighborGraph& graph);

/// A smooth curve through the middle of a set of points [Hastie & Stuetzle 1989]: local linear or
/// quadratic regression on the positions, arclength and projections anew, three times.
struct PrincipalCurve {
  Matrix nodes;      // (n, M) by increasing arclength; of a closed curve the last is the first
  Vector arclength;  // (M) from 0 to length
  Vector positions;  // (P) arclength of the projection of each point
  Vector distances;  // (P) of each point from the curve
  bool closed = false;

  double length() const { return arclength(arclength.size() - 1); }
  Vector state(double s) const;    // (n) at arclength s
  Vector tangent(double s) const;  // (n) of norm 1
};

/// X (n, P), P >= 3.
PrincipalCurve fit_principal_curve(In<Matrix> X, const CurveOrder& order);

}  // namespace nullcline::dynamics::detail
