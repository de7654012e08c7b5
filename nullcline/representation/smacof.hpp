// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "nullcline/core/parallel.hpp"
#include "nullcline/core/progress.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::representation {

struct SmacofOptions {
  Index dim = 2;                   ///< d >= 1.
  Matrix weights = {};             ///< (K, K) >= 0 and symmetric; empty: 1 for each pair.
  Index starts = 8;                ///< Random starts >= 0,
  bool start_at_classical = true;  ///< and one at the classical solution.
  Index max_iterations = 3000;     ///< Of each start, > 0.
  double tolerance = 1e-6;         ///< Stops at |X - G(X)|_F <= tolerance |G(X)|_F; see below. > 0.
  std::uint64_t seed = 0;          ///< Of the random starts.
  Threads threads = {};            ///< Over the starts.
  Progress progress = {};          ///< After each iteration of any start; see SmacofStatus.
};

enum class SmacofStart { classical, random };
const char* name_of(SmacofStart kind);

enum class SmacofStatus {
  converged,       ///< The step is within the tolerance.
  max_iterations,  ///< Not yet.
  canceled,        ///< Not yet, and `progress` asked to stop.
};
const char* name_of(SmacofStatus status);

/// What came of one start.
struct SmacofAttempt {
  SmacofStart kind = SmacofStart::random;
  std::vector<double> stress;  ///< Of the start and after each iteration; never rises.
  double step = 0;             ///< |X - G(X)|_F / |G(X)|_F of the last.
  SmacofStatus status = SmacofStatus::max_iterations;
};

struct Smacof {
  Matrix points;        ///< (d, K) of the best attempt, centered, principal axes, signs as PCA.
  double stress = 0;    ///< sum_{i<j} w_ij (delta_ij - d_ij)^2
  double stress_1 = 0;  ///< Kruskal's: sqrt(stress / sum_{i<j} w_ij d_ij^2). 0 if all d_ij are.
  std::vector<SmacofAttempt> attempts;                 ///< Classical, then random ones.
  Index best = 0;                                      ///< Index of the least stress in `attempts`.
  SmacofStatus status = SmacofStatus::max_iterations;  ///< Of the best.
};

/// Metric multidimensional scaling by majorization [de Leeuw 1977; Borg & Groenen 2005, ch. 8]: the
/// points X: (d, K) whose distances d_ij come closest to delta: (K, K), by the Guttman transform
///
///     X <- G(X) = X B(X) V^+,   B_ij = -w_ij delta_ij / d_ij (0 where d_ij = 0),   V_ij = -w_ij,
///
/// off the diagonal, rows of both summing to 0; without weights V^+ is I / K. The stress never
/// rises; the best of several local minima is taken, and there is no promise that it is the global
/// one. A pair of weight 0 counts as unknown, whatever delta says.
///
/// Random starts are normal, scaled to the mean distance. The same seed gives the same bits for any
/// number of threads.
///
/// Throws std::invalid_argument as classical_mds, without any start, and where the pairs of
/// positive weight leave the objects in parts that nothing ties together.
[[nodiscard]] Smacof smacof(In<Matrix> delta, const SmacofOptions& options = {});

}  // namespace nullcline::representation
