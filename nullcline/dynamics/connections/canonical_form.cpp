// SPDX-License-Identifier: Apache-2.0
// The canonical form of connection_graph.hpp, and what it decides.
#include <algorithm>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/hash.hpp"
#include "nullcline/dynamics/connections/detail/colored_graphs.hpp"

namespace nullcline::dynamics {

using detail::ColoredGraphs;
using detail::Colors;

namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

/// The search tree of the canonical form, whose leaves are orders.
class CanonicalSearch {
 public:
  CanonicalSearch(const ColoredGraphs& structure, Index max_leaves)
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
    best_.order = ColoredGraphs::order(colors);
  }

  /// The nodes of the first color that several have; none if all differ.
  static std::vector<Index> first_tie(const Colors& colors) {
    std::vector<std::vector<Index>> cells(at(ColoredGraphs::number_of(colors)));
    for (std::size_t v = 0; v < colors.size(); ++v) {
      cells[at(colors[v])].push_back(static_cast<Index>(v));
    }
    for (auto& cell : cells) {
      if (cell.size() > 1) return cell;
    }
    return {};
  }

  const ColoredGraphs& structure_;
  Index leaves_left_;
  bool found_ = false;
  CanonicalForm best_;
};

}  // namespace

CanonicalForm canonical_form(const ConnectionGraph& graph, const CanonicalOptions& options) {
  require(options.max_leaves > 0, "canonical_form: need max_leaves > 0");
  ColoredGraphs structure;
  structure.add(graph, options.labels);
  return CanonicalSearch(structure, options.max_leaves).run();
}

std::optional<bool> isomorphic(const ConnectionGraph& a, const ConnectionGraph& b,
                               const CanonicalOptions& options) {
  require(options.max_leaves > 0, "isomorphic: need max_leaves > 0");
  ColoredGraphs both;
  both.add(a, options.labels);
  both.add(b, options.labels);
  if (detail::unmatched(both.fully_refined(both.colors()), std::ssize(a.nodes)) > 0) return false;
  const CanonicalForm form_a = canonical_form(a, options), form_b = canonical_form(b, options);
  if (form_a.certificate == form_b.certificate) return true;
  if (form_a.complete && form_b.complete) return false;
  return std::nullopt;
}

}  // namespace nullcline::dynamics
