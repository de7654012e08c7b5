// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/tasks/task.hpp"

namespace nullcline::tasks {

/// An input on for the first half of a trial, whose level the output holds to the end.
TaskKind hold();

}  // namespace nullcline::tasks
