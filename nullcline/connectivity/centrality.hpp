// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline::connectivity {

/// How central each node of a network is, with W_ij the weight from node j to node i. All measures
/// see A = |W|, entry by entry, its diagonal as it is, and scores add up to 1, their mean is 1/n,
/// so that they compare across networks.

enum class CentralityStatus {
  found,
  reducible,      ///< Found, but not unique or zero somewhere: see eigenvector_centrality.
  undefined,      ///< There is no such vector: `scores` is empty.
  not_converged,  ///< The iteration, or LAPACK's for rho, did not settle: `scores` is empty.
};
const char* name_of(CentralityStatus status);

struct Centrality {
  Vector scores;  ///< (n) >= 0, sum 1; empty if undefined or not converged.
  CentralityStatus status = CentralityStatus::undefined;
};

/// In-strength sum_j A_ij and out-strength sum_i A_ij, over the sum of all. Undefined if W = 0.
Centrality in_strength(In<Matrix> W);
Centrality out_strength(In<Matrix> W);

/// The Perron vector A x = rho x, rho the spectral radius: a node is central if central nodes
/// drive it [Bonacich 1972].
///
/// It is positive and unique when every node reaches every other (A irreducible). Otherwise the
/// status is `reducible`: the vector is then the limit of Katz centrality as alpha -> 1 / rho,
/// which is zero on nodes that no component of spectral radius rho drives. Without cycles rho is
/// 0 and there is nothing to find: `undefined`. Where components of the same rho drive one another
/// the limit is too slow to reach: `not_converged`.
///
/// Inverse iteration, x <- (sigma I - A)^-1 x with sigma just above rho; the inverse is >= 0.
Centrality eigenvector_centrality(In<Matrix> W);

struct KatzOptions {
  double fraction = 0.9;  ///< alpha as a part of its limit 1 / rho, 0 <= fraction < 1.
};

/// x = (I - alpha A)^-1 1 = sum_k alpha^k A^k 1: the weighted paths of all lengths that end at a
/// node, alpha a step [Katz 1953]. alpha = fraction / rho; for a network without cycles, where any
/// alpha would do, alpha = fraction over the largest in-strength; for W = 0 all are equal.
struct KatzCentrality {
  Vector scores;     ///< (n) > 0, sum 1; NaN where rho is not known.
  double alpha = 0;  ///< That was used; NaN where rho is not known.
};
KatzCentrality katz_centrality(In<Matrix> W, const KatzOptions& options = {});

struct PageRankOptions {
  double damping = 0.85;  ///< d, 0 <= d < 1.
};

/// The stationary distribution of a walker that at node j follows an edge j -> i with probability
/// d A_ij / sum_k A_kj and jumps to any node with probability 1 - d, always from a node without a
/// way out [Brin & Page 1998]. By one linear solve.
Vector pagerank(In<Matrix> W, const PageRankOptions& options = {});

struct Centralities {
  Centrality in_strength, out_strength, eigenvector;
  KatzCentrality katz;
  Vector pagerank;
  double spectral_radius = 0;       ///< rho of |W|; exactly 0 without cycles, NaN where
                                    ///< LAPACK gave up.
  bool strongly_connected = false;  ///< Every node reaches every other.
};

/// All of them. As each of the above, throws std::invalid_argument unless W is (n, n), n >= 1,
/// with finite entries, and the options are in range.
Centralities centralities(In<Matrix> W, const KatzOptions& katz = {},
                          const PageRankOptions& rank = {});

}  // namespace nullcline::connectivity
