// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "nullcline/core/types.hpp"

namespace nullcline::connectivity {

/// How weights depend on each other beyond their distribution. W_ij is the weight j -> i; loops do
/// not count. n >= 3.

/// Correlations of pairs of weights that share units, over all ordered choices of different units
/// i, j, k, with the mean and the variance of all weights [after Zhao et al. 2011, "Synchronization
/// from second order network connectivity statistics"]. All are 0 in expectation, up to terms of
/// 1 / n, if weights are independent; all are 0 if all weights are equal.
struct PairMotifs {
  double reciprocal = 0;  ///< W_ij and W_ji: i <-> j.
  double convergent = 0;  ///< W_ij and W_ik: j -> i <- k.
  double divergent = 0;   ///< W_ji and W_ki: j <- i -> k.
  double chain = 0;       ///< W_ij and W_jk: k -> j -> i.
};
PairMotifs pair_motifs(In<Matrix> W);

/// The 16 kinds of directed graphs of three nodes, by Holland & Leinhardt's names: how many of the
/// pairs are mutual, asymmetric, null, then down, up, cyclic or transitive [Davis & Leinhardt
/// 1972]. Programs differ in 111D and 111U: here A <-> B <- C is 111D, A <-> B -> C is 111U.
inline constexpr std::array triad_names{"003",  "012",  "102",  "021D", "021U", "021C",
                                        "111D", "111U", "030T", "030C", "201",  "120D",
                                        "120U", "120C", "210",  "300"};

struct TriadOptions {
  double threshold = 0;   ///< There is an edge j -> i where |W_ij| > threshold >= 0.
  Index surrogates = 99;  ///< >= 2
  std::uint64_t seed = 0;
};

/// Counts of all n (n - 1) (n - 2) / 6 triples by kind, in the order of triad_names, against a
/// null in which the pairs of units exchange their two-way connections, mutual, asymmetric in a
/// random direction or null, at random [Song et al. 2005]: what triads add to what pairs say.
struct TriadCensus {
  double density = 0;  ///< Edges over n (n - 1).
  std::array<std::int64_t, 16> counts{};
  std::array<double, 16> null_mean{}, null_sd{};
  /// Two-sided, (1 + surrogates as far from the null's mean) / (1 + surrogates).
  std::array<double, 16> p_values{};
};
TriadCensus triad_census(In<Matrix> W, const TriadOptions& options = {});

/// Both throw std::invalid_argument unless W is (n, n), n >= 3, finite, and options are in range.

}  // namespace nullcline::connectivity
