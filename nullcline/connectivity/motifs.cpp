// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/motifs.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

#include "nullcline/connectivity/detail/shuffle.hpp"
#include "nullcline/connectivity/detail/square.hpp"

namespace nullcline::connectivity {
namespace {

/// Of the pair (i, j), i < j: bit 0 for i -> j, bit 1 for j -> i.
using Dyad = std::uint8_t;

/// Which of the 16 kinds has the pairs ab, ac, bc of nodes a, b, c; dyads as above.
Index kind_of(Dyad ab, Dyad ac, Dyad bc) {
  bool edge[3][3] = {};  // from, to
  const auto put = [&](int i, int j, Dyad pair) {
    edge[i][j] = pair & 1;
    edge[j][i] = pair & 2;
  };
  put(0, 1, ab);
  put(0, 2, ac);
  put(1, 2, bc);
  int mutual = 0, asymmetric = 0, out[3] = {}, in[3] = {};  // asymmetric edges at each node
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < i; ++j) {
      if (edge[i][j] && edge[j][i]) ++mutual;
      if (edge[i][j] != edge[j][i]) {
        ++asymmetric;
        const auto [from, to] = edge[i][j] ? std::pair(i, j) : std::pair(j, i);
        ++out[from];
        ++in[to];
      }
    }
  }
  const int most_out = *std::max_element(out, out + 3), most_in = *std::max_element(in, in + 3);
  const auto in_mutual = [&](int i) {
    for (int j = 0; j < 3; ++j) {
      if (j != i && edge[i][j] && edge[j][i]) return true;
    }
    return false;
  };
  if (mutual == 3) return 15;                         // 300
  if (mutual == 2) return asymmetric == 1 ? 14 : 10;  // 210, 201
  if (mutual == 1 && asymmetric == 0) return 2;       // 102
  if (mutual == 1 && asymmetric == 1) {
    // 111D: the asymmetric edge points at the mutual pair's node ("down" to it).
    for (int i = 0; i < 3; ++i) {
      if (in[i] == 1) return in_mutual(i) ? 6 : 7;  // 111D, 111U
    }
  }
  if (mutual == 1) {
    if (most_out == 2) return 11;   // 120D
    return most_in == 2 ? 12 : 13;  // 120U, 120C
  }
  if (asymmetric == 3) return most_out == 2 ? 8 : 9;                     // 030T, 030C
  if (asymmetric == 2) return most_out == 2 ? 3 : most_in == 2 ? 4 : 5;  // 021D, 021U, 021C
  return asymmetric;                                                     // 003, 012
}

/// Dyads of all pairs i < j, row by row, and where the row of i begins.
struct Dyads {
  Index n;
  std::vector<Dyad> pairs;
  Dyad of(Index i, Index j) const { return pairs[static_cast<std::size_t>(start(i) + j)]; }
  Index start(Index i) const { return i * (2 * n - i - 1) / 2 - i - 1; }
};

Dyads dyads_of(In<Matrix> W, double threshold) {
  const Index n = W.rows();
  Dyads result{n, {}};
  for (Index i = 0; i < n; ++i) {
    for (Index j = i + 1; j < n; ++j) {
      const int forth = std::abs(W(j, i)) > threshold, back = std::abs(W(i, j)) > threshold;
      result.pairs.push_back(static_cast<Dyad>(forth | (back << 1)));
    }
  }
  return result;
}

using Counts = std::array<std::int64_t, 16>;

Counts census(const Dyads& graph, const std::array<std::uint8_t, 64>& kinds) {
  Counts counts{};
  for (Index i = 0; i < graph.n; ++i) {
    for (Index j = i + 1; j < graph.n; ++j) {
      const auto ij = static_cast<std::size_t>(graph.of(i, j));
      for (Index k = j + 1; k < graph.n; ++k) {
        const auto code = ij | static_cast<std::size_t>(graph.of(i, k)) << 2 |
                          static_cast<std::size_t>(graph.of(j, k)) << 4;
        ++counts[kinds[code]];
      }
    }
  }
  return counts;
}

}  // namespace

PairMotifs pair_motifs(In<Matrix> W) {
  detail::require_square("pair_motifs", W, 3);
  const double n = static_cast<double>(W.rows());
  Matrix C = W;
  C.diagonal().setZero();
  C.array() -= C.sum() / (n * (n - 1));
  C.diagonal().setZero();
  const double squares = C.squaredNorm(), variance = squares / (n * (n - 1));
  if (!(variance > 0)) return {};
  const Vector in = C.rowwise().sum(), out = C.colwise().sum().transpose();
  const double pairs = n * (n - 1), triples = pairs * (n - 2);
  // Sums over j, k that may coincide, less those where they do.
  const double both_ways = C.cwiseProduct(C.transpose()).sum();
  return {.reciprocal = both_ways / pairs / variance,
          .convergent = (in.squaredNorm() - squares) / triples / variance,
          .divergent = (out.squaredNorm() - squares) / triples / variance,
          .chain = (in.dot(out) - both_ways) / triples / variance};
}

TriadCensus triad_census(In<Matrix> W, const TriadOptions& options) {
  detail::require_square("triad_census", W, 3);
  if (!(options.threshold >= 0) || options.surrogates < 2) {
    throw std::invalid_argument(
        fmt::format("triad_census: threshold ({}) must be >= 0 and surrogates ({}) >= 2",
                    options.threshold, options.surrogates));
  }
  std::array<std::uint8_t, 64> kinds;
  for (std::size_t code = 0; code < kinds.size(); ++code) {
    kinds[code] = static_cast<std::uint8_t>(kind_of(static_cast<Dyad>(code & 3),
                                                    static_cast<Dyad>(code >> 2 & 3),
                                                    static_cast<Dyad>(code >> 4)));
  }
  Dyads graph = dyads_of(W, options.threshold);
  TriadCensus result;
  result.counts = census(graph, kinds);
  std::int64_t edges = 0;
  for (const Dyad pair : graph.pairs) edges += std::popcount(pair);
  const double n = static_cast<double>(W.rows());
  result.density = static_cast<double>(edges) / (n * (n - 1));

  std::vector<Counts> null;
  for (Index s = 0; s < options.surrogates; ++s) {
    RandomStream stream({.seed = options.seed,
                         .purpose = Purpose::surrogates,
                         .step = static_cast<std::uint64_t>(s)});
    detail::shuffle(static_cast<Index>(graph.pairs.size()), stream, [&](Index a, Index b) {
      std::swap(graph.pairs[static_cast<std::size_t>(a)], graph.pairs[static_cast<std::size_t>(b)]);
    });
    for (Dyad& pair : graph.pairs) {
      if (pair == 1 || pair == 2) pair = static_cast<Dyad>(1 + stream.below(2));
    }
    null.push_back(census(graph, kinds));
  }
  const double count = static_cast<double>(null.size());
  for (std::size_t kind = 0; kind < 16; ++kind) {
    double sum = 0, squares = 0;
    for (const Counts& counts : null) sum += static_cast<double>(counts[kind]);
    const double mean = sum / count;
    const double distance = std::abs(static_cast<double>(result.counts[kind]) - mean);
    double as_far = 0;
    for (const Counts& counts : null) {
      const double deviation = static_cast<double>(counts[kind]) - mean;
      squares += deviation * deviation;
      if (std::abs(deviation) >= distance) ++as_far;
    }
    result.null_mean[kind] = mean;
    result.null_sd[kind] = std::sqrt(squares / (count - 1));
    result.p_values[kind] = (1 + as_far) / (1 + count);
  }
  return result;
}

}  // namespace nullcline::connectivity
