// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "nullcline/core/settings.hpp"
#include "nullcline/io/dataset.hpp"

namespace nullcline::io {

/// Settings as a JSON object, and back: throws Error (field = `where`.name) when the object does
/// not fit the schema. A setting that is absent takes its default.
Json to_json(const Settings& settings);
Json to_json(const Value& value);
Settings settings_from_json(const Json& json, const Schema& schema, const std::string& where);

/// A schema as a list of objects {name, default, meaning, minimum, maximum, choices}.
Json to_json(const Schema& schema);

}  // namespace nullcline::io
