// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "nullcline/cells/jet.hpp"
#include "nullcline/core/settings.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::cells {

// Settings that several kinds of cells share, each under one name with one meaning.

Setting units_setting(std::int64_t standard = 128);
Setting dt_setting();
Setting activation_setting(const std::string& standard);
Setting theta_setting();
Setting state_noise_setting();  ///< `sigma`: sigma xi is added to h'.

/// `structure` with `density`, `blocks`, `rank`, `excitatory`: see layer.hpp.
Schema structure_settings();

/// `layers`, `vocabulary`, `embedding_size`, `trained_start`.
Schema stack_settings();

/// `init` and `gain`: see initialization.hpp. `own` are names that only this kind has, the first
/// the default.
Schema initialization_settings(const std::vector<std::string>& own, const std::string& meaning);

Schema joined(std::initializer_list<Schema> schemas);

/// All of the above for a cell in steps with a tanh by default, and those of its own.
Schema recurrent_schema(const Schema& own = {});

/// The activation that a network's settings name.
Nonlinearity nonlinearity(const Settings& settings);

/// A setting where the schema has it, else `otherwise`.
Index integer_or(const Settings& settings, const std::string& name, Index otherwise);
bool flag_or(const Settings& settings, const std::string& name, bool otherwise);

}  // namespace nullcline::cells
