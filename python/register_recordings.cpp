// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "copies.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/io/recording.hpp"
#include "nullcline/representation/preprocess.hpp"

namespace nullcline::python {
namespace {

using io::Recording;
using representation::BinValue;
using representation::Normalization;
using representation::PreprocessOptions;

Recording read_recording(const std::filesystem::path& path, const std::string& key,
                         const std::string& axes, double bin, const std::string& intervals,
                         const std::string& separator) {
  if (separator.size() > 1) throw Error("", "separator", "'" + separator + "'", "one character");
  const py::gil_scoped_release released;
  return io::read_recording(path, {.key = key,
                                   .axes = axes,
                                   .bin = bin,
                                   .intervals = intervals,
                                   .separator = separator.empty() ? '\0' : separator[0],
                                   .limits = {}});
}

Normalization normalization_of(const std::string& word) {
  for (const auto each :
       {Normalization::none, Normalization::center, Normalization::zscore, Normalization::soft}) {
    if (word == name_of(each)) return each;
  }
  throw Error("", "normalize", "'" + word + "'", "'none', 'center', 'zscore' or 'soft'");
}

py::list preprocess(const py::object& X, double smooth, Index rebin, const std::string& rebin_by,
                    const std::string& normalize, double softness) {
  if (rebin_by != "mean" && rebin_by != "sum") {
    throw Error("", "rebin_by", "'" + rebin_by + "'", "'mean' or 'sum'");
  }
  const PreprocessOptions options{.smooth = smooth,
                                  .rebin = rebin,
                                  .bin_value = rebin_by == "sum" ? BinValue::sum : BinValue::mean,
                                  .normalization = normalization_of(normalize),
                                  .softness = softness};
  std::vector<Matrix> trials = read_trials(X, "X");
  {
    const py::gil_scoped_release released;
    trials = representation::preprocess(trials, options);
  }
  return trials_out(trials);
}

}  // namespace

void register_recordings(py::module_& m) {
  py::class_<Recording>(m, "Recording", "Activity of n units: trials of time steps.")
      .def_property_readonly("trials", row_list_of(&Recording::trials),
                             "A list of (T_i, n); functions of data take it as X.")
      .def_property_readonly("starts", vector_of(&Recording::starts),
                             "(trials,) seconds, of each first step; (0,) if not known.")
      .def_readonly("step", &Recording::step, "Seconds between steps; 0 if not known.")
      .def_readonly("columns", &Recording::columns, "Names of the units, if the file has them.")
      .def_readonly("unit", &Recording::unit, "Of the values, if the file has it.")
      .def_readonly("source", &Recording::source, "What was read of the file.")
      .def("__repr__", [](const Recording& self) {
        return "<nullcline.Recording of " + std::to_string(self.trials.size()) + " trials, " +
               std::to_string(self.trials.front().rows()) + " units>";
      });

  m.def("read_recording", read_recording, py::arg("path"), py::arg("key") = "", py::kw_only(),
        py::arg("axes") = "btn", py::arg("bin") = 0.0, py::arg("intervals") = "",
        py::arg("separator") = "",
        "Trials in a file: .npz, .h5, .nwb (time series; spike times counted in bins of `bin`\n"
        "seconds), .csv, .tsv.\n\n"
        "key: an array, a beginning and '*' (each array a trial), a time series or 'units'.\n"
        "axes: the order of dimensions in the file, b trials, t time, n units; of two without b.\n"
        "intervals: 'trials' cuts by /intervals/trials of NWB. Faults of the file raise Error.");
  m.def("preprocess", preprocess, py::arg("X"), py::kw_only(), py::arg("smooth") = 0.0,
        py::arg("rebin") = 1, py::arg("rebin_by") = "mean", py::arg("normalize") = "none",
        py::arg("softness") = 5.0,
        "X, (T, n), (T, B, n) or a list of (T_i, n), smoothed by a Gaussian of `smooth` steps\n"
        "within each trial (cut and renormalized at its ends), then `rebin` steps made one, their\n"
        "'mean' or 'sum', then each unit normalized: 'center', 'zscore', or 'soft', by its range\n"
        "plus `softness`. A list of arrays (T_i, n).");
}

}  // namespace nullcline::python
