// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nullcline/core/parallel.hpp"
#include "nullcline/core/types.hpp"
#include "nullcline/representation/dsa/dsa.hpp"

namespace nullcline::representation {

/// How alike two representations of the same samples are. X (n, m) and Y (n', m) have a column a
/// sample, of any numbers of units; the mean of each unit over the samples is removed. Dynamics,
/// which dsa compares, are in the order of the samples: there X and Y are time series, or trials.
///
/// One convention for all metrics: `distance` is at least 0, and 0 where the metric sees no
/// difference; `score` grows with likeness, and is 1 there.

/// What a metric promises.
struct MetricInfo {
  std::string name;
  std::string meaning;
  std::string distance;    ///< Its formula.
  std::string score;       ///< Its formula.
  std::string invariance;  ///< The changes of one side's units that it does not see.
  double largest;          ///< The largest distance; infinity if there is none.
  bool triangle;           ///< d(X, Z) <= d(X, Y) + d(Y, Z) for all X, Y, Z.
  std::string condition;   ///< Under which `triangle` holds; empty: always.
  bool symmetric;          ///< d(X, Y) = d(Y, X).
};

/// cca, svcca, pwcca, cca_angular, subspace     (cca.cpp)
/// cka, cka_angular, cka_unbiased               (cka.cpp)
/// rbf_cka, rbf_cka_angular, rbf_cka_unbiased, rsa, rsa_angular   (sample_pairs.cpp)
/// procrustes, procrustes_shape, procrustes_angular               (procrustes.cpp)
/// matching                                     (matching.cpp)
/// dsa                                          (dynamics.cpp)
std::vector<MetricInfo> similarity_metrics();

struct SimilarityOptions {
  /// Of the metrics of CCA: principal components are kept up to this part of the variance, in
  /// (0, 1]; 1 keeps all that is not rounding. 0 is what the metric stands for: 0.99 for svcca,
  /// else 1.
  double variance = 0;
  Index dim = 0;         ///< And no more than this many components; 0 is no limit.
  double bandwidth = 1;  ///< Of RBF kernels: sigma over the median distance of samples, > 0.
  /// Of rsa, between samples: "euclidean", "squared_euclidean" or "correlation" (1 - r).
  std::string dissimilarity = "euclidean";
  /// Of dsa: delays, rank, starts, group and the like. Means are removed whatever `dmd.center`
  /// says, and `threads` below is what counts.
  DsaOptions dsa = {};
  Threads threads = {};  ///< Of the metrics that go through all pairs of samples, and of dsa.
};

struct Similarity {
  double distance = 0;  ///< NaN if not defined.
  double score = 0;
  /// What the metric sums up, descending: canonical correlations, cosines of principal angles,
  /// singular values of the cross-covariance, correlations of matched units. Empty for CKA, RSA.
  Vector correlations;
  Index dim_x = 0, dim_y = 0;  ///< Dimensions compared: components kept, or units.
  std::vector<Index> matches;  ///< Of matching: the unit of Y of each unit of X, -1 if none.
  bool defined = true;  ///< False where a side does not vary (or, unbiased, too little to tell).
  /// The distance may be too large by this much: of dsa, which is a search, what lies between it
  /// and the best lower bound that is known; 0 of all others.
  double gap = 0;
  std::optional<Alignment> alignment =
      {};  ///< Of dsa: what was searched and found, and all bounds.
};

/// Throws std::invalid_argument on an unknown metric, shapes that do not fit, fewer than 2 samples
/// (4 for the unbiased ones), entries that are not finite, and options out of range.
[[nodiscard]] Similarity compare(In<Matrix> X, In<Matrix> Y, const std::string& metric,
                                 const SimilarityOptions& options = {});

/// The same of trials, (n, T_i) and (n', T_i), as many and as long on both sides; of dsa, in which
/// no step leads from one trial to the next, any numbers and lengths.
[[nodiscard]] Similarity compare(std::span<const Matrix> X, std::span<const Matrix> Y,
                                 const std::string& metric, const SimilarityOptions& options = {});

}  // namespace nullcline::representation
