// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/detail/nwb.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "nullcline/io/detail/text.hpp"

namespace nullcline::io::detail {
namespace {

constexpr const char* units = "units";
constexpr std::size_t max_depth = 6;  // processing/MODULE/CONTAINER/SERIES, and some.

bool is_time_series(Hdf5Source& source, const std::string& group) {
  const std::string data = group + "/data";
  if (!source.is_dataset(data) || !source.is_number(data)) return false;
  const std::size_t rank = source.shape(data).size();
  return rank == 1 || rank == 2;
}

void list_series(Hdf5Source& source, const std::string& group, std::size_t depth,
                 std::vector<std::string>& found) {
  if (depth == max_depth || !source.is_group(group)) return;
  if (is_time_series(source, group)) {
    found.push_back(group);
    return;
  }
  for (const std::string& child : source.children(group)) {
    list_series(source, group + "/" + child, depth + 1, found);
  }
}

/// The path of what `key` names, or of the only thing there is.
std::string chosen(Hdf5Source& source, const Budget& budget, const std::string& key) {
  if (!key.empty() && is_time_series(source, key)) return key;
  std::vector<std::string> all, ending;
  list_series(source, "acquisition", 0, all);
  list_series(source, "processing", 0, all);
  if (source.is_dataset("units/spike_times")) all.emplace_back(units);
  for (const std::string& path : all) {
    if (path == key) return path;
    if (!key.empty() && path.ends_with("/" + key)) ending.push_back(path);
  }
  if (key.empty() && all.size() == 1) return all.front();
  if (ending.size() == 1) return ending.front();
  for (std::string& path : all) path = printable(path, 80);
  if (all.size() > 12) all.resize(12);
  throw Error(budget.path(), "--key",
              key.empty()      ? std::string("nothing")
              : ending.empty() ? fmt::format("no time series '{}'", printable(key))
                               : fmt::format("{} time series '{}'", ending.size(), printable(key)),
              all.empty() ? "a file with time series of one or two dimensions, or spike times"
                          : fmt::format("one of {}", fmt::join(all, ", ")));
}

}  // namespace

std::vector<Interval> read_intervals(Hdf5Source& source, const Budget& budget,
                                     const std::string& name) {
  const std::string group = "intervals/" + name;
  if (!source.is_dataset(group + "/start_time") || !source.is_dataset(group + "/stop_time")) {
    const auto others =
        source.is_group("intervals") ? source.children("intervals") : std::vector<std::string>{};
    throw Error(budget.path(), "--intervals", "no table /" + printable(group),
                others.empty() ? "a file with intervals"
                               : printable(fmt::format("one of {}", fmt::join(others, ", "))));
  }
  const Vector start = source.vector(group + "/start_time");
  const Vector stop = source.vector(group + "/stop_time");
  if (start.size() != stop.size() || start.size() == 0) {
    throw budget.error(group, fmt::format("{} starts and {} stops", start.size(), stop.size()),
                       "as many, and some");
  }
  std::vector<Interval> intervals;
  for (Index i = 0; i < start.size(); ++i) {
    if (!std::isfinite(start(i)) || !std::isfinite(stop(i)) || start(i) >= stop(i)) {
      throw budget.error(group, fmt::format("row {} from {} s to {} s", i, start(i), stop(i)),
                         "a start before a stop");
    }
    intervals.push_back({start(i), stop(i)});
  }
  return intervals;
}

Recording read_nwb(Hdf5Source& source, const Budget& budget, const RecordingOptions& options) {
  if (options.axes != RecordingOptions{}.axes) {
    throw Error(budget.path(), "--axes", options.axes, "none: NWB has (time, channels)");
  }
  // Where only spike times can be meant, they are.
  const std::string what =
      chosen(source, budget, options.key.empty() && options.bin > 0 ? units : options.key);
  const std::vector<Interval> intervals = options.intervals.empty()
                                              ? std::vector<Interval>{}
                                              : read_intervals(source, budget, options.intervals);
  if (what == units) {
    if (options.bin <= 0) {
      throw Error(budget.path(), "--bin", "nothing", "the width of a bin for spike times, seconds");
    }
    return read_spike_counts(source, budget, options.bin, intervals);
  }
  if (options.bin > 0) {
    throw Error(budget.path(), "--bin", fmt::format("the time series {}", printable(what)),
                "spike times (--key units)");
  }
  return read_time_series(source, budget, what, intervals);
}

}  // namespace nullcline::io::detail
