// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "nullcline/core/types.hpp"
#include "nullcline/representation/clustering.hpp"

namespace nullcline::representation::detail {

/// Labels as numbers 0 .. classes - 1, by ascending label.
struct Classes {
  std::vector<Index> of;     // (K) the class of each object
  std::vector<Index> names;  // (classes) their labels
  std::vector<Index> sizes;  // (classes)
  Index count() const { return static_cast<Index>(names.size()); }
};

/// Throws std::invalid_argument, told in the name of `caller`, unless there are K labels of two
/// classes or more.
Classes classes_of(std::span<const Index> labels, Index K, const char* caller);

/// How a statistic of labels stands among those of permuted ones.
struct Permutations {
  double mean = 0, deviation = 0;  // of the permuted statistic; 0 without permutations
  double p_value = 1;              // (b + 1) / (m + 1), b of m as large as the observed or larger
  bool cancelled = false;          // Then all of these are of the permutations made so far.
};

/// `observed` against statistic(permuted classes), each permutation uniform: of all objects, or
/// within objects of equal stratum if `strata` (K) is not empty. Permutation k has its own random
/// stream. "As large" allows for rounding, 1e-12 of the observed. The progress is asked every 32
/// permutations. Throws std::invalid_argument on
/// a wrong number of strata or a negative number of permutations.
Permutations permute(const Classes& classes, double observed,
                     const std::function<double(const std::vector<Index>&)>& statistic,
                     const PermutationOptions& options, const char* caller);

}  // namespace nullcline::representation::detail
