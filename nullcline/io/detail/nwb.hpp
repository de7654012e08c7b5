// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/io/detail/hdf5_source.hpp"
#include "nullcline/io/recording.hpp"

namespace nullcline::io::detail {

/// A time series or the spike times of an NWB 2 file [https://nwb-schema.readthedocs.io], as
/// read_recording() says.
Recording read_nwb(Hdf5Source& source, const Budget& budget, const RecordingOptions& options);

/// A span of time, seconds.
struct Interval {
  double start, stop;
};

/// start_time and stop_time of /intervals/NAME. Throws Error unless they are finite and ascend
/// within each interval.
std::vector<Interval> read_intervals(Hdf5Source& source, const Budget& budget,
                                     const std::string& name);

/// The spikes of every unit of /units in bins: counts (n, bins) of each interval, of which only
/// whole bins count, or of all time from the multiple of `bin` before the first spike.
Recording read_spike_counts(Hdf5Source& source, const Budget& budget, double bin,
                            const std::vector<Interval>& intervals);

/// The group of a time series, cut by the intervals if there are any.
Recording read_time_series(Hdf5Source& source, const Budget& budget, const std::string& group,
                           const std::vector<Interval>& intervals);

}  // namespace nullcline::io::detail
