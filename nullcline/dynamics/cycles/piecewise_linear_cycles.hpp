// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "nullcline/core/parallel.hpp"
#include "nullcline/core/piecewise_linear.hpp"
#include "nullcline/core/progress.hpp"

namespace nullcline::dynamics {

/// A cycle F(x_t) = x_{t+1}, x_k = x_0, of minimal period k, to rounding. It begins at the state
/// with the least first coordinate.
struct PiecewiseLinearCycle {
  Matrix states;                ///< (n, k)
  std::vector<Region> regions;  ///< (k)
  ComplexVector multipliers;  ///< (n) eigenvalues of J_{k-1} .. J_0, by decreasing modulus, with an
                              ///< absolute error of about eps times the norm of this product.
  bool stable = false;        ///< All moduli < 1.
  bool on_border = false;     ///< Some C x_t + c is 0 within rounding: multipliers are of one side.
  double residual = 0;        ///< max_t |F(x_t) - x_{t+1}| of exactly these states.
  Index hits = 0;             ///< How many searches, or sequences, led to it.
};

struct PiecewiseLinearCycleOptions {
  Index exhaustive_bits = 20;  ///< In [0, 24]; K k up to this: all sequences, no search.
  Index attempts = 512;        ///< >= 0; searches.
  Index max_moves = 100;       ///< > 0; sequences of regions solved in one search.
  Index transient = 1000;      ///< >= 0; at most so many steps before a trajectory is looked at.
  Matrix starts = {};          ///< (n, S) where trajectories begin; S = 0: see below.
  std::uint64_t seed = 0;      ///< Of the study.
  std::uint64_t network = 0;   ///< Of the network in it.
  Threads threads = {};
  Progress progress = {};  ///< By attempts or sequences done.
};

struct PiecewiseLinearCycles {
  std::vector<PiecewiseLinearCycle> cycles;  ///< Stable ones first, then by leading modulus.
  bool exhaustive = false;                   ///< All sequences were to be tried.
  bool complete = false;        ///< They were, and none was undecided: there is no other k-cycle,
                                ///< to rounding.
  bool cancelled = false;       ///< The progress callback asked to stop.
  std::uint64_t sequences = 0;  ///< Systems solved.
  std::uint64_t undecided = 0;  ///< Of an exhaustive search: sequences with a continuum of closed
                                ///< orbits, which are not looked into.
};

/// Cycles of minimal period k, stable and unstable. In a given sequence of regions the k steps are
/// affine, and closed by one linear system for all k states (multiple shooting, by orthogonal
/// elimination in O(k n^3), so that a product of Jacobians beyond 1 / eps does no harm), refined
/// with residuals in long double. A solution is a cycle if each state lies in its region.
///
/// Where K k <= exhaustive_bits, all sequences are tried, up to rotation (necklaces [Fredricksen &
/// Maiorana 1978]): about 2^(K k) / k systems, and `complete` is a proof. Else a search [as SCYFI,
/// Eisenmann et al. 2023, "Bifurcations and loss jumps in RNN training"]: a solution outside of its
/// sequence names the sequence that it visits, to be solved next; where that comes back to one
/// seen, the orbit of F from its first state does; where that does too, a new attempt begins.
/// Attempts begin, in turn, with
///
///     the k steps of a trajectory that return nearest to their start, which finds attractors,
///     pieces of a trajectory put together at random,
///     a random sequence, each unit above its kink with probability 1/2,
///
/// and half of them, while there are any, with a cycle that was found and one unit at one time on
/// the other side, in the order of the distance to that kink: cycles are born and die in pairs that
/// differ so (border collisions). Trajectories begin at a column of `starts`, or else around the
/// solution of a random region.
///
/// Nothing proves that a search found all; `hits` of 1 say that more attempts may find more. The
/// same seed gives the same result with any number of threads. Throws std::invalid_argument on an
/// option out of range, a wrong size, or starts that are not finite.
PiecewiseLinearCycles find_piecewise_linear_cycles(const PiecewiseLinearMap& map, Index period,
                                                   const PiecewiseLinearCycleOptions& options = {});

}  // namespace nullcline::dynamics
