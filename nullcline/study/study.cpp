// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <stdexcept>

#include "nullcline/core/errors.hpp"
#include "nullcline/io/atomic_file.hpp"
#include "nullcline/io/settings_json.hpp"
#include "nullcline/study/analysis.hpp"
#include "nullcline/study/detail/overrides.hpp"
#include "nullcline/study/detail/read_population.hpp"
#include "nullcline/study/detail/table.hpp"
#include "nullcline/study/detail/toml.hpp"
#include "nullcline/study/initial.hpp"
#include "nullcline/study/job.hpp"
#include "nullcline/study/join.hpp"
#include "nullcline/tasks/task.hpp"

namespace nullcline::study {
namespace {

using detail::found;
using detail::key_path;
using detail::Table;
using io::Json;

constexpr std::uint64_t largest_study_file = 1 << 20;

void check_name(const std::string& name, const std::string& where) {
  const bool good = !name.empty() && name.size() <= 64 &&
                    std::all_of(name.begin(), name.end(), [](unsigned char c) {
                      return std::isalnum(c) != 0 || c == '_' || c == '-';
                    });
  if (!good)
    throw Error("", where, fmt::format("'{}'", name), "1 to 64 letters, digits, '_' or '-'");
}

/// Networks of two populations with one stream and the same settings would be the same file.
void check_different(const Study& study) {
  std::map<std::string, std::string> names;
  for (const Population& population : study.populations) {
    const auto [other, is_new] =
        names.emplace(network_job(study, population, 0).id, population.name);
    if (is_new) continue;
    throw Error("", fmt::format("populations.{}", population.name),
                fmt::format("the stream and the settings of {}", other->second), "others");
  }
}

/// Of the kinds there are, those that a table of the study names, with their settings.
template <class Kind>
std::vector<Part> read_chosen(Table& table, const std::string& name,
                              const std::vector<Kind>& kinds) {
  const Json* given = table.find(name);
  Table chosen(given != nullptr ? *given : Json::object(), name);
  std::vector<Part> parts;
  for (const Kind& kind : kinds) {
    const Json* settings = chosen.find(kind.name);
    if (settings == nullptr) continue;
    parts.push_back(
        {kind.name, io::settings_from_json(*settings, kind.schema, key_path(name, kind.name))});
  }
  chosen.finish();
  return parts;
}

/// Whether the analyses' settings fit the task of each population.
void check_analyses(const Study& study) {
  for (const Part& analysis : study.analyses) {
    const AnalysisKind& kind = analysis_kind(analysis.name);
    if (!kind.check) continue;
    for (const Population& population : study.populations) {
      const auto task = tasks::task_kind(population.task.name)
                            .make(population.task.settings, population.cell.settings.number("dt"));
      try {
        kind.check(*task, analysis.settings);
      } catch (const std::invalid_argument& error) {
        throw Error("", fmt::format("analyses.{}", kind.name), error.what(),
                    fmt::format("settings that fit the task of {}", population.name));
      }
    }
  }
}

Study read_study(const Json& json, const std::vector<std::string>& order) {
  Table table(json, "");
  Study study;
  study.name = table.text("name", "");
  check_name(study.name, "name");
  study.title = table.text("title", study.name);
  study.description = table.text("description", "");
  study.seed = static_cast<std::uint64_t>(table.count("seed", "a whole number, not negative"));

  const Json& populations = table.at("populations", "a table of populations");
  if (!populations.is_object() || populations.empty()) {
    throw Error("", "populations", found(populations), "a table of at least one population");
  }
  std::vector<std::string> names = order;
  for (const auto& [name, value] : populations.items()) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  for (const std::string& name : names) {
    check_name(name, fmt::format("populations.{}", name));
    study.populations.push_back(detail::read_population(name, populations.at(name), study));
  }
  check_different(study);

  study.analyses = read_chosen(table, "analyses", analysis_kinds());
  study.joins = read_chosen(table, "joins", join_kinds());
  table.finish();
  check_analyses(study);
  for (const Part& join : study.joins) (void)join_kind(join.name).populations(study, join.settings);
  return study;
}

Json to_json(const Part& part) {
  Json json = io::to_json(part.settings);
  json["name"] = part.name;
  return json;
}

}  // namespace

bool has_initial(const Population& population) {
  return population.initial.values() != Settings(initial_schema()).values();
}

const Population& population_of(const Study& study, const std::string& name) {
  const auto found =
      std::find_if(study.populations.begin(), study.populations.end(),
                   [&](const Population& population) { return population.name == name; });
  require(found != study.populations.end(), "population_of: no population of this name");
  return *found;
}

Study parse_study(std::string_view toml, const std::string& path, const StudyOptions& options) {
  try {
    std::vector<std::string> order;
    Json json = detail::parse_toml(toml, path, "populations", order);
    detail::apply_overrides(json, options);
    return read_study(json, order);
  } catch (const Error& error) {
    throw error.at(path);
  }
}

Study load_study(const std::filesystem::path& path, const StudyOptions& options) {
  return parse_study(io::read_file(path, largest_study_file), path.string(), options);
}

io::Json to_json(const Study& study) {
  Json json = {
      {"name", study.name}, {"title", study.title},          {"description", study.description},
      {"seed", study.seed}, {"populations", Json::object()}, {"analyses", Json::object()}};
  for (const Population& population : study.populations) {
    json["populations"][population.name] = {{"networks", population.networks},
                                            {"task", to_json(population.task)},
                                            {"cell", to_json(population.cell)},
                                            {"training", io::to_json(population.training)}};
    Json& written = json["populations"][population.name];
    if (has_initial(population)) written["initial"] = io::to_json(population.initial);
    if (population.stream != population.name) written["stream"] = population.stream;
  }
  for (const Part& analysis : study.analyses) {
    json["analyses"][analysis.name] = io::to_json(analysis.settings);
  }
  for (const Part& join : study.joins) json["joins"][join.name] = io::to_json(join.settings);
  return json;
}

std::string to_toml(const Study& study) {
  // Tables are sorted by name in TOML as in JSON: populations are written one by one, in order.
  Json head = to_json(study);
  head.erase("populations");
  std::string text = detail::format_toml(head);
  const Json populations = to_json(study)["populations"];
  for (const Population& population : study.populations) {
    text += fmt::format(
        "\n{}",
        detail::format_toml({{"populations", {{population.name, populations[population.name]}}}}));
  }
  return text;
}

Study find_study(const std::string& file_or_name, const StudyOptions& options) {
  std::vector<std::string> names;
  for (const ShippedStudy& shipped : shipped_studies()) {
    if (shipped.name == file_or_name) return parse_study(shipped.toml, shipped.name, options);
    names.push_back(shipped.name);
  }
  if (!std::filesystem::exists(file_or_name)) {
    throw Error(file_or_name, "", "no such file",
                fmt::format("a study file, or one of: {}", fmt::join(names, ", ")));
  }
  return load_study(file_or_name, options);
}

}  // namespace nullcline::study
