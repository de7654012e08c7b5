// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <mutex>
#include <optional>

#include "bindings.hpp"
#include "interruptible.hpp"
#include "json.hpp"
#include "nullcline/io/settings_json.hpp"
#include "nullcline/report/report.hpp"
#include "nullcline/study/analysis.hpp"
#include "nullcline/study/catalog.hpp"
#include "nullcline/study/report.hpp"
#include "nullcline/study/run.hpp"

namespace nullcline::python {
namespace {

namespace fs = std::filesystem;
using study::StudiedNetwork;

/// A result directory, and what the call that made this did for it.
struct Run {
  fs::path directory;
  study::RunResult done;
  std::vector<StudiedNetwork> networks;
  std::vector<study::StudiedJoin> joins;
  std::optional<fs::path> report;
};

/// How far a run is, written by its threads and read by Python's.
class Latest {
 public:
  void put(const study::RunProgress& progress) {
    const std::lock_guard lock(mutex_);
    progress_ = progress;
  }
  study::RunProgress value() const {
    const std::lock_guard lock(mutex_);
    return progress_;
  }

 private:
  mutable std::mutex mutex_;
  study::RunProgress progress_;
};

Run run(const std::string& file_or_name, const fs::path& out, int jobs,
        const std::vector<std::string>& overrides, bool quick, const py::object& progress) {
  Run result;
  result.directory = out;
  Latest latest;
  const auto tick = [&] {
    if (progress.is_none()) return;
    const study::RunProgress now = latest.value();
    progress(now.fraction, now.now);
  };
  run_interruptibly(
      [&](const std::atomic<bool>& stop) {
        const study::Study study =
            study::find_study(file_or_name, {.overrides = overrides, .quick = quick});
        study::RunOptions options;
        options.threads = Threads{jobs};
        options.progress = [&](const study::RunProgress& now) {
          latest.put(now);
          return !stop;
        };
        result.done = study::run(study, out, options);
        result.networks = study::networks_of(study, out);
        result.joins = study::joins_of(study, out);
        if (!result.done.cancelled && report::available()) result.report = study::write_report(out);
      },
      tick);
  return result;
}

py::list catalog_of(const Run& run) {
  const auto or_none = [](const std::string& text) -> py::object {
    return text.empty() ? py::object(py::none()) : py::object(py::str(text));
  };
  py::list rows;
  for (const study::CatalogRow& row : study::Catalog(run.directory / "catalog.sqlite").rows()) {
    py::dict entry;
    entry["id"] = row.id;
    entry["kind"] = row.kind;
    entry["network"] = row.network;
    entry["population"] = row.population;
    entry["number"] = row.number;
    entry["state"] = row.state;
    entry["error"] = or_none(row.error);
    entry["parameters"] = to_python(row.parameters);
    entry["metrics"] = to_python(row.metrics);
    rows.append(entry);
  }
  return rows;
}

py::dict analyses_of(const StudiedNetwork& network) {
  py::dict analyses;
  for (const auto& [name, file] : network.analyses) analyses[py::str(name)] = file;
  return analyses;
}

py::dict joins_of(const Run& run) {
  py::dict joins;
  for (const study::StudiedJoin& join : run.joins) {
    joins[py::str(join.name + "/" + join.part)] = join.file;
  }
  return joins;
}

py::object list_analyses() {
  io::Json list = io::Json::array();
  for (const study::AnalysisKind& kind : study::analysis_kinds()) {
    list.push_back(
        {{"name", kind.name}, {"meaning", kind.meaning}, {"settings", io::to_json(kind.schema)}});
  }
  return to_python(list);
}

py::object list_studies() {
  io::Json list = io::Json::array();
  for (const study::ShippedStudy& shipped : study::shipped_studies()) {
    const study::Study study = study::parse_study(shipped.toml, shipped.name);
    list.push_back(
        {{"name", study.name}, {"title", study.title}, {"description", study.description}});
  }
  return to_python(list);
}

}  // namespace

void register_study(py::module_& m) {
  py::class_<StudiedNetwork>(m, "StudiedNetwork", "A network of a run, and where its files are.")
      .def_readonly("id", &StudiedNetwork::id)
      .def_readonly("population", &StudiedNetwork::population)
      .def_readonly("number", &StudiedNetwork::number, "In its population, from 0.")
      .def_readonly("file", &StudiedNetwork::file, "The network, for nullcline.load.")
      .def_property_readonly("analyses", analyses_of,
                             "A dict of files by analysis, for nullcline.read.")
      .def("__repr__", [](const StudiedNetwork& self) {
        return "<nullcline.StudiedNetwork " + self.population + " " + std::to_string(self.number) +
               ": " + self.id + ">";
      });

  py::class_<Run>(m, "Run", "The results of a study.")
      .def_readonly("directory", &Run::directory, "Where they are.")
      .def_readonly("networks", &Run::networks, "A list of StudiedNetwork.")
      .def_property_readonly("joins", joins_of,
                             "A dict of files by \"join/part\", for nullcline.read.")
      .def_property_readonly(
          "catalog", catalog_of,
          "A list of dicts, one a job: id, kind ('network', an analysis, a join), network,\n"
          "population, number, state, error, parameters, metrics.")
      .def_readonly("report", &Run::report,
                    "The file of the report; None if this build has no report page.")
      .def_property_readonly(
          "trained", [](const Run& self) { return self.done.trained; },
          "Networks trained by this call.")
      .def_property_readonly(
          "analyzed", [](const Run& self) { return self.done.analyzed; },
          "Analyses computed by this call.")
      .def_property_readonly(
          "reused", [](const Run& self) { return self.done.reused; },
          "Networks and analyses that were there.")
      .def_property_readonly(
          "failures", [](const Run& self) { return self.done.failures; },
          "A line for each job that failed.");

  m.def("_run", run, py::arg("study"), py::arg("out"), py::arg("jobs"), py::arg("set"),
        py::arg("quick"), py::arg("progress"),
        "Calls progress(fraction, what) some times a second, if it is not None.");
  m.def("list_analyses", list_analyses,
        "A list of dicts, one a kind of analysis: name, meaning, settings with their defaults.");
  m.def("list_studies", list_studies,
        "A list of dicts, one a shipped study: name, title, description.");
}

}  // namespace nullcline::python
