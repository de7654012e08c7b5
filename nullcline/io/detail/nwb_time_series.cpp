// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "nullcline/io/detail/nwb.hpp"
#include "nullcline/io/detail/text.hpp"

namespace nullcline::io::detail {
namespace {

constexpr double largest_gap = 1.5;  // Times the median spacing: a step more would be missing.

/// When the steps of a series are: either all of them, or the first and their rate.
struct Clock {
  Vector stamps;  // (T) seconds; empty if there is a rate.
  double first = 0, step = 0;
  Index steps = 0;

  double time(Index t) const {
    return stamps.size() > 0 ? stamps(t) : first + step * static_cast<double>(t);
  }
  /// The first step at `time` or later; 1e-6 of a step counts as none.
  Index step_at(double when) const {
    if (stamps.size() > 0) {
      return std::lower_bound(stamps.begin(), stamps.end(), when) - stamps.begin();
    }
    const double t = std::ceil((when - first) / step - 1e-6);
    return static_cast<Index>(std::clamp(t, 0.0, static_cast<double>(steps)));
  }
};

Clock read_clock(Hdf5Source& source, const Budget& budget, const std::string& group, Index steps) {
  Clock clock;
  clock.steps = steps;
  const std::string stamps = group + "/timestamps", start = group + "/starting_time";
  if (source.is_dataset(stamps)) {
    clock.stamps = source.vector(stamps);
    if (clock.stamps.size() != steps) {
      throw budget.error(stamps, fmt::format("{} times", clock.stamps.size()),
                         fmt::format("{}, as data have", steps));
    }
    for (Index t = 0; t < steps; ++t) {
      const double before = t == 0 ? -std::numeric_limits<double>::infinity() : clock.stamps(t - 1);
      if (!(std::isfinite(clock.stamps(t)) && clock.stamps(t) > before)) {
        throw budget.error(stamps, fmt::format("{} at {} after {}", clock.stamps(t), t, before),
                           "finite times that ascend");
      }
    }
    return clock;
  }
  if (!source.is_dataset(start)) {
    throw budget.error(group, "neither timestamps nor starting_time", "one of them");
  }
  const Array first = source.read(start);
  if (first.size() != 1) throw budget.error(start, "shape " + first.shape_text(), "one number");
  clock.first =
      std::visit([](const auto& data) { return static_cast<double>(data[0]); }, first.data);
  const double rate = source.number_attribute(start, "rate").value_or(0);
  if (!(rate > 0) || !std::isfinite(rate) || !std::isfinite(clock.first)) {
    throw budget.error(start, fmt::format("{} s at a rate of {} Hz", clock.first, rate),
                       "finite numbers, the rate positive");
  }
  clock.step = 1 / rate;
  return clock;
}

/// The median spacing of steps begin .. end - 1, which must not have a gap; 0 of one step.
double even_step(const Clock& clock, Index begin, Index end, const std::string& name,
                 const Budget& budget) {
  if (clock.stamps.size() == 0) return clock.step;
  if (end - begin < 2) return 0;
  const Vector spacing = clock.stamps.segment(begin + 1, end - begin - 1) -
                         clock.stamps.segment(begin, end - begin - 1);
  Vector sorted = spacing;
  std::nth_element(sorted.begin(), sorted.begin() + sorted.size() / 2, sorted.end());
  const double median = sorted(sorted.size() / 2);
  Index widest;
  if (spacing.maxCoeff(&widest) > largest_gap * median) {
    throw budget.error(
        name + "/timestamps",
        fmt::format("a gap of {:.6g} s behind {:.6g} s", spacing(widest),
                    clock.time(begin + widest)),
        fmt::format("at most {} times the median spacing of {:.6g} s", largest_gap, median));
  }
  return median;
}

/// value = stored * conversion * channel_conversion + offset
struct Scale {
  double conversion = 1, offset = 0;
  Vector channels;  // (n), or empty
};

Scale read_scale(Hdf5Source& source, const Budget& budget, const std::string& group, Index n) {
  const std::string data = group + "/data", per_channel = group + "/channel_conversion";
  Scale scale{source.number_attribute(data, "conversion").value_or(1),
              source.number_attribute(data, "offset").value_or(0),
              {}};
  if (!std::isfinite(scale.conversion) || !std::isfinite(scale.offset)) {
    throw budget.error(data,
                       fmt::format("conversion {}, offset {}", scale.conversion, scale.offset),
                       "finite numbers");
  }
  if (!source.is_dataset(per_channel)) return scale;
  scale.channels = source.vector(per_channel);
  if (scale.channels.size() != n || !scale.channels.allFinite()) {
    throw budget.error(per_channel, fmt::format("{} numbers", scale.channels.size()),
                       fmt::format("{} finite ones", n));
  }
  return scale;
}

/// Steps begin .. end - 1, (n, end - begin).
Matrix read_steps(Hdf5Source& source, const Budget& budget, const std::string& data, Index begin,
                  Index end, const Scale& scale) {
  const Array array = source.read(data, {begin, end - begin});
  Matrix values =
      array.shape.size() == 1 ? Matrix(array.as_columns().transpose()) : array.as_columns();
  if (!values.allFinite()) {
    for (Index t = 0; t < values.cols(); ++t) {
      for (Index i = 0; i < values.rows(); ++i) {
        if (std::isfinite(values(i, t))) continue;
        throw budget.error(data,
                           fmt::format("{} at step {}, channel {}", values(i, t), begin + t, i),
                           "a finite number");
      }
    }
  }
  values *= scale.conversion;
  if (scale.channels.size() > 0) values = (scale.channels.asDiagonal() * values).eval();
  values.array() += scale.offset;
  return values;
}

}  // namespace

Recording read_time_series(Hdf5Source& source, const Budget& budget, const std::string& group,
                           const std::vector<Interval>& intervals) {
  const std::string data = group + "/data";
  const ClaimedShape shape = source.shape(data);
  const auto most = static_cast<std::uint64_t>(std::numeric_limits<Index>::max());
  if (shape.empty() || shape[0] == 0 || shape.back() == 0 || shape[0] > most) {
    throw budget.error(data, "no entries", "(time) or (time, channels), not empty");
  }
  const auto steps = static_cast<Index>(shape[0]);
  const auto n = shape.size() == 1 ? Index{1} : static_cast<Index>(std::min(shape[1], most));
  const Clock clock = read_clock(source, budget, group, steps);
  const Scale scale = read_scale(source, budget, group, n);

  Recording result;
  result.unit = source.text_attribute(data, "unit").value_or("");
  result.source = "time series " + printable(group);
  const std::size_t count = std::max<std::size_t>(1, intervals.size());
  for (std::size_t i = 0; i < count; ++i) {
    const bool cut = !intervals.empty();
    const Index begin = cut ? clock.step_at(intervals[i].start) : 0;
    const Index end = cut ? clock.step_at(intervals[i].stop) : steps;
    if (begin >= end) {
      throw Error(budget.path(), fmt::format("interval {}", i),
                  fmt::format("no step from {} s to {} s", intervals[i].start, intervals[i].stop),
                  fmt::format("some of the series, {:.6g} s to {:.6g} s", clock.time(0),
                              clock.time(steps - 1)));
    }
    const double step = even_step(clock, begin, end, group, budget);
    if (result.step == 0) result.step = step;
    result.starts.push_back(clock.time(begin));
    result.trials.push_back(read_steps(source, budget, data, begin, end, scale));
  }
  return result;
}

}  // namespace nullcline::io::detail
