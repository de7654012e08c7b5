// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/connections/connection_graph.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <sstream>
#include <tuple>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/hash.hpp"

namespace nullcline::dynamics {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

void check(const ConnectionGraph& graph) {
  std::set<std::pair<Index, Index>> seen;
  for (const GraphEdge& edge : graph.edges) {
    const auto there = [&](Index node) { return node >= 0 && node < std::ssize(graph.nodes); };
    require(there(edge.from) && there(edge.to), "connection graph: an edge has no such node");
    require(edge.weight >= 0 && std::isfinite(edge.weight),
            "connection graph: a weight is negative or not finite");
    require(seen.emplace(edge.from, edge.to).second, "connection graph: an edge stands twice");
  }
}

using Colors = std::vector<Index>;

/// Colors and adjacency of one graph or several side by side.
class Structure {
 public:
  void add(const ConnectionGraph& graph, bool labels) {
    check(graph);
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

  Index size() const { return std::ssize(nodes_); }
  Colors colors() const { return ranks(nodes_); }

  /// Each color split by the colors of the neighbors.
  Colors refined(const Colors& colors) const {
    using Signature = std::tuple<Index, Colors, Colors>;
    std::vector<Signature> signatures;
    for (std::size_t v = 0; v < nodes_.size(); ++v) {
      signatures.emplace_back(colors[v], sorted_colors(successors_[v], colors),
                              sorted_colors(predecessors_[v], colors));
    }
    return ranks(signatures);
  }

  Colors fully_refined(Colors colors) const {
    for (Index count = -1; count != number_of(colors);) {
      count = number_of(colors);
      colors = refined(colors);
    }
    return colors;
  }

  static Index number_of(const Colors& colors) {
    return colors.empty() ? 0 : *std::max_element(colors.begin(), colors.end()) + 1;
  }

  bool twins(Index u, Index v) const {
    return without(successors_[at(u)], u, v) == without(successors_[at(v)], u, v) &&
           without(predecessors_[at(u)], u, v) == without(predecessors_[at(v)], u, v) &&
           edge(u, v) == edge(v, u) && edge(u, u) == edge(v, v);
  }

  /// The nodes and the lists of successors, for discrete colors.
  std::string certificate(const Colors& colors) const {
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

  static std::vector<Index> order(const Colors& colors) {
    std::vector<Index> nodes(colors.size());
    for (std::size_t v = 0; v < colors.size(); ++v) nodes[at(colors[v])] = static_cast<Index>(v);
    return nodes;
  }

 private:
  using Node = std::tuple<bool, Index, std::vector<int>>;

  template <class Key>
  static Colors ranks(const std::vector<Key>& keys) {
    std::map<Key, Index> rank;
    for (const Key& key : keys) rank.emplace(key, 0);
    Index next = 0;
    for (auto& entry : rank) entry.second = next++;
    Colors colors;
    for (const Key& key : keys) colors.push_back(rank[key]);
    return colors;
  }

  static Colors sorted_colors(const std::vector<Index>& nodes, const Colors& colors) {
    Colors list;
    for (const Index v : nodes) list.push_back(colors[at(v)]);
    std::sort(list.begin(), list.end());
    return list;
  }

  static std::vector<Index> without(std::vector<Index> list, Index u, Index v) {
    std::erase_if(list, [&](Index w) { return w == u || w == v; });
    return list;
  }

  bool edge(Index u, Index v) const {
    return std::binary_search(successors_[at(u)].begin(), successors_[at(u)].end(), v);
  }

  std::vector<Node> nodes_;
  std::vector<std::vector<Index>> successors_, predecessors_;
};

/// The search tree of the canonical form, whose leaves are orders.
class CanonicalSearch {
 public:
  CanonicalSearch(const Structure& structure, Index max_leaves)
      : structure_(structure), leaves_left_(max_leaves) {}

  CanonicalForm run() {
    descend(structure_.colors());
    best_.hash = hash64(best_.certificate);
    return best_;
  }

 private:
  void descend(const Colors& coarse) {
    const Colors colors = structure_.fully_refined(coarse);
    const std::vector<Index> cell = first_tie(colors);
    if (cell.empty()) return leaf(colors);
    for (std::size_t i = 0; i < cell.size(); ++i) {
      const auto twin = [&](Index u) { return structure_.twins(u, cell[i]); };
      if (std::any_of(cell.begin(), cell.begin() + static_cast<std::ptrdiff_t>(i), twin)) continue;
      if (leaves_left_ <= 0) {
        best_.complete = false;
        return;
      }
      Colors split = colors;
      for (Index& color : split) color = 2 * color + 1;
      --split[at(cell[i])];
      descend(split);
    }
  }

  void leaf(const Colors& colors) {
    --leaves_left_;
    std::string certificate = structure_.certificate(colors);
    if (found_ && certificate >= best_.certificate) return;
    found_ = true;
    best_.certificate = std::move(certificate);
    best_.order = Structure::order(colors);
  }

  /// The nodes of the first color that several have; none if all differ.
  static std::vector<Index> first_tie(const Colors& colors) {
    std::vector<std::vector<Index>> cells(at(Structure::number_of(colors)));
    for (std::size_t v = 0; v < colors.size(); ++v) {
      cells[at(colors[v])].push_back(static_cast<Index>(v));
    }
    for (auto& cell : cells) {
      if (cell.size() > 1) return cell;
    }
    return {};
  }

  const Structure& structure_;
  Index leaves_left_;
  bool found_ = false;
  CanonicalForm best_;
};

/// How many nodes of the two graphs, side by side in `colors`, have no partner; half of them.
double unmatched(const Colors& colors, Index first_graph) {
  std::vector<Index> excess(at(Structure::number_of(colors)));
  for (std::size_t v = 0; v < colors.size(); ++v) {
    excess[at(colors[v])] += static_cast<Index>(v) < first_graph ? 1 : -1;
  }
  Index sum = 0;
  for (const Index count : excess) sum += std::abs(count);
  return 0.5 * static_cast<double>(sum);
}

using Slot = std::pair<bool, std::vector<int>>;  // cycle or not, label

Slot slot_of(const GraphNode& node) { return {node.cycle, node.label}; }

std::map<Slot, Index> slots_of(const ConnectionGraph& a, const ConnectionGraph& b) {
  std::map<Slot, Index> slots;
  for (const ConnectionGraph* graph : {&a, &b}) {
    check(*graph);
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

CanonicalForm canonical_form(const ConnectionGraph& graph, const CanonicalOptions& options) {
  require(options.max_leaves > 0, "canonical_form: need max_leaves > 0");
  Structure structure;
  structure.add(graph, options.labels);
  return CanonicalSearch(structure, options.max_leaves).run();
}

std::optional<bool> isomorphic(const ConnectionGraph& a, const ConnectionGraph& b,
                               const CanonicalOptions& options) {
  require(options.max_leaves > 0, "isomorphic: need max_leaves > 0");
  Structure both;
  both.add(a, options.labels);
  both.add(b, options.labels);
  if (unmatched(both.fully_refined(both.colors()), std::ssize(a.nodes)) > 0) return false;
  const CanonicalForm form_a = canonical_form(a, options), form_b = canonical_form(b, options);
  if (form_a.certificate == form_b.certificate) return true;
  if (form_a.complete && form_b.complete) return false;
  return std::nullopt;
}

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
  Structure both;
  both.add(a, false);
  both.add(b, false);
  Colors colors = both.colors();
  double distance = unmatched(colors, std::ssize(a.nodes));
  for (Index round = 0; round < rounds; ++round) {
    colors = both.refined(colors);
    distance += unmatched(colors, std::ssize(a.nodes));
  }
  return distance;
}

std::string to_dot(const ConnectionGraph& graph) {
  check(graph);
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
