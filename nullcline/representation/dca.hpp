// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nullcline/core/parallel.hpp"
#include "nullcline/core/types.hpp"
#include "nullcline/representation/covariance_repair.hpp"
#include "nullcline/representation/cross_covariance.hpp"
#include "nullcline/representation/grassmann.hpp"
#include "nullcline/representation/log_determinant.hpp"

namespace nullcline::representation {

struct DcaOptions {
  Index dim = 2;                  ///< d, 1 <= d <= n.
  Index window = 5;               ///< T >= 1 steps: the past and the future have T steps each.
  Index starts = 10;              ///< Random starts >= 0, uniform among the subspaces of R^n.
  Index exchanges = 4;            ///< >= 0 more after all others, from the best so far; see below.
  bool start_at_variance = true;  ///< One more start, at the d leading principal components,
  bool start_at_predictability = true;  ///< and at the d directions best predicted by one step.
  std::uint64_t seed = 0;               ///< Of the random starts.
  double ridge = 1e-8;                  ///< >= 0: C(0) becomes C(0) + ridge (trace C(0) / n) I.
  LagDivisor divisor = LagDivisor::samples;  ///< Of the estimates from trials.
  CovarianceRepairOptions repair = {.kind = CovarianceRepair::none};  ///< Before the ridge.
  Index max_iterations = 1000;                                        ///< Of each start, > 0.
  double start_tolerance = 3e-3;     ///< Every start climbs until the gradient is this, > 0,
  double gradient_tolerance = 1e-6;  ///< and the best of them to this. Nats per radian; see below.
  std::vector<Matrix> first_guesses = {};  ///< (n, d) each: more starts, their column spaces.
  LogDeterminant log_determinant = LogDeterminant::automatic;
  Threads threads = {};  ///< Over the starts and the lags.
};

enum class DcaStart { variance, predictability, given, random, exchange };
const char* name_of(DcaStart kind);

/// What came of one start.
struct DcaAttempt {
  DcaStart kind = DcaStart::random;
  double predictive_information = 0;  ///< Nats; 0 if undefined.
  double gradient_norm = 0;
  Index iterations = 0;
  GrassmannStatus status = GrassmannStatus::undefined;
  Index maximum = -1;  ///< Which of `maxima` it reached; -1 if undefined.
};

/// One of the local maxima that starts reached: their subspaces, in the coordinates of the search,
/// lie within 0.1 rad of that of the best of them.
struct DcaMaximum {
  double predictive_information = 0;  ///< Nats, of the best of its starts.
  Index starts = 0;                   ///< How many reached it.
  Vector angles;                      ///< (d) principal angles to `projection`, radians, ascending.
  Matrix projection;                  ///< (n, d) orthonormal.
};

enum class DcaStatus {
  converged,       ///< The best attempt converged.
  not_converged,   ///< The best attempt stalled or took max_iterations: `attempts` says which.
  undefined,       ///< C_2T is not positive definite at any start: `projection` is empty.
  rank_deficient,  ///< Fewer than d directions carry variance: `projection` is empty.
};
const char* name_of(DcaStatus status);

struct Dca {
  Matrix projection;                  ///< (n, d) orthonormal, by decreasing variance of V'x.
  Vector mean;                        ///< (n)
  double predictive_information = 0;  ///< Nats, of the best attempt, with the ridge.
  Vector variances;                   ///< (d) of V'x, decreasing, without the ridge.
  double total_variance = 0;          ///< trace C(0), without the ridge.
  double added_variance = 0;          ///< ridge total_variance / n, on every unit.
  CovarianceRepairReport repair;      ///< What was done to the covariances, if asked for.
  Index rank = 0;                     ///< Directions that carry variance above rounding.
  std::vector<DcaAttempt> attempts;   ///< In the order of DcaStart.
  std::vector<DcaMaximum> maxima;     ///< Distinct ones, the best first: the spread of optima.
  Index best = -1;                    ///< Index of the largest in `attempts`, but for rounding; -1: none.
  DcaStatus status = DcaStatus::undefined;
};

/// Dynamical components analysis [Clark, Livezey & Bouchard 2019, arXiv:1905.09944]: the
/// orthonormal V: (n, d) whose projections y = V'x carry the largest predictive information
///
///     PI(V) = log det C_T(V) - 1/2 log det C_2T(V)        (predictive_information.hpp)
///
/// by Riemannian L-BFGS on the Grassmann manifold (grassmann.hpp) from several starts, of which
/// the best is taken: there is no promise that it is the global maximum, and `maxima` tells how
/// many were met, and how far apart they lie.
///
/// Random systems have many maxima, which often differ in a part of their directions. So when all
/// starts have ended, one component of the best (as below, in turn) is exchanged for a random
/// direction of R^n, and what is climbed from there is kept if it is better: two of these
/// `exchanges` from one best, then two from what is the best then (ours).
///
/// The ridge acts as if every unit carried independent white noise of that variance. Without it,
/// the PI of deterministic data is infinite, and what is found is rounding.
///
/// PI does not change under a change of coordinates, so the search takes place in the
/// eigenvectors of C(0) whose values exceed n eps times the largest, scaled and rotated such that
/// the error of the best linear prediction of x_{t+1} from x_t has covariance I; there PI has
/// like curvature in all directions, and some dozen steps are enough. V is then rotated within
/// its space to uncorrelated coordinates of decreasing variance, the entry of largest magnitude
/// of each column positive.
///
/// The columns of V are filters: y = V'x. Where the noise is not the same in all directions they
/// point away from it; the space in which y shows in x (the regression of x on y) is that of
/// C(0) V.
///
/// The same seed gives the same bits for any number of threads.
///
/// Throws std::invalid_argument when trials do not fit together or are shorter than 2T, or an
/// option is out of range.
[[nodiscard]] Dca dca(std::span<const Matrix> trials, const DcaOptions& options = {});

/// The same from given covariances at lags 0 .. 2T - 1 (more are not read), C(0) symmetric.
[[nodiscard]] Dca dca(const CrossCovariances& covariances, const DcaOptions& options = {});

/// Dimensions 1 .. options.dim: the largest PI against d. Each dimension is a maximization of its
/// own, so that the subspaces need not lie in one another; one more of its starts is the last
/// dimension's subspace with the direction of largest variance outside, so that PI never falls.
/// Fewer than options.dim results where the next one has no subspace.
[[nodiscard]] std::vector<Dca> dca_curve(std::span<const Matrix> trials,
                                         const DcaOptions& options = {});
[[nodiscard]] std::vector<Dca> dca_curve(const CrossCovariances& covariances,
                                         const DcaOptions& options = {});

}  // namespace nullcline::representation
