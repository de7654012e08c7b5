// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "nullcline/io/detail/nwb.hpp"

namespace nullcline::io::detail {
namespace {

constexpr const char* times_name = "units/spike_times";
constexpr const char* ends_name = "units/spike_times_index";
constexpr double rounding = 1e-6;  // Of a bin: 0.3 / 0.1 has three.

/// Those of unit i are times[ends[i - 1]] .. times[ends[i] - 1].
struct SpikeTimes {
  Vector times;                    // seconds
  std::vector<std::int64_t> ends;  // (n)
};

SpikeTimes read_spike_times(Hdf5Source& source, const Budget& budget) {
  SpikeTimes spikes{source.vector(times_name), {}};
  if (!source.is_dataset(ends_name)) throw budget.error(ends_name, "is missing");
  spikes.ends = source.integers(ends_name);
  std::int64_t before = 0;
  for (const std::int64_t end : spikes.ends) {
    if (end < before || end > spikes.times.size()) {
      throw budget.error(ends_name, fmt::format("{}", end),
                         fmt::format("{} to {}", before, spikes.times.size()));
    }
    before = end;
  }
  if (spikes.ends.empty() || before != spikes.times.size()) {
    throw budget.error(ends_name, fmt::format("{} spikes of {} units", before, spikes.ends.size()),
                       fmt::format("all {} spikes, of units", spikes.times.size()));
  }
  for (Index i = 0; i < spikes.times.size(); ++i) {
    if (!std::isfinite(spikes.times(i))) {
      throw budget.error(times_name, fmt::format("{} at {}", spikes.times(i), i), "finite times");
    }
  }
  return spikes;
}

/// From the multiple of `bin` before the first spike up to the one behind the last.
Interval all_time(const SpikeTimes& spikes, const Budget& budget, double bin) {
  if (spikes.times.size() == 0) throw budget.error(times_name, "no spike", "some");
  return {bin * std::floor(spikes.times.minCoeff() / bin),
          bin * (std::floor(spikes.times.maxCoeff() / bin) + 1)};
}

/// The whole bins of an interval. As a double it cannot overflow.
double bins_of(const Interval& interval, double bin) {
  return std::floor((interval.stop - interval.start) / bin + rounding);
}

Matrix counts_in(const SpikeTimes& spikes, double start, double bin, Index bins) {
  const auto n = static_cast<Index>(spikes.ends.size());
  Matrix counts = Matrix::Zero(n, bins);
  Index spike = 0;
  for (Index unit = 0; unit < n; ++unit) {
    for (; spike < spikes.ends[static_cast<std::size_t>(unit)]; ++spike) {
      const double k = std::floor((spikes.times(spike) - start) / bin);
      if (k >= 0 && k < static_cast<double>(bins)) counts(unit, static_cast<Index>(k)) += 1;
    }
  }
  return counts;
}

}  // namespace

Recording read_spike_counts(Hdf5Source& source, const Budget& budget, double bin,
                            const std::vector<Interval>& intervals) {
  const SpikeTimes spikes = read_spike_times(source, budget);
  const std::vector<Interval> spans =
      intervals.empty() ? std::vector{all_time(spikes, budget, bin)} : intervals;
  double total = 0;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const double bins = bins_of(spans[i], bin);
    if (!(bins >= 1)) {
      throw Error(budget.path(), fmt::format("interval {}", i),
                  fmt::format("{} s", spans[i].stop - spans[i].start),
                  fmt::format("at least a bin of {} s", bin));
    }
    total += bins;
  }
  const double bytes = total * static_cast<double>(spikes.ends.size()) * sizeof(double);
  if (!(bytes <= static_cast<double>(budget.limits().max_array_bytes))) {
    throw Error(budget.path(), "--bin",
                fmt::format("{:.0f} bins of {} s, {:.3g} bytes", total, bin, bytes),
                fmt::format("at most {} bytes", budget.limits().max_array_bytes));
  }
  Recording result;
  result.step = bin;
  result.unit = "spikes";
  result.source = "spike times of units";
  for (const Interval& span : spans) {
    result.starts.push_back(span.start);
    const auto bins = static_cast<Index>(bins_of(span, bin));
    result.trials.push_back(counts_in(spikes, span.start, bin, bins));
  }
  return result;
}

}  // namespace nullcline::io::detail
