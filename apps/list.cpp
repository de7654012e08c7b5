// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>

#include "apps/commands.hpp"
#include "apps/results.hpp"
#include "apps/setting_options.hpp"
#include "apps/text.hpp"
#include "nullcline/cells/registry.hpp"
#include "nullcline/io/settings_json.hpp"
#include "nullcline/representation/similarity/similarity.hpp"
#include "nullcline/study/analysis.hpp"
#include "nullcline/study/join.hpp"
#include "nullcline/study/study.hpp"
#include "nullcline/tasks/task.hpp"
#include "nullcline/training/trainer.hpp"

namespace nullcline::apps {
namespace {

struct Listing {
  std::string text;
  io::Json json = io::Json::array();
};

/// "    name  default   meaning; range", the last column wrapped.
std::string settings_text(const Schema& schema) {
  std::size_t names = 0, defaults = 0;
  for (const Setting& setting : schema) {
    names = std::max(names, setting.name.size());
    defaults = std::max(defaults, to_string(setting.standard).size());
  }
  defaults = std::min<std::size_t>(defaults, 18);
  const std::size_t indent = 4 + names + 2 + defaults + 2;
  const std::size_t width = std::max<std::size_t>(text_width(), indent + 30) - indent;
  std::string text;
  for (const Setting& setting : schema) {
    const std::string standard = to_string(setting.standard), range = range_text(setting);
    const std::string meaning = setting.meaning + (range.empty() ? "" : "; " + range);
    if (standard.size() > defaults) {
      const std::size_t start = 4 + names + 2;
      text +=
          fmt::format("    {:{}}  {}\n", setting.name, names,
                      wrapped(standard, text_width() - std::min(start, text_width() - 30), start));
      text += std::string(indent, ' ');
    } else {
      text += fmt::format("    {:{}}  {:{}}  ", setting.name, names, standard, defaults);
    }
    text += wrapped(meaning, width, indent) + "\n";
  }
  return text;
}

std::string heading(const std::string& name, const std::string& meaning) {
  return name + "\n  " + wrapped(meaning, text_width() - 2, 2) + "\n";
}

void add(Listing& listing, const std::string& name, const std::string& meaning,
         const Schema& schema, const std::string& more = "") {
  if (!listing.text.empty()) listing.text += "\n";
  listing.text += heading(name, meaning) + more + settings_text(schema);
  listing.json.push_back({{"name", name}, {"meaning", meaning}, {"settings", io::to_json(schema)}});
}

/// "  inputs: a (meaning), b (meaning)"; of many, the first and the last.
std::string channels_text(const std::string& title, const std::vector<tasks::Channel>& channels) {
  std::string text = title + ": ";
  const std::size_t most = 6;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    if (channels.size() > most && i == 2) {
      text += fmt::format(" .. ({} in all) .. ", channels.size());
      i = channels.size() - 1;
    } else if (i > 0) {
      text += ", ";
    }
    text += channels[i].name + " (" + channels[i].meaning + ")";
  }
  return "  " + wrapped(text, text_width() - 4, 4) + "\n";
}

io::Json channels_json(const std::vector<tasks::Channel>& channels) {
  io::Json json = io::Json::array();
  for (const auto& channel : channels) {
    json.push_back({{"name", channel.name}, {"meaning", channel.meaning}});
  }
  return json;
}

Listing list_tasks() {
  Listing listing;
  for (const auto& kind : tasks::task_kinds()) {
    // What inputs, outputs and score are may depend on the settings: told for the defaults.
    const auto task = kind.make(Settings(kind.schema), 0.01);
    const tasks::Performance performance = task->performance();
    const std::string judged = fmt::format("performed: {} {} {}; {}", performance.name,
                                           performance.higher_is_better ? "from" : "up to",
                                           number(performance.criterion), performance.meaning);
    add(listing, kind.name, kind.meaning, kind.schema,
        channels_text("inputs", task->inputs()) + channels_text("outputs", task->outputs()) + "  " +
            wrapped(judged, text_width() - 4, 4) + "\n");
    io::Json& json = listing.json.back();
    json["inputs"] = channels_json(task->inputs());
    json["outputs"] = channels_json(task->outputs());
    json["performance"] = {{"name", performance.name},
                           {"meaning", performance.meaning},
                           {"criterion", performance.criterion},
                           {"higher_is_better", performance.higher_is_better}};
  }
  return listing;
}

Listing list_cells() {
  Listing listing;
  for (const auto& kind : cells::cell_kinds()) {
    std::string parameters;
    io::Json json = io::Json::array();
    for (const auto& shape : kind.parameters(Settings(kind.schema), 1)) {
      parameters += fmt::format("{}{} ({}, {})", parameters.empty() ? "" : ", ", shape.name,
                                shape.rows.symbol, shape.cols.symbol);
      json.push_back({{"name", shape.name},
                      {"shape", {shape.rows.symbol, shape.cols.symbol}},
                      {"meaning", shape.meaning}});
    }
    const std::string text =
        "parameters: " + parameters + ", readout (n_out, n), readout_bias (n_out)";
    add(listing, kind.name, kind.meaning, kind.schema,
        "  " + wrapped(text, text_width() - 4, 4) + "\n");
    listing.json.back()["parameters"] = json;
  }
  return listing;
}

Listing list_analyses() {
  Listing listing;
  for (const auto& kind : study::analysis_kinds()) {
    add(listing, kind.name, kind.meaning, kind.schema);
  }
  return listing;
}

Listing list_training() {
  Listing listing;
  add(listing, "training", "of every population: how its networks are trained",
      training::training_schema());
  return listing;
}

/// "symmetric; triangle inequality: holds for equal numbers of units".
std::string promises(const representation::MetricInfo& metric) {
  const std::string triangle =
      metric.triangle ? "holds" + (metric.condition.empty() ? "" : " " + metric.condition) : "no";
  return fmt::format("{}symmetric; triangle inequality: {}", metric.symmetric ? "" : "not ",
                     triangle);
}

Listing list_metrics() {
  Listing listing;
  for (const auto& metric : representation::similarity_metrics()) {
    if (!listing.text.empty()) listing.text += "\n";
    listing.text += heading(metric.name, metric.meaning);
    for (const auto& [title, text] :
         {std::pair<std::string, std::string>{"distance", metric.distance},
          {"score", metric.score},
          {"does not see", metric.invariance}}) {
      listing.text += "    " + title + ": " + wrapped(text, text_width() - 8, 8) + "\n";
    }
    listing.text += "    " + promises(metric) + "\n";
    listing.json.push_back({{"name", metric.name},
                            {"meaning", metric.meaning},
                            {"distance", metric.distance},
                            {"score", metric.score},
                            {"invariance", metric.invariance},
                            {"largest", metric.largest},
                            {"symmetric", metric.symmetric},
                            {"triangle_inequality", metric.triangle},
                            {"condition", metric.condition}});
  }
  return listing;
}

Listing list_joins() {
  Listing listing;
  for (const auto& kind : study::join_kinds()) add(listing, kind.name, kind.meaning, kind.schema);
  return listing;
}

Listing list_studies() {
  Listing listing;
  for (const auto& shipped : study::shipped_studies()) {
    const study::Study study = study::parse_study(shipped.toml, shipped.name);
    if (!listing.text.empty()) listing.text += "\n";
    listing.text += heading(study.name, study.title);
    if (!study.description.empty()) {
      listing.text += "  " + wrapped(study.description, text_width() - 2, 2) + "\n";
    }
    for (const auto& population : study.populations) {
      listing.text += fmt::format("    {}: {}, cell {} with {}, task {}\n", population.name,
                                  counted(population.networks, "network"), population.cell.name,
                                  counted(population.cell.settings.integer("units"), "unit"),
                                  population.task.name);
    }
    listing.json.push_back(study::to_json(study));
  }
  return listing;
}

const std::map<std::string, std::function<Listing()>>& lists() {
  static const std::map<std::string, std::function<Listing()>> all = {
      {"tasks", list_tasks},    {"cells", list_cells},       {"analyses", list_analyses},
      {"joins", list_joins},    {"training", list_training}, {"metrics", list_metrics},
      {"studies", list_studies}};
  return all;
}

struct Arguments {
  std::string what;
  ResultOptions results;
};

int run(const Arguments& arguments) {
  arguments.results.check();
  const Listing listing = lists().at(arguments.what)();
  deliver(arguments.results, listing.text, listing.json);
  return done;
}

}  // namespace

void add_list(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "list", "What there is, with every setting: its default, its meaning, its range");
  std::vector<std::string> names;
  for (const auto& [name, list] : lists()) names.push_back(name);
  command
      ->add_option("WHAT", arguments->what,
                   "tasks, cells, analyses, joins, training, metrics or studies")
      ->type_name("tasks|cells|analyses|joins|training|metrics|studies")
      ->required()
      ->check(CLI::IsMember(names).description(""));
  arguments->results.add_to(*command, false);
  command->footer(
      "Settings stand in a study file under their names, as in\n"
      "  task = { name = \"perception\", duration = 2.0 }\n"
      "\n"
      "Examples:\n"
      "  nullcline list tasks\n"
      "  nullcline list cells --json -");
  command->callback([arguments, &action] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace nullcline::apps
