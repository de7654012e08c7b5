// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "nullcline/core/progress.hpp"
#include "nullcline/representation/similarity/similarity.hpp"

namespace nullcline::representation {

/// Many representations of the same m samples. `data(i)` is called from several threads, once for
/// each network, or several times where not all fit into memory together.
struct Population {
  std::vector<Index> units;           ///< Of each network, > 0.
  Index samples = 0;                  ///< m
  std::function<Matrix(Index)> data;  ///< (units[i], m)
  std::vector<Index> trials = {};     ///< Steps of each that the samples are; empty: one trial.
};

/// Of matrices that stay where they are.
Population population_of(std::span<const Matrix> networks);

struct PopulationOptions {
  SimilarityOptions similarity = {};  ///< Its `threads` is not used.
  double memory = 4e9;                ///< Bytes that may be used beside what `data` itself holds.
  Threads threads = {0};
  Progress progress = {};
  /// (N, N) or empty: distances known already, NaN where not. Blocks without NaN are skipped.
  Matrix known = {};
};

/// What a comparison of all pairs will take, told before it starts.
struct PopulationPlan {
  Index networks = 0, pairs = 0;
  Index block = 0;   ///< Networks whose features are in memory at a time; two such blocks.
  Index blocks = 0;  ///< 1: each network is prepared once; else `blocks` / 2 times in the mean.
  double bytes = 0;  ///< At most, <= PopulationOptions::memory.
};

/// Throws std::invalid_argument where even single networks do not fit into `memory`, and tells
/// what is needed.
PopulationPlan plan_comparison(const Population& population, const std::string& metric,
                               const PopulationOptions& options = {});

struct PopulationDistances {
  Matrix distances;  ///< (N, N), row X and column Y; NaN where not defined or not yet computed.
  /// (N, N) of dsa: what the distances are not below (Similarity::gap), NaN where they are NaN or
  /// were known. Empty of the others, whose distances are what they are.
  Matrix bounds;
  /// (N) components kept, of the metrics that take components; 0 of the others, and of networks
  /// that were not prepared.
  std::vector<Index> dims;
  PopulationPlan plan;
  bool cancelled = false;
};

/// The distances of all pairs, each network prepared once (see `plan_comparison`). Of the metrics
/// that need only a number of the cross product A' B of two (m, k) features - CCA and SVCCA, linear
/// CKA, Procrustes - products are made for blocks of networks at once, and nuclear norms for a
/// vector of pairs at once (core/nuclear_norms.hpp). cca and svcca do so in float: their distances
/// are off by some 1e-7. The others agree with `compare` to rounding, but for the distances that
/// are roots or angles: of pairs that are equal, those are about 1e-8, not 0.
///
/// The same bits for any number of threads. Throws std::invalid_argument as `compare` does.
[[nodiscard]] PopulationDistances compare_all(const Population& population,
                                              const std::string& metric,
                                              const PopulationOptions& options = {});

}  // namespace nullcline::representation
