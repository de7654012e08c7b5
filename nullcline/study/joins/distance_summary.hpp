// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/parallel.hpp"
#include "nullcline/core/progress.hpp"
#include "nullcline/io/dataset.hpp"
#include "nullcline/study/join.hpp"
#include "nullcline/study/joins/label_tests.hpp"
#include "nullcline/study/joins/objects.hpp"

namespace nullcline::study {

struct SummaryOptions {
  Index map_starts = 4;  ///< Random starts of SMACOF, beside the classical one.
  LabelTestOptions tests;
  Threads threads;
  Progress progress = {};  ///< Of the map, and asked in the tests; false stops both.
};

/// The settings `mds_starts`, `neighbors` and `permutations` of a join.
SummaryOptions summary_options(const JoinContext& context);

/// What the distances D (K, K) of objects say, NaN where there is none, a diagonal of NaN marking
/// objects without any: arrays
///
///     classical, classical_eigenvalues, map    (K, 2), (compared), (K, 2): classical scaling,
///     SMACOF order                                    (compared) int64: leaves of average linkage
///
/// and attributes status, explained, negative_part, stress_1, map_status, tests (label_tests.hpp);
/// numbers of these to the attribute metrics. Where D is not symmetric, all are of (D + D') / 2.
/// With fewer than two objects compared only `status` says so. Returns false, with `result` in
/// parts, if `progress` stopped it.
bool put_distance_summary(io::Dataset& result, In<Matrix> D, const std::vector<Object>& objects,
                          const std::vector<Label>& labels, const SummaryOptions& options);

}  // namespace nullcline::study
