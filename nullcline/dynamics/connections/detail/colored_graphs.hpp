// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "nullcline/dynamics/connections/connection_graph.hpp"

namespace nullcline::dynamics::detail {

/// Throws std::invalid_argument on an edge without its nodes or that stands twice, and on a weight
/// that is negative or not finite.
void require_valid(const ConnectionGraph& graph);

/// A number for each node, 0 .. colors - 1.
using Colors = std::vector<Index>;

/// Colors and adjacency of one graph or several side by side, for color refinement: nodes of one
/// color stay alike as long as their neighbors are.
class ColoredGraphs {
 public:
  /// Throws as require_valid does. Without `labels` those of the nodes are not looked at.
  void add(const ConnectionGraph& graph, bool labels);

  Colors colors() const;                       ///< By kind, unstable directions and label.
  Colors refined(const Colors& colors) const;  ///< Each split by the colors of the neighbors.
  Colors fully_refined(Colors colors) const;   ///< Until none is split any more.
  static Index number_of(const Colors& colors);

  /// Whether an exchange of u and v leaves all edges as they are.
  bool twins(Index u, Index v) const;

  /// The nodes and the lists of successors, for discrete colors.
  std::string certificate(const Colors& colors) const;
  static std::vector<Index> order(const Colors& colors);  ///< The nodes by their discrete colors.

 private:
  using Node = std::tuple<bool, Index, std::vector<int>>;  // cycle or not, unstable, label
  template <class Key>
  static Colors ranks(const std::vector<Key>& keys);
  static Colors sorted_colors(const std::vector<Index>& nodes, const Colors& colors);
  static std::vector<Index> without(std::vector<Index> list, Index u, Index v);
  bool edge(Index u, Index v) const;

  std::vector<Node> nodes_;
  std::vector<std::vector<Index>> successors_, predecessors_;
};

/// How many nodes of the two graphs, side by side in `colors`, have no partner; half of them.
double unmatched(const Colors& colors, Index first_graph);

}  // namespace nullcline::dynamics::detail
