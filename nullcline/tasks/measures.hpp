// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/tasks/task.hpp"

namespace nullcline::tasks {

// How well outputs (n_out, T B) do, from the trials alone. Beside `normalized_error` of task.hpp.

/// Of all outputs at all scored steps whose target is not `middle`, the fraction that lie on the
/// target's side of it. 1 is perfect, 1/2 what a constant reaches on balanced trials.
double side_accuracy(const Trials& trials, In<Matrix> outputs, double middle);

/// Of all trials, the fraction whose output, averaged over the scored steps, lies on the side of
/// `middle` on which the average target lies. Trials whose average target is `middle` do not count.
double trial_accuracy(const Trials& trials, In<Matrix> outputs, double middle);

/// The mean angle in degrees between output and target, both points of a plane (n_out = 2), over
/// the scored steps. 90 is chance; an output (0, 0) has no direction and counts 90.
double mean_angle(const Trials& trials, In<Matrix> outputs);

}  // namespace nullcline::tasks
