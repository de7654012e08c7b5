// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "nullcline/io/dataset.hpp"
#include "nullcline/study/joins/objects.hpp"

namespace nullcline::study {

struct LabelTestOptions {
  Index neighbors = 1;
  Index permutations = 999;
  std::uint64_t seed = 0;
};

/// How each label clusters by the distances D (K, K) of `objects`, as representation/clustering.hpp
/// has it: a list of objects
///
///     label, objects ("trained", "untrained" or "all"), count, classes,
///     silhouette, pseudo_f, r_squared, permanova_p, accuracy, balanced_accuracy, chance,
///     neighbor_p
///
/// Labels of networks are tested among the trained and, as a control, among the untrained ones by
/// themselves; `stage` among all, its labels permuted within networks. Where a test needs more
/// objects than there are (no more of them than classes), its numbers are missing and `status` says
/// why. `labels` have a class for each of the objects.
io::Json label_tests(In<Matrix> D, const std::vector<Object>& objects,
                     const std::vector<Label>& labels, const LabelTestOptions& options);

}  // namespace nullcline::study
