// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nullcline/core/progress.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::representation {

/// Whether objects of one label lie together, told from their distances D: (K, K) alone. Labels
/// are any integers, one an object, of two classes or more.
///
/// p-values are (b + 1) / (m + 1), b of m permutations of the labels reaching the observed value:
/// never below 1 / (m + 1). `strata` (K), if not empty, restricts permutations to objects of equal
/// stratum. The same seed gives the same permutations.
///
/// All throw std::invalid_argument on distances that are not finite, not symmetric, negative or
/// not zero on the diagonal (each to 1e-6 of the largest), and on wrong numbers of labels.

struct PermutationOptions {
  Index permutations = 999;            ///< m >= 0.
  std::span<const Index> strata = {};  ///< (K) or empty.
  std::uint64_t seed = 0;
  Progress progress = {};  ///< Of the permutations; false ends them, and p is of those made so far.
};

struct Silhouette {
  Vector values;               ///< (K) in [-1, 1].
  double mean = 0;             ///< Over all objects.
  std::vector<Index> classes;  ///< The labels, ascending.
  Vector class_means;          ///< (classes)
};

/// Silhouettes [Rousseeuw 1987]: s_i = (b_i - a_i) / max(a_i, b_i) with a_i the mean distance to
/// the others of its class and b_i the least mean distance to another class; 0 for the only one of
/// a class, and where a_i = b_i = 0.
[[nodiscard]] Silhouette silhouette(In<Matrix> D, std::span<const Index> labels);

struct Permanova {
  double pseudo_f = 0;   ///< Infinite if nothing varies within classes and something does between.
  double r_squared = 0;  ///< SS_between / SS_total; 0 if nothing varies.
  double total = 0, within = 0;                   ///< Sums of squares.
  Index degrees_between = 0, degrees_within = 0;  ///< classes - 1, K - classes.
  double p_value = 1;
  bool cancelled = false;
};

/// Permutational analysis of variance [Anderson 2001]:
///
///     SS_total = sum_{i<j} D_ij^2 / K,   SS_within = sum_c sum_{i<j in c} D_ij^2 / K_c,
///     F = ((SS_total - SS_within) / (classes - 1)) / (SS_within / (K - classes)).
///
/// A small p may also come of classes that differ in spread alone. Needs K > classes.
[[nodiscard]] Permanova permanova(In<Matrix> D, std::span<const Index> labels,
                                  const PermutationOptions& options = {});

struct NeighborAccuracyOptions {
  Index neighbors = 1;  ///< k, 1 <= k < K.
  PermutationOptions permutation = {};
};

struct NeighborAccuracy {
  double accuracy = 0;  ///< Mean credit of all objects, in [0, 1].
  Vector credits;       ///< (K) 1 if the vote gives its label, 1 / t in a tie of t classes.
  double balanced_accuracy = 0;  ///< Mean over classes of the mean credit in each.
  double chance = 0;             ///< Mean accuracy under permuted labels; 0 without permutations.
  double chance_deviation = 0;   ///< Its standard deviation.
  double p_value = 1;
  bool cancelled = false;
};

/// How well the label of an object follows from those of its k nearest others, each left out in
/// turn. Objects as far as the k-th (to 1e-12 of it) share the votes left evenly; where t classes
/// have the most votes, and its own is among them, its credit is 1 / t.
[[nodiscard]] NeighborAccuracy neighbor_accuracy(In<Matrix> D, std::span<const Index> labels,
                                                 const NeighborAccuracyOptions& options = {});

}  // namespace nullcline::representation
