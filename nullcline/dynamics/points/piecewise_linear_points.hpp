// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "nullcline/core/parallel.hpp"
#include "nullcline/core/piecewise_linear.hpp"
#include "nullcline/core/progress.hpp"
#include "nullcline/dynamics/points/search_status.hpp"

namespace nullcline::dynamics {

/// Fixed points of a piecewise linear map are those of its pieces, (I - J) x = d, that lie in their
/// own region: no tolerance, no step size, and every point to rounding (residuals in long double).

/// A region with a singular I - J in which (I - J) x = d has solutions: all
/// point + directions t that stay in the region.
struct FixedContinuum {
  Region region;
  Vector point;       ///< (n) in the interior of the region, or of a face of it.
  Matrix directions;  ///< (n, r) orthonormal, r > 0: the null space of I - J.
  bool on_border;     ///< Some C x + c is 0 on all of it: a face, which other regions share.
};

struct PiecewiseLinearPoints {
  Matrix states;                         ///< (n, P)
  std::vector<Region> regions;           ///< (P) the region in whose equation it was found.
  Vector residuals;                      ///< (P) |F(x) - x| of exactly these states.
  std::vector<bool> on_border;           ///< (P) whether a C x + c is 0 within rounding: the point
                                         ///< belongs to several regions, and is here once.
  std::vector<FixedContinuum> continua;  ///< In the order found, the first `max_continua`.
  std::uint64_t singular = 0;            ///< Regions visited with I - J singular to rounding.
  std::uint64_t singular_continua = 0;   ///< Different regions that hold a continuum.
  std::uint64_t regions_visited = 0;     ///< Systems solved.
  bool complete = false;                 ///< All 2^K regions: there is no other fixed point,
                                         ///< to rounding, outside of singular regions.
  bool cancelled = false;                ///< The progress callback asked to stop.
  std::vector<SearchStatus> status;      ///< (S) of the starts; empty for the exhaustive search.
  std::vector<Index> point_of_start;     ///< (S) column of `states` of the first that it
                                         ///< found, or -1; likewise.
};

struct AllPiecewiseLinearPointsOptions {
  Index max_kinks = 20;       ///< In [0, 30]; more kinked units than this are refused.
  Index max_continua = 1000;  ///< >= 0; more are counted, not listed.
  Threads threads = {};
  Progress progress = {};  ///< By regions done.
};

/// All fixed points, by all 2^K regions in the order of a Gray code. With M = (I - J)^-1,
/// P = C M B (K, K) and the preactivations h = C x + c of the solution x of a region, flipping unit
/// k changes D_kk by delta = +-(1 - below), and by Sherman and Morrison
///
///     h <- h + delta p_k h_k / (1 - delta P_kk),   P <- P + delta p_k P(k, :) / (1 - delta P_kk),
///
/// O(K^2) a region. P and h are computed afresh every 256 regions and where |1 - delta P_kk| is
/// small; a run whose end does not agree with a fresh P is done again without updates. Regions
/// whose h has the right signs to 1e-6 are solved directly and refined to rounding.
///
/// A region with a singular I - J has no fixed point or a continuum of them; the second is reported
/// where it goes through the interior of the region. Where it meets only the border, its points
/// belong to other regions, and are found there.
///
/// Costs 2^K K^2 time: 20 units take about a second, 24 half a minute. Throws
/// std::invalid_argument on an option out of range and if K > max_kinks.
PiecewiseLinearPoints all_piecewise_linear_points(
    const PiecewiseLinearMap& map, const AllPiecewiseLinearPointsOptions& options = {});

struct PiecewiseLinearPointOptions {
  Index max_moves = 20;       ///< > 0; regions solved before a restart.
  Index max_crossings = 500;  ///< >= 0; kinks crossed on a path, in each sense.
  Index restarts = 10;        ///< >= 0; from random regions, for a start that found nothing.
  Index max_continua = 1000;  ///< >= 0
  std::uint64_t seed = 0;     ///< Of the study.
  std::uint64_t network = 0;  ///< Of the network in it.
  Threads threads = {};
  Progress progress = {};  ///< By starts done.
};

/// Fixed points from starts (n, S), for any K, in three ways:
///
/// 1. Solves in the region of the start; a solution outside of it names the region to solve in
///    next [as SCYFI, Eisenmann et al. 2023, "Bifurcations and loss jumps in RNN training"]. This
///    is Newton's method; it ends where it comes back to a region, or in a singular one.
/// 2. Follows F(x) - x = mu (F(start) - start) from mu = 1 in both senses, exactly, from region to
///    region [Katzenelson 1965]: each mu = 0 on the path is a fixed point, and it goes on behind
///    it. Where F is bounded, the path of a start that is far enough away meets one at least.
/// 3. If nothing was found: 1. again from the region last seen with each unit flipped, with a
///    probability drawn from (0, 1/2).
///
/// The status of a start is fixed_point, max_iterations (nothing found), not_finite (the start) or
/// cancelled. O(n^3 + n K n) a move, O(n^2 + n K) a crossing. Which points are found depends on the
/// starts: `complete` is false. The result does not depend on the number of threads. Throws
/// std::invalid_argument on a wrong size or option.
PiecewiseLinearPoints find_piecewise_linear_points(const PiecewiseLinearMap& map, In<Matrix> starts,
                                                   const PiecewiseLinearPointOptions& options = {});

}  // namespace nullcline::dynamics
