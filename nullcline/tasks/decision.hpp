// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/tasks/task.hpp"

namespace nullcline::tasks {

/// The decision task of "RNN Initial Hypotheses" (2021): two noisy constant inputs; the output is
/// high while input 1 is the larger one and low while input 2 is.
TaskKind decision();

}  // namespace nullcline::tasks
