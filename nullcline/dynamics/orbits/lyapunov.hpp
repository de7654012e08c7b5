// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "nullcline/core/map.hpp"
#include "nullcline/core/parallel.hpp"
#include "nullcline/core/progress.hpp"

namespace nullcline::dynamics {

/// How an orbit ended.
enum class OrbitStatus {
  done,        ///< All steps were taken.
  diverged,    ///< |x| grew beyond the escape radius.
  not_finite,  ///< The start, the map or its derivative is not finite there.
  cancelled,   ///< The progress callback asked to stop.
};

const char* name_of(OrbitStatus status);  ///< "done", ...

/// By what tangents are carried along.
enum class TangentMethod {
  automatic,     ///< jacobian where it is exact, and k >= n / 2 or push_forward is not.
  push_forward,  ///< All tangents of all orbits by one call.
  jacobian,      ///< J(x) of each orbit, then one product: cheaper for k near n.
};

struct LyapunovOptions {
  double dt = 1;           ///< > 0, seconds of one step of the map.
  Index exponents = 0;     ///< k in 1 .. n, the largest ones; 0: all n.
  Index transient = 1000;  ///< >= 0 steps, states and tangents, before anything is averaged.
  Index steps = 10000;     ///< > 0; rounded up to a multiple of the number of blocks.
  double spread = 1e10;    ///< > 1; between two QR the lengths of the tangents may grow apart by
                           ///< about this, the last of them then losing this times 1e-16. At
                           ///< most 1e4 where derivatives are finite differences.
  Index longest_interval = 1000;  ///< > 0; steps between two QR at most.
  Index determinant_checks = 16;  ///< >= 0; intervals of each orbit in which the sum rule is
                                  ///< checked (an LU a step), when k = n.
  double error_bar = 3;           ///< > 0 standard errors.
  double escape_radius = 1e12;    ///< > 0; an orbit with |x| beyond it has diverged.
  TangentMethod tangents = TangentMethod::automatic;
  std::uint64_t seed = 0;     ///< Of the first tangents, which are random.
  std::uint64_t network = 0;  ///< Of the network in a study.
  Threads threads = {};
  Progress progress = {};
};

/// The sum rule: over every interval between two QR, sum_i ln R_ii = sum_t ln|det J(x_t)|, here
/// with det J by LU of Map::jacobian. The two sides have nothing in common but the orbit.
struct DeterminantCheck {
  Index steps = 0;         ///< Determinants taken, over all orbits; 0: none (k < n, or singular).
  double mean = 0;         ///< Of ln|det J| / dt over these steps, 1/s.
  double discrepancy = 0;  ///< Largest |left - right| / duration of an interval, 1/s.
};

/// k exponents from the U orbits of B that came to their end.
struct LyapunovSpectrum {
  Vector exponents;        ///< (k) 1/s, descending; -infinity where a direction is annihilated.
                           ///< Empty if no orbit came to an end.
  Vector standard_errors;  ///< (k) 1/s, of the mean over time and orbits.
  Index resolved = 0;      ///< Exponents 0 .. resolved - 1 never fell to rounding level between two
                           ///< QR; the others are upper bounds.
  Matrix of_orbits;        ///< (k, U) 1/s, the same order of exponents.
  std::vector<Index> orbits;        ///< (U) their columns in `starts`.
  double dimension = 0;             ///< Kaplan-Yorke; see below.
  double dimension_error = 0;       ///< Standard error.
  bool dimension_is_bound = false;  ///< The k < n exponents do not add up to less than 0: D > k.
  double entropy_rate = 0;          ///< nats/s, see below.
  double entropy_rate_error = 0;    ///< Standard error.
  DeterminantCheck determinant;
  Vector times;    ///< (C) s since the end of the transient.
  Matrix history;  ///< (k, C) 1/s, the exponents estimated from what there is up to these times.
  Matrix final_states;                                   ///< (n, B)
  std::vector<OrbitStatus> status;                       ///< (B)
  Index steps = 0;                                       ///< Of each orbit, without the transient.
  Index interval = 0;                                    ///< Steps between two QR at the end.
  Index orthonormalizations = 0;                         ///< QR factorizations of all orbits.
  TangentMethod tangents = TangentMethod::push_forward;  ///< The one used.
  Derivatives derivatives = Derivatives::exact;
};

/// The Lyapunov exponents of `map` along the orbits of B starts (n, B), by the QR method [Benettin
/// et al. 1980, "Lyapunov characteristic exponents ..."; Shimada & Nagashima 1979]:
///
///     A = J(x_{t+m-1}) ... J(x_t) Q_t = Q_{t+m} R,     lambda_i = mean of ln R_ii / (m dt),
///
/// with Q (n, k) orthonormal, at first random, and m steps between two factorizations, adapted so
/// that A's columns do not grow apart by more than `spread`. A transient is left out, in which the
/// states come to the attractor and the columns of Q to their directions. All orbits are taken to
/// be on one attractor: compare `of_orbits` where you doubt it.
///
/// Standard errors come from block averages over time and orbits, so that correlations count
/// (detail/block_statistics.hpp). An orbit shorter than the correlations deceives them.
///
/// Kaplan-Yorke dimension [1979]: with S_j = lambda_1 + ... + lambda_j and the last j with S_j >= 0
/// within its error bar, D = j + S_j / |lambda_{j+1}|; n if there is no lambda_{j+1}. Entropy rate:
/// the sum of the exponents above their error bars, an upper bound of the Kolmogorov-Sinai entropy
/// and equal to it for SRB measures [Pesin 1977].
///
/// Cost, per step and orbit: k tangents pushed, 2 n^2 k flops for a network; and every m steps a QR
/// of 4 n k^2 - 4 k^3 / 3. Memory n k for each orbit of a group (256 / k orbits, 32 at most, are
/// stepped together) and 256 k numbers an orbit. The result does not depend on the number of
/// threads.
///
/// Throws std::invalid_argument on a wrong size or option.
LyapunovSpectrum lyapunov_spectrum(const Map& map, In<Matrix> starts,
                                   const LyapunovOptions& options = {});

/// The input of step t = 0, 1, ..., the transient included: u_t = sequence + noise.
struct OrbitInput {
  Matrix sequence = {};  ///< (m, S): u_t = column t mod S, for all orbits; (m, S B) with
                         ///< `one_per_orbit`: orbit b at step t has column (t mod S) B + b.
                         ///< Empty: 0.
  bool one_per_orbit = false;
  Vector noise = {};          ///< (m) >= 0, standard deviations of white noise, drawn each step;
                              ///< empty: none.
  bool common_noise = false;  ///< The same noise for all orbits.
  std::uint64_t seed = 0;     ///< Of the noise.
  std::uint64_t network = 0;
};

/// The same for a map under input: exponents of a random dynamical system. lambda_1 < 0 means that
/// orbits under the same input forget where they began.
LyapunovSpectrum lyapunov_spectrum(const DrivenMap& map, In<Matrix> starts, const OrbitInput& input,
                                   const LyapunovOptions& options = {});

/// The spectra of N networks in parallel, each as alone and with options.network + its index.
/// starts[i]: (n_i, B_i). Each runs on one thread. Networks that are not begun when `progress` asks
/// to stop have status `cancelled`.
std::vector<LyapunovSpectrum> lyapunov_spectra(const std::vector<const Map*>& maps,
                                               const std::vector<Matrix>& starts,
                                               const LyapunovOptions& options = {});

}  // namespace nullcline::dynamics
