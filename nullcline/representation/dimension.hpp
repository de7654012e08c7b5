// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nullcline/core/parallel.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::representation {

struct DimensionOptions {
  std::vector<double> thresholds = {0.8, 0.9, 0.95, 0.99};  ///< Parts of the variance, in (0, 1].
  Index surrogates = 20;     ///< Of the parallel analysis, >= 0; 0 leaves it out.
  double quantile = 0.95;    ///< Of their variances, in (0, 1).
  Index max_points = 3000;   ///< More are drawn from at random for the neighbor estimates; 0: none.
  Index exclude = 0;         ///< Steps of the same trial this near are no neighbors, >= 0.
  double two_nn_kept = 0.9;  ///< Part of the ratios, the smallest, that are fitted, in (0, 1].
  Index mle_first = 10, mle_last = 20;  ///< Neighbors k1 <= k <= k2, 2 <= k1.
  double confidence = 0.95;             ///< Of the intervals, in (0, 1).
  std::uint64_t seed = 0;
  Threads threads = {};
};

/// An estimate and its interval; `points` 0 where there was nothing to estimate it from.
struct DimensionEstimate {
  double value = 0, low = 0, high = 0;
  Index points = 0;
};

struct Dimension {
  Vector variances;                 ///< Of the principal components, all.
  double participation_ratio = 0;   ///< (sum v)^2 / sum v^2; 0 if nothing varies.
  std::vector<Index> at_threshold;  ///< Components that together reach each threshold.
  Index parallel = -1;    ///< Components before the first that chance reaches; -1: not asked.
  Vector null_variances;  ///< The quantile of each component's variance among surrogates.
  DimensionEstimate two_nn;
  DimensionEstimate mle;
};

/// How many dimensions data have.
///
/// Linear: of the variances of PCA. *Parallel analysis* [Horn 1965]: components whose variance
/// exceeds the `quantile` of those of surrogates, in which each unit's samples are shifted by a
/// random time of their own, around the end of all trials joined: correlations between units go,
/// those in time stay.
///
/// Of neighbors, for curved manifolds, points being all samples, equal ones once:
/// *two-NN* [Facco et al. 2017, Sci. Rep. 7:12140]. Ratios mu = r_2 / r_1 of the distances to the
/// two nearest have the density d mu^(-d-1). Of N, the smallest r = two_nn_kept N are taken as they
/// are and the others as no smaller: the most likely d is r / S, S = sum_{i<=r} ln mu_i + (N - r)
/// ln mu_r, and 2 d S is chi-squared with 2 r degrees of freedom, which gives the interval (by
/// Wilson and Hilferty). (The paper fits a line to the same part; this is as robust and has an
/// interval.)
/// *mle* [Levina & Bickel 2004]: with T_j the distance to neighbor j, the mean over points and
/// k1 <= k <= k2 of 1 / (k - 1) sum_{j<k} ln(T_k / T_j) is 1 / d [averaged so by MacKay &
/// Ghahramani 2005]. Interval: normal, of relative width as if every point counted once, 1 /
/// sqrt(N), since the neighborhoods of k points overlap. Intervals take points as independent and
/// density as constant over k neighbors. They tell of sampling, not of noise or curvature; of
/// trajectories use `exclude`, or neighbors in time count.
///
/// Throws std::invalid_argument when trials do not fit together or an option is out of range.
[[nodiscard]] Dimension dimension(std::span<const Matrix> trials,
                                  const DimensionOptions& options = {});

/// (sum v)^2 / sum v^2, 0 of zeros.
double participation_ratio(In<Vector> variances);

}  // namespace nullcline::representation
