// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/fixed_points.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/damped_newton.hpp"
#include "nullcline/dynamics/detail/collect.hpp"
#include "nullcline/dynamics/detail/known_roots.hpp"
#include "nullcline/dynamics/detail/over_items.hpp"
#include "nullcline/dynamics/detail/root_search.hpp"

namespace nullcline::dynamics {
namespace {

using detail::Cancellation;
using detail::Descent;
using detail::ItemCounter;
using detail::KnownRoots;
using detail::RootSearch;

void check(const Map& map, In<Matrix> starts, const FixedPointOptions& options) {
  require(starts.rows() == map.dim(), "find_fixed_points: starts must be (dimension of map, K)");
  require(options.tolerance > 0 && options.dt > 0,
          "find_fixed_points: need tolerance > 0 and dt > 0");
  require(options.max_iterations > 0 && options.stall_iterations > 0,
          "find_fixed_points: need max_iterations > 0 and stall_iterations > 0");
  require(options.escape_radius >= 0 && options.merge_distance >= 0,
          "find_fixed_points: need escape_radius >= 0 and merge_distance >= 0");
  require(options.descent.gradient_tolerance >= 0 && options.descent.step_tolerance > 0 &&
              options.descent.max_iterations > 0,
          "find_fixed_points: need gradient_tolerance >= 0, step_tolerance > 0, "
          "max_iterations > 0 of the descent");
}

bool may_be_slow(SearchStatus status) {
  return status == SearchStatus::stalled || status == SearchStatus::max_iterations ||
         status == SearchStatus::escaped;
}

constexpr Index first_wave = 64;  // starts that search before any root is known; then twice as many
constexpr Index together = 32;    // searches whose states are stepped as one matrix

/// The searches of the columns first .. first + count - 1, all advancing by one trial a round.
class SearchGroup {
 public:
  SearchGroup(const Map& map, const Vector& bound, In<Matrix> starts, Index first, Index count,
              const RootOptions& options, const KnownRoots& known)
      : map_(map), known_(known), first_(first) {
    searches_.reserve(static_cast<std::size_t>(count));
    for (Index k = first; k < first + count; ++k)
      searches_.emplace_back(map, bound, starts.col(k), options);
  }

  void run(std::vector<Descent>& ends, const Cancellation& cancellation) {
    while (offer_steps(cancellation) && step_trials()) {
    }
    for (std::size_t i = 0; i < searches_.size(); ++i) {
      const Root root = searches_[i].result();
      ends[static_cast<std::size_t>(first_) + i] = {root.state, root.residual,   0,
                                                    0,          root.iterations, root.status};
    }
  }

 private:
  /// To each that is ready, the step from the nearest known root. The roots differ, so that these
  /// are products with vectors. Always true, so that the loop above reads as it does.
  bool offer_steps(const Cancellation& cancellation) {
    for (RootSearch& search : searches_) {
      if (!search.done() && !cancellation.keep_going()) search.cancel();
      if (!search.wants_offer()) continue;
      if (const auto root = known_.nearest_with_inverse(search.state())) {
        search.offer(-(known_.inverse(*root) * search.difference()));
      } else {
        search.decline();
      }
    }
    return true;
  }

  /// F at all trials at once. False if there is none.
  bool step_trials() {
    std::vector<RootSearch*> waiting;
    for (RootSearch& search : searches_) {
      if (!search.done() && !search.wants_offer()) waiting.push_back(&search);
    }
    if (waiting.empty()) return false;
    Matrix X(map_.dim(), static_cast<Index>(waiting.size())), F(X.rows(), X.cols());
    for (Index i = 0; i < X.cols(); ++i) X.col(i) = waiting[static_cast<std::size_t>(i)]->trial();
    map_.step(X, F);
    for (Index i = 0; i < X.cols(); ++i) waiting[static_cast<std::size_t>(i)]->digest(F.col(i));
    return true;
  }

  const Map& map_;
  const KnownRoots& known_;
  Index first_;
  std::vector<RootSearch> searches_;
};

/// All searches, wave by wave: each wave is offered the roots of those before it, whatever the
/// number of threads. `point` gets the root of each start that reached one.
void search_in_waves(const Map& map, In<Matrix> starts, const FixedPointOptions& options,
                     const RootOptions& limits, KnownRoots& known, std::vector<Descent>& ends,
                     std::vector<Index>& point, ItemCounter& counter, Cancellation& cancellation) {
  const Index K = starts.cols();
  const Vector bound = map.state_bound();
  for (Index first = 0, size = first_wave; first < K; first += size, size = first) {
    const Index count = std::min(size, K - first);
    parallel_for((count + together - 1) / together, options.threads, [&](Index g) {
      const Index begin = first + g * together, end = std::min(begin + together, first + count);
      if (!cancellation.keep_going()) return;
      SearchGroup(map, bound, starts, begin, end - begin, limits, known).run(ends, cancellation);
      for (Index k = begin; k < end; ++k) {
        const auto status = ends[static_cast<std::size_t>(k)].status;
        if (!(options.slow_points && may_be_slow(status))) counter.one_done();
      }
    });
    for (Index k = first; k < first + count; ++k) {
      const Descent& end = ends[static_cast<std::size_t>(k)];
      if (is_fixed_point(end.status)) {
        point[static_cast<std::size_t>(k)] = known.add(end.state, end.residual);
      }
    }
  }
}

/// Where no root was reached: the descent of q, from where the search stands or, if it escaped,
/// from its start.
void descend_from_failures(const Map& map, In<Matrix> starts, const FixedPointOptions& options,
                           double radius, std::vector<Descent>& ends, ItemCounter& counter,
                           const Cancellation& cancellation) {
  const detail::DescentLimits limits{
      options.tolerance, options.descent.gradient_tolerance * options.dt * options.dt,
      options.descent.step_tolerance, options.descent.max_iterations, radius};
  parallel_for(starts.cols(), options.threads, [&](Index k) {
    Descent& end = ends[static_cast<std::size_t>(k)];
    if (!may_be_slow(end.status) || !cancellation.keep_going()) return;
    const Vector from = end.status == SearchStatus::escaped ? Vector(starts.col(k)) : end.state;
    const Index before = end.iterations;
    end = detail::descend(map, from, limits, [&] { return cancellation.keep_going(); });
    end.iterations += before;
    counter.one_done();
  });
}

/// The known roots in order of decreasing multiplicity, then of the first start.
void collect(const KnownRoots& known, const std::vector<Index>& point, FixedPoints& result) {
  std::vector<std::vector<Index>> starts(static_cast<std::size_t>(known.size()));
  for (std::size_t k = 0; k < point.size(); ++k) {
    if (point[k] >= 0) starts[static_cast<std::size_t>(point[k])].push_back(static_cast<Index>(k));
  }
  std::vector<std::size_t> order(starts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (starts[a].size() != starts[b].size()) return starts[a].size() > starts[b].size();
    return starts[a].front() < starts[b].front();
  });
  const Index P = known.size();
  result.states.resize(known.states().rows(), P);
  result.residuals.resize(P);
  result.radii.resize(P);
  result.point_of_start.assign(point.size(), -1);
  for (Index p = 0; p < P; ++p) {
    const std::size_t from = order[static_cast<std::size_t>(p)];
    result.states.col(p) = known.states().col(static_cast<Index>(from));
    result.residuals(p) = known.residual(static_cast<Index>(from));
    result.radii(p) = known.radius(static_cast<Index>(from));
    for (const Index k : starts[from]) result.point_of_start[static_cast<std::size_t>(k)] = p;
    result.multiplicity.push_back(static_cast<Index>(starts[from].size()));
    result.starts.push_back(std::move(starts[from]));
  }
}

}  // namespace

FixedPoints find_fixed_points(const Map& map, In<Matrix> starts, const FixedPointOptions& options) {
  check(map, starts, options);
  const Index K = starts.cols();
  const double radius = detail::escape_radius(starts, options.escape_radius);
  const RootOptions limits{options.tolerance, options.max_iterations, radius,
                           options.stall_iterations};

  std::vector<Descent> ends(static_cast<std::size_t>(K));
  for (Descent& end : ends) {
    end.status = SearchStatus::cancelled;
    end.residual = std::numeric_limits<double>::infinity();
  }
  std::vector<Index> point(ends.size(), -1);
  KnownRoots known(map);
  Cancellation cancellation;
  ItemCounter counter(K, options.progress, cancellation);
  search_in_waves(map, starts, options, limits, known, ends, point, counter, cancellation);
  if (options.slow_points) {
    descend_from_failures(map, starts, options, radius, ends, counter, cancellation);
    for (std::size_t k = 0; k < ends.size(); ++k) {
      if (point[k] < 0 && is_fixed_point(ends[k].status)) {
        point[k] = known.add(ends[k].state, ends[k].residual);
      }
    }
  }

  FixedPoints result;
  result.derivatives = map.derivatives();
  result.start_residuals.resize(K);
  for (Index k = 0; k < K; ++k) {
    const Descent& end = ends[static_cast<std::size_t>(k)];
    result.status.push_back(end.status);
    result.iterations.push_back(end.iterations);
    result.start_residuals(k) = end.residual;
  }
  collect(known, point, result);
  result.speeds = result.residuals.array().square() / (2 * options.dt * options.dt);
  if (options.slow_points) {
    result.slow = detail::collect_slow_points(map, ends, options.dt, options.merge_distance);
  }
  return result;
}

}  // namespace nullcline::dynamics
