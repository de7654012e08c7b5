// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nullcline/core/progress.hpp"
#include "nullcline/io/dataset.hpp"
#include "nullcline/study/joins/objects.hpp"

namespace nullcline::study {

struct LabelTestOptions {
  Index neighbors = 1;
  Index permutations = 999;
  std::uint64_t seed = 0;
  Progress progress = {};  ///< Of the permutations of one label; false ends them.
};

/// How one label clusters by the distances D (K, K), as representation/clustering.hpp has it: an
/// object of
///
///     count, classes, status, silhouette, pseudo_f, r_squared, permanova_p,
///     neighbors, accuracy, balanced_accuracy, chance, neighbor_p
///
/// `neighbors` are those that voted: all others, where options ask for more than there are.
/// Without permutations there are no `permanova_p`, `chance` and `neighbor_p`.
/// `classes` (K) are the labels, `strata` (K) or empty. Where the test needs more objects than
/// there are (no more of them than classes), the numbers are missing and `status` says why, else
/// "tested"; "cancelled" where the progress ended it.
io::Json label_test(In<Matrix> D, std::span<const Index> classes, std::span<const Index> strata,
                    const LabelTestOptions& options);

/// A list of such tests of each label of `objects`, with `label` and `objects` ("trained",
/// "untrained" or "all") to say of what.
///
/// Labels of networks are tested among the trained and, as a control, among the untrained ones by
/// themselves; `stage` among all, its labels permuted within networks. `labels`
/// have a class for each of the objects.
io::Json label_tests(In<Matrix> D, const std::vector<Object>& objects,
                     const std::vector<Label>& labels, const LabelTestOptions& options);

}  // namespace nullcline::study
