// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/types.hpp"
#include "nullcline/geometry/input_manifold.hpp"
#include "nullcline/geometry/pullback_metric.hpp"
#include "nullcline/geometry/sensitivities.hpp"

namespace nullcline::geometry {

/// Whether x(kappa) is an immersion on a grid: how far its tangents are from depending on each
/// other. Between the points nothing is said.
struct Immersion {
  double smallest =
      0;             ///< min over points of sigma_m / sigma_1 of (a_1 .. a_m); 0 if some collapse.
  Index where = -1;  ///< The point of it; -1 without points.
  Index degenerate = 0;  ///< Points where sigma_m <= n eps sigma_1,
  Index not_finite = 0;  ///< and those where something is not a number.
  bool immersed() const { return where >= 0 && degenerate == 0 && not_finite == 0; }
};

/// tangents (n, K m). Throws std::invalid_argument on other sizes or m < 1.
Immersion immersion(In<Matrix> tangents, Index m);
/// The same of metrics that are known, of the columns first .. first + count - 1.
Immersion immersion(const PullbackMetric& metric, Index first, Index count);

/// Whether x is injective on a grid: how near points come in the states that are far apart on the
/// manifold.
struct Injectivity {
  double smallest = 0;             ///< min of |x - x'| / d(x, x') over pairs with d > separation.
  Index first = -1, second = -1;   ///< The pair of it; -1 if no pair is that far apart.
  double chord = 0, distance = 0;  ///< Of that pair.
  Index pairs = 0;                 ///< That were compared.
};

/// points (n, K), distances (K, K) along the manifold, as of grid_distances. On a round circle the
/// ratio falls to 2 / pi = 0.64 between opposite points; 0 is a double point. A separation of a few
/// steps of the grid leaves out what is near by being neighbors. Throws std::invalid_argument on
/// other sizes or a negative separation.
Injectivity injectivity(In<Matrix> points, In<Matrix> distances, double separation);

/// The number of independent tangents over time. Once inputs depend on kappa no more, the tangents
/// move by the derivative of one map under the same input, and where that is invertible (always of
/// flows, but not of their discrete steps) their rank is constant: the topology is kept, whatever
/// becomes of lengths.
struct RankHistory {
  Eigen::Matrix<Index, Eigen::Dynamic, Eigen::Dynamic>
      ranks;              ///< (K, S), of sigma_i > n eps sigma_1
  Matrix conditions;      ///< (K, S) sigma_m / sigma_1, the digits left to decide by; 0: collapsed
  Index last_input = -1;  ///< The last t with a du_t / dkappa that is not 0; -1: none
  Index changes = 0;  ///< (point, step) after it at which the rank is another than just after it
};

/// Of the kept steps of `sensitivities`, which were made with `inputs`. Throws
/// std::invalid_argument if these are of other sizes.
RankHistory rank_history(const Sensitivities& sensitivities, const ManifoldInputs& inputs);

/// The same of metrics that are known, of K points at `steps` (S), of tangents in R^n, n =
/// `states`, and last_input = last_dependence(inputs).
RankHistory rank_history(const PullbackMetric& metric, Index states, Index points,
                         const std::vector<Index>& steps, Index last_input);

/// The last t at which some du_t / dkappa_i is not 0; -1 if there is none.
Index last_dependence(const ManifoldInputs& inputs);

}  // namespace nullcline::geometry
