// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <stdexcept>

#include "nullcline/cells/registry.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/io/atomic_file.hpp"
#include "nullcline/io/settings_json.hpp"
#include "nullcline/study/analysis.hpp"
#include "nullcline/study/detail/toml.hpp"
#include "nullcline/study/initial.hpp"
#include "nullcline/study/job.hpp"
#include "nullcline/study/join.hpp"
#include "nullcline/tasks/task.hpp"
#include "nullcline/training/trainer.hpp"

namespace nullcline::study {
namespace {

using io::Json;

constexpr std::uint64_t largest_study_file = 1 << 20;

/// How an error tells what it found.
std::string found(const Json& json) {
  const std::string text = json.dump();
  return text.size() <= 60 ? text : fmt::format("{:.57}...", text);
}

std::string join(const std::string& where, const std::string& name) {
  return where.empty() ? name : fmt::format("{}.{}", where, name);
}

/// A table of the study, read key by key; what is left unread at the end was misspelled.
class Table {
 public:
  Table(Json json, std::string where) : json_(std::move(json)), where_(std::move(where)) {
    if (!json_.is_object()) throw Error("", where_, found(json_), "a table");
  }

  const Json* find(const std::string& name) {
    known_.push_back(name);
    const auto it = json_.find(name);
    return it == json_.end() ? nullptr : &*it;
  }

  const Json& at(const std::string& name, const char* expected) {
    const Json* value = find(name);
    if (value == nullptr) throw Error("", join(where_, name), "nothing", expected);
    return *value;
  }

  std::string text(const std::string& name, const std::string& standard) {
    const Json* value = find(name);
    if (value == nullptr) return standard;
    if (!value->is_string()) throw Error("", join(where_, name), found(*value), "a text");
    return value->get<std::string>();
  }

  std::int64_t count(const std::string& name, const char* expected) {
    const Json& value = at(name, expected);
    const bool good = value.is_number_integer() && value.get<std::int64_t>() >= 0;
    if (!good) throw Error("", join(where_, name), found(value), expected);
    return value.get<std::int64_t>();
  }

  void finish() const {
    for (const auto& [name, value] : json_.items()) {
      if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
      const std::string near = nearest_word(name, known_);
      throw Error("", join(where_, name), "an unknown key",
                  near.empty() ? fmt::format("one of: {}", fmt::join(known_, ", "))
                               : fmt::format("'{}'?", near));
    }
  }

 private:
  Json json_;
  std::string where_;
  std::vector<std::string> known_;
};

/// { name = "...", settings... }, the schema chosen by the name.
template <class SchemaOf>
Part read_part(const Json& json, const std::string& where, const SchemaOf& schema_of) {
  if (!json.is_object()) throw Error("", where, found(json), "a table { name = \"...\", ... }");
  const auto name = json.find("name");
  if (name == json.end() || !name->is_string()) {
    throw Error("", join(where, "name"), name == json.end() ? "nothing" : found(*name), "a text");
  }
  Json settings = json;
  settings.erase("name");
  Part part;
  part.name = name->get<std::string>();
  const Schema* schema = nullptr;
  try {
    schema = &schema_of(part.name);
  } catch (const Error& error) {
    throw Error("", join(where, "name"), error.found(), error.expected());
  }
  part.settings = io::settings_from_json(settings, *schema, where);
  return part;
}

/// A population of networks of the same shapes that start where their cell does.
Population without_initial(Population population) {
  population.initial = Settings(initial_schema());
  return population;
}

/// The population that this one starts from, among those before it; null if it does not.
const Population* source_of(const Population& population, const Study& before,
                            const std::string& where) {
  const std::string& from = population.initial.text("from");
  if (from.empty()) {
    if (population.initial.flag("shuffled")) {
      throw Error("", join(where, "initial.shuffled"), "true without from", "a population in from");
    }
    return nullptr;
  }
  std::vector<std::string> names;
  for (const Population& earlier : before.populations) {
    if (earlier.name != from) {
      names.push_back(earlier.name);
      continue;
    }
    if (earlier.networks < population.networks) {
      throw Error(
          "", join(where, "networks"), std::to_string(population.networks),
          fmt::format("at most the {} of {}, which they start from", earlier.networks, from));
    }
    return &earlier;
  }
  throw Error("", join(where, "initial.from"), fmt::format("'{}'", from),
              names.empty() ? "a population that stands earlier; none does"
                            : fmt::format("one that stands earlier: {}", fmt::join(names, ", ")));
}

/// Makes what the population would make, so that settings that clash are found before any work.
void rehearse(const Population& population, const Population* source, const std::string& where) {
  std::string part = join(where, "task");
  try {
    const auto task = tasks::task_kind(population.task.name)
                          .make(population.task.settings, population.cell.settings.number("dt"));
    if (task->conditions().empty()) throw Error("", "", "no conditions", "a task with conditions");
    part = where;  // what follows says itself that it is of the training
    std::optional<cells::Network> from;
    if (source != nullptr) from = initial_network(without_initial(*source), nullptr, 0, 0);
    const cells::Network network = initial_network(population, from ? &*from : nullptr, 0, 0);
    training::Trainer<float>(network, population.task.name, population.task.settings,
                             population.training, 0, 0);
  } catch (const Error& error) {
    throw Error("", join(part, error.field()), error.found(), error.expected());
  }
}

Population read_population(const std::string& name, const Json& json, const Study& before) {
  const std::string where = fmt::format("populations.{}", name);
  Table table(json, where);
  Population population;
  population.name = name;
  population.networks = table.count("networks", "a whole number from 1 to 1000000");
  if (population.networks < 1 || population.networks > 1'000'000) {
    throw Error("", join(where, "networks"), std::to_string(population.networks),
                "a whole number from 1 to 1000000");
  }
  population.task = read_part(
      table.at("task", "a table"), join(where, "task"),
      [](const std::string& kind) -> const Schema& { return tasks::task_kind(kind).schema; });
  population.cell = read_part(
      table.at("cell", "a table"), join(where, "cell"),
      [](const std::string& kind) -> const Schema& { return cells::cell_kind(kind).schema; });
  const Json* training = table.find("training");
  population.training =
      io::settings_from_json(training != nullptr ? *training : Json::object(),
                             training::training_schema(), join(where, "training"));
  const Json* initial = table.find("initial");
  population.initial = io::settings_from_json(initial != nullptr ? *initial : Json::object(),
                                              initial_schema(), join(where, "initial"));
  population.stream = table.text("stream", name);
  table.finish();
  rehearse(population, source_of(population, before, where), where);
  return population;
}

void check_name(const std::string& name, const std::string& where) {
  const bool good = !name.empty() && name.size() <= 64 &&
                    std::all_of(name.begin(), name.end(), [](unsigned char c) {
                      return std::isalnum(c) != 0 || c == '_' || c == '-';
                    });
  if (!good)
    throw Error("", where, fmt::format("'{}'", name), "1 to 64 letters, digits, '_' or '-'");
}

/// Sets `path` (dotted, "*" for every key that is there) in `json`; returns how many were set. A
/// table is merged into what is there, key by key.
std::size_t assign(Json& json, const std::string& path, const Json& value) {
  if (value.is_object()) {
    std::size_t set = 0;
    for (const auto& [key, child] : value.items()) {
      set += assign(json, fmt::format("{}.{}", path, key), child);
    }
    return set;
  }
  const auto dot = path.find('.');
  const std::string head = path.substr(0, dot);
  std::vector<std::string> names;
  if (head == "*") {
    for (const auto& [name, child] : json.items()) names.push_back(name);
  } else {
    names.push_back(head);
  }
  std::size_t count = 0;
  for (const auto& name : names) {
    if (dot == std::string::npos) {
      json[name] = value;
      ++count;
    } else {
      Json& child = json[name];
      if (child.is_null()) child = Json::object();
      if (!child.is_object())
        throw Error("", name, found(child), fmt::format("a table, as {} says", path));
      count += assign(child, path.substr(dot + 1), value);
    }
  }
  return count;
}

void apply_overrides(Json& json, const StudyOptions& options) {
  if (const auto quick = json.find("quick"); quick != json.end()) {
    const Json changes = *quick;
    json.erase("quick");
    if (!changes.is_object()) throw Error("", "quick", found(changes), "a table");
    for (const auto& [key, value] : changes.items()) {
      if (options.quick) assign(json, key, value);
    }
  } else if (options.quick) {
    throw Error("", "quick", "nothing", "a table [quick], as a quick run was asked for");
  }
  for (const std::string& text : options.overrides) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw Error("", "--set", fmt::format("'{}'", text), "KEY=VALUE");
    }
    const std::string key = text.substr(0, equals);
    if (assign(json, key, detail::parse_toml_value(text.substr(equals + 1))) == 0) {
      throw Error("", fmt::format("--set {}", key), "nothing that it names", "keys of the study");
    }
  }
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
        {kind.name, io::settings_from_json(*settings, kind.schema, join(name, kind.name))});
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
    study.populations.push_back(read_population(name, populations.at(name), study));
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
    apply_overrides(json, options);
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
