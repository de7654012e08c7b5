// SPDX-License-Identifier: Apache-2.0
// The distances of connection_graph.hpp.
#include <algorithm>
#include <map>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/connections/detail/colored_graphs.hpp"

namespace nullcline::dynamics {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

using Slot = std::pair<bool, std::vector<int>>;  // cycle or not, label

Slot slot_of(const GraphNode& node) { return {node.cycle, node.label}; }

std::map<Slot, Index> slots_of(const ConnectionGraph& a, const ConnectionGraph& b) {
  std::map<Slot, Index> slots;
  for (const ConnectionGraph* graph : {&a, &b}) {
    detail::require_valid(*graph);
    for (const GraphNode& node : graph->nodes) {
      require(!node.label.empty(), "connection graph: this distance needs labels");
      slots.emplace(slot_of(node), std::ssize(slots));
    }
  }
  return slots;
}

/// (S, S + 1), the matrix of `labeled_distance`.
Matrix transitions(const ConnectionGraph& graph, const std::map<Slot, Index>& slots) {
  const Index S = std::ssize(slots);
  Matrix A = Matrix::Zero(S, S + 1);
  Vector nodes = Vector::Zero(S), kept = Vector::Zero(std::ssize(graph.nodes));
  const auto slot = [&](Index v) { return slots.at(slot_of(graph.nodes[at(v)])); };
  for (const GraphEdge& edge : graph.edges) {
    if (graph.nodes[at(edge.from)].unstable == 0) continue;
    A(slot(edge.from), slot(edge.to)) += edge.weight;
    kept(edge.from) += edge.weight;
  }
  for (Index v = 0; v < kept.size(); ++v) {
    const Index i = slot(v);
    ++nodes(i);
    if (graph.nodes[at(v)].unstable == 0) {
      ++A(i, i);
    } else {
      A(i, S) += std::max(0.0, 1 - kept(v));
    }
  }
  for (Index i = 0; i < S; ++i) {
    if (nodes(i) > 0) A.row(i) /= nodes(i);
  }
  return A;
}

Matrix presence(const ConnectionGraph& graph, const std::map<Slot, Index>& slots) {
  Matrix A = Matrix::Zero(std::ssize(slots), std::ssize(slots));
  const auto slot = [&](Index v) { return slots.at(slot_of(graph.nodes[at(v)])); };
  for (const GraphEdge& edge : graph.edges) A(slot(edge.from), slot(edge.to)) = 1;
  for (Index v = 0; v < std::ssize(graph.nodes); ++v) A(slot(v), slot(v)) = 1;
  return A;
}

}  // namespace

double labeled_distance(const ConnectionGraph& a, const ConnectionGraph& b) {
  const auto slots = slots_of(a, b);
  return (transitions(a, slots) - transitions(b, slots)).norm();
}

double labeled_edge_distance(const ConnectionGraph& a, const ConnectionGraph& b) {
  const auto slots = slots_of(a, b);
  return (presence(a, slots) - presence(b, slots)).norm();
}

double unlabeled_distance(const ConnectionGraph& a, const ConnectionGraph& b, Index rounds) {
  require(rounds >= 0, "unlabeled_distance: need rounds >= 0");
  detail::ColoredGraphs both;
  both.add(a, false);
  both.add(b, false);
  detail::Colors colors = both.colors();
  double distance = detail::unmatched(colors, std::ssize(a.nodes));
  for (Index round = 0; round < rounds; ++round) {
    colors = both.refined(colors);
    distance += detail::unmatched(colors, std::ssize(a.nodes));
  }
  return distance;
}

}  // namespace nullcline::dynamics
