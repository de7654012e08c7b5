// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline::connectivity {

/// How many dimensions of a change of weights are more than noise, and how many its task needs.

struct ChangeRankOptions {
  double level = 0.05;        ///< Of each test, 0 < level < 1.
  Index surrogates = 19;      ///< Shuffles a test, level (surrogates + 1) >= 1.
  Index max_rank = 20;        ///< Tests at most, >= 0.
  bool with_diagonal = true;  ///< Whether the diagonal is shuffled too; if not, it must be zero.
  std::uint64_t seed = 0;
};

/// Of one test: is singular value k + 1 larger than that of a matrix of the same entries without
/// structure?
struct RankTest {
  double singular_value = 0;  ///< s_{k+1} of the change.
  double null_mean = 0;       ///< Mean of the largest singular value over the surrogates.
  double null_maximum = 0;    ///< Its maximum.
  double p_value = 1;         ///< (1 + surrogates as large or larger) / (surrogates + 1).
};

struct ChangeRank {
  bool known = true;  ///< False where LAPACK gave up; then the tests end there.
  Index rank = 0;     ///< Tests passed in a row; max_rank if all were, at least that then.
  std::vector<RankTest> tests;  ///< The last one is the first that was not passed, if any.
};

/// The rank of a change D (n, n) against a null [after Schuessler et al. 2020, who compare the
/// singular values of the change with those of a random matrix].
///
/// Test k = 0, 1, ...: of what remains when the k leading singular parts are taken away, the
/// largest singular value is compared with that of the same entries in random order. Shuffled
/// entries have the distribution of the remainder and no structure, so the null needs neither
/// Gaussian weights nor an estimate of their variance; of independent entries every order is
/// equally likely, so the first test is exact at its level. The later ones are not, as what
/// remains of a matrix without its largest part is a little smaller than noise: too few
/// dimensions are counted rather than too many.
///
/// Throws std::invalid_argument unless D is (n, n), n >= 2, finite, and the options are in range.
ChangeRank change_rank(In<Matrix> change, const ChangeRankOptions& options = {});

struct FunctionalRankOptions {
  Index max_rank = 10;     ///< 0 <= max_rank; n is enough.
  double fraction = 0.05;  ///< Of the gain in loss that may be missing, 0 < fraction < 1 (ours).
};

struct FunctionalRank {
  Vector losses;         ///< (max_rank + 1) of before + the k leading singular parts of the change.
  bool known = true;     ///< False where LAPACK gave up; then losses are NaN and rank is -1.
  double full_loss = 0;  ///< Of before + the whole change.
  /// The smallest k with losses(k) - full_loss <= fraction (losses(0) - full_loss), from which on
  /// no later one is above; -1 if there is none, or if the change does not lower the loss.
  Index rank = -1;
};

/// How many singular parts of the change the task needs: the loss with all other parts removed
/// [Schuessler et al. 2020, figure 1]. loss(W): what the network with recurrent weights W (n, n)
/// loses; a loss that is not finite counts as infinite.
FunctionalRank functional_rank(In<Matrix> before, In<Matrix> change,
                               const std::function<double(In<Matrix>)>& loss,
                               const FunctionalRankOptions& options = {});

}  // namespace nullcline::connectivity
