// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/geodesics/grid_distances.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

#include "nullcline/core/over_items.hpp"
#include "nullcline/core/random.hpp"

namespace nullcline::geometry {
namespace {

/// kappa along points of the grid, from the first on without jumps at periods. (m, points)
Matrix unrolled(const Grid& grid, const std::vector<Index>& points) {
  Matrix path(grid.dim(), static_cast<Index>(points.size()));
  path.col(0) = grid.at(points.front());
  for (Index p = 1; p < path.cols(); ++p) {
    const Vector next = grid.at(points[static_cast<std::size_t>(p)]);
    path.col(p) = path.col(p - 1) + shorter_way(grid.domain, path.col(p - 1), next);
  }
  return path;
}

std::vector<RefinedPair> pairs_of(const GridDistanceOptions& options, Index K) {
  std::vector<RefinedPair> pairs;
  RandomStream stream({.seed = options.seed, .purpose = Purpose::analysis_starts});
  const auto draw = [&](Index below) {
    return std::min(below - 1, static_cast<Index>(stream.uniform() * static_cast<double>(below)));
  };
  for (Index i = 0; i < options.checked; ++i) {
    const Index from = draw(K), other = draw(K - 1);
    pairs.push_back({.from = from, .to = other + (other >= from ? 1 : 0)});
  }
  for (const auto& [from, to] : options.refined) pairs.push_back({.from = from, .to = to});
  return pairs;
}

void check(const ImmersedManifold& manifold, const Grid& grid, const GridDistanceOptions& options) {
  const Index K = grid.size();
  if (grid.dim() != manifold.dim() || K < 2 || options.checked < 0) {
    throw std::invalid_argument(
        fmt::format("grid_distances: a grid of {} points of {} coordinates on a manifold of {}; "
                    "{} pairs to check",
                    K, grid.dim(), manifold.dim(), options.checked));
  }
  for (const auto& [from, to] : options.refined) {
    if (from < 0 || to < 0 || from >= K || to >= K) {
      throw std::invalid_argument(
          fmt::format("grid_distances: the pair {}, {} is not one of {} points", from, to, K));
    }
  }
}

void refine(const ImmersedManifold& manifold, const Grid& grid, const GridGraph& graph,
            const GridDistanceOptions& options, RefinedPair& pair) {
  GeodesicOptions geodesic = options.geodesic;
  geodesic.threads = {1};
  if (pair.from != pair.to) {
    geodesic.starts.push_back(unrolled(grid, shortest_paths(graph, pair.from).to(pair.to)));
  }
  const GeodesicSearch found =
      geodesics_between(manifold, grid.at(pair.from), grid.at(pair.to), geodesic);
  // Where none converged, the status of the one along the grid says why.
  pair.geodesic = found.shortest >= 0 ? found.best() : found.all.back();
}

void set_excess(GridDistances& result, Index checked) {
  Index counted = 0;
  for (Index i = 0; i < checked; ++i) {
    const RefinedPair& pair = result.pairs[static_cast<std::size_t>(i)];
    if (pair.geodesic.status != GeodesicStatus::converged) continue;
    const double excess = pair.along_grid / pair.geodesic.length - 1;
    result.mean_excess += excess;
    result.largest_excess = counted == 0 ? excess : std::max(result.largest_excess, excess);
    ++counted;
  }
  result.unchecked = checked - counted;
  if (counted > 0) result.mean_excess /= static_cast<double>(counted);
}

}  // namespace

GridDistances grid_distances(const ImmersedManifold& manifold, const Grid& grid,
                             const GridDistanceOptions& options, const Progress& progress) {
  check(manifold, grid, options);
  const Index K = grid.size();
  const Jets jets = manifold.jets(grid.points(), 1);
  const GridGraph graph = grid_graph(grid, jets.points, jets.tangents, options.reach);
  GridDistances result;
  result.lengths.resize(K, K);
  result.pairs = pairs_of(options, K);
  const Index pairs = static_cast<Index>(result.pairs.size());
  result.cancelled = !over_items(K + pairs, options.threads, progress, [&](Index i) {
    if (i < K) {
      result.lengths.col(i) = shortest_paths(graph, i).lengths;
    } else {
      refine(manifold, grid, graph, options, result.pairs[static_cast<std::size_t>(i - K)]);
    }
  });
  if (result.cancelled) return result;
  // The two directions of a path add its edges in different orders.
  result.lengths = ((result.lengths + result.lengths.transpose()) / 2).eval();
  for (RefinedPair& pair : result.pairs) pair.along_grid = result.lengths(pair.from, pair.to);
  set_excess(result, options.checked);
  return result;
}

}  // namespace nullcline::geometry
