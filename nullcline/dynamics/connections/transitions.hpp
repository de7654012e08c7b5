// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/map.hpp"
#include "nullcline/dynamics/orbits/settle.hpp"

namespace nullcline::dynamics {

struct TransitionOptions {
  Index duration = 1;          ///< > 0; steps for which a pulse lasts.
  double amplitude_limit = 1;  ///< > 0; the largest multiple of a pulse tried by thresholds.
  Index amplitudes = 16;       ///< > 0; equally spaced multiples tried first.
  double tolerance = 1e-6;     ///< > 0; of a threshold, times amplitude_limit.
  SettleOptions settle = {};
};

/// What follows one pulse from one stable state. Landmarks are numbered as in settle.hpp.
struct Transition {
  Index from = 0, pulse = 0;  ///< Landmark, column of the pulses.
  Index to = -1;              ///< Landmark, or -1.
  OrbitEnd end = OrbitEnd::undecided;
};

struct Transitions {
  std::vector<Transition> table;   ///< By stable point, then pulse.
  Matrix new_points;               ///< (n, U) where orbits ended that was not given.
  std::vector<Matrix> new_cycles;  ///< Each (n, period).
  bool cancelled = false;
};

/// From each stable point of the landmarks of x -> F(x, rest): F(., rest + pulse) for `duration`
/// steps, then F(., rest) until the orbit ends. The whole table is one batch.
///
/// rest: (m), pulses: (m, R), added to it. Same result for any number of threads. Throws
/// std::invalid_argument on a wrong size or option.
Transitions transition_table(const DrivenMap& map, In<Vector> rest, In<Matrix> pulses,
                             const Landmarks& landmarks, const TransitionOptions& options = {});

struct Threshold {
  Index from = 0, pulse = 0;  ///< Landmark, column of the pulses.
  bool found = false;         ///< Some multiple up to the limit leads elsewhere.
  double below = 0;           ///< The pulse times this, and each smaller one tried, leads back.
  double above = 0;           ///< The pulse times this does not. Not found: equal to `below`.
  Index to = -1;              ///< Where that leads: landmark given, or -1 (then see `end`).
  OrbitEnd end = OrbitEnd::cancelled;
};

struct Thresholds {
  std::vector<Threshold> table;  ///< By stable point, then pulse.
  bool cancelled = false;        ///< Then thresholds are as wide as they were.
};

/// Hysteresis: for each stable point and pulse v the least a > 0 such that the pulse a v leads
/// elsewhere than back: the first of the equally spaced a that does, then bisection between it and
/// the one before, until above - below <= tolerance * amplitude_limit or 60 halvings. A window of
/// amplitudes that lies between two of those spaced is not seen. Pulses near a threshold end near a
/// saddle: each halving adds about ln 2 / ln(growth there) steps, and an orbit that has not left it
/// after max_steps is undecided, which counts as elsewhere.
Thresholds pulse_thresholds(const DrivenMap& map, In<Vector> rest, In<Matrix> pulses,
                            const Landmarks& landmarks, const TransitionOptions& options = {});

}  // namespace nullcline::dynamics
