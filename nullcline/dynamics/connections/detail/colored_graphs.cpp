// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/connections/detail/colored_graphs.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include "nullcline/core/errors.hpp"

namespace nullcline::dynamics::detail {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

}  // namespace

void require_valid(const ConnectionGraph& graph) {
  std::set<std::pair<Index, Index>> seen;
  for (const GraphEdge& edge : graph.edges) {
    const auto there = [&](Index node) { return node >= 0 && node < std::ssize(graph.nodes); };
    require(there(edge.from) && there(edge.to), "connection graph: an edge has no such node");
    require(edge.weight >= 0 && std::isfinite(edge.weight),
            "connection graph: a weight is negative or not finite");
    require(seen.emplace(edge.from, edge.to).second, "connection graph: an edge stands twice");
  }
}

template <class Key>
Colors ColoredGraphs::ranks(const std::vector<Key>& keys) {
  std::map<Key, Index> rank;
  for (const Key& key : keys) rank.emplace(key, 0);
  Index next = 0;
  for (auto& entry : rank) entry.second = next++;
  Colors colors;
  for (const Key& key : keys) colors.push_back(rank[key]);
  return colors;
}

void ColoredGraphs::add(const ConnectionGraph& graph, bool labels) {
  require_valid(graph);
  const auto first = static_cast<Index>(nodes_.size());
  for (const GraphNode& node : graph.nodes) {
    nodes_.emplace_back(node.cycle, node.unstable, labels ? node.label : std::vector<int>());
  }
  successors_.resize(nodes_.size());
  predecessors_.resize(nodes_.size());
  for (const GraphEdge& edge : graph.edges) {
    successors_[at(first + edge.from)].push_back(first + edge.to);
    predecessors_[at(first + edge.to)].push_back(first + edge.from);
  }
  for (auto& list : successors_) std::sort(list.begin(), list.end());
  for (auto& list : predecessors_) std::sort(list.begin(), list.end());
}

Colors ColoredGraphs::colors() const { return ranks(nodes_); }

Colors ColoredGraphs::refined(const Colors& colors) const {
  using Signature = std::tuple<Index, Colors, Colors>;
  std::vector<Signature> signatures;
  for (std::size_t v = 0; v < nodes_.size(); ++v) {
    signatures.emplace_back(colors[v], sorted_colors(successors_[v], colors),
                            sorted_colors(predecessors_[v], colors));
  }
  return ranks(signatures);
}

Colors ColoredGraphs::fully_refined(Colors colors) const {
  for (Index count = -1; count != number_of(colors);) {
    count = number_of(colors);
    colors = refined(colors);
  }
  return colors;
}

Index ColoredGraphs::number_of(const Colors& colors) {
  return colors.empty() ? 0 : *std::max_element(colors.begin(), colors.end()) + 1;
}

bool ColoredGraphs::twins(Index u, Index v) const {
  return without(successors_[at(u)], u, v) == without(successors_[at(v)], u, v) &&
         without(predecessors_[at(u)], u, v) == without(predecessors_[at(v)], u, v) &&
         edge(u, v) == edge(v, u) && edge(u, u) == edge(v, v);
}

std::string ColoredGraphs::certificate(const Colors& colors) const {
  std::ostringstream text;
  for (const Index v : order(colors)) {
    const auto& [cycle, unstable, label] = nodes_[at(v)];
    text << (cycle ? "c" : "p") << unstable << "(";
    for (const int value : label) text << value << " ";
    text << "):";
    for (const Index color : sorted_colors(successors_[at(v)], colors)) text << color << " ";
    text << ";";
  }
  return text.str();
}

std::vector<Index> ColoredGraphs::order(const Colors& colors) {
  std::vector<Index> nodes(colors.size());
  for (std::size_t v = 0; v < colors.size(); ++v) nodes[at(colors[v])] = static_cast<Index>(v);
  return nodes;
}

Colors ColoredGraphs::sorted_colors(const std::vector<Index>& nodes, const Colors& colors) {
  Colors list;
  for (const Index v : nodes) list.push_back(colors[at(v)]);
  std::sort(list.begin(), list.end());
  return list;
}

std::vector<Index> ColoredGraphs::without(std::vector<Index> list, Index u, Index v) {
  std::erase_if(list, [&](Index w) { return w == u || w == v; });
  return list;
}

bool ColoredGraphs::edge(Index u, Index v) const {
  return std::binary_search(successors_[at(u)].begin(), successors_[at(u)].end(), v);
}

double unmatched(const Colors& colors, Index first_graph) {
  std::vector<Index> excess(at(ColoredGraphs::number_of(colors)));
  for (std::size_t v = 0; v < colors.size(); ++v) {
    excess[at(colors[v])] += static_cast<Index>(v) < first_graph ? 1 : -1;
  }
  Index sum = 0;
  for (const Index count : excess) sum += std::abs(count);
  return 0.5 * static_cast<double>(sum);
}

}  // namespace nullcline::dynamics::detail
