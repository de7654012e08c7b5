// SPDX-License-Identifier: Apache-2.0
#include "apps/comparison_input.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "apps/network_input.hpp"
#include "apps/text.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/io/arrays.hpp"
#include "nullcline/io/hdf5.hpp"

namespace nullcline::apps {
namespace {

bool is_table(const std::string& file) { return file.ends_with(".csv") || file.ends_with(".tsv"); }

/// The key for each file: one was given for each, or one for all but networks and tables.
std::vector<std::string> keys_of(const ComparisonInput& input) {
  const std::size_t files = input.files.size();
  if (input.keys.size() == files) return input.keys;
  std::vector<std::string> keys(files);
  if (input.keys.empty()) return keys;
  if (input.keys.size() > 1) {
    throw Error("", "--key", fmt::format("{} names", input.keys.size()),
                fmt::format("one, or one for each of the {} files", files));
  }
  bool used = false;
  for (std::size_t i = 0; i < files; ++i) {
    const std::string& file = input.files[i];
    const bool network = io::has_attributes(file) && is_network(io::read_arrays(file));
    if (network || is_table(file)) continue;
    keys[i] = input.keys.front();
    used = true;
  }
  if (used) return keys;
  throw Error("", "--key", "networks and tables alone", "a file with named arrays, or no --key");
}

Matrix mean_trial(const Trials& data, const std::string& file) {
  Matrix sum = data.trials.front();
  for (std::size_t b = 1; b < data.trials.size(); ++b) {
    if (data.trials[b].cols() != sum.cols()) {
      throw Error(file, "--average", "trials of different lengths", "one length, or --resample");
    }
    sum += data.trials[b];
  }
  return sum / static_cast<double>(data.trials.size());
}

/// `steps` values at even distances over the trial, between two neighbors by a straight line.
Matrix resampled(In<Matrix> trial, Index steps) {
  Matrix result(trial.rows(), steps);
  const double stride =
      steps > 1 ? static_cast<double>(trial.cols() - 1) / static_cast<double>(steps - 1) : 0;
  for (Index t = 0; t < steps; ++t) {
    const double at =
        std::min(stride * static_cast<double>(t), static_cast<double>(trial.cols() - 1));
    const auto below = static_cast<Index>(at);
    const Index above = std::min(below + 1, trial.cols() - 1);
    const double part = at - static_cast<double>(below);
    result.col(t) = (1 - part) * trial.col(below) + part * trial.col(above);
  }
  return result;
}

/// Options that are of NWB alone are for the files of it, if there is one: else whoever reads the
/// files complains.
bool has_nwb_options(const ComparisonInput& input) {
  const auto& read = input.recording.read;
  if (read.bin == 0 && read.intervals.empty()) return false;
  return std::any_of(input.files.begin(), input.files.end(),
                     [](const std::string& file) { return io::is_nwb(file); });
}

Side load(const ComparisonInput& input, const std::string& file, const std::string& key,
          bool nwb_options) {
  TrialInput source{file, input.parameters, input.recording};
  if (nwb_options && !io::is_nwb(file)) {
    source.recording.read.bin = 0;
    source.recording.read.intervals.clear();
  }
  source.recording.read.key = key;
  Side side{source.load(0), {}};
  if (input.resample > 0) {
    for (Matrix& trial : side.data.trials) trial = resampled(trial, input.resample);
  }
  if (input.average) side.data.trials = {mean_trial(side.data, file)};
  Index samples = 0;
  for (const Matrix& trial : side.data.trials) samples += trial.cols();
  side.samples.resize(side.data.trials.front().rows(), samples);
  Index at = 0;
  for (const Matrix& trial : side.data.trials) {
    side.samples.middleCols(at, trial.cols()) = trial;
    at += trial.cols();
  }
  return side;
}

std::string lengths(const Trials& data) {
  const auto& trials = data.trials;
  Index least = trials.front().cols(), most = least;
  for (const Matrix& trial : trials) {
    least = std::min(least, trial.cols());
    most = std::max(most, trial.cols());
  }
  return fmt::format(
      "{} of {}", counted(static_cast<long>(trials.size()), "trial"),
      least == most ? counted(most, "step") : fmt::format("{} to {} steps", least, most));
}

/// Sample i of one side must be sample i of the other.
void require_corresponding(const Side& first, const Side& other, const std::string& file,
                           const std::string& first_file) {
  const auto &a = first.data.trials, &b = other.data.trials;
  const bool fits =
      std::equal(a.begin(), a.end(), b.begin(), b.end(),
                 [](const Matrix& x, const Matrix& y) { return x.cols() == y.cols(); });
  if (fits) return;
  throw Error(
      file, "", lengths(other.data),
      fmt::format("{} as in {}{}", lengths(first.data), first_file,
                  a.size() == b.size() ? ", or --resample STEPS"
                                       : ", or --average if both have the same conditions"));
}

}  // namespace

std::vector<Side> load_sides(const ComparisonInput& input, bool correspond) {
  const bool nwb_options = has_nwb_options(input);
  const std::vector<std::string> keys = keys_of(input);
  std::vector<Side> sides;
  for (std::size_t i = 0; i < input.files.size(); ++i) {
    sides.push_back(load(input, input.files[i], keys[i], nwb_options));
    if (!correspond) continue;
    require_corresponding(sides.front(), sides.back(), input.files[i], input.files.front());
  }
  return sides;
}

}  // namespace nullcline::apps
