// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "nullcline/core/settings.hpp"

namespace nullcline::training {

/// The settings of a training: method, optimizer, schedule, loss, penalties, when to stop, ...
Schema training_schema();

/// Throws Error (field training.NAME) when settings contradict each other, or name parameters that
/// are none of `parameters`.
void check_training(const Settings& training, const std::vector<std::string>& parameters);

/// Whether a list of names has `name`, or "all".
bool has_name(const std::vector<std::string>& list, const std::string& name);

}  // namespace nullcline::training
