// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "nullcline/io/dataset.hpp"

namespace nullcline::io {

/// Activity of n units: trials of time steps.
struct Recording {
  std::vector<Matrix> trials;        ///< (n, T_i) each, a column a time step; one n for all.
  std::vector<double> starts;        ///< Seconds, of each trial's first step; empty if not known.
  double step = 0;                   ///< Seconds between steps; 0 if not known.
  std::vector<std::string> columns;  ///< Names of the units, where the file has them.
  std::string unit;                  ///< Of the values ("volts"), where the file has it.
  std::string source;                ///< What was read of the file: "array 'rates'".
};

struct RecordingOptions {
  /// What to read. Of arrays: a name, or a beginning of names and "*", each one trial, in natural
  /// order (trial_2 before trial_10). Of NWB: the path of a time series or its last part, or
  /// "units" for spike times. Empty: the only one that there is, else an Error lists them.
  std::string key;
  /// The order of the dimensions: b trials, t time, n units, each once; of two dimensions the b is
  /// left out. "tn" and "nt" accept two dimensions only. For CSV: of lines and fields. NWB has its
  /// own order, and takes none but the default.
  std::string axes = "btn";
  double bin = 0;         ///< Seconds > 0: spike times are counted in bins of this width.
  std::string intervals;  ///< NWB: "trials" cuts by /intervals/trials, start_time and stop_time.
  char separator = 0;     ///< CSV: between fields; 0: a comma, in .tsv a tabulator.
  ReadLimits limits;      ///< max_file_bytes is not asked of HDF5, which is read in parts.
};

/// Reads a recording; the name says the format.
///
/// .npz, .h5, .hdf5   an array of two dimensions or three. Whatever else the file holds (text,
///                    references, links) is left alone; of HDF5 only that one is read.
/// .nwb               Neurodata Without Borders 2, also called .h5 if the root has its attribute
///                    nwb_version. Time series in /acquisition and /processing: `data` (time) or
///                    (time, channels) times attribute `conversion` (and `channel_conversion`) plus
///                    `offset`; time from `timestamps`, or `starting_time` and its `rate`. Spike
///                    times of /units, counted in `bin`s, from the multiple of `bin` before the
///                    first spike, or from each interval's start. Of intervals, the steps with
///                    start <= t < stop, and whole bins, count; what lies between is not read.
/// .csv, .tsv         numbers by lines; a first line with a field that is no number names the
///                    columns. Fields may be quoted. Missing values are errors.
///
/// Throws Error with file, field (or line and column), found and expected on anything else: entries
/// that are missing or not finite, time stamps that do not ascend or leave a gap of more than 1.5
/// of their median spacing within a trial, an interval without a step, sizes beyond `limits`.
/// Options out of range are std::invalid_argument.
[[nodiscard]] Recording read_recording(const std::filesystem::path& path,
                                       const RecordingOptions& options = {});

/// The same of arrays that were read already, from `path`.
[[nodiscard]] Recording recording_of(const Dataset& data, const std::filesystem::path& path,
                                     const RecordingOptions& options = {});

/// Whether `path` is an HDF5 file with the attribute nwb_version. No Error: false.
bool is_nwb(const std::filesystem::path& path);

}  // namespace nullcline::io
