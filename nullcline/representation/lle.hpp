// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/parallel.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::representation {

struct LleOptions {
  Index dim = 2;                 ///< d, 1 <= d < points - 1.
  Index neighbors = 12;          ///< k, d < k < points.
  double regularization = 1e-3;  ///< > 0, of the trace of each local Gram matrix.
  Index max_iterations = 300;
  double tolerance = 1e-10;  ///< > 0, of residuals |M y - lambda y| to the largest diagonal of M.
  Threads threads = {};
};

enum class LleStatus {
  converged,
  not_converged,  ///< After max_iterations; the embedding is the last one.
  disconnected,   ///< The neighbor graph has `components` > 1: the embedding is empty.
};
const char* name_of(LleStatus status);

struct Lle {
  Matrix embedding;      ///< (d, P), rows of mean 0 and mean square 1, mutually orthogonal.
  Vector eigenvalues;    ///< (d) of M, ascending, the zero of the constant left out.
  Index components = 1;  ///< Of the graph in which each point is joined to its neighbors.
  Index iterations = 0;
  LleStatus status = LleStatus::converged;
};

/// Locally linear embedding [Roweis & Saul 2000, Science 290:2323] of points X: (n, P). Each x_i is
/// written by its k nearest, w minimizing |x_i - sum_j w_ij x_j|^2 with sum_j w_ij = 1,
///
///     (G + regularization trace(G) I) w = 1,  G_jl = (x_i - x_j)'(x_i - x_l),  w then scaled,
///
/// and the embedding is written so as nearly as it can be: the d eigenvectors of smallest nonzero
/// eigenvalue of M = (I - W)'(I - W). They come from subspace iterations with the sparse Cholesky
/// factors of M + 1e-13 max_i M_ii I. Neighbors are exact (all distances, n P^2 flops). Rows are
/// signed so that the entry of largest magnitude is positive. Not changed by rotating, shifting or
/// scaling X; renumbering points renumbers the embedding.
///
/// Throws std::invalid_argument when X is not finite or an option is out of range.
[[nodiscard]] Lle lle(In<Matrix> X, const LleOptions& options = {});

}  // namespace nullcline::representation
