// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/complete_search.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/detail/collect.hpp"
#include "nullcline/dynamics/points/deflation.hpp"
#include "nullcline/dynamics/points/detail/fixed_point_search.hpp"
#include "nullcline/dynamics/points/detail/root_search.hpp"
#include "nullcline/dynamics/points/trapping_box.hpp"

namespace nullcline::dynamics {
namespace {

/// The starts of one round: other streams than those of the rounds before.
Matrix starts_of_round(In<Matrix> states, const CompleteSearchOptions& options, Index round,
                       Index count) {
  StartOptions draw = options.starts;
  draw.states = 0;
  draw.noisy = count / 4;
  draw.boxed = count / 4;
  draw.mixes = count - draw.noisy - draw.boxed;
  draw.first = round * options.starts_a_round;
  return draw_starts(states, draw);
}

/// From starts of this round, spread over it, another root than the known ones.
void deflate(const Map& map, In<Matrix> starts, const CompleteSearchOptions& options,
             detail::FixedPointSearch& search) {
  const Index count = std::min(options.deflated, starts.cols());
  if (count == 0 || search.known().size() == 0) return;
  const Matrix known = search.known().states();
  const RootOptions limits{options.search.tolerance, options.search.max_iterations,
                           detail::escape_radius(starts, options.search.escape_radius),
                           options.search.stall_iterations};
  std::vector<Root> roots(static_cast<std::size_t>(count));
  parallel_for(count, options.search.threads, [&](Index i) {
    roots[static_cast<std::size_t>(i)] =
        find_root_deflated(map, starts.col(i * starts.cols() / count), known, limits,
                           [&] { return !search.cancelled(); });
  });
  for (const Root& root : roots) {
    if (is_fixed_point(root.status)) search.add_point(root.state, root.residual);
  }
}

/// A box that F takes into itself: that of Map::state_bound, or one that is proven, far wider than
/// the states. (n) half-widths, infinite where there is none.
Vector bounding_box(const Map& map, In<Matrix> states) {
  Vector bound = map.state_bound();
  if (bound.allFinite() || states.size() == 0) return bound;
  const double radius = 10 * std::max(1.0, states.cwiseAbs().maxCoeff());
  if (!std::isfinite(radius)) return bound;
  const TrappingBox trap = find_trapping_box(map, radius);
  if (trap.status != TrappingStatus::proven) return bound;
  for (std::size_t i = 0; i < trap.box.size(); ++i) {
    bound(static_cast<Index>(i)) = trap.box[i].magnitude();
  }
  return bound;
}

/// To rounding: where units saturate, points lie on the surface of the box.
bool all_within(In<Matrix> points, const Vector& bound) {
  for (Index p = 0; p < points.cols(); ++p) {
    if (detail::is_spurious(points.col(p), bound)) return false;
  }
  return true;
}

Completeness judge(const CompleteSearchOptions& options, const CompleteSearch& result,
                   std::span<const int> degrees, bool confirmed) {
  const bool degenerate = std::find(degrees.begin(), degrees.end(), 0) != degrees.end();
  const int sum = std::accumulate(degrees.begin(), degrees.end(), 0);
  // Without a box the sum need not be 1, but mostly is: another one asks for better evidence.
  const double limit = result.bounded || sum == 1 ? options.unseen : 0.01 * options.unseen;
  const bool none_unseen = result.unseen.upper < limit && result.deflation_only == 0;
  if (degenerate) return Completeness::degenerate;
  if (result.bounded && sum != 1) return Completeness::points_missing;
  if (!none_unseen || !confirmed) return Completeness::likely_missing;
  return result.bounded ? Completeness::agree : Completeness::no_degree;
}

Index left(const CompleteSearchOptions& options, const CompleteSearch& result) {
  return options.max_starts - result.starts;
}

}  // namespace

const char* name_of(Completeness completeness) {
  switch (completeness) {
    case Completeness::agree:
      return "agree";
    case Completeness::no_degree:
      return "no_degree";
    case Completeness::points_missing:
      return "points_missing";
    case Completeness::likely_missing:
      return "likely_missing";
    case Completeness::degenerate:
      return "degenerate";
    case Completeness::cancelled:
      return "cancelled";
  }
  return "";
}

CompleteSearch find_all_fixed_points(const Map& map, In<Matrix> states,
                                     const CompleteSearchOptions& options) {
  require(states.rows() == map.dim(), "find_all_fixed_points: states must be (dimension, S)");
  require(options.starts_a_round > 0 && options.max_starts > 0 && options.deflated >= 0 &&
              options.unseen > 0,
          "find_all_fixed_points: need starts_a_round, max_starts, unseen > 0, deflated >= 0");
  require(options.confirming >= 0, "find_all_fixed_points: need confirming >= 0");
  detail::FixedPointSearch search(map, options.search);
  CompleteSearch result;
  const Vector bound = bounding_box(map, states);
  const auto search_from = [&](const Matrix& starts) {
    const auto progress = [&](double fraction) {
      const double done =
          static_cast<double>(result.starts) + fraction * static_cast<double>(starts.cols());
      return options.search.progress(done / static_cast<double>(options.max_starts));
    };
    search.add(starts, options.search.progress ? Progress(progress) : Progress());
    result.starts += starts.cols();
    if (!search.cancelled()) deflate(map, starts, options, search);

    const std::vector<Index> hits = search.hits();
    result.bounded = bound.allFinite() && all_within(search.known().states(), bound);
    result.unseen = estimate_unseen(hits);
    result.deflation_only = std::count(hits.begin(), hits.end(), Index{0});
    result.completeness = judge(options, result, search.degrees(), true);
  };
  const auto ends = [&] {
    return search.cancelled() || result.starts == options.max_starts ||
           result.completeness == Completeness::degenerate;
  };
  const auto seems_complete = [&] {
    return result.completeness == Completeness::agree ||
           result.completeness == Completeness::no_degree;
  };
  bool confirmed = options.confirming == 0;
  do {
    search_from(starts_of_round(states, options, result.rounds,
                                std::min(options.starts_a_round, left(options, result))));
    ++result.rounds;
    // What the second law has found once, the first may never meet again: from then on both search.
    const bool asks = options.confirming > 0 && (seems_complete() || result.confirmations > 0);
    if (!asks || ends() || options.confirming > left(options, result)) continue;
    const Index before = search.known().size();
    StartOptions about = options.starts;
    about.first = result.confirmations++ * options.confirming;
    search_from(draw_starts_about(search.known().states(), states, options.confirming, about));
    confirmed = search.known().size() == before && seems_complete();
  } while (!ends() && !(confirmed && seems_complete()));

  result.points = search.result();
  result.linearizations =
      linearize_all(map, result.points.states, options.search.dt, {}, options.search.threads);
  result.degree = degree_sum(result.linearizations);
  std::vector<int> degrees;  // by the eigenvalues, which tell what is nearly degenerate
  for (const Linearization& at : result.linearizations) degrees.push_back(at.degree);
  result.completeness =
      search.cancelled() ? Completeness::cancelled : judge(options, result, degrees, confirmed);
  return result;
}

}  // namespace nullcline::dynamics
