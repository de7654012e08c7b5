// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/connections/connection_graph.hpp"

#include <cmath>
#include <sstream>

#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/connections/detail/colored_graphs.hpp"

namespace nullcline::dynamics {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

}  // namespace

ConnectionGraph flip_flop_graph(int bits) {
  require(bits >= 1 && bits <= 6, "flip_flop_graph: need 1 <= bits <= 6");
  ConnectionGraph graph;
  const auto count = static_cast<Index>(std::lround(std::pow(3, bits)));
  for (Index v = 0; v < count; ++v) {
    GraphNode& node = graph.nodes.emplace_back();
    for (Index rest = v, bit = 0; bit < bits; ++bit, rest /= 3) {
      node.label.push_back(static_cast<int>(rest % 3) - 1);
      node.unstable += node.label.back() == 0;
    }
  }
  const auto leads_to = [&](const GraphNode& from, const GraphNode& to) {
    for (std::size_t bit = 0; bit < at(bits); ++bit) {
      if (from.label[bit] != 0 && from.label[bit] != to.label[bit]) return false;
    }
    return from.label != to.label;
  };
  for (Index v = 0; v < count; ++v) {
    for (Index w = 0; w < count; ++w) {
      const GraphNode& from = graph.nodes[at(v)];
      const GraphNode& to = graph.nodes[at(w)];
      if (!leads_to(from, to)) continue;
      const double weight = std::pow(0.5, static_cast<double>(from.unstable));
      graph.edges.push_back({v, w, to.unstable == 0 ? weight : 0});
    }
  }
  return graph;
}

std::string to_dot(const ConnectionGraph& graph) {
  detail::require_valid(graph);
  std::ostringstream text;
  text.precision(3);
  text << "digraph connections {\n";
  for (std::size_t v = 0; v < graph.nodes.size(); ++v) {
    const GraphNode& node = graph.nodes[v];
    text << "  " << v << " [label=\"";
    for (std::size_t i = 0; i < node.label.size(); ++i) text << (i ? " " : "") << node.label[i];
    text << (node.label.empty() ? "" : "\\n") << "index " << node.unstable << "\"";
    if (node.cycle) text << ", shape=doublecircle";
    if (node.unstable == 0) text << ", style=filled";
    text << "];\n";
  }
  for (const GraphEdge& edge : graph.edges) {
    text << "  " << edge.from << " -> " << edge.to;
    if (edge.weight > 0) {
      text << " [label=\"" << edge.weight << "\"];\n";
    } else {
      text << " [style=dashed];\n";
    }
  }
  text << "}\n";
  return text.str();
}

}  // namespace nullcline::dynamics
