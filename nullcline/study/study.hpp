// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "nullcline/core/settings.hpp"
#include "nullcline/io/dataset.hpp"

namespace nullcline::study {

/// A kind of part (task, cell, analysis) with its settings.
struct Part {
  std::string name;
  Settings settings;
};

/// Networks that differ in their random numbers alone.
struct Population {
  std::string name;
  std::int64_t networks = 0;
  Part task, cell;
  Settings training;
  Settings initial;    ///< Where they start (initial.hpp).
  std::string stream;  ///< Populations with one stream have the same random numbers, network by
                       ///< network: pairs that differ in their settings alone. The name, if not
                       ///< given.
};

/// A study: populations of networks, the analyses that each network gets, and the joins of all of
/// them. As TOML:
///
///     name = "my_study"                    # letters, digits, _ and -
///     title = "..."                        # optional, as is description
///     seed = 1
///     [populations.NAME]
///     networks = 10
///     task = { name = "perception", duration = 1.0 }
///     cell = { name = "leaky_rate", units = 128 }
///     training = { steps = 1000 }
///     initial = { from = "EARLIER" }       # optional, as are stream and training
///     stream = "NAME"
///     [analyses]
///     pca = {}
///     [joins]
///     similarity = { metrics = ["svcca", "dsa"] }
///     [quick]                              # what --quick changes: keys as for overrides
///     "populations.*.networks" = 2
struct Study {
  std::string name, title, description;
  std::uint64_t seed = 0;
  std::vector<Population> populations;  ///< In the order of the file.
  std::vector<Part> analyses;           ///< In the order of the registry.
  std::vector<Part> joins;              ///< Likewise.
};

/// Whether its networks start anywhere but where their cell does.
bool has_initial(const Population& population);

/// The population of this name; throws std::invalid_argument if there is none.
const Population& population_of(const Study& study, const std::string& name);

struct StudyOptions {
  std::vector<std::string> overrides;  ///< "KEY=VALUE", KEY a dotted path, "*" for every key there.
  bool quick = false;                  ///< Apply the table [quick] before the overrides.
};

/// Reads and checks a study, every setting resolved. Throws Error that names `path`, the key, what
/// was found and what was expected.
Study parse_study(std::string_view toml, const std::string& path, const StudyOptions& options = {});
Study load_study(const std::filesystem::path& path, const StudyOptions& options = {});

/// The resolved study, without [quick]: parse_study(to_toml(s)) is s.
std::string to_toml(const Study& study);
io::Json to_json(const Study& study);

/// A shipped study by its name; throws Error with the known ones. Its text is in the library.
struct ShippedStudy {
  std::string name;
  std::string_view toml;
};
const std::vector<ShippedStudy>& shipped_studies();

/// What the command and Python take for a study: a file, or the name of a shipped one.
Study find_study(const std::string& file_or_name, const StudyOptions& options = {});

}  // namespace nullcline::study
