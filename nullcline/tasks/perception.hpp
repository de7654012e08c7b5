// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/tasks/task.hpp"

namespace nullcline::tasks {

/// The perception task of "RNN Initial Hypotheses" (2021): one noisy constant input at one of a
/// few levels, each of which asks for an output of its own: 0.5 -> 0.8 and 0.8 -> 0.5.
TaskKind perception();

}  // namespace nullcline::tasks
