// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/detail/fixed_point_search.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/detail/collect.hpp"
#include "nullcline/dynamics/points/damped_newton.hpp"
#include "nullcline/dynamics/points/detail/root_search.hpp"

namespace nullcline::dynamics::detail {
namespace {

constexpr Index first_wave = 32;  // starts that search before any root is known; then twice as many
constexpr Index together = 32;    // searches whose states are stepped as one matrix

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

bool may_be_slow(SearchStatus status) {
  return status == SearchStatus::stalled || status == SearchStatus::max_iterations ||
         status == SearchStatus::escaped;
}

/// A search from each column of `starts`, all advancing by one trial a round.
class SearchGroup {
 public:
  SearchGroup(const Map& map, const Vector& bound, In<Matrix> starts, const RootOptions& options,
              const KnownRoots& known)
      : map_(map), known_(known) {
    searches_.reserve(static_cast<std::size_t>(starts.cols()));
    for (Index k = 0; k < starts.cols(); ++k) {
      searches_.emplace_back(map, bound, starts.col(k), options, lu_);
    }
  }

  void run(const Cancellation& cancellation) {
    do {
      offer_steps(cancellation);
    } while (step_trials());
  }

  Descent end(Index i) const {
    const Root root = searches_[at(i)].result();
    return {root.state, root.residual, 0, 0, root.iterations, root.status};
  }

 private:
  /// To each that is ready, the step from the nearest known root: of each root one product for
  /// all whose nearest it is.
  void offer_steps(const Cancellation& cancellation) {
    std::map<Index, std::vector<RootSearch*>> near;
    for (RootSearch& search : searches_) {
      if (!search.done() && !cancellation.keep_going()) search.cancel();
      if (!search.wants_offer()) continue;
      if (const auto root = known_.nearest_with_inverse(search.state())) {
        near[*root].push_back(&search);
      } else {
        search.decline();
      }
    }
    for (const auto& [root, searches] : near) {
      Matrix G(map_.dim(), static_cast<Index>(searches.size()));
      for (Index i = 0; i < G.cols(); ++i) G.col(i) = searches[at(i)]->difference();
      const Matrix steps = known_.times_inverse(root, G);
      for (Index i = 0; i < G.cols(); ++i) searches[at(i)]->offer(-steps.col(i));
    }
  }

  /// F at all trials at once. False if there is none.
  bool step_trials() {
    std::vector<RootSearch*> waiting;
    for (RootSearch& search : searches_) {
      if (!search.done() && !search.wants_offer()) waiting.push_back(&search);
    }
    if (waiting.empty()) return false;
    Matrix X(map_.dim(), static_cast<Index>(waiting.size())), F(X.rows(), X.cols());
    for (Index i = 0; i < X.cols(); ++i) X.col(i) = waiting[at(i)]->trial();
    map_.step(X, F);
    for (Index i = 0; i < X.cols(); ++i) waiting[at(i)]->digest(F.col(i));
    return true;
  }

  const Map& map_;
  const KnownRoots& known_;
  Lu lu_;
  std::vector<RootSearch> searches_;
};

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
    return !starts[a].empty() && starts[a].front() < starts[b].front();
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

FixedPointSearch::FixedPointSearch(const Map& map, const FixedPointOptions& options)
    : map_(map), options_(options), bound_(map.state_bound()), known_(map) {
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

void FixedPointSearch::add(In<Matrix> starts, const Progress& progress) {
  const Index before = static_cast<Index>(ends_.size()), K = starts.cols();
  radius_ = std::max(radius_, escape_radius(starts, options_.escape_radius));
  Descent nothing;
  nothing.status = SearchStatus::cancelled;
  nothing.residual = std::numeric_limits<double>::infinity();
  ends_.resize(static_cast<std::size_t>(before + K), nothing);
  point_.resize(ends_.size(), -1);

  ItemCounter counter(K, progress, cancellation_);
  for (Index first = 0; first < K;) {
    const Index wave = std::min(std::max(first_wave, before + first), K - first);
    search(starts.middleCols(first, wave), before + first, counter);
    first += wave;
  }
  if (options_.slow_points) descend(starts, counter);
}

/// One wave, which is offered the roots of those before it, whatever the number of threads. Its
/// starts have the numbers first, first + 1, ...
void FixedPointSearch::search(In<Matrix> starts, Index first, ItemCounter& counter) {
  const RootOptions limits{options_.tolerance, options_.max_iterations, radius_,
                           options_.stall_iterations};
  const Index K = starts.cols();
  parallel_for((K + together - 1) / together, options_.threads, [&](Index g) {
    if (!cancellation_.keep_going()) return;
    const Index begin = g * together, count = std::min(together, K - begin);
    SearchGroup group(map_, bound_, starts.middleCols(begin, count), limits, known_);
    group.run(cancellation_);
    for (Index i = 0; i < count; ++i) {
      Descent& end = ends_[static_cast<std::size_t>(first + begin + i)];
      end = group.end(i);
      if (!(options_.slow_points && may_be_slow(end.status))) counter.one_done();
    }
  });
  for (Index k = first; k < first + K; ++k) {
    const Descent& end = ends_[static_cast<std::size_t>(k)];
    if (is_fixed_point(end.status)) {
      point_[static_cast<std::size_t>(k)] = known_.add(end.state, end.residual);
    }
  }
}

/// Of the last starts, those that reached no root: the descent of q from where the search stands
/// or, if it escaped, from its start.
void FixedPointSearch::descend(In<Matrix> starts, ItemCounter& counter) {
  const DescentLimits limits{
      options_.tolerance, options_.descent.gradient_tolerance * options_.dt * options_.dt,
      options_.descent.step_tolerance, options_.descent.max_iterations, radius_};
  const Index first = static_cast<Index>(ends_.size()) - starts.cols();
  parallel_for(starts.cols(), options_.threads, [&](Index k) {
    Descent& end = ends_[static_cast<std::size_t>(first + k)];
    if (!may_be_slow(end.status) || !cancellation_.keep_going()) return;
    const Vector from = end.status == SearchStatus::escaped ? Vector(starts.col(k)) : end.state;
    const Index before = end.iterations;
    end = detail::descend(map_, from, limits, [&] { return cancellation_.keep_going(); });
    end.iterations += before;
    counter.one_done();
  });
  for (auto k = static_cast<std::size_t>(first); k < ends_.size(); ++k) {
    if (point_[k] < 0 && is_fixed_point(ends_[k].status)) {
      point_[k] = known_.add(ends_[k].state, ends_[k].residual);
    }
  }
}

void FixedPointSearch::add_point(In<Vector> x, double residual) {
  if (known_.is_isolated(x, residual)) known_.add(x, residual);
}

std::vector<Index> FixedPointSearch::hits() const {
  std::vector<Index> hits(static_cast<std::size_t>(known_.size()), 0);
  for (const Index p : point_) {
    if (p >= 0) ++hits[static_cast<std::size_t>(p)];
  }
  return hits;
}

std::vector<int> FixedPointSearch::degrees() const {
  std::vector<int> degrees;
  for (Index p = 0; p < known_.size(); ++p) degrees.push_back(known_.degree(p));
  return degrees;
}

FixedPoints FixedPointSearch::result() const {
  const auto K = static_cast<Index>(ends_.size());
  FixedPoints result;
  result.derivatives = map_.derivatives();
  result.start_residuals.resize(K);
  for (Index k = 0; k < K; ++k) {
    const Descent& end = ends_[static_cast<std::size_t>(k)];
    result.status.push_back(end.status);
    result.iterations.push_back(end.iterations);
    result.start_residuals(k) = end.residual;
  }
  collect(known_, point_, result);
  result.speeds = result.residuals.array().square() / (2 * options_.dt * options_.dt);
  if (options_.slow_points) {
    result.slow = collect_slow_points(map_, ends_, options_.dt, options_.merge_distance);
  }
  return result;
}

}  // namespace nullcline::dynamics::detail
