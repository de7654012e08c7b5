// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/map.hpp"
#include "nullcline/core/progress.hpp"
#include "nullcline/dynamics/cycles/cycles.hpp"

namespace nullcline::dynamics {

/// What the orbit of a start goes to.
enum class OrbitVerdict {
  periodic,          ///< A cycle (period 1: a fixed point), found and verified.
  invariant_circle,  ///< A closed curve on which the map is a rotation, to the tolerance.
  neither,           ///< No cycle up to max_period, and neighbouring orbits part: chaos.
  undecided,         ///< None of these shown: a long transient, a long period, a torus.
  escaped,           ///< Left the ball of the escape radius.
  not_finite,        ///< The start or the map is not finite there.
  cancelled,         ///< The progress callback asked to stop.
};

const char* name_of(OrbitVerdict verdict);  ///< "periodic", ...

struct InvariantCircleOptions {
  Index transient = 10000;     ///< >= 0; steps left out first.
  Index samples = 16384;       ///< >= 256; steps looked at.
  Index max_period = 64;       ///< >= 1, < samples; cycles are looked for up to here.
  Index harmonics = 48;        ///< >= 1, < samples / 8; of the curve.
  double tolerance = 1e-6;     ///< > 0; of the residual of invariance, relative to the extent.
  double escape_radius = 1e3;  ///< > 0.
  Progress progress = {};
};

struct InvariantCircle {
  OrbitVerdict verdict = OrbitVerdict::undecided;
  Index period = 0;            ///< Of a periodic verdict, steps.
  Cycle cycle;                 ///< Likewise.
  bool winds = false;          ///< The orbit winds about its mean, and has a rotation number.
  double rotation_number = 0;  ///< rho in [0, 1/2], turns a step (the plane has no orientation).
  double rotation_error = 0;   ///< Difference from that of the second half of the samples.
  Index numerator = 0, denominator = 0;  ///< The convergent of rho with the largest denominator
                                         ///< up to max_period.
  Matrix curve;                          ///< (n, 256) gamma at s = 0, 1/256, ..., if it winds.
  double extent = 0;                     ///< The largest distance of `curve` from its mean.
  double residual = 0;                   ///< max_s |F(gamma(s)) - gamma(s + rho)|, over 256 s.
  double exponent = 0;                   ///< Largest Lyapunov exponent over the samples, per step.
};

/// Tells an invariant circle, as a map has it beyond a Neimark-Sacker bifurcation or an Euler step
/// of a limit cycle, from a periodic orbit (mode locking).
///
/// 1. The states x_t, t = 0 .. N - 1, after the transient; theta_t, their angle about the mean in
///    the plane of the two leading principal components. If the steps of theta leave a gap of the
///    circle free, they have a unique lift, and rho is their weighted Birkhoff average,
///        sum_t w(t / N) (theta_{t+1} - theta_t) / 2 pi,   w(s) ~ exp(-1 / (s (1 - s))),
///    which converges faster than any power of N on quasi-periodic orbits [Das, Saiki, Sander &
///    Yorke 2016, "Quasiperiodicity: rotation numbers"].
/// 2. Cycles of period 1, of the periods after which the orbit returns, and of the denominators of
///    rho's convergents are looked for by find_cycles from the end of the orbit. One that is not
///    unstable and that the orbit is on, or approaches, decides: periodic.
/// 3. The curve, in the parameter in which the map is a rotation: x_t = gamma(rho t),
///        gamma(s) = sum_m c_m e^(2 pi i m s),   c_m = weighted average of x_t e^(-2 pi i m rho t).
///    If max_s |F(gamma(s)) - gamma(s + rho)| <= tolerance * extent: invariant_circle. Between the
///    points of a periodic orbit this fails, as nothing turns evenly there.
/// 4. Else `neither` if a tangent vector grew by e^50 over the samples.
///
/// A tongue narrower than the tolerance, or of a period above max_period, is called a circle.
/// Curves whose projection does not go around its mean once are not found. Time O(N n^2 + n^3) and
/// N steps of the map. Throws std::invalid_argument on a wrong size or option.
InvariantCircle find_invariant_circle(const Map& map, In<Vector> start,
                                      const InvariantCircleOptions& options = {});

/// The denominators q <= largest of the convergents p / q of the continued fraction of rho, with p.
struct Convergent {
  Index numerator, denominator;
};
std::vector<Convergent> convergents(double rho, Index largest);

}  // namespace nullcline::dynamics
