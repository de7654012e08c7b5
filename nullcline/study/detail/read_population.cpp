// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/detail/read_population.hpp"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "nullcline/cells/registry.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/io/settings_json.hpp"
#include "nullcline/study/detail/table.hpp"
#include "nullcline/study/initial.hpp"
#include "nullcline/tasks/task.hpp"
#include "nullcline/training/trainer.hpp"

namespace nullcline::study::detail {

using io::Json;

namespace {

/// { name = "...", settings... }, the schema chosen by the name.
template <class SchemaOf>
Part read_part(const Json& json, const std::string& where, const SchemaOf& schema_of) {
  if (!json.is_object()) throw Error("", where, found(json), "a table { name = \"...\", ... }");
  const auto name = json.find("name");
  if (name == json.end() || !name->is_string()) {
    throw Error("", key_path(where, "name"), name == json.end() ? "nothing" : found(*name),
                "a text");
  }
  Json settings = json;
  settings.erase("name");
  Part part;
  part.name = name->get<std::string>();
  const Schema* schema = nullptr;
  try {
    schema = &schema_of(part.name);
  } catch (const Error& error) {
    throw Error("", key_path(where, "name"), error.found(), error.expected());
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
      throw Error("", key_path(where, "initial.shuffled"), "true without from",
                  "a population in from");
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
          "", key_path(where, "networks"), std::to_string(population.networks),
          fmt::format("at most the {} of {}, which they start from", earlier.networks, from));
    }
    return &earlier;
  }
  throw Error("", key_path(where, "initial.from"), fmt::format("'{}'", from),
              names.empty() ? "a population that stands earlier; none does"
                            : fmt::format("one that stands earlier: {}", fmt::join(names, ", ")));
}

/// Makes what the population would make, so that settings that clash are found before any work.
void rehearse(const Population& population, const Population* source, const std::string& where) {
  std::string part = key_path(where, "task");
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
    throw Error("", key_path(part, error.field()), error.found(), error.expected());
  }
}

}  // namespace

Population read_population(const std::string& name, const Json& json, const Study& before) {
  const std::string where = fmt::format("populations.{}", name);
  Table table(json, where);
  Population population;
  population.name = name;
  population.networks = table.count("networks", "a whole number from 1 to 1000000");
  if (population.networks < 1 || population.networks > 1'000'000) {
    throw Error("", key_path(where, "networks"), std::to_string(population.networks),
                "a whole number from 1 to 1000000");
  }
  population.task = read_part(
      table.at("task", "a table"), key_path(where, "task"),
      [](const std::string& kind) -> const Schema& { return tasks::task_kind(kind).schema; });
  population.cell = read_part(
      table.at("cell", "a table"), key_path(where, "cell"),
      [](const std::string& kind) -> const Schema& { return cells::cell_kind(kind).schema; });
  const Json* training = table.find("training");
  population.training =
      io::settings_from_json(training != nullptr ? *training : Json::object(),
                             training::training_schema(), key_path(where, "training"));
  const Json* initial = table.find("initial");
  population.initial = io::settings_from_json(initial != nullptr ? *initial : Json::object(),
                                              initial_schema(), key_path(where, "initial"));
  population.stream = table.text("stream", name);
  table.finish();
  rehearse(population, source_of(population, before, where), where);
  return population;
}

}  // namespace nullcline::study::detail
