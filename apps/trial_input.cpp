// SPDX-License-Identifier: Apache-2.0
#include "apps/trial_input.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "apps/network_input.hpp"
#include "apps/text.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/io/arrays.hpp"
#include "nullcline/io/hdf5.hpp"
#include "nullcline/representation/pca.hpp"
#include "nullcline/study/analyses/trajectories.hpp"

namespace nullcline::apps {
namespace {

std::string described(const std::vector<Matrix>& trials) {
  Index least = trials.front().cols(), most = least;
  for (const Matrix& trial : trials) {
    least = std::min(least, trial.cols());
    most = std::max(most, trial.cols());
  }
  return fmt::format(
      "{} of {}, {}", counted(static_cast<long>(trials.size()), "trial"),
      least == most ? counted(most, "step") : fmt::format("{} to {} steps", least, most),
      counted(trials.front().rows(), "unit"));
}

Trials trials_of(NetworkInput input, const std::string& file, Index repeats) {
  if (input.task() == nullptr) {
    throw Error(file, "attributes.task", "nothing",
                "the task whose conditions give the states; or an array of data, with --key");
  }
  const Settings none;
  const auto runs = repeats > 0
                        ? study::noisy_trajectories(input.context(none), input.network(), repeats)
                        : study::quiet_trajectories(input.context(none), input.network());
  return {runs.all_trials(), fmt::format("{}, states under the conditions of its task: ", file),
          input.seed() ^ input.stream(), input.network().dt(), runs.repeats};
}

}  // namespace

void add_trials(io::Dataset& result, const std::string& name, const std::vector<Matrix>& parts) {
  std::vector<std::int64_t> lengths;
  bool alike = true;
  Index all_steps = 0;
  for (const Matrix& part : parts) {
    lengths.push_back(part.cols());
    all_steps += part.cols();
    alike = alike && part.cols() == parts.front().cols();
  }
  const Index batch = static_cast<Index>(parts.size());
  Matrix all(parts.front().rows(), all_steps);
  Index column = 0;
  for (const Matrix& part : parts) {
    all.middleCols(column, part.cols()) = part;
    column += part.cols();
  }
  if (alike) {
    result.arrays[name] = Array::sequence(all, batch, parts.front().cols());
    return;
  }
  result.arrays[name] = Array::matrix(all.transpose());
  result.arrays["trial_lengths"] = Array::integers(lengths);
}

void add_projections(io::Dataset& result, const Trials& data, In<Vector> mean, In<Matrix> basis) {
  std::vector<Matrix> parts;
  for (const Matrix& trial : data.trials) {
    parts.push_back(representation::project(trial, mean, basis));
  }
  add_trials(result, "projections", parts);
}

const char* const trial_input_help =
    "DATA is a file with an array (T, n), one trial of T steps of n units, or (trials, T, n):\n"
    ".npz or .h5; .nwb with time series, or spike times for --bin; .csv or .tsv, a line a step.\n"
    "Or a network file of a study: then the states under the noisy conditions of its task, as\n"
    "the analysis of the same name of a study has them.\n";

void TrialInput::add_to(CLI::App& command) {
  command.add_option("DATA", file, "A data file or a network file")->type_name("FILE")->required();
  recording.add_to(command);
  command
      .add_option("--parameters", parameters,
                  "Of a network file, those after training or those before")
      ->type_name("parameters|initial")
      ->default_str("parameters")
      ->check(CLI::IsMember({"parameters", "initial"}).description(""));
}

Trials TrialInput::load(Index repeats) const {
  recording.check();
  Trials result = load_as_it_is(repeats);
  result.trials = recording.prepared(std::move(result.trials), result.step, file);
  result.origin += described(result.trials);
  return result;
}

Trials TrialInput::load_as_it_is(Index repeats) const {
  if (recording.read.key.empty() && io::has_attributes(file)) {
    io::Dataset data = io::read_arrays(file);
    if (is_network(data)) {
      return trials_of(NetworkInput(file, std::move(data), parameters), file, repeats);
    }
  }
  io::Recording data = recording.recording(file);
  return {std::move(data.trials), fmt::format("{}, {}: ", file, data.source), 0, data.step, 0};
}

}  // namespace nullcline::apps
