// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline::connectivity {

struct BlockOptions {
  Index surrogates = 999;  ///< Permutations of the labels, >= 1.
  std::uint64_t seed = 0;
};

/// The weights W (n, n) between groups of units. A connection is an entry that is not 0; loops
/// W_ii do not count anywhere.
struct Blocks {
  Index groups = 0;          ///< g
  std::vector<Index> sizes;  ///< (g) units of each.
  /// (g, g), row: group that receives, column: group that sends. Over the pairs of two different
  /// units; NaN where there is no such pair (a group of one with itself) or, for `strength`, no
  /// connection.
  Matrix density;   ///< Connections over pairs.
  Matrix mean;      ///< Mean weight, absent connections counting as 0.
  Matrix strength;  ///< Mean |weight| of the connections.
  /// (1/m) sum_ij (A_ij - in_i out_j / m) [groups equal], A = |W|, m the sum of A, in_i and out_j
  /// its row and column sums: weight within groups beyond what the strengths of units alone lead
  /// to [Leicht & Newman 2008]. 0 if there is no connection.
  double modularity = 0;
  double p_value =
      1;  ///< Of a modularity as large under permuted labels, (1 + as large) / (1 + surrogates).
};

/// labels: (n) from 0 to g - 1, each group with at least one unit. Throws std::invalid_argument on
/// other labels, or unless W is (n, n), n >= 2, and finite.
Blocks block_statistics(In<Matrix> W, const std::vector<Index>& labels,
                        const BlockOptions& options = {});

/// Groups by Dale's law: 0 for units whose outgoing weights (column, without the loop) are all
/// >= 0, 1 where all are <= 0 and one is not 0. Empty if some unit has both signs or all units are
/// of one kind.
std::vector<Index> dale_groups(In<Matrix> W);

}  // namespace nullcline::connectivity
