// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline::representation {

/// Two clusters that become one.
struct Merge {
  Index first;    ///< Objects 0 .. K - 1, or K + i for the cluster of merge i;
  Index second;   ///< first < second.
  double height;  ///< The mean distance between the objects of the two.
  Index size;     ///< Objects in the cluster that they make.
};

struct Linkage {
  std::vector<Merge> merges;  ///< K - 1 of them, by height, which never falls.
  /// The objects as the leaves of the tree: each cluster stands together, of two that merge the one
  /// with the first object first.
  std::vector<Index> order;
};

/// Average linkage [Sokal & Michener 1958] of objects of distances D: (K, K). The two clusters of
/// least mean distance merge, until one is left,
///
///     d(P u Q, R) = (|P| d(P, R) + |Q| d(Q, R)) / (|P| + |Q|),
///
/// by chains of nearest neighbors [Murtagh 1983] in O(K^2). Where distances tie there are several
/// such trees; the one taken depends on nothing but D. Throws std::invalid_argument as
/// classical_mds.
[[nodiscard]] Linkage average_linkage(In<Matrix> D);

}  // namespace nullcline::representation
