// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/connections/connection_graph.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "nullcline/core/random.hpp"

namespace nullcline::dynamics {
namespace {

RandomStream stream(std::uint64_t seed) { return RandomStream({seed, 0, Purpose::trials, 0}); }

/// The same graph with its nodes and edges in another order.
ConnectionGraph shuffled(const ConnectionGraph& graph, std::uint64_t seed) {
  RandomStream random = stream(seed);
  const auto shuffle = [&](auto& list) {
    for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[random.below(i)]);
  };
  std::vector<std::size_t> place(graph.nodes.size());
  std::iota(place.begin(), place.end(), std::size_t{0});
  shuffle(place);
  ConnectionGraph result;
  result.nodes.resize(graph.nodes.size());
  for (std::size_t v = 0; v < place.size(); ++v) result.nodes[place[v]] = graph.nodes[v];
  for (GraphEdge edge : graph.edges) {
    edge.from = static_cast<Index>(place[static_cast<std::size_t>(edge.from)]);
    edge.to = static_cast<Index>(place[static_cast<std::size_t>(edge.to)]);
    result.edges.push_back(edge);
  }
  shuffle(result.edges);
  return result;
}

/// Labels moved to other bits and their signs flipped.
ConnectionGraph relabeled(ConnectionGraph graph, const std::array<std::size_t, 3>& bits,
                          const std::array<int, 3>& signs) {
  for (GraphNode& node : graph.nodes) {
    const std::vector<int> old = node.label;
    for (std::size_t i = 0; i < 3; ++i) node.label[i] = signs[i] * old[bits[i]];
  }
  return graph;
}

/// Unlabeled, one unstable direction each, edges v -> v + d for each d of `jumps`.
ConnectionGraph circulant(Index n, std::initializer_list<Index> jumps) {
  ConnectionGraph graph;
  graph.nodes.assign(static_cast<std::size_t>(n), GraphNode{false, 1, {}});
  for (Index v = 0; v < n; ++v) {
    for (const Index d : jumps) graph.edges.push_back({v, (v + d) % n, 0});
  }
  return graph;
}

ConnectionGraph side_by_side(ConnectionGraph a, const ConnectionGraph& b) {
  const auto first = static_cast<Index>(a.nodes.size());
  a.nodes.insert(a.nodes.end(), b.nodes.begin(), b.nodes.end());
  for (const GraphEdge& e : b.edges) a.edges.push_back({first + e.from, first + e.to, e.weight});
  return a;
}

ConnectionGraph random_graph(std::uint64_t seed) {
  RandomStream random = stream(seed);
  ConnectionGraph graph;
  for (Index v = 0; v < 7; ++v) {
    graph.nodes.push_back({false, v < 4 ? 0 : 1, {static_cast<int>(v)}});
  }
  for (Index v = 4; v < 7; ++v) {
    for (Index w = 0; w < 4; ++w) {
      if (random.uniform() < 0.5) graph.edges.push_back({v, w, random.uniform() / 4});
    }
  }
  return graph;
}

TEST(ConnectionGraph, OfBitsHasBinomialCounts) {
  // C(n, k) 2^(n - k) nodes of index k with 3^k - 1 edges each.
  for (int bits = 1; bits <= 4; ++bits) {
    const ConnectionGraph graph = flip_flop_graph(bits);
    EXPECT_EQ(graph.nodes.size(), std::pow(3, bits));
    std::vector<Index> out(graph.nodes.size());
    std::vector<double> weight(graph.nodes.size());
    for (const GraphEdge& edge : graph.edges) {
      ++out[static_cast<std::size_t>(edge.from)];
      weight[static_cast<std::size_t>(edge.from)] += edge.weight;
      EXPECT_LT(graph.nodes[static_cast<std::size_t>(edge.to)].unstable,
                graph.nodes[static_cast<std::size_t>(edge.from)].unstable);
    }
    std::vector<double> count(static_cast<std::size_t>(bits) + 1);
    for (std::size_t v = 0; v < out.size(); ++v) {
      const Index k = graph.nodes[v].unstable;
      ++count[static_cast<std::size_t>(k)];
      EXPECT_EQ(static_cast<double>(out[v]), std::pow(3, k) - 1);
      EXPECT_EQ(weight[v], k > 0 ? 1 : 0);
    }
    double binomial = 1;
    for (int k = 0; k <= bits; ++k) {
      EXPECT_EQ(count[static_cast<std::size_t>(k)], binomial * std::pow(2, bits - k));
      binomial *= static_cast<double>(bits - k) / (k + 1);
    }
  }
}

TEST(CanonicalForm, DoesNotDependOnTheOrderOfNodes) {
  for (const ConnectionGraph& graph :
       {flip_flop_graph(1), flip_flop_graph(3), circulant(7, {1, 2}), random_graph(3)}) {
    for (const bool labels : {false, true}) {
      const CanonicalForm form = canonical_form(graph, {.labels = labels});
      EXPECT_TRUE(form.complete);
      ASSERT_EQ(form.order.size(), graph.nodes.size());
      for (std::uint64_t seed = 0; seed < 5; ++seed) {
        const ConnectionGraph other = shuffled(graph, seed);
        const CanonicalForm same = canonical_form(other, {.labels = labels});
        EXPECT_EQ(same.certificate, form.certificate);
        EXPECT_EQ(same.hash, form.hash);
        for (std::size_t i = 0; i < form.order.size(); ++i) {
          EXPECT_EQ(other.nodes[static_cast<std::size_t>(same.order[i])].unstable,
                    graph.nodes[static_cast<std::size_t>(form.order[i])].unstable);
        }
      }
    }
  }
}

TEST(CanonicalForm, TellsApartWhatColorRefinementCannot) {
  // Two directed triangles and one hexagon: every node has one successor and one predecessor.
  const ConnectionGraph triangles = side_by_side(circulant(3, {1}), circulant(3, {1}));
  const ConnectionGraph hexagon = circulant(6, {1});
  EXPECT_EQ(unlabeled_distance(triangles, hexagon, 10), 0);
  EXPECT_EQ(isomorphic(triangles, hexagon), false);
  EXPECT_EQ(isomorphic(triangles, shuffled(triangles, 1)), true);
  EXPECT_NE(canonical_form(triangles).hash, canonical_form(hexagon).hash);
}

TEST(CanonicalForm, OfManyEqualNodesIsQuick) {
  // 40! orders without the rule for twins.
  ConnectionGraph star;
  star.nodes.push_back({false, 1, {}});
  for (Index v = 1; v <= 40; ++v) {
    star.nodes.push_back({});
    star.edges.push_back({0, v, 0});
  }
  EXPECT_TRUE(canonical_form(star, {.max_leaves = 1}).complete);
}

TEST(CanonicalForm, SaysWhereItGaveUp) {
  const ConnectionGraph bits = flip_flop_graph(3);
  const CanonicalForm all = canonical_form(bits, {.max_leaves = 48});  // 2^3 3! symmetries
  EXPECT_TRUE(all.complete);
  EXPECT_FALSE(canonical_form(bits, {.max_leaves = 47}).complete);
  const ConnectionGraph triangles = side_by_side(circulant(3, {1}), circulant(3, {1}));
  EXPECT_EQ(isomorphic(triangles, circulant(6, {1}), {.max_leaves = 1}), std::nullopt);
}

TEST(Isomorphism, SurvivesPermutedAndFlippedBitsWithoutLabelsOnly) {
  ConnectionGraph graph = flip_flop_graph(3);
  // One edge less makes the bits differ.
  graph.edges.erase(graph.edges.begin());
  const ConnectionGraph other = shuffled(relabeled(graph, {2, 0, 1}, {1, -1, 1}), 4);
  EXPECT_EQ(isomorphic(graph, other), true);
  EXPECT_EQ(isomorphic(graph, other, {.labels = true}), false);
  EXPECT_EQ(isomorphic(flip_flop_graph(3), graph), false);
  EXPECT_EQ(isomorphic(flip_flop_graph(3), flip_flop_graph(2)), false);
}

TEST(Isomorphism, SeesIndicesAndCycles) {
  const ConnectionGraph graph = flip_flop_graph(2);
  ConnectionGraph other = graph;
  other.nodes[0].unstable = 1;
  EXPECT_EQ(isomorphic(graph, other), false);
  other = graph;
  other.nodes[0].cycle = true;
  EXPECT_EQ(isomorphic(graph, other), false);
  EXPECT_EQ(isomorphic({}, {}), true);
}

TEST(LabeledDistance, IsTheFrobeniusNormOfTheDifference) {
  ConnectionGraph a;
  a.nodes = {{false, 1, {0}}, {false, 0, {-1}}, {false, 0, {1}}};
  a.edges = {{0, 1, 0.5}, {0, 2, 0.5}};
  ConnectionGraph b = a;
  b.edges = {{0, 1, 1.0}};
  EXPECT_DOUBLE_EQ(labeled_distance(a, b), std::sqrt(0.5));
  EXPECT_DOUBLE_EQ(labeled_edge_distance(a, b), 1);
  // Half of the orbits lost.
  b.edges = {{0, 1, 0.5}};
  EXPECT_DOUBLE_EQ(labeled_distance(a, b), std::sqrt(0.5));
  // A stable point less: its row has one 1.
  b = a;
  b.nodes.push_back({false, 0, {2}});
  EXPECT_DOUBLE_EQ(labeled_distance(a, b), 1);
}

TEST(LabeledDistance, DoesNotDependOnTheOrderOfNodesButOnLabels) {
  const ConnectionGraph bits = flip_flop_graph(3);
  EXPECT_EQ(labeled_distance(bits, shuffled(bits, 1)), 0);
  EXPECT_EQ(labeled_edge_distance(bits, shuffled(bits, 1)), 0);
  const ConnectionGraph odd = random_graph(1);
  ConnectionGraph moved = odd;
  std::swap(moved.nodes[4].label, moved.nodes[5].label);
  EXPECT_GT(labeled_distance(odd, moved), 0);
}

TEST(LabeledDistance, OfNodesWithOneLabelAveragesThem) {
  ConnectionGraph a;
  a.nodes = {{false, 1, {0}}, {false, 0, {-1}}, {false, 0, {1}}};
  a.edges = {{0, 1, 0.5}, {0, 2, 0.5}};
  ConnectionGraph b = a;
  b.nodes.push_back({false, 1, {0}});
  b.edges = {{0, 1, 1.0}, {3, 2, 1.0}};
  EXPECT_EQ(labeled_distance(a, b), 0);
}

TEST(Distances, AreSymmetricAndObeyTheTriangleInequality) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const ConnectionGraph a = random_graph(3 * seed), b = random_graph(3 * seed + 1),
                          c = random_graph(3 * seed + 2);
    for (const auto& distance : {labeled_distance, labeled_edge_distance,
                                 +[](const ConnectionGraph&g, const ConnectionGraph&h) {
                                   return unlabeled_distance(g, h);
                                 }}) {
      EXPECT_EQ(distance(a, a), 0);
      EXPECT_DOUBLE_EQ(distance(a, b), distance(b, a));
      EXPECT_LE(distance(a, c), distance(a, b) + distance(b, c) + 1e-14);
    }
    EXPECT_GT(labeled_distance(a, b), 0);
  }
}

TEST(UnlabeledDistance, IsZeroForIsomorphicGraphsAndCountsNodesWithoutPartner) {
  const ConnectionGraph two = flip_flop_graph(2), three = flip_flop_graph(3);
  EXPECT_EQ(unlabeled_distance(three, shuffled(relabeled(three, {1, 2, 0}, {-1, 1, 1}), 2)), 0);
  // 4, 4, 1, 0 nodes of index 0 .. 3 against 8, 12, 6, 1.
  EXPECT_EQ(unlabeled_distance(two, three, 0), 0.5 * (4 + 8 + 5 + 1));
  EXPECT_GT(unlabeled_distance(two, three, 1), unlabeled_distance(two, three, 0));
}

TEST(Dot, NamesEveryNodeAndEdge) {
  const std::string text = to_dot(flip_flop_graph(1));
  EXPECT_EQ(text,
            "digraph connections {\n"
            "  0 [label=\"-1\\nindex 0\", style=filled];\n"
            "  1 [label=\"0\\nindex 1\"];\n"
            "  2 [label=\"1\\nindex 0\", style=filled];\n"
            "  1 -> 0 [label=\"0.5\"];\n"
            "  1 -> 2 [label=\"0.5\"];\n"
            "}\n");
}

TEST(ConnectionGraph, RejectsBadArguments) {
  ConnectionGraph graph = flip_flop_graph(1);
  EXPECT_THROW(flip_flop_graph(0), std::invalid_argument);
  EXPECT_THROW(flip_flop_graph(7), std::invalid_argument);
  EXPECT_THROW(canonical_form(graph, {.max_leaves = 0}), std::invalid_argument);
  EXPECT_THROW(unlabeled_distance(graph, graph, -1), std::invalid_argument);
  ConnectionGraph bad = graph;
  bad.edges.push_back({0, 3, 0});
  EXPECT_THROW(canonical_form(bad), std::invalid_argument);
  bad = graph;
  bad.edges.push_back(bad.edges[0]);
  EXPECT_THROW(to_dot(bad), std::invalid_argument);
  bad = graph;
  bad.edges[0].weight = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(unlabeled_distance(bad, graph), std::invalid_argument);
  bad = graph;
  bad.nodes[0].label.clear();
  EXPECT_THROW(labeled_distance(bad, graph), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
