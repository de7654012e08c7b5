// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline::dynamics {

/// A fixed point or a cycle, as a node of a graph.
struct GraphNode {
  bool cycle = false;
  Index unstable = 0;      ///< Its index: how many unstable directions; 0: it is stable.
  std::vector<int> label;  ///< Rounded readout, one a channel; may be empty.
};

/// An orbit that leaves `from` and arrives at `to`.
struct GraphEdge {
  Index from = 0, to = 0;
  double weight = 0;  ///< Fraction of the unstable directions of `from` that end there; 0 for a
                      ///< connection of which there is one in a continuum of directions.
};

/// Which invariant sets there are and which of them are connected: the topology of a network
/// [Maheswaranathan et al. 2019, "Universality and individuality in neural dynamics across large
/// populations of recurrent networks"]. At most one edge for each ordered pair.
///
/// The functions below throw std::invalid_argument where an edge has a node that is not there or
/// stands twice, or a weight that is negative or not finite.
struct ConnectionGraph {
  std::vector<GraphNode> nodes;
  std::vector<GraphEdge> edges;
};

/// The graph of n bits that do not influence each other: the product of n units with a saddle at 0
/// and stable points at -1 and +1. 3^n nodes, one for each label in {-1, 0, 1}^n, whose index is
/// its number of zeros; each leads to all nodes in which one zero or more are replaced by -1 or +1
/// (the faces on its boundary). A node of index k has 3^k - 1 edges; those to its 2^k stable points
/// have weight 2^-k, the others 0. 1 <= bits <= 6.
ConnectionGraph flip_flop_graph(int bits);

struct CanonicalOptions {
  bool labels = false;       ///< Nodes with different labels are different.
  Index max_leaves = 10000;  ///< > 0; orders compared before it gives up.
};

/// An order of the nodes that does not depend on the order in which they were given.
struct CanonicalForm {
  std::vector<Index> order;  ///< The node at each place.
  std::string certificate;   ///< Nodes and adjacency (without weights) in this order.
  std::uint64_t hash = 0;    ///< Of the certificate.
  bool complete = true;      ///< False where max_leaves ended it: then equal graphs may differ.
};

/// Kind, index and, if asked for, label color the nodes. Colors are refined by those of the
/// successors and predecessors until nothing changes [Weisfeiler & Leman 1968]; where nodes of one
/// color remain, each of them is singled out in turn, and of all orders that result that with the
/// least adjacency is kept [McKay 1981, "Practical graph isomorphism"]. Twins (nodes that can be
/// exchanged with each other alone) are tried once. Exponential in the worst case; the n-bit graph
/// without labels costs its 2^n n! symmetries.
CanonicalForm canonical_form(const ConnectionGraph& graph, const CanonicalOptions& options = {});

/// Whether the graphs are equal up to the order of their nodes, weights aside. nullopt where
/// color refinement cannot tell them apart and a canonical form is incomplete.
std::optional<bool> isomorphic(const ConnectionGraph& a, const ConnectionGraph& b,
                               const CanonicalOptions& options = {});

/// |A - B|_F, with one row for each label that occurs in either graph (27 for 3 bits) and the
/// matrix of transition probabilities of the unstable directions:
///
///     A_ij = weight of the edges from label i to label j;  A_ii = 1 for stable i;
///     one more column for what is lost: 1 - the sum of the row, or 0 if that is negative;
///     zero rows for labels that do not occur.
///
/// Rows of several nodes with one label are averaged; cycles have labels of their own. Labels are
/// required. A metric on these matrices: symmetric, triangle inequality, 0 where all labels and
/// weights are equal. It does not see indices nor edges of weight 0.
double labeled_distance(const ConnectionGraph& a, const ConnectionGraph& b);

/// The same for the presence of edges instead of weights: the square root of the number of ordered
/// pairs of labels of which one graph has an edge (or, on the diagonal, a node) and the other not.
double labeled_edge_distance(const ConnectionGraph& a, const ConnectionGraph& b);

/// Without labels: half the number of nodes whose colors find no partner in the other graph, summed
/// over the colors of kind and index and of `rounds` >= 0 refinements of them,
///
///     sum_r sum_c |n_a(r, c) - n_b(r, c)| / 2.
///
/// Symmetric, with the triangle inequality; 0 for isomorphic graphs, and otherwise only for those
/// that so many refinements cannot tell apart. [Shervashidze et al. 2011, "Weisfeiler-Lehman graph
/// kernels"]
double unlabeled_distance(const ConnectionGraph& a, const ConnectionGraph& b, Index rounds = 3);

/// The graph in the DOT language, nodes in the order given; stable ones are filled.
std::string to_dot(const ConnectionGraph& graph);

}  // namespace nullcline::dynamics
