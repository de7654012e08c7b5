// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/jpca.hpp"

#include <fmt/format.h>

#include <memory>
#include <numbers>

#include "apps/commands.hpp"
#include "apps/results.hpp"
#include "apps/text.hpp"
#include "apps/trial_input.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::apps {
namespace {

using representation::Jpca;
using representation::JpcaDerivative;

struct Arguments {
  TrialInput input;
  representation::JpcaOptions options;
  bool keep_condition_mean = false;
  Index trials = 16;
  ResultOptions results;
};

io::Dataset dataset_of(const Trials& data, const Jpca& jpca) {
  io::Dataset result;
  result.attributes = {{"data", data.origin},
                       {"step", data.step},
                       {"skew_r2", jpca.skew_r2},
                       {"full_r2", jpca.full_r2}};
  result.arrays["mean"] = Array::vector(jpca.mean);
  if (jpca.condition_mean.size() > 0) {
    result.arrays["condition_mean"] = Array::matrix(jpca.condition_mean.transpose());
  }
  result.arrays["basis"] = Array::matrix(jpca.basis);
  result.arrays["planes"] = Array::matrix(jpca.planes);
  result.arrays["frequencies"] = Array::vector(jpca.frequencies);
  result.arrays["explained"] = Array::vector(jpca.explained);
  result.arrays["skew"] = Array::matrix(jpca.skew);
  result.arrays["full"] = Array::matrix(jpca.full);
  add_trials(result, "projections", representation::project(data.trials, jpca));
  return result;
}

std::string table_of(const Trials& data, const Jpca& jpca) {
  constexpr double turn = 2 * std::numbers::pi;
  const bool timed = data.step > 0;
  TextTable table({"plane", "radians per step", timed ? "Hz" : "steps per turn", "explained"});
  for (Index p = 0; p < jpca.frequencies.size(); ++p) {
    const double w = jpca.frequencies(p);
    table.add({std::to_string(p + 1), number(w),
               timed   ? number(w / turn / data.step)
               : w > 0 ? number(turn / w)
                       : "none",
               fmt::format("{:.2f} %", 100 * jpca.explained(p))});
  }
  return data.origin + "\n" + table.text() +
         fmt::format("R^2 of the derivative: {:.4f} skew-symmetric, {:.4f} unconstrained\n",
                     jpca.skew_r2, jpca.full_r2);
}

int run(Arguments arguments) {
  arguments.results.check();
  const Trials data = arguments.input.load(arguments.trials);
  arguments.options.center_conditions = !arguments.keep_condition_mean;
  Jpca jpca;
  try {
    jpca = representation::jpca(data.trials, arguments.options);
  } catch (const std::invalid_argument& error) {
    throw Error::because(arguments.input.file, "", error.what());
  }
  deliver(arguments.results, table_of(data, jpca), dataset_of(data, jpca));
  return done;
}

}  // namespace

void add_jpca(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("jpca", "Rotations in data or in a network's states");
  arguments->input.add_to(*command);
  command
      ->add_option("--components", arguments->options.components,
                   "Principal components that are fitted")
      ->type_name("K")
      ->default_str("6")
      ->check(CLI::Range(2, 100'000).description(""));
  command->add_flag("--keep-condition-mean", arguments->keep_condition_mean,
                    "Do not take the mean over trials off each step");
  command
      ->add_option_function<std::string>(
          "--derivative",
          [arguments](const std::string& word) {
            arguments->options.derivative =
                word == "forward" ? JpcaDerivative::forward : JpcaDerivative::midpoint;
          },
          "Of x[t+1] - x[t], at the middle of both, or at x[t] as Churchland et al. 2012")
      ->type_name("midpoint|forward")
      ->default_str("midpoint")
      ->check(CLI::IsMember({"midpoint", "forward"}).description(""));
  command->add_option("--trials", arguments->trials, "Of a network: noisy trials of each condition")
      ->type_name("N")
      ->default_str("16")
      ->check(CLI::Range(1, 100'000).description(""));
  arguments->results.add_to(*command, true);
  command->footer(
      std::string(trial_input_help) +
      "Results: planes (n, 2 P), frequencies and explained (P), projections (trials, T,\n"
      "2 P), skew and full (K, K), basis (n, K), mean (n), condition_mean (T, n).\n"
      "\n"
      "Examples:\n"
      "  nullcline jpca session.nwb --bin 0.01 --intervals trials --smooth 0.03s\n"
      "  nullcline jpca rates.npz --normalize soft --components 6 --json -\n"
      "  nullcline jpca runs/x/networks/ID.h5 --npz rotations.npz");
  command->callback([arguments, &action] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace nullcline::apps
