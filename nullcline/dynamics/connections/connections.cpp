// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/connections/connections.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/connections/detail/leaving.hpp"
#include "nullcline/dynamics/connections/detail/saddle_edges.hpp"

namespace nullcline::dynamics {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

void check(const ConnectionOptions& options) {
  require(options.samples > 0 && options.nonlinearity > 0,
          "find_connections: need samples > 0 and nonlinearity > 0");
  require(options.aim_tries > 0 && options.aim_budget > 0 && options.aim_reach > 0,
          "find_connections: need aim_tries > 0, aim_budget > 0, aim_reach > 0");
  require(options.label_limit > 0, "find_connections: need label_limit > 0");
}

using detail::Edges;
using detail::Leaving;

void count_ends(const Leaving& leaving, const Settled& settled, Departures& departures,
                Edges& edges) {
  departures.orbits = leaving.u.cols();
  departures.distance = leaving.distance;
  departures.nonlinearity = leaving.nonlinearity;
  for (Index b = leaving.first; b < leaving.first + leaving.u.cols(); ++b) {
    const OrbitEnd end = settled.ends[at(b)];
    departures.escaped += end == OrbitEnd::escaped;
    departures.undecided += end == OrbitEnd::undecided;
    departures.not_finite += end == OrbitEnd::not_finite;
    departures.cancelled += end == OrbitEnd::cancelled;
    const Index to = settled.landmark[at(b)];
    if (to < 0) continue;
    Connection& edge = edges[{leaving.node, to}];
    edge.from = leaving.node;
    edge.to = to;
    edge.found = leaving.u.rows() == 1 ? Found::branch : Found::sampled;
    ++edge.orbits;
    edge.fraction = static_cast<double>(edge.orbits) / static_cast<double>(departures.orbits);
  }
}

std::vector<GraphNode> nodes_of(const Map& map, const Landmarks& landmarks, const Settled& settled,
                                const Matrix& new_saddles, const ConnectionOptions& options) {
  std::vector<GraphNode> nodes;
  const auto label = [&](const Matrix& states) -> std::vector<int> {
    if (!options.readout) return {};
    const Matrix outputs = options.readout(states);
    require(outputs.cols() == states.cols(), "find_connections: need one readout for each state");
    return rounded_labels(outputs.rowwise().mean(), options.label_limit).front();
  };
  for (Index p = 0; p < landmarks.points.cols(); ++p) {
    nodes.push_back(
        {false, landmarks.linearizations[at(p)].unstable, label(landmarks.points.col(p))});
  }
  for (const CycleStates& cycle : landmarks.cycles) {
    nodes.push_back({true, cycle.unstable, label(cycle.states)});
  }
  const auto add_points = [&](const Matrix& points) {
    for (Index u = 0; u < points.cols(); ++u) {
      const Vector x = points.col(u);
      const bool smooth = map.jacobian(x).allFinite();
      nodes.push_back({false, smooth ? linearize(map, x, 1).unstable : 0, label(x)});
    }
  };
  add_points(settled.new_points);
  for (const Matrix& cycle : settled.new_cycles) nodes.push_back({true, 0, label(cycle)});
  add_points(new_saddles);
  return nodes;
}

/// Adds p -> r where p -> q -> r and the index falls from p to q.
void add_implied(const std::vector<GraphNode>& nodes, Edges& edges) {
  std::vector<std::set<Index>> successors(nodes.size());
  for (const auto& entry : edges) successors[at(entry.first.first)].insert(entry.first.second);
  std::vector<Index> by_index(nodes.size());
  std::iota(by_index.begin(), by_index.end(), Index{0});
  std::stable_sort(by_index.begin(), by_index.end(),
                   [&](Index p, Index q) { return nodes[at(p)].unstable < nodes[at(q)].unstable; });
  for (const Index p : by_index) {
    std::set<Index> all = successors[at(p)];
    for (const Index q : successors[at(p)]) {
      if (nodes[at(q)].unstable >= nodes[at(p)].unstable) continue;
      all.insert(successors[at(q)].begin(), successors[at(q)].end());
    }
    all.erase(p);
    for (const Index r : all) {
      edges.emplace(std::pair(p, r), Connection{p, r, Found::implied, 0, 0, 0});
    }
    successors[at(p)] = std::move(all);
  }
}

}  // namespace

const char* name_of(Found found) {
  switch (found) {
    case Found::branch:
      return "branch";
    case Found::sampled:
      return "sampled";
    case Found::edge:
      return "edge";
    case Found::aimed:
      return "aimed";
    case Found::implied:
      return "implied";
  }
  return "";
}

Connections find_connections(const Map& map, const Landmarks& given,
                             const ConnectionOptions& options) {
  check(options);
  const Index P = given.points.cols();
  SettleOptions following = options.settle;
  if (options.settle.progress && options.aim) {
    following.progress = [&](double done) { return options.settle.progress(0.5 * done); };
  }
  // Tells a wrong size before anything is computed.
  static_cast<void>(settle(map, Matrix(map.dim(), 0), given, following));

  Landmarks landmarks = given;
  if (landmarks.metrics.empty()) {
    landmarks.metrics = contraction_metrics(given.linearizations, options.settle.threads);
  }
  const auto spaces = detail::unstable_spaces(landmarks, options.settle.threads);
  const std::vector<Leaving> leavings = detail::leave_all(map, landmarks, spaces, options);
  const Settled settled =
      settle(map, detail::all_starts(leavings, map.dim()), landmarks, following);

  Connections result;
  const Index C = std::ssize(landmarks.cycles);
  result.departures.resize(at(P + C));
  Edges edges;
  for (const Leaving& leaving : leavings) {
    count_ends(leaving, settled, result.departures[at(leaving.node)], edges);
  }
  result.cancelled = std::find(settled.ends.begin(), settled.ends.end(), OrbitEnd::cancelled) !=
                     settled.ends.end();
  const Index nodes = P + C + settled.new_points.cols() + std::ssize(settled.new_cycles);
  result.new_saddles.resize(map.dim(), 0);
  if (options.aim && !result.cancelled) {
    detail::Cancellation cancellation;
    detail::SaddleNodes saddles(landmarks.points, nodes, options.settle.match_distance);
    detail::SaddleSearch search{map,          landmarks,         leavings, settled, options,
                                cancellation, result.departures, edges,    saddles};
    const auto walls = detail::follow_edges(search);
    detail::aim_at_saddles(search, spaces);
    detail::follow_junctions(search, walls);
    result.new_saddles = saddles.new_saddles();
    result.cancelled = !cancellation.keep_going();
  }
  result.graph.nodes = nodes_of(map, landmarks, settled, result.new_saddles, options);
  if (options.settle.progress && options.aim && !result.cancelled) options.settle.progress(1);
  if (options.implied) add_implied(result.graph.nodes, edges);
  for (const auto& [ends, edge] : edges) {
    result.connections.push_back(edge);
    result.graph.edges.push_back({edge.from, edge.to, edge.fraction});
  }
  result.new_points = settled.new_points;
  result.new_cycles = settled.new_cycles;
  return result;
}

std::vector<std::vector<int>> rounded_labels(In<Matrix> outputs, int limit) {
  require(limit > 0, "rounded_labels: need limit > 0");
  std::vector<std::vector<int>> labels;
  for (Index b = 0; b < outputs.cols(); ++b) {
    auto& label = labels.emplace_back();
    for (const double y : outputs.col(b)) {
      const double clipped = std::clamp(y, -1.0 * limit, 1.0 * limit);
      label.push_back(std::isfinite(y) ? static_cast<int>(std::lround(clipped)) : 0);
    }
  }
  return labels;
}

}  // namespace nullcline::dynamics
