// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dpca.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "apps/commands.hpp"
#include "apps/number_check.hpp"
#include "apps/results.hpp"
#include "apps/text.hpp"
#include "apps/trial_input.hpp"
#include "apps/watch.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/io/trial_variables.hpp"
#include "nullcline/representation/dpca_selection.hpp"

namespace nullcline::apps {
namespace {

using representation::Dpca;
using representation::Marginalization;

struct Arguments {
  TrialInput input;
  std::vector<std::string> labels;
  std::string labels_from;
  representation::DpcaOptions options;
  bool cross_validate = false, separate_time = false;
  Index repeats = 10, splits = 20, trials = 16, steps = 0;
  std::optional<std::uint64_t> seed;
  ResultOptions results;
};

/// Levels 0, 1, ... by ascending value, and the numbers or words they stand for.
struct Variables {
  std::vector<std::string> names;
  std::vector<io::Json> values;
  representation::Labels levels;  // (F, trials)
};

Variables levels_of(const io::TrialVariables& read) {
  Variables result{read.names, {}, representation::Labels(read.values.rows(), read.values.cols())};
  for (Index f = 0; f < read.values.rows(); ++f) {
    const std::set<double> distinct(read.values.row(f).begin(), read.values.row(f).end());
    const auto& words = read.words[static_cast<std::size_t>(f)];
    result.values.push_back(words.empty() ? io::Json(distinct) : io::Json(words));
    for (Index i = 0; i < read.values.cols(); ++i) {
      result.levels(f, i) = std::distance(distinct.begin(), distinct.find(read.values(f, i)));
    }
  }
  return result;
}

/// The labels that were asked for; without any, those of the conditions of a network's task.
Variables variables_of(const Arguments& arguments, const Trials& data) {
  if (arguments.labels.empty()) {
    if (data.repeats == 0) {
      throw Error(arguments.input.file, "--labels", "nothing",
                  "names of variables with a number or a word a trial");
    }
    Matrix condition(1, static_cast<Index>(data.trials.size()));
    for (Index i = 0; i < condition.cols(); ++i) {
      condition(0, i) = static_cast<double>(i / data.repeats);
    }
    return levels_of({{"condition"}, condition, {{}}});
  }
  const std::string& file =
      arguments.labels_from.empty() ? arguments.input.file : arguments.labels_from;
  const std::string& intervals = arguments.input.recording.read.intervals;
  io::TrialVariables read =
      io::read_trial_variables(file, arguments.labels, intervals.empty() ? "trials" : intervals);
  if (read.values.cols() != static_cast<Index>(data.trials.size())) {
    throw Error(file, "--labels", fmt::format("labels of {} trials", read.values.cols()),
                fmt::format("{}, as {} has", data.trials.size(), arguments.input.file));
  }
  return levels_of(read);
}

/// The first `steps` of each trial. Throws Error where one is shorter.
void cut(Trials& data, Index steps, const std::string& file) {
  for (std::size_t i = 0; i < data.trials.size(); ++i) {
    Matrix& trial = data.trials[i];
    if (trial.cols() < steps) {
      throw Error(file, "--steps", std::to_string(steps),
                  fmt::format("at most {}, as trial {} has", trial.cols(), i));
    }
    trial = Matrix(trial.leftCols(steps));
  }
}

std::string name_of(const Marginalization& each, const std::vector<std::string>& names) {
  std::string text;
  for (const Index variable : each.variables) {
    text += (text.empty() ? "" : " x ") + names[static_cast<std::size_t>(variable)];
  }
  if (!each.with_time) return text;
  return text.empty() ? "time" : text + " x time";
}

bool all_repeated(const Dpca& dpca) {
  for (const Index count : dpca.trials) {
    if (count < 2) return false;
  }
  return true;
}

struct Findings {
  Variables variables;
  std::optional<representation::DpcaRidge> ridges;
  std::optional<representation::SplitHalf> halves;
  Dpca dpca;
};

std::string percent(double part) {
  return std::isnan(part) ? "undefined" : fmt::format("{:.2f} %", 100 * part);
}

std::string table_of(const Trials& data, const Findings& found, const Arguments& arguments) {
  TextTable table({"marginalization", "variance", "without noise", "reliability", "components"});
  for (std::size_t p = 0; p < found.dpca.marginalizations.size(); ++p) {
    const Marginalization& each = found.dpca.marginalizations[p];
    std::string components;
    for (Index i = 0; i < each.explained.size(); ++i) {
      components += (i > 0 ? ", " : "") + percent(each.explained(i));
    }
    const auto row = static_cast<Index>(p);
    table.add({name_of(each, found.variables.names), percent(each.variance),
               found.halves ? percent(found.halves->variance(row)) : "",
               found.halves ? fmt::format("{:.3f}", found.halves->reliability(row)) : "",
               components});
  }
  std::string text = data.origin + "\n";
  for (std::size_t f = 0; f < found.variables.names.size(); ++f) {
    text += fmt::format("{}: {}\n", found.variables.names[f],
                        counted(static_cast<long>(found.variables.values[f].size()), "level"));
  }
  text += table.text();
  text += found.halves
              ? fmt::format(
                    "without noise, reliability: what random halves of the trials of each "
                    "condition share, mean of {}\n",
                    found.halves->splits)
              : std::string("a condition has one trial only: nothing is known of the noise\n");
  if (found.ridges) {
    text += fmt::format("ridge {} of {}, by the error on trials left out, {} divisions\n",
                        number(found.ridges->best), found.ridges->ridges.size(), arguments.repeats);
  }
  return text;
}

io::Dataset dataset_of(const Trials& data, const Findings& found,
                       const representation::DpcaOptions& options) {
  const Dpca& dpca = found.dpca;
  io::Dataset result;
  result.attributes = {{"data", data.origin},
                       {"variables", found.variables.names},
                       {"levels", found.variables.values},
                       {"ridge", options.ridge},
                       {"steps", dpca.steps},
                       {"trials", dpca.trials},
                       {"marginalizations", io::Json::array()}};
  const Index conditions = dpca.conditions.cols();
  result.arrays["mean"] = Array::vector(dpca.mean);
  result.arrays["conditions"] = Array::matrix(dpca.conditions.cast<double>().transpose());
  for (std::size_t p = 0; p < dpca.marginalizations.size(); ++p) {
    const Marginalization& each = dpca.marginalizations[p];
    io::Json facts = {{"name", name_of(each, found.variables.names)}, {"variance", each.variance}};
    if (found.halves) {
      const auto row = static_cast<Index>(p);
      if (!std::isnan(found.halves->variance(row))) {
        facts["variance_without_noise"] = found.halves->variance(row);
      }
      facts["reliability"] = found.halves->reliability(row);
    }
    result.attributes["marginalizations"].push_back(std::move(facts));
    const std::string prefix = fmt::format("m{}_", p);
    result.arrays[prefix + "encoder"] = Array::matrix(each.encoder);
    result.arrays[prefix + "decoder"] = Array::matrix(each.decoder);
    result.arrays[prefix + "explained"] = Array::vector(each.explained);
    result.arrays[prefix + "explained_by"] = Array::matrix(each.explained_by);
    std::vector<Matrix> parts;
    for (Index c = 0; c < conditions; ++c) {
      parts.emplace_back(each.decoder.transpose() *
                         dpca.averages.middleCols(c * dpca.steps, dpca.steps));
    }
    if (each.decoder.cols() > 0) add_trials(result, prefix + "components", parts);
  }
  if (found.ridges) {
    const auto& ridges = found.ridges->ridges;
    result.arrays["ridges"] = {{static_cast<Index>(ridges.size())}, ridges};
    result.arrays["ridge_errors"] = Array::vector(found.ridges->errors);
  }
  return result;
}

int run(Arguments arguments) {
  arguments.results.check();
  if (!arguments.labels_from.empty() && arguments.labels.empty()) {
    throw Error("", "--labels-from", "no --labels", "the names of its variables");
  }
  Trials data = arguments.input.load(arguments.trials);
  if (arguments.steps > 0) cut(data, arguments.steps, arguments.input.file);
  const std::uint64_t seed = arguments.seed.value_or(data.seed);
  representation::DpcaOptions& options = arguments.options;
  options.merge_time = !arguments.separate_time;
  Findings found{variables_of(arguments, data), {}, {}, {}};
  const auto& levels = found.variables.levels;
  try {
    found.dpca = representation::marginalize(data.trials, levels, options.merge_time);
    Watch watch;
    if (arguments.cross_validate) {
      found.ridges = representation::dpca_ridge(data.trials, levels,
                                                {.repeats = arguments.repeats,
                                                 .dpca = options,
                                                 .seed = seed,
                                                 .progress = watch.progress("ridges", 0, 0.8)});
      options.ridge = found.ridges->best;
    }
    if (arguments.splits > 0 && all_repeated(found.dpca) && !watch.interrupted()) {
      found.halves = representation::dpca_split_half(
          data.trials, levels,
          {.splits = arguments.splits,
           .merge_time = options.merge_time,
           .seed = seed,
           .progress = watch.progress("halves", arguments.cross_validate ? 0.8 : 0, 1)});
    }
    if (!watch.finish()) return watch.exit_code();
    representation::fit_components(found.dpca, options);
  } catch (const std::invalid_argument& error) {
    throw Error::because(arguments.input.file, "", error.what());
  }
  deliver(arguments.results, table_of(data, found, arguments), dataset_of(data, found, options));
  return done;
}

void add_options(CLI::App& command, Arguments& arguments) {
  const auto count = [](Index least) {
    return CLI::Range(least, Index{1'000'000}).description("");
  };
  command
      .add_option("--labels", arguments.labels,
                  "Variables of the task, a number or word a trial: arrays of DATA, columns of the "
                  "intervals of an .nwb; of a network, if not given, its conditions")
      ->type_name("NAME,...")
      ->delimiter(',');
  command.add_option("--labels-from", arguments.labels_from, "Another file that has them")
      ->type_name("FILE");
  command
      .add_option("--steps", arguments.steps,
                  "Only the first N steps of each trial, for trials of several lengths")
      ->type_name("N")
      ->check(count(1));
  command.add_option("--components", arguments.options.components, "Of each marginalization")
      ->type_name("K")
      ->default_str("3")
      ->check(count(1));
  auto* ridge =
      command.add_option("--ridge", arguments.options.ridge, "mu; the penalty is mu^2 |X|^2")
          ->type_name("MU")
          ->default_str("1e-6")
          ->check(CLI::NonNegativeNumber.description(""));
  command
      .add_flag("--cross-validate", arguments.cross_validate,
                "Choose the ridge by the error on trials left out, one of each condition")
      ->excludes(ridge);
  command.add_option("--repeats", arguments.repeats, "Divisions of --cross-validate")
      ->type_name("N")
      ->default_str("10")
      ->check(count(1));
  command.add_option("--splits", arguments.splits, "Random halves for the noise; 0: none")
      ->type_name("N")
      ->default_str("20")
      ->check(count(0));
  command.add_flag("--separate-time", arguments.separate_time,
                   "Interactions with time are marginalizations of their own");
  command
      .add_option("--seed", arguments.seed, "Of divisions and halves; if not given, of the file")
      ->type_name("N")
      ->check(seed_number());
  command.add_option("--trials", arguments.trials, "Of a network: noisy trials of each condition")
      ->type_name("N")
      ->default_str("16")
      ->check(count(1));
}

}  // namespace

void add_dpca(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "dpca", "Activity taken apart by time and task variables: demixed components");
  arguments->input.add_to(*command);
  add_options(*command, *arguments);
  arguments->results.add_to(*command, true);
  command->footer(
      std::string(trial_input_help) +
      "Results: of marginalization I, mI_encoder and mI_decoder (n, K), mI_components "
      "(conditions,\n"
      "T, K), mI_explained (K); conditions (C, F) by level, mean (n).\n"
      "\n"
      "Examples:\n"
      "  nullcline dpca session.npz --key rates --labels stimulus,choice --cross-validate\n"
      "  nullcline dpca session.nwb --bin 0.05 --intervals trials --steps 40 --labels side\n"
      "  nullcline dpca runs/x/networks/ID.h5 --npz demixed.npz");
  command->callback([arguments, &action] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace nullcline::apps
