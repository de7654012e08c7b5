// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/warp_topology.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "nullcline/geometry/geodesics/grid_distances.hpp"
#include "nullcline/geometry/sensitivities.hpp"
#include "nullcline/representation/homology/persistent_homology.hpp"
#include "nullcline/study/analyses/steady_points.hpp"

namespace nullcline::study {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// The longest chord between two nodes of one cell: those tied with reach 1.
double longest_chord(const geometry::GridGraph& graph, In<Matrix> X) {
  double longest = 0;
  for (Index k = 0; k < X.cols(); ++k) {
    for (const auto& edge : graph.edges[static_cast<std::size_t>(k)]) {
      longest = std::max(longest, (X.col(k) - X.col(edge.to)).norm());
    }
  }
  return longest;
}

double injectivity_of(const geometry::Grid& grid, In<Matrix> X, In<Matrix> tangents,
                      Threads threads) {
  const geometry::GridGraph graph = geometry::grid_graph(grid, X, tangents, 3);
  Matrix distances(X.cols(), X.cols());
  parallel_for(X.cols(), threads,
               [&](Index k) { distances.col(k) = geometry::shortest_paths(graph, k).lengths; });
  const auto found = geometry::injectivity(X, distances, 1e-6 * distances.maxCoeff());
  return found.first < 0 ? unknown : found.smallest;
}

/// Ends with NaN where the complex would be too large.
Vector betti_of(In<Matrix> X, double edge, Index dimension) {
  Vector numbers = Vector::Constant(dimension + 1, unknown);
  if (!(edge > 0)) return numbers;
  constexpr double longer = 1.25;
  const representation::HomologyOptions options{
      .max_dimension = dimension, .landmarks = 0, .max_edge = longer * edge};
  if (representation::homology_size(X, options).simplices > options.max_simplices) return numbers;
  const auto found = representation::persistent_homology(X, options);
  for (Index d = 0; d <= dimension; ++d) {
    const auto& bars = found.diagrams[static_cast<std::size_t>(d)];
    numbers(d) = static_cast<double>(std::count_if(bars.begin(), bars.end(), [&](const auto& bar) {
      return bar.birth <= edge && bar.death > longer * edge;
    }));
  }
  return numbers;
}

/// By the metric alone.                                                     (P)
Vector immersion_at(const Warp& warp, const std::vector<Index>& steps) {
  Vector smallest(std::ssize(steps));
  for (Index p = 0; p < smallest.size(); ++p) {
    const Index step = steps[static_cast<std::size_t>(p)];
    const auto at = std::find(warp.steps.begin(), warp.steps.end(), step);
    if (at == warp.steps.end()) {
      throw std::invalid_argument(fmt::format("slice_topology: the warp has no step {}", step));
    }
    const Index column = (at - warp.steps.begin()) * warp.points;
    smallest(p) = geometry::immersion(warp.metric, column, warp.points).smallest;
  }
  return smallest;
}

/// How many steps at a time have states and tangents of no more than `memory` bytes; at least one.
Index steps_at_once(const Warp& warp, double memory) {
  const auto numbers = static_cast<double>(warp.units * warp.points * (1 + warp.dim));
  return static_cast<Index>(std::clamp(memory / (8 * numbers), 1.0, 1e9));
}

}  // namespace

SliceTopology slice_topology(const cells::Network& network, const Warp& warp,
                             const InputPoints& points, const geometry::Grid* grid,
                             const SliceTopologyOptions& options, const Progress& progress) {
  const auto P = static_cast<Index>(options.steps.size()), K = points.count, m = points.dim;
  const Index dimension = std::min<Index>(m, 2);
  SliceTopology result{options.steps, immersion_at(warp, options.steps),
                       Vector::Constant(P, unknown), Matrix::Constant(dimension + 1, P, unknown)};
  const bool pairs = grid != nullptr && K <= options.most_pairs;
  if (P == 0 || !pairs) return result;
  const auto map = cells::driven_map(network);
  const Index at_once = steps_at_once(warp, options.memory);
  geometry::Sensitivities found;
  for (Index p = 0; p < P; ++p) {
    const auto part = [&](double within) {
      return !progress || progress((static_cast<double>(p) + within) / static_cast<double>(P));
    };
    if (!part(0)) {
      result.cancelled = true;
      return result;
    }
    if (p % at_once == 0) {
      const auto first = options.steps.begin() + p;
      found = {};  // its memory goes before that of the next is asked for
      found = geometry::sensitivities(*map, points.at(0, K, false),
                                      {.start = cells::initial_state(network),
                                       .velocities = false,
                                       .steps = {first, first + std::min(at_once, P - p)},
                                       .threads = options.threads},
                                      [&](double within) { return part(within / 2); });
      if (found.cancelled) {
        result.cancelled = true;
        return result;
      }
    }
    const Matrix X = found.states.middleCols(p % at_once * K, K);
    const Matrix A = found.tangents.middleCols(p % at_once * K * m, K * m);
    if (!X.allFinite() || !A.allFinite()) continue;
    result.injectivity(p) = injectivity_of(*grid, X, A, options.threads);
    const double edge = 1.1 * longest_chord(geometry::grid_graph(*grid, X, A, 1), X);
    result.betti.col(p) = betti_of(X, edge, dimension);
  }
  return result;
}

geometry::RankHistory ranks_of(const Warp& warp) {
  return geometry::rank_history(warp.metric, warp.units, warp.points, warp.steps, warp.last_input);
}

std::vector<Index> chosen_steps(const std::vector<Index>& steps, Index count) {
  std::vector<Index> chosen;
  for (const Index place : even_steps(static_cast<Index>(steps.size()), count)) {
    chosen.push_back(steps[static_cast<std::size_t>(place - 1)]);
  }
  return chosen;
}

void put_topology(io::Dataset& result, const std::string& prefix, const SliceTopology& topology) {
  if (topology.steps.empty()) return;
  const std::string name = prefix + "topology/";
  result.arrays[name + "steps"] = Array::integers({topology.steps.begin(), topology.steps.end()});
  result.arrays[name + "immersion"] = Array::vector(topology.immersion);
  result.arrays[name + "injectivity"] = Array::vector(topology.injectivity);
  result.arrays[name + "betti"] = Array::matrix(topology.betti.transpose());
}

void put_ranks(io::Dataset& result, const std::string& prefix, const geometry::RankHistory& ranks) {
  const Index S = ranks.ranks.cols();
  Matrix ends(S, 2);
  for (Index s = 0; s < S; ++s) {
    ends.row(s) << static_cast<double>(ranks.ranks.col(s).minCoeff()),
        static_cast<double>(ranks.ranks.col(s).maxCoeff());
  }
  result.arrays[prefix + "ranks"] = Array::matrix(ends);
}

io::Json describe(const geometry::RankHistory& ranks, double dt) {
  io::Json last = nullptr;
  if (ranks.last_input >= 0) last = dt * static_cast<double>(ranks.last_input + 1);
  return {{"last_input", last}, {"changes", ranks.changes}};
}

}  // namespace nullcline::study
