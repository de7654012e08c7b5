// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/dynamics/orbits/lyapunov.hpp"

namespace nullcline::dynamics {

enum class AttractorKind {
  fixed_point,  ///< At rest, or so near a stable fixed point that Newton's method proves it.
  cycle,        ///< Returns to where it was, twice: k-cycle of a map, limit cycle of a flow.
  torus,        ///< As many zero exponents as a torus needs, no positive one, and no return; of a
                ///< map the invariant circle too.
  chaos,        ///< A positive exponent, and no return.
  diverged,     ///< Left the ball of the escape radius.
  undecided,    ///< None of these can be said: slow, too short, on an unstable set, or failed.
};

const char* name_of(AttractorKind kind);  ///< "fixed_point", ...

struct VerdictOptions {
  double dt = 1;        ///< > 0, seconds of one step of the map.
  bool flow = false;    ///< The map is a short step of a flow (or of a rate network): motion
                        ///< along the orbit is one zero exponent, and returns lie between steps.
  Index exponents = 4;  ///< > 0; the largest ones; n if there are fewer.
  Index transient = 10000;       ///< >= 0 steps.
  Index steps = 20000;           ///< > 0 for the exponents.
  Index longest_period = 20000;  ///< > 0 steps; a longer period is not seen.
  double recurrence = 1e-5;      ///< > 0; a return is this near, relative to the orbit's diameter.
  double error_bar = 3;          ///< > 0 standard errors.
  double escape_radius = 1e12;   ///< > 0
  std::uint64_t seed = 0;
  Progress progress = {};
};

/// What kind of attractor an orbit came to, and on what grounds.
struct AttractorVerdict {
  AttractorKind kind = AttractorKind::undecided;
  Index positive = 0, zero = 0, negative = 0;  ///< Of the exponents, by their bars.
  Vector bars;                                 ///< (k) 1/s, see attractor_verdict.
  double residual = 0;                         ///< |F(x) - x| at `state`.
  double correction = 0;       ///< |x* - x|, where Newton's method leads to a fixed point x*; else
                               ///< infinite.
  double diameter = 0;         ///< Largest distance from `state` in the next longest_period steps.
  double period = 0;           ///< s; 0: no return.
  Index period_steps = 0;      ///< Of a cycle of a map; of a flow rounded.
  double return_distance = 0;  ///< Distance from `state` after one period.
  double closest_return = 0;   ///< How near the orbit comes again after it was half a diameter
                               ///< away, relative to how far it was; 1: it drifts. Only where
                               ///< there is no period.
  Vector state;                ///< (n) after transient and steps.
  LyapunovSpectrum spectrum;
};

/// Follows the orbit of `start` (n) and says what it came to. Exponents with error bars,
///
///     bar_i = error_bar standard errors + ln(steps) / (steps dt),
///
/// are positive (> bar), negative (< -bar) or zero: the second term because growth as a power of
/// time, as of a shear, is not exponential growth, and because a sum over finite time has ends. And
/// the orbit itself, from its last state x on:
///
/// * fixed_point: Newton's method from x converges, each step at most a quarter of the one before,
///   to an x* with all |eigenvalues| < 1 no further than 1e-4 (1 + |x|); or nothing moves in
///   longest_period steps, and no exponent is positive. With `zero` > 0 it is not isolated, or
///   marginal: a point of a line attractor. A slow orbit satisfies neither.
/// * cycle: |F^p(x) - x| and |F^2p(x) - x| within `recurrence`; for a flow the crossings of the
///   plane through x normal to the motion, between steps by interpolation. No exponent is
///   positive; of a flow not all are negative.
/// * chaos: exponent 1 is positive, and the orbit turns back (closest_return <= 0.9) but not to
///   where it was.
/// * torus: none is positive, one (of a flow two) or more are zero with statistical errors no
/// larger
///   than the second term, and the orbit comes back nearly (closest_return <= 0.25).
///
/// A numerical failure is `undecided`, with the reason in spectrum.status. An attractor is what the
/// orbit looks like in the time given: chaos may be transient.
///
/// Throws std::invalid_argument on a wrong size or option.
AttractorVerdict attractor_verdict(const Map& map, In<Vector> start,
                                   const VerdictOptions& options = {});

}  // namespace nullcline::dynamics
