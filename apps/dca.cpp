// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dca.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "apps/commands.hpp"
#include "apps/results.hpp"
#include "apps/setting_options.hpp"
#include "apps/text.hpp"
#include "apps/trial_input.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/study/analysis.hpp"

namespace nullcline::apps {
namespace {

struct Arguments {
  TrialInput input;
  std::unique_ptr<SettingOptions> settings;
  std::optional<std::uint64_t> seed;
  int jobs = 0;
  ResultOptions results;
};

io::Dataset dataset_of(const Trials& data, const representation::Dca& dca,
                       const representation::DcaOptions& options) {
  io::Dataset result;
  result.attributes = {{"data", data.origin},
                       {"dim", options.dim},
                       {"window", options.window},
                       {"ridge", options.ridge},
                       {"seed", options.seed},
                       {"status", name_of(dca.status)},
                       {"predictive_information", dca.predictive_information},
                       {"total_variance", dca.total_variance},
                       {"rank", dca.rank},
                       {"best", dca.best},
                       {"attempts", io::Json::array()}};
  for (const auto& attempt : dca.attempts) {
    result.attributes["attempts"].push_back(
        {{"start", name_of(attempt.kind)},
         {"predictive_information", attempt.predictive_information},
         {"gradient_norm", attempt.gradient_norm},
         {"iterations", attempt.iterations},
         {"status", name_of(attempt.status)}});
  }
  if (dca.projection.size() == 0) return result;
  result.arrays["mean"] = Array::vector(dca.mean);
  result.arrays["projection"] = Array::matrix(dca.projection);
  result.arrays["variances"] = Array::vector(dca.variances);
  add_projections(result, data, dca.mean, dca.projection);
  return result;
}

std::string table_of(const Trials& data, const representation::Dca& dca,
                     const representation::DcaOptions& options) {
  TextTable table({"start", "predictive information", "gradient", "iterations", "status", ""});
  for (std::size_t i = 0; i < dca.attempts.size(); ++i) {
    const auto& attempt = dca.attempts[i];
    table.add({name_of(attempt.kind), fmt::format("{:.6f}", attempt.predictive_information),
               fmt::format("{:.1e}", attempt.gradient_norm), std::to_string(attempt.iterations),
               name_of(attempt.status), static_cast<Index>(i) == dca.best ? "best" : ""});
  }
  std::string text = data.origin + "\n" + table.text();
  if (dca.projection.size() == 0) {
    return text + fmt::format("no subspace: {} (rank of the covariance {})\n", name_of(dca.status),
                              dca.rank);
  }
  return text + fmt::format("{} of {} steps in {}: {:.6f} nats, {:.2f} % of the variance\n",
                            "past and future", options.window, counted(options.dim, "dimension"),
                            dca.predictive_information,
                            100 * dca.variances.sum() / dca.total_variance);
}

/// Throws Error where the data are too small for what is asked.
void check(const Trials& data, const std::string& file, const Settings& settings) {
  Index steps = 0;
  for (const Matrix& trial : data.trials) steps = std::max(steps, trial.cols());
  const Index units = data.trials.front().rows();
  if (2 * settings.integer("window") > steps) {
    throw Error(file, "--window", std::to_string(settings.integer("window")),
                fmt::format("at most {}, half of {}", steps / 2, counted(steps, "step")));
  }
  if (settings.integer("dim") > units) {
    throw Error(file, "--dim", std::to_string(settings.integer("dim")),
                fmt::format("at most {}", counted(units, "unit")));
  }
}

int run(const Arguments& arguments) {
  arguments.results.check();
  const Settings settings = arguments.settings->settings();
  const Trials data = arguments.input.load(settings.integer("trials"));
  check(data, arguments.input.file, settings);
  const representation::DcaOptions options = {.dim = settings.integer("dim"),
                                              .window = settings.integer("window"),
                                              .starts = settings.integer("starts"),
                                              .seed = arguments.seed.value_or(data.seed),
                                              .ridge = settings.number("ridge"),
                                              .threads = Threads{arguments.jobs}};
  const representation::Dca dca = representation::dca(data.trials, options);
  deliver(arguments.results, table_of(data, dca, options), dataset_of(data, dca, options));
  return dca.status == representation::DcaStatus::converged ? done : look;
}

}  // namespace

void add_dca(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "dca", "Dynamical components: the subspace of largest predictive information");
  arguments->input.add_to(*command);
  arguments->settings =
      std::make_unique<SettingOptions>(*command, study::analysis_kind("dca").schema);
  command
      ->add_option("--seed", arguments->seed,
                   "Of the random starts; if not given, that of the network file, or 0")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber.description(""));
  command->add_option("--jobs", arguments->jobs, "Threads; 0: all cores")
      ->type_name("N")
      ->default_str("0")
      ->check(CLI::Range(0, 1 << 16).description(""));
  arguments->results.add_to(*command, true);
  command->footer(
      std::string(trial_input_help) +
      "Results: projection (n, dim), projections (trials, T, dim), mean (n), variances\n"
      "(dim); how each start ended. Exit code 1 if the best one did not converge.\n"
      "\n"
      "Examples:\n"
      "  nullcline dca recording.npz --dim 2 --window 10 --starts 20\n"
      "  nullcline dca runs/x/networks/ID.h5 --npz components.npz\n"
      "  nullcline dca data.h5 --key rates --json - | jq .predictive_information");
  command->callback([arguments, &action] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace nullcline::apps
