// SPDX-License-Identifier: Apache-2.0
#include "apps/trial_input.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/network_input.hpp"
#include "apps/text.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/io/arrays.hpp"
#include "nullcline/representation/pca.hpp"
#include "nullcline/study/analyses/trajectories.hpp"

namespace nullcline::apps {
namespace {

std::string described(const std::vector<Matrix>& trials) {
  return fmt::format("{} of {}, {}", counted(static_cast<long>(trials.size()), "trial"),
                     counted(trials.front().cols(), "step"),
                     counted(trials.front().rows(), "unit"));
}

Trials trials_of(NetworkInput input, const std::string& file, Index repeats) {
  if (input.task() == nullptr) {
    throw Error(file, "attributes.task", "nothing",
                "the task whose conditions give the states; or an array of data, with --key");
  }
  const Settings none;
  const auto runs =
      repeats > 0 ? study::noisy_trajectories(input.context(none), input.network(), repeats)
                  : study::quiet_trajectories(input.context(none), input.network());
  Trials result{runs.all_trials(), "", input.seed() ^ input.stream()};
  result.origin = fmt::format("{}, states under the conditions of its task: {}", file,
                              described(result.trials));
  return result;
}

/// The array to analyze: `key`, or the only one that can be meant.
std::string array_name(const io::Dataset& data, const std::string& file, const std::string& key) {
  std::vector<std::string> names, possible;
  for (const auto& [name, array] : data.arrays) {
    names.push_back(name);
    if (array.shape.size() == 2 || array.shape.size() == 3) possible.push_back(name);
  }
  if (key.empty()) {
    if (possible.size() == 1) return possible.front();
    throw Error(file, "",
                possible.empty() ? "no array of two or three dimensions"
                                 : fmt::format("the arrays {}", fmt::join(possible, ", ")),
                possible.empty() ? "one" : "--key NAME to choose one");
  }
  if (data.arrays.contains(key)) return key;
  const std::string nearest = nearest_word(key, names);
  throw Error(
      file, "--key", "no array '" + key + "'",
      nearest.empty() ? fmt::format("one of {}", fmt::join(names, ", ")) : "'" + nearest + "'?");
}

std::vector<Matrix> trials_of(const Array& array, const std::string& axes) {
  const Matrix columns = array.as_columns();
  if (array.shape.size() == 2) return {columns};
  const bool trials_first = axes == "btn";
  const Index batch = array.shape[trials_first ? 0 : 1], steps = array.shape[trials_first ? 1 : 0];
  std::vector<Matrix> trials;
  for (Index b = 0; b < batch; ++b) {
    if (trials_first) {
      trials.emplace_back(columns.middleCols(b * steps, steps));
      continue;
    }
    Matrix trial(columns.rows(), steps);
    for (Index t = 0; t < steps; ++t) trial.col(t) = columns.col(t * batch + b);
    trials.push_back(std::move(trial));
  }
  return trials;
}

}  // namespace

Array projections(const Trials& data, In<Vector> mean, In<Matrix> basis) {
  const auto batch = static_cast<Index>(data.trials.size());
  const Index steps = data.trials.front().cols();
  Matrix all(basis.cols(), batch * steps);
  for (Index b = 0; b < batch; ++b) {
    all.middleCols(b * steps, steps) =
        representation::project(data.trials[static_cast<std::size_t>(b)], mean, basis);
  }
  return Array::sequence(all, batch, steps);
}

const char* const trial_input_help =
    "DATA is a file .h5 or .npz with an array (T, n), one trial of T steps of n units, or\n"
    "(trials, T, n); or a network file of a study: then the states under the noisy conditions\n"
    "of its task, as the analysis of the same name of a study has them.\n";

void TrialInput::add_to(CLI::App& command) {
  command.add_option("DATA", file, "A data file or a network file, .h5 or .npz")
      ->type_name("FILE")
      ->required();
  command.add_option("--key", key, "The array to analyze, where the file has several")
      ->type_name("NAME");
  command
      .add_option("--axes", axes,
                  "The order of three dimensions: b trials, t time, n units; tbn is that of "
                  "sequences that networks run on")
      ->type_name("btn|tbn")
      ->default_str("btn")
      ->check(CLI::IsMember({"btn", "tbn"}).description(""));
  command
      .add_option("--parameters", parameters,
                  "Of a network file, those after training or those before")
      ->type_name("parameters|initial")
      ->default_str("parameters")
      ->check(CLI::IsMember({"parameters", "initial"}).description(""));
}

Trials TrialInput::load(Index repeats) const {
  io::Dataset data = io::read_arrays(file);
  if (key.empty() && is_network(data)) {
    return trials_of(NetworkInput(file, std::move(data), parameters), file, repeats);
  }
  const std::string name = array_name(data, file, key);
  const Array& array = data.arrays.at(name);
  if ((array.shape.size() != 2 && array.shape.size() != 3) || array.size() == 0) {
    throw Error(file, "array '" + name + "'", "shape " + array.shape_text(),
                "(T, n) or (trials, T, n), not empty");
  }
  io::require_finite({{{name, array}}, {}}, file);
  Trials result{trials_of(array, axes), "", 0};
  result.origin = fmt::format("{}, array '{}': {}", file, name, described(result.trials));
  return result;
}

}  // namespace nullcline::apps
