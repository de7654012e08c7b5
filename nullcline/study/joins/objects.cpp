// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/joins/objects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "nullcline/core/errors.hpp"
#include "nullcline/io/hdf5.hpp"
#include "nullcline/study/analyses/trajectories.hpp"
#include "nullcline/training/network_file.hpp"

namespace nullcline::study {
namespace {

SharedConditions conditions_of(const Study& study, const Population& population,
                               Index random_trials) {
  const auto task = tasks::task_kind(population.task.name)
                        .make(population.task.settings, population.cell.settings.number("dt"));
  const Matrix named = condition_inputs(*task);
  const Index steps = task->steps(), count = named.cols() / steps;
  RandomStream stream({.seed = study.seed, .purpose = Purpose::test_trials, .step = 1});
  Matrix drawn(named.rows(), 0);
  if (random_trials > 0) drawn = task->sample(stream, random_trials).inputs;
  SharedConditions conditions{Matrix(named.rows(), named.cols() + drawn.cols()), steps,
                              count + random_trials};
  for (Index t = 0; t < steps; ++t) {
    conditions.inputs.middleCols(t * conditions.count, conditions.count)
        << named.middleCols(t * count, count),
        drawn.middleCols(t * random_trials, random_trials);
  }
  return conditions;
}

std::string text_of(const SharedConditions& conditions) {
  return fmt::format("{} conditions of {} steps and {} inputs", conditions.count, conditions.steps,
                     conditions.inputs.rows());
}

/// The class of an object by a text that its population has.
template <class TextOf>
Label label_by(const std::string& name, const Study& study,
               const std::vector<StudiedNetwork>& networks, const std::vector<Object>& objects,
               const TextOf& text_of) {
  Label label{name, {}, {}};
  for (const Object& object : objects) {
    const auto& network = networks[static_cast<std::size_t>(object.network)];
    const std::string text = text_of(population_of(study, network.population), object);
    auto known = std::find(label.classes.begin(), label.classes.end(), text);
    if (known == label.classes.end()) known = label.classes.insert(known, text);
    label.of.push_back(known - label.classes.begin());
  }
  return label;
}

/// A text without the quotation marks that TOML gives it.
std::string plain(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr ? *text : to_string(value);
}

}  // namespace

SharedConditions shared_conditions(const Study& study,
                                   const std::vector<const Population*>& populations,
                                   Index random_trials, const std::string& where) {
  const SharedConditions first = conditions_of(study, *populations.front(), random_trials);
  for (const Population* population : populations) {
    const SharedConditions other = conditions_of(study, *population, random_trials);
    const bool alike = other.steps == first.steps && other.count == first.count &&
                       other.inputs.rows() == first.inputs.rows();
    if (alike && other.inputs == first.inputs) continue;
    throw Error("", where,
                fmt::format("{} of the population {}", alike ? "other inputs" : text_of(other),
                            population->name),
                fmt::format("{} as of {}; `populations` chooses", text_of(first),
                            populations.front()->name));
  }
  return first;
}

std::vector<const Population*> chosen_populations(const Study& study, const Settings& settings,
                                                  const std::string& where) {
  const auto& names = settings.texts("populations");
  std::vector<const Population*> chosen;
  Index networks = 0;
  for (const Population& population : study.populations) {
    if (!names.empty() && std::find(names.begin(), names.end(), population.name) == names.end()) {
      continue;
    }
    chosen.push_back(&population);
    networks += population.networks;
  }
  for (const std::string& name : names) {
    const bool known = std::any_of(chosen.begin(), chosen.end(),
                                   [&](const Population* one) { return one->name == name; });
    if (!known) {
      throw Error("", where + ".populations", "'" + name + "'", "populations of the study");
    }
  }
  if (networks * (settings.flag("untrained") ? 2 : 1) < 2) {
    throw Error("", where, "one network",
                "two or more, or it before training, with untrained = true");
  }
  return chosen;
}

std::vector<Object> objects_of(Index networks, bool untrained) {
  std::vector<Object> objects;
  for (Index i = 0; i < networks; ++i) objects.push_back({i, true});
  for (Index i = 0; untrained && i < networks; ++i) objects.push_back({i, false});
  return objects;
}

bool has_diverged(const StudiedNetwork& network) {
  const io::Json attributes = io::read_hdf5(network.file).attributes;
  return attributes.value("status", "") == "diverged";
}

Matrix states_of(const StudiedNetwork& network, bool trained, const SharedConditions& conditions) {
  const cells::Network loaded =
      training::load_network(network.file, trained ? "parameters" : "initial");
  const Index steps = conditions.steps, count = conditions.count;
  const Matrix states =
      cells::simulate(loaded, conditions.inputs, cells::initial_state(loaded).replicate(1, count));
  Matrix by_condition(states.rows(), states.cols());
  for (Index c = 0; c < count; ++c) {
    for (Index t = 0; t < steps; ++t) by_condition.col(c * steps + t) = states.col(t * count + c);
  }
  return by_condition;
}

std::vector<Label> labels_of(const Study& study, const std::vector<StudiedNetwork>& networks,
                             const std::vector<Object>& objects) {
  const auto label = [&](const std::string& name, const auto& text_of) {
    return label_by(name, study, networks, objects, text_of);
  };
  std::vector<Label> labels = {label("population", [](const Population& population,
                                                      const Object&) { return population.name; }),
                               label("cell", [](const Population& population, const Object&) {
                                 return population.cell.name;
                               })};
  const auto settings_of = [&](std::size_t i) -> const auto& {
    return population_of(study, networks[i].population).cell.settings.values();
  };
  for (const auto& [name, value] : settings_of(0)) {
    bool common = true;
    for (std::size_t i = 0; i < networks.size(); ++i) common &= settings_of(i).contains(name);
    if (!common) continue;
    labels.push_back(label(name, [&key = name](const Population& population, const Object&) {
      return plain(population.cell.settings.values().at(key));
    }));
  }
  labels.push_back(label("stage", [](const Population&, const Object& object) {
    return std::string(object.trained ? "trained" : "untrained");
  }));
  std::erase_if(labels, [](const Label& one) { return one.classes.size() < 2; });
  return labels;
}

std::string name_of(const StudiedNetwork& network, bool trained) {
  return fmt::format("{} {}{}", network.population, network.number + 1,
                     trained ? "" : " before training");
}

void put_objects(io::Dataset& result, const std::vector<StudiedNetwork>& networks,
                 const std::vector<Object>& objects, const std::vector<Label>& labels) {
  std::vector<std::int64_t> network, trained;
  io::Json ids = io::Json::array(), names = io::Json::array(), described = io::Json::array();
  for (const Object& object : objects) {
    network.push_back(object.network);
    trained.push_back(object.trained ? 1 : 0);
    names.push_back(name_of(networks[static_cast<std::size_t>(object.network)], object.trained));
  }
  for (const StudiedNetwork& studied : networks) ids.push_back(studied.id);
  for (const Label& label : labels) {
    described.push_back({{"name", label.name}, {"classes", label.classes}});
    result.arrays["label/" + label.name] = Array::integers({label.of.begin(), label.of.end()});
  }
  result.arrays["network"] = Array::integers(network);
  result.arrays["trained"] = Array::integers(trained);
  result.attributes["networks"] = ids;
  result.attributes["objects"] = names;
  result.attributes["labels"] = described;
}

}  // namespace nullcline::study
