// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/orbits/detail/neighbor_graph.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <queue>
#include <utility>

#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::dynamics::detail {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr Index sampled_neighbors = 32;  // enough for a covariance of a few directions

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

/// The parent of each point in a minimum spanning tree [Prim 1957]; -1 for the root.
std::vector<Index> spanning_tree(In<Matrix> distances) {
  const Index P = distances.cols();
  std::vector<Index> parent(at(P), -1);
  std::vector<bool> inside(at(P), false);
  Vector gap = Vector::Constant(P, infinity);
  for (Index step = 0, current = 0; step < P; ++step) {
    inside[at(current)] = true;
    Index next = -1;
    for (Index i = 0; i < P; ++i) {
      if (inside[at(i)]) continue;
      if (distances(i, current) < gap(i)) {
        gap(i) = distances(i, current);
        parent[at(i)] = current;
      }
      if (next < 0 || gap(i) < gap(next)) next = i;
    }
    if (next < 0) break;
    current = next;
  }
  return parent;
}

std::vector<Index> nearest_of(In<Matrix> distances, Index i, Index k) {
  std::vector<Index> others;
  for (Index j = 0; j < distances.cols(); ++j) {
    if (j != i) others.push_back(j);
  }
  const auto nearer = [&](Index a, Index b) {
    return distances(a, i) != distances(b, i) ? distances(a, i) < distances(b, i) : a < b;
  };
  const auto count = std::min(k, static_cast<Index>(others.size()));
  std::partial_sort(others.begin(), others.begin() + count, others.end(), nearer);
  others.resize(at(count));
  return others;
}

}  // namespace

Matrix pairwise_distances(In<Matrix> X) {
  const Vector mean = X.rowwise().mean();
  const Matrix centered = X.colwise() - mean;
  Matrix distances = -2 * multiply(centered, centered, true);
  const Vector squares = centered.colwise().squaredNorm().transpose();
  distances.colwise() += squares;
  distances.rowwise() += squares.transpose();
  distances = distances.cwiseMax(0.0).cwiseSqrt().eval();
  distances = (0.5 * (distances + distances.transpose())).eval();
  distances.diagonal().setZero();
  return distances;
}

std::vector<Index> distinct_columns(In<Matrix> distances, double distance) {
  std::vector<Index> distinct;
  for (Index i = 0; i < distances.cols(); ++i) {
    const bool is_new = std::all_of(distinct.begin(), distinct.end(),
                                    [&](Index j) { return distances(i, j) > distance; });
    if (is_new) distinct.push_back(i);
  }
  return distinct;
}

std::vector<Index> largest_component(In<Matrix> distances, double reach) {
  const Index P = distances.cols();
  std::vector<std::uint8_t> seen(at(P), 0);
  std::vector<Index> largest;
  for (Index seed = 0; seed < P; ++seed) {
    if (seen[at(seed)]) continue;
    std::vector<Index> members = {seed};
    seen[at(seed)] = 1;
    for (std::size_t head = 0; head < members.size(); ++head) {
      for (Index j = 0; j < P; ++j) {
        if (seen[at(j)] || distances(j, members[head]) > reach) continue;
        seen[at(j)] = 1;
        members.push_back(j);
      }
    }
    if (members.size() > largest.size()) largest = std::move(members);
  }
  std::sort(largest.begin(), largest.end());
  return largest;
}

NeighborGraph neighbor_graph(In<Matrix> distances, Index k) {
  const Index P = distances.cols();
  std::vector<std::vector<Index>> linked(at(P));
  const auto link = [&](Index i, Index j) {
    linked[at(i)].push_back(j);
    linked[at(j)].push_back(i);
  };
  NeighborGraph graph;
  for (Index i = 0; i < P; ++i) {
    graph.nearest.push_back(nearest_of(distances, i, k));
    for (const Index j : graph.nearest.back()) link(i, j);
  }
  const std::vector<Index> parent = spanning_tree(distances);
  for (Index i = 0; i < P; ++i) {
    if (parent[at(i)] >= 0) link(i, parent[at(i)]);
  }
  for (Index i = 0; i < P; ++i) {
    auto& mine = linked[at(i)];
    std::sort(mine.begin(), mine.end());
    mine.erase(std::unique(mine.begin(), mine.end()), mine.end());
    graph.edges.emplace_back();
    for (const Index j : mine) graph.edges.back().push_back({j, distances(i, j)});
  }
  return graph;
}

Vector path_lengths(const NeighborGraph& graph, Index source,
                    const std::vector<std::uint8_t>& blocked) {
  Vector lengths = Vector::Constant(static_cast<Index>(graph.edges.size()), infinity);
  using Entry = std::pair<double, Index>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
  lengths(source) = 0;
  queue.push({0, source});
  while (!queue.empty()) {
    const auto [length, i] = queue.top();
    queue.pop();
    if (length > lengths(i)) continue;
    for (const NeighborGraph::Edge& edge : graph.edges[at(i)]) {
      if (!blocked.empty() && blocked[at(edge.to)]) continue;
      if (length + edge.length >= lengths(edge.to)) continue;
      lengths(edge.to) = length + edge.length;
      queue.push({lengths(edge.to), edge.to});
    }
  }
  return lengths;
}

Vector local_dimensions(In<Matrix> X, const NeighborGraph& graph, Threads threads) {
  Vector dimensions = Vector::Zero(X.cols());
  parallel_for(X.cols(), threads, [&](Index i) {
    const auto& nearest = graph.nearest[at(i)];
    const auto k = static_cast<Index>(nearest.size());
    const Index used = std::min(k, sampled_neighbors);
    Matrix cloud(X.rows(), used + 1);
    cloud.col(0) = X.col(i);
    for (Index j = 0; j < used; ++j) cloud.col(j + 1) = X.col(nearest[at((j + 1) * k / used - 1)]);
    const Vector mean = cloud.rowwise().mean();
    cloud.colwise() -= mean;
    // The Gram matrix has the nonzero eigenvalues of the covariance, up to a factor.
    const Matrix gram = cloud.transpose() * cloud;
    const double square = gram.squaredNorm();
    if (square > 0) dimensions(i) = gram.trace() * gram.trace() / square;
  });
  return dimensions;
}

}  // namespace nullcline::dynamics::detail
