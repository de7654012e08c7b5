// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <queue>
#include <stdexcept>

#include "nullcline/geometry/geodesics/detail/line_length.hpp"
#include "nullcline/geometry/geodesics/grid_distances.hpp"

namespace nullcline::geometry {
namespace {

/// Offsets of up to `reach` nodes that are no multiples of shorter ones, one of each +- pair.
std::vector<std::vector<Index>> directions(Index m, Index reach) {
  std::vector<std::vector<Index>> result;
  std::vector<Index> offset(static_cast<std::size_t>(m), -reach);
  while (true) {
    Index divisor = 0, sign = 0;
    for (const Index step : offset) {
      divisor = std::gcd(divisor, step);
      if (sign == 0) sign = step;
    }
    if (divisor == 1 && sign > 0) result.push_back(offset);
    std::size_t i = 0;
    while (i < offset.size() && ++offset[i] > reach) offset[i++] = -reach;
    if (i == offset.size()) return result;
  }
}

/// The node at an offset and the change of kappa on the way; false where the grid ends, or where
/// on a circle of few nodes the offset goes around more than half.
bool neighbor(const Grid& grid, Index from, const std::vector<Index>& offset, Index& to,
              Vector& step) {
  std::vector<Index> where = grid.position(from);
  for (std::size_t i = 0; i < where.size(); ++i) {
    const Index N = grid.nodes[i].size(), before = where[i];
    const Coordinate& c = grid.domain[i];
    Index at = before + offset[i];
    if (c.periodic && 2 * std::abs(offset[i]) > N) return false;
    if (!c.periodic && (at < 0 || at >= N)) return false;
    const double rounds = at < 0 ? -1 : at >= N ? 1 : 0;
    at -= static_cast<Index>(rounds) * N;
    step(static_cast<Index>(i)) = grid.nodes[i](at) - grid.nodes[i](before) + rounds * c.extent();
    where[i] = at;
  }
  to = grid.number(where);
  return to != from;
}

}  // namespace

GridGraph grid_graph(const Grid& grid, In<Matrix> points, In<Matrix> tangents, Index reach) {
  const Index K = grid.size(), m = grid.dim();
  if (points.cols() != K || tangents.cols() != K * m || tangents.rows() != points.rows() ||
      reach < 1 || !points.allFinite() || !tangents.allFinite()) {
    throw std::invalid_argument(fmt::format(
        "grid_graph: points {} x {} and tangents {} x {} on {} points of {} coordinates, reach "
        "{}; all must be finite",
        points.rows(), points.cols(), tangents.rows(), tangents.cols(), K, m, reach));
  }
  GridGraph graph;
  graph.edges.resize(static_cast<std::size_t>(K));
  const auto offsets = directions(m, reach);
  Vector step(m);
  for (Index from = 0, to = 0; from < K; ++from) {
    for (const auto& offset : offsets) {
      if (!neighbor(grid, from, offset, to, step)) continue;
      const double length = detail::line_length(points.col(to) - points.col(from),
                                                tangents.middleCols(from * m, m) * step,
                                                tangents.middleCols(to * m, m) * step);
      graph.edges[static_cast<std::size_t>(from)].push_back({to, length});
      graph.edges[static_cast<std::size_t>(to)].push_back({from, length});
    }
  }
  return graph;
}

std::vector<Index> ShortestPaths::to(Index target) const {
  std::vector<Index> path;
  for (Index at = target; at >= 0; at = previous[static_cast<std::size_t>(at)]) path.push_back(at);
  return {path.rbegin(), path.rend()};
}

ShortestPaths shortest_paths(const GridGraph& graph, Index source) {
  const std::size_t K = graph.edges.size();
  ShortestPaths result{
      Vector::Constant(static_cast<Index>(K), std::numeric_limits<double>::infinity()),
      std::vector<Index>(K, -1)};
  result.lengths(source) = 0;
  using Reached = std::pair<double, Index>;
  std::priority_queue<Reached, std::vector<Reached>, std::greater<>> front;
  for (front.emplace(0, source); !front.empty();) {
    const auto [length, at] = front.top();
    front.pop();
    if (length > result.lengths(at)) continue;
    for (const GridGraph::Edge& edge : graph.edges[static_cast<std::size_t>(at)]) {
      if (length + edge.length >= result.lengths(edge.to)) continue;
      result.lengths(edge.to) = length + edge.length;
      result.previous[static_cast<std::size_t>(edge.to)] = at;
      front.emplace(length + edge.length, edge.to);
    }
  }
  return result;
}

}  // namespace nullcline::geometry
