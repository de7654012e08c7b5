// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/piecewise_linear_points.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/random.hpp"
#include "nullcline/dynamics/detail/over_items.hpp"
#include "nullcline/dynamics/detail/region_orbit.hpp"
#include "nullcline/dynamics/points/detail/homotopy_path.hpp"
#include "nullcline/dynamics/points/detail/region_walk.hpp"
#include "nullcline/dynamics/points/detail/singular_region.hpp"

namespace nullcline::dynamics {
namespace {

using detail::RegionOrbit;

void take_points(const std::vector<RegionOrbit>& points, Index n, PiecewiseLinearPoints& result) {
  const auto P = static_cast<Index>(points.size());
  result.states.resize(n, P);
  result.residuals.resize(P);
  for (Index p = 0; p < P; ++p) {
    const RegionOrbit& point = points[static_cast<std::size_t>(p)];
    result.states.col(p) = point.states.col(0);
    result.residuals(p) = point.residual;
    result.regions.push_back(point.regions.front());
    result.on_border.push_back(point.on_border());
  }
}

/// How the search from one start ended.
struct Ended {
  SearchStatus status = SearchStatus::cancelled;
  std::vector<RegionOrbit> points;
  std::vector<FixedContinuum> continua;
  std::uint64_t visited = 0, singular = 0;
};

/// Each unit flipped with the same probability, drawn from (0, 1/2).
void flip_some(Region& region, RandomStream& random) {
  const double probability = random.uniform() / 2;
  for (auto&& unit : region) {
    if (random.uniform() < probability) unit = !unit;
  }
}

/// Goes from region to region until one holds its own solution; leaves the last in `region`.
void move_through(const PiecewiseLinearMap& map, Region& region, Index max_moves, Ended& ended) {
  std::set<Region> seen;
  for (Index move = 0; move < max_moves && seen.insert(region).second; ++move) {
    ++ended.visited;
    detail::AffineCycle system(map.dim());
    detail::push_sequence(map, {region}, system);
    if (!system.close()) {
      ++ended.singular;
      if (auto continuum = detail::continuum_in(map, region)) {
        ended.continua.push_back(std::move(*continuum));
      }
      return;
    }
    const Matrix x = system.states();
    auto point = detail::orbit_in(map, {region}, system, x);
    if (point) {
      ended.points.push_back(std::move(*point));
      return;
    }
    if (!x.allFinite()) return;
    region = map.region(x.col(0));
  }
}

/// The zeros of both halves of the path through the start.
void follow_path(const PiecewiseLinearMap& map, In<Vector> start, Index max_crossings,
                 Ended& ended) {
  for (const int direction : {-1, 1}) {
    auto path = detail::follow_homotopy(map, start, direction, max_crossings);
    for (Region& region : path.zeros) move_through(map, region, 1, ended);
  }
}

Ended search_from(const PiecewiseLinearMap& map, In<Vector> start, RandomStream random,
                  const PiecewiseLinearPointOptions& options,
                  const detail::Cancellation& cancellation) {
  Ended ended;
  if (!start.allFinite()) {
    ended.status = SearchStatus::not_finite;
    return ended;
  }
  Region region = map.region(start);
  move_through(map, region, options.max_moves, ended);
  follow_path(map, start, options.max_crossings, ended);
  for (Index restart = 0; restart < options.restarts && ended.points.empty(); ++restart) {
    if (!cancellation.keep_going()) return ended;
    flip_some(region, random);
    move_through(map, region, options.max_moves, ended);
  }
  ended.status = ended.points.empty() ? SearchStatus::max_iterations : SearchStatus::fixed_point;
  return ended;
}

/// The points of all starts, each once, and which of them each start reached first.
std::vector<RegionOrbit> merged(std::vector<Ended>& ends, std::vector<Index>& point_of_start) {
  std::vector<RegionOrbit> points;
  std::map<Region, Index> known;
  const auto place_of = [&](RegionOrbit& point) {
    const auto [place, added] =
        known.try_emplace(point.regions.front(), static_cast<Index>(points.size()));
    if (!added) return place->second;
    for (std::size_t p = 0; p < points.size() && point.on_border(); ++p) {
      if (!points[p].on_border() || !detail::same_orbit(points[p], point)) continue;
      return place->second = static_cast<Index>(p);
    }
    points.push_back(std::move(point));
    return place->second;
  };
  for (Ended& ended : ends) {
    point_of_start.push_back(-1);
    for (RegionOrbit& point : ended.points) {
      const Index place = place_of(point);
      if (point_of_start.back() < 0) point_of_start.back() = place;
    }
  }
  return points;
}

void take_continua(std::vector<Ended>& ends, Index max_continua, PiecewiseLinearPoints& result) {
  std::set<Region> known;
  for (Ended& ended : ends) {
    for (FixedContinuum& continuum : ended.continua) {
      if (!known.insert(continuum.region).second) continue;
      ++result.singular_continua;
      if (static_cast<Index>(result.continua.size()) < max_continua) {
        result.continua.push_back(std::move(continuum));
      }
    }
  }
}

}  // namespace

PiecewiseLinearPoints all_piecewise_linear_points(const PiecewiseLinearMap& map,
                                                  const AllPiecewiseLinearPointsOptions& options) {
  require(options.max_kinks >= 0 && options.max_kinks <= 30 && options.max_continua >= 0,
          "all_piecewise_linear_points: need max_kinks in [0, 30], max_continua >= 0");
  require(map.kinks() <= options.max_kinks,
          "all_piecewise_linear_points: more kinked units than max_kinks");
  const std::uint64_t regions = std::uint64_t{1} << map.kinks();
  const std::uint64_t block = std::min(regions, std::max<std::uint64_t>(256, regions / 4096));
  const auto blocks = static_cast<Index>(regions / block);

  std::vector<detail::WalkedRegions> walked(static_cast<std::size_t>(blocks));
  detail::Cancellation cancellation;
  const auto keep_going = [&] { return cancellation.keep_going(); };
  detail::over_items(blocks, options.threads, options.progress, cancellation, [&](Index b) {
    walked[static_cast<std::size_t>(b)] = detail::walk_regions(
        map, static_cast<std::uint64_t>(b) * block, block, options.max_continua, keep_going);
  });

  PiecewiseLinearPoints result;
  std::vector<RegionOrbit> points;
  for (detail::WalkedRegions& part : walked) {
    for (RegionOrbit& point : part.points) detail::keep_distinct(std::move(point), points);
    for (FixedContinuum& continuum : part.continua) {
      if (static_cast<Index>(result.continua.size()) < options.max_continua) {
        result.continua.push_back(std::move(continuum));
      }
    }
    result.singular += part.singular;
    result.singular_continua += part.singular_continua;
    result.regions_visited += part.regions;
  }
  take_points(points, map.dim(), result);
  result.complete = result.regions_visited == regions;
  result.cancelled = !cancellation.keep_going();
  return result;
}

PiecewiseLinearPoints find_piecewise_linear_points(const PiecewiseLinearMap& map, In<Matrix> starts,
                                                   const PiecewiseLinearPointOptions& options) {
  require(starts.rows() == map.dim(),
          "find_piecewise_linear_points: starts must be (dimension of map, S)");
  require(options.max_moves > 0 && options.max_crossings >= 0 && options.restarts >= 0 &&
              options.max_continua >= 0,
          "find_piecewise_linear_points: need max_moves > 0, max_crossings >= 0, restarts >= 0, "
          "max_continua >= 0");
  std::vector<Ended> ends(static_cast<std::size_t>(starts.cols()));
  detail::Cancellation cancellation;
  detail::over_items(starts.cols(), options.threads, options.progress, cancellation, [&](Index s) {
    const RandomStream random(
        {options.seed, options.network, Purpose::piecewise, static_cast<std::uint64_t>(s)});
    ends[static_cast<std::size_t>(s)] =
        search_from(map, starts.col(s), random, options, cancellation);
  });

  PiecewiseLinearPoints result;
  for (const Ended& ended : ends) {
    result.status.push_back(ended.status);
    result.regions_visited += ended.visited;
    result.singular += ended.singular;
  }
  take_points(merged(ends, result.point_of_start), map.dim(), result);
  take_continua(ends, options.max_continua, result);
  result.cancelled = !cancellation.keep_going();
  return result;
}

}  // namespace nullcline::dynamics
