// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/homology/detail/rips_graph.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace nullcline::representation::detail {
namespace {

/// Sets of points as bits.
using Bits = std::vector<std::uint64_t>;

class CliqueCounter {
 public:
  CliqueCounter(Index points, const std::vector<Edge>& edges, Index limit)
      : later_(static_cast<std::size_t>(points), Bits(static_cast<std::size_t>(points + 63) / 64)),
        limit_(limit) {
    for (const auto& [i, j, length] : edges) {
      later_[static_cast<std::size_t>(i)][static_cast<std::size_t>(j) / 64] |= std::uint64_t{1}
                                                                               << (j % 64);
    }
  }

  Index count(Index most_vertices) {
    Bits all(later_.empty() ? 0 : later_[0].size(), 0);
    for (std::size_t i = 0; i < later_.size(); ++i) all[i / 64] |= std::uint64_t{1} << (i % 64);
    extend(all, most_vertices);
    return std::min(count_, limit_ + 1);
  }

 private:
  /// Counts cliques of `candidates`, each of which all chosen points see, of 1 .. room points.
  void extend(const Bits& candidates, Index room) {
    for (const std::uint64_t word : candidates) count_ += std::popcount(word);
    if (room == 1) return;
    Bits common(candidates.size());
    for (std::size_t w = 0; w < candidates.size(); ++w) {
      for (std::uint64_t word = candidates[w]; word != 0 && count_ <= limit_; word &= word - 1) {
        const Bits& later = later_[64 * w + static_cast<std::size_t>(std::countr_zero(word))];
        for (std::size_t k = 0; k < common.size(); ++k) common[k] = candidates[k] & later[k];
        extend(common, room - 1);
      }
    }
  }

  std::vector<Bits> later_;  // neighbors of higher number
  Index limit_, count_ = 0;
};

}  // namespace

double enclosing_radius(const Matrix& D) { return D.colwise().maxCoeff().minCoeff(); }

std::vector<Edge> edges_within(const Matrix& D, double longest) {
  std::vector<Edge> edges;
  for (Index j = 0; j < D.cols(); ++j) {
    for (Index i = 0; i < j; ++i) {
      if (D(i, j) <= longest) {
        edges.emplace_back(static_cast<int>(i), static_cast<int>(j), D(i, j));
      }
    }
  }
  return edges;
}

Index count_cliques(Index points, const std::vector<Edge>& edges, Index most_vertices,
                    Index limit) {
  return CliqueCounter(points, edges, limit).count(most_vertices);
}

}  // namespace nullcline::representation::detail
