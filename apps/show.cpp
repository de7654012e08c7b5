// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>

#include "apps/commands.hpp"
#include "apps/network_input.hpp"
#include "apps/results.hpp"
#include "apps/text.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/io/arrays.hpp"
#include "nullcline/io/settings_json.hpp"
#include "nullcline/study/catalog.hpp"
#include "nullcline/study/report.hpp"
#include "nullcline/study/run.hpp"
#include "nullcline/study/study.hpp"

namespace nullcline::apps {
namespace {

namespace fs = std::filesystem;

struct Shown {
  std::string text;
  io::Json json;
};

/// Of the entries that are finite, and how many are not.
struct Statistics {
  double minimum = std::numeric_limits<double>::quiet_NaN(), maximum = minimum, mean = minimum;
  std::int64_t nans = 0, infinities = 0;
};

Statistics statistics(const Array& array) {
  Statistics result;
  double sum = 0;
  std::int64_t count = 0;
  const auto add = [&](double x) {
    if (std::isnan(x)) {
      ++result.nans;
    } else if (std::isinf(x)) {
      ++result.infinities;
    } else {
      result.minimum = count == 0 ? x : std::min(result.minimum, x);
      result.maximum = count == 0 ? x : std::max(result.maximum, x);
      sum += x;
      ++count;
    }
  };
  std::visit(
      [&](const auto& entries) {
        for (const auto x : entries) add(static_cast<double>(x));
      },
      array.data);
  if (count > 0) result.mean = sum / static_cast<double>(count);
  return result;
}

/// Every array with its dtype, shape and statistics.
Shown show_arrays(const io::Dataset& dataset) {
  Shown shown;
  shown.json = io::Json::array();
  TextTable table({"array", "dtype", "shape", "min", "max", "mean", "NaN", "inf"});
  for (const auto& [name, array] : dataset.arrays) {
    const Statistics found = statistics(array);
    table.add({name, array.dtype(), array.shape_text(), number(found.minimum),
               number(found.maximum), number(found.mean), std::to_string(found.nans),
               std::to_string(found.infinities)});
    shown.json.push_back({{"name", name},
                          {"dtype", array.dtype()},
                          {"shape", array.shape},
                          {"minimum", found.minimum},
                          {"maximum", found.maximum},
                          {"mean", found.mean},
                          {"nan", found.nans},
                          {"infinite", found.infinities}});
  }
  shown.text = table.empty() ? "no arrays\n" : table.text();
  return shown;
}

/// "name = value" of a JSON object, a line each, long values cut.
std::string members_text(const io::Json& object, const std::string& indent) {
  std::string text;
  for (const auto& [name, value] : object.items()) {
    std::string shown = value.is_string() ? value.get<std::string>() : value.dump();
    const std::size_t width = text_width() - indent.size();
    if (name.size() + 3 + shown.size() > width) {
      shown = shown.substr(0, std::max<std::size_t>(width, name.size() + 26) - name.size() - 6);
      shown += "...";
    }
    text += indent + one_line(name + " = " + shown) + "\n";
  }
  return text;
}

/// "cell leaky_rate" and its settings.
std::string part_text(const std::string& what, const io::Json& part) {
  if (!part.is_object()) return "";
  std::string text = what;
  if (part.contains("name") && part["name"].is_string()) {
    text += " " + one_line(part["name"].get<std::string>());
  }
  const io::Json settings = part.value("settings", part);
  return text + "\n" + (settings.is_object() ? members_text(settings, "  ") : "");
}

std::string network_text(const io::Dataset& file, const cells::Network& network) {
  const io::Json& known = file.attributes;
  std::string text =
      fmt::format("network: {}, {}, {}\n", counted(network.state_dim(), "unit"),
                  counted(network.input_dim(), "input"), counted(network.output_dim(), "output"));
  if (known.contains("study")) {
    io::Json origin;
    for (const char* key : {"study", "population", "number", "seed", "stream", "version"}) {
      if (known.contains(key)) origin[key] = known[key];
    }
    text += members_text(origin, "  ");
  }
  text += part_text("cell", known.value("cell", io::Json()));
  text += part_text("task", known.value("task", io::Json()));
  text += part_text("training", known.value("training", io::Json()));
  const auto loss = file.arrays.find("loss");
  if (known.contains("status") && known["status"].is_string()) {
    text += "status: " + one_line(known["status"].get<std::string>());
    if (loss != file.arrays.end() && loss->second.size() > 0) {
      const Vector losses = loss->second.as_columns().reshaped();
      text += fmt::format(" after {}, last loss {}", counted(losses.size(), "step"),
                          number(losses(losses.size() - 1)));
    }
    text += "\n";
  }
  return text + "\n";
}

Shown show_dataset(const std::string& path) {
  const io::Dataset file = io::read_arrays(path);
  const Shown arrays = show_arrays(file);
  Shown shown;
  shown.json = {{"attributes", file.attributes}, {"arrays", arrays.json}};
  if (is_network(file)) {
    shown.text = network_text(file, NetworkInput(path, file, "parameters").network());
  } else if (!file.attributes.empty()) {
    shown.text = "attributes\n" + members_text(file.attributes, "  ") + "\n";
  }
  shown.text += arrays.text;
  return shown;
}

Shown show_study(const study::Study& study) {
  return {study::to_toml(study), study::to_json(study)};
}

/// The metrics of a result directory that have a column here; --json has all.
constexpr const char* columns[] = {"steps",         "final_loss", "error",      "reached",
                                   "stable_points", "saddles",    "slow_points"};

std::string cell_text(const io::Json& metrics, const char* name) {
  const auto value = metrics.find(name);
  if (value == metrics.end() || value->is_null()) return "-";
  if (value->is_boolean()) return value->get<bool>() ? "yes" : "no";
  if (value->is_number()) return number(value->get<double>());
  return value->dump();
}

io::Json json_of(const study::CatalogRow& row) {
  return {{"id", row.id},           {"kind", row.kind},
          {"network", row.network}, {"population", row.population},
          {"number", row.number},   {"state", row.state},
          {"error", row.error},     {"parameters", row.parameters},
          {"metrics", row.metrics}};
}

/// The catalog of a result directory, a line a network.
Shown show_directory(const fs::path& directory) {
  const study::Study study = study::study_of(directory);
  std::vector<study::CatalogRow> rows;
  if (fs::exists(directory / "catalog.sqlite")) {
    rows = study::Catalog(directory / "catalog.sqlite").rows();
  }
  Shown shown;
  shown.json = {{"study", study::to_json(study)}, {"jobs", io::Json::array()}};
  for (const auto& row : rows) shown.json["jobs"].push_back(json_of(row));

  std::vector<std::string> headings = {"population", "number", "network", "state"};
  headings.insert(headings.end(), std::begin(columns), std::end(columns));
  TextTable table(headings);
  std::string failures;
  for (const auto& network : study::networks_of(study, directory)) {
    std::string state = "missing";
    io::Json metrics = io::Json::object();
    for (const auto& row : rows) {
      if (row.network != network.id) continue;
      if (row.kind == "network") state = row.state;
      if (row.metrics.is_object()) metrics.update(row.metrics);
      if (row.state == "failed") {
        failures += fmt::format("{} {}: {}: {}\n", network.population, network.number + 1, row.kind,
                                one_line(row.error));
      }
    }
    std::vector<std::string> cells = {network.population, std::to_string(network.number + 1),
                                      network.id, state};
    for (const char* name : columns) cells.push_back(cell_text(metrics, name));
    table.add(cells);
  }
  shown.text = study.title + "\n" + table.text() + failures;
  return shown;
}

Shown show_any(const std::string& what) {
  for (const auto& shipped : study::shipped_studies()) {
    if (shipped.name == what) return show_study(study::find_study(what));
  }
  std::error_code error;
  if (fs::is_directory(what, error)) return show_directory(what);
  const std::string extension = fs::path(what).extension().string();
  if (extension == ".toml") return show_study(study::load_study(what));
  if (extension != ".h5" && extension != ".hdf5" && extension != ".npz") {
    throw Error(what, "", fs::exists(what, error) ? "a file of another kind" : "no such file",
                "a file .h5, .npz or .toml, a result directory, or the name of a shipped study");
  }
  return show_dataset(what);
}

struct Arguments {
  std::string what;
  ResultOptions results;
};

int run(const Arguments& arguments) {
  arguments.results.check();
  const Shown shown = show_any(arguments.what);
  deliver(arguments.results, shown.text, shown.json);
  return done;
}

}  // namespace

void add_show(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("show", "What a network, a study, data or a result directory holds");
  command
      ->add_option("FILE", arguments->what,
                   "A file .h5, .npz or .toml, a directory that a run wrote, or a shipped study")
      ->type_name("STUDY")
      ->required();
  arguments->results.add_to(*command, false);
  command->footer(
      "Of a study, every setting as it is resolved; minimum, maximum and mean of an array are\n"
      "those of its finite entries.\n"
      "\n"
      "Examples:\n"
      "  nullcline show runs/x\n"
      "  nullcline show runs/x/networks/ID.h5\n"
      "  nullcline show amrut2021_hypotheses > mine.toml\n"
      "  nullcline show recording.npz --json -");
  command->callback([arguments, &action] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace nullcline::apps
