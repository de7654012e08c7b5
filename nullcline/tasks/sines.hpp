// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/tasks/manifolds.hpp"
#include "nullcline/tasks/trial_task.hpp"

namespace nullcline::tasks {

/// A sin(2 pi f t + phi): f in Hz, phi in rad.
struct Sine {
  double frequency = 0, phase = 0;
};

/// Frequency uniform between two, phase uniform on the circle.
Sine random_sine(double lowest, double highest, RandomStream& stream);

/// Adds the sine to an input, at t = step * dt, over the whole trial.
void add_sine(TrialWriter& trial, Index channel, const Sine& sine, double amplitude, double dt);

/// Adds amplitude sin(2 pi f t + phi), f = kappa_i and phi = kappa_{i+1}, and its derivatives.
void add_sine(InputManifold::Point& point, In<Vector> kappa, Index i, Index channel,
              double amplitude, double dt);

/// lowest < highest, and both below 1 / (2 dt), where sampling would take one sine for another;
/// throws Error.
void check_frequencies(double lowest, double highest, double dt);

/// Throws Error unless there are steps after `settling`.
void check_settling(Index settling, Index steps);

}  // namespace nullcline::tasks
