// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/dynamics/linear/linearization.hpp"
#include "nullcline/dynamics/points/fixed_points.hpp"
#include "nullcline/dynamics/points/starts.hpp"
#include "nullcline/dynamics/points/unseen.hpp"

namespace nullcline::dynamics {

/// What is known of the completeness of a search, from the degree (linearization.hpp) and the
/// estimate of what its starts have not met (unseen.hpp), and from starts of a second law that must
/// add nothing. No entry is a proof that none is missing.
enum class Completeness {
  agree,           ///< The degree sum is 1, as it must be, the estimate says none is unseen, and
                   ///< the second law has added nothing.
  no_degree,       ///< The estimate says so; that of the degree is not known to be 1 for this map.
  points_missing,  ///< The degree sum is not 1: proof that points are missing (up to rounding).
  likely_missing,  ///< The degree sum is right or unknown, but points are likely to be unseen, or
                   ///< the budget ended before the second law was tried.
  degenerate,  ///< A point has the degree 0, as on a line of fixed points: no count is possible.
  cancelled,
};

const char* name_of(Completeness completeness);  ///< "agree", ...

struct CompleteSearchOptions {
  FixedPointOptions search = {};  ///< `progress` by starts, of `max_starts`; `slow_points` at will.
  Index starts_a_round = 256;     ///< > 0; half of them mixes, a quarter noisy, a quarter in a box.
  Index max_starts = 8192;        ///< > 0; the budget.
  Index deflated = 16;            ///< >= 0; searches a round with what is known deflated.
  Index confirming = 256;         ///< >= 0; starts of the second law, draw_starts_about.
  double unseen = 0.5;            ///< > 0; done when the upper 95 % limit of the unseen is below;
                                  ///< a hundredth of it where the degree sum is not 1 and no box
                                  ///< is known that it must be 1 for.
  StartOptions starts = {};       ///< noise, box, seed and network; the numbers are set a round.
};

struct CompleteSearch {
  FixedPoints points;                         ///< Of all starts of all rounds.
  std::vector<Linearization> linearizations;  ///< (P) of each.
  int degree = 0;                             ///< Their sum.
  bool bounded = false;      ///< F takes a box with all of these points into itself, by
                             ///< Map::state_bound or by proof (trapping_box.hpp), so that the
                             ///< degree must be 1.
  UnseenEstimate unseen;     ///< From the hits of the starts.
  Index deflation_only = 0;  ///< Points that no start led to, but deflation.
  Index rounds = 0, starts = 0;  ///< Starts of both laws, which `unseen` counts together.
  Index confirmations = 0;       ///< How often the second law was tried; the last time in vain.
  Completeness completeness = Completeness::likely_missing;
};

/// Searches fixed points in rounds of fresh starts drawn from `states` (n, S), those of
/// trajectories, until the degree sum is what it must be and the estimate of unseen points falls
/// below the limit, or the budget ends. After each round as many of its starts as `deflated` says
/// search again with all known points deflated (deflation.hpp); what only these find is not counted
/// among the hits, and the search goes on.
///
/// All of this is about one law of starts, and of a point that this law hardly ever leads to its
/// hits do not tell. So when the search would end, `confirming` starts of a second law, about the
/// points found, search as well, deflated ones among them, and it goes on if they find another. A
/// point then is missed where both laws miss it: with the chances p and q of a start to lead to it,
/// in (1 - p)^K (1 - q)^L of all searches with K and L starts.
///
/// The same bits for any number of threads. Throws std::invalid_argument as find_fixed_points and
/// draw_starts do.
CompleteSearch find_all_fixed_points(const Map& map, In<Matrix> states,
                                     const CompleteSearchOptions& options = {});

}  // namespace nullcline::dynamics
