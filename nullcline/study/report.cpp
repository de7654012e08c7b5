// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/report.hpp"

#include <map>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/version.hpp"
#include "nullcline/io/hdf5.hpp"
#include "nullcline/io/npz.hpp"
#include "nullcline/io/settings_json.hpp"
#include "nullcline/report/report.hpp"
#include "nullcline/study/catalog.hpp"
#include "nullcline/study/run.hpp"
#include "nullcline/tasks/task.hpp"

namespace nullcline::study {
namespace {

namespace fs = std::filesystem;

/// The rows of the catalog by job; empty if there is no catalog.
std::map<std::string, CatalogRow> catalog_rows(const fs::path& directory) {
  std::map<std::string, CatalogRow> rows;
  if (!fs::exists(directory / "catalog.sqlite")) return rows;
  for (CatalogRow& row : Catalog(directory / "catalog.sqlite").rows()) {
    rows[row.id] = std::move(row);
  }
  return rows;
}

/// State and metrics of one network: of the jobs that the study has now, as the directory may hold
/// the results of earlier settings too.
report::NetworkEntry describe_network(const StudiedNetwork& network,
                                      const std::map<std::string, CatalogRow>& rows) {
  report::NetworkEntry entry;
  entry.id = network.id;
  entry.status = fs::exists(network.file) ? "done" : "missing";
  const auto add_metrics = [&](const std::string& id) {
    const auto row = rows.find(id);
    if (row != rows.end() && row->second.metrics.is_object()) {
      entry.metrics.update(row->second.metrics);
    }
  };
  if (const auto row = rows.find(network.id); row != rows.end()) entry.status = row->second.state;
  add_metrics(network.id);
  entry.metrics["number"] = network.number + 1;
  for (const auto& [name, file] : network.analyses) {
    add_metrics(file.stem());
    if (fs::exists(file)) entry.results[name] = io::read_hdf5(file);
  }
  return entry;
}

io::Json channels(const std::vector<tasks::Channel>& channels) {
  io::Json list = io::Json::array();
  for (const auto& channel : channels) {
    list.push_back(channel.name + " (" + channel.meaning + ")");
  }
  return list;
}

io::Json describe_task(const Population& population) {
  const tasks::TaskKind& kind = tasks::task_kind(population.task.name);
  const auto task = kind.make(population.task.settings, population.cell.settings.number("dt"));
  io::Json described = {{"name", kind.name},
                        {"meaning", kind.meaning},
                        {"inputs", channels(task->inputs())},
                        {"outputs", channels(task->outputs())},
                        {"settings", io::to_json(population.task.settings)},
                        {"cell", io::to_json(population.cell.settings)},
                        {"training", io::to_json(population.training)}};
  if (has_initial(population)) described["initial"] = io::to_json(population.initial);
  return described;
}

}  // namespace

Study study_of(const fs::path& directory) {
  const fs::path file = directory / "study.toml";
  if (!fs::exists(file)) {
    throw Error(directory.string(), "study.toml", "no such file", "a directory that a run wrote");
  }
  return load_study(file);
}

report::Document document_of(const fs::path& directory) {
  const Study study = study_of(directory);
  const auto rows = catalog_rows(directory);
  const auto networks = networks_of(study, directory);
  report::Document document;
  document.title = study.title;
  document.description = study.description;
  document.version = version();
  document.study = to_json(study);
  for (const Population& population : study.populations) {
    report::Group group;
    group.name = population.name;
    group.task = describe_task(population);
    for (const StudiedNetwork& network : networks) {
      if (network.population != population.name) continue;
      report::NetworkEntry entry = describe_network(network, rows);
      entry.seed = study.seed;
      group.networks.push_back(std::move(entry));
    }
    document.groups.push_back(std::move(group));
  }
  for (const StudiedJoin& joined : joins_of(study, directory)) {
    if (!fs::exists(joined.file)) continue;
    document.joins[joined.name + "/" + joined.part] = io::read_npz(joined.file);
  }
  return document;
}

fs::path write_report(const fs::path& directory) {
  const fs::path file = directory / "report.html";
  report::write(file, document_of(directory));
  return file;
}

}  // namespace nullcline::study
