// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dca.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <stdexcept>

#include "apps/commands.hpp"
#include "apps/number_check.hpp"
#include "apps/results.hpp"
#include "apps/setting_options.hpp"
#include "apps/text.hpp"
#include "apps/trial_input.hpp"
#include "apps/watch.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/representation/dca_selection.hpp"
#include "nullcline/study/analysis.hpp"

namespace nullcline::apps {
namespace {

using representation::Surrogate;
constexpr Surrogate surrogates[] = {Surrogate::independent_phases, Surrogate::common_phases,
                                    Surrogate::shuffled_time};

struct Arguments {
  TrialInput input;
  std::unique_ptr<SettingOptions> settings;
  std::optional<std::uint64_t> seed;
  int jobs = 0;
  bool dims = false;
  std::string cross_validate, null_kind;
  Index folds = 5, draws = 99;
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
                       {"repair",
                        {{"kind", name_of(options.repair.kind)},
                         {"changed", dca.repair.changed},
                         {"smallest_eigenvalue", dca.repair.smallest_eigenvalue},
                         {"added_variance", dca.repair.added_variance},
                         {"taper", dca.repair.taper}}},
                       {"attempts", io::Json::array()}};
  for (const auto& attempt : dca.attempts) {
    result.attributes["attempts"].push_back(
        {{"start", name_of(attempt.kind)},
         {"predictive_information", attempt.predictive_information},
         {"gradient_norm", attempt.gradient_norm},
         {"iterations", attempt.iterations},
         {"status", name_of(attempt.status)},
         {"maximum", attempt.maximum}});
  }
  result.attributes["maxima"] = io::Json::array();
  for (const auto& maximum : dca.maxima) {
    result.attributes["maxima"].push_back(
        {{"predictive_information", maximum.predictive_information},
         {"starts", maximum.starts},
         {"largest_angle", maximum.angles.maxCoeff()}});
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

std::string repair_of(const representation::Dca& dca) {
  if (!dca.repair.changed) return "";
  return fmt::format(
      "covariance repaired: its smallest eigenvalue was {}; variance {} added to each unit, lags "
      "tapered by {}^k\n",
      number(dca.repair.smallest_eigenvalue), number(dca.repair.added_variance),
      number(dca.repair.taper));
}

std::string spread_of(const representation::Dca& dca) {
  if (dca.maxima.size() < 2) return "all starts reached the same maximum\n";
  const auto& next = dca.maxima[1];
  return fmt::format(
      "{} distinct maxima; the best by {} of {} starts, the next is {:.2g} nats lower, {:.2g} rad "
      "away\n",
      dca.maxima.size(), dca.maxima[0].starts, dca.attempts.size(),
      dca.predictive_information - next.predictive_information, next.angles.maxCoeff());
}

/// PI against the dimension, to the text and the results.
void add_curve(const Trials& data, const representation::DcaOptions& options, std::string& text,
               io::Dataset& results) {
  const auto curve = representation::dca_curve(data.trials, options);
  Vector values(static_cast<Index>(curve.size()));
  TextTable table({"dimension", "predictive information", "distinct maxima", "status"});
  for (std::size_t i = 0; i < curve.size(); ++i) {
    values(static_cast<Index>(i)) = curve[i].predictive_information;
    table.add({std::to_string(i + 1), fmt::format("{:.6f}", curve[i].predictive_information),
               std::to_string(curve[i].maxima.size()), name_of(curve[i].status)});
  }
  results.arrays["curve"] = Array::vector(values);
  text += table.text();
}

void add_cross_validation(const Trials& data, const Arguments& arguments,
                          const representation::DcaOptions& options, const Progress& progress,
                          std::string& text, io::Dataset& results) {
  representation::DcaCrossValidationOptions how{.max_dim = options.dim,
                                                .windows = {},
                                                .folds = arguments.folds,
                                                .dca = options,
                                                .progress = progress};
  Index steps = 0;
  for (const Matrix& trial : data.trials) steps = std::max(steps, trial.cols());
  for (const double window : parse_numbers(arguments.cross_validate, "--cross-validate")) {
    if (!(window >= 1 && window <= static_cast<double>(steps)) || window != std::floor(window)) {
      throw Error(arguments.input.file, "--cross-validate", arguments.cross_validate,
                  fmt::format("windows of 1 to {} steps, separated by commas", steps / 2));
    }
    how.windows.push_back(static_cast<Index>(window));
  }
  representation::DcaCrossValidation found;
  try {
    found = representation::dca_cross_validation(data.trials, how);
  } catch (const std::invalid_argument& error) {
    throw Error(arguments.input.file, "--cross-validate", error.what(), "longer or more trials");
  }
  if (found.canceled) return;
  TextTable table({"window", "dimension", "held out", "standard error", "fitted", ""});
  for (std::size_t i = 0; i < found.windows.size(); ++i) {
    for (Index j = 0; j < options.dim; ++j) {
      const auto row = static_cast<Index>(i);
      const bool best = found.windows[i] == found.window && j + 1 == found.dim;
      table.add({std::to_string(found.windows[i]), std::to_string(j + 1),
                 fmt::format("{:.4f}", found.held_out(row, j)),
                 fmt::format("{:.4f}", found.standard_error(row, j)),
                 fmt::format("{:.4f}", found.fitted(row, j)), best ? "best" : ""});
    }
  }
  text += table.text() + fmt::format("nats; {} folds of {}\n", arguments.folds,
                                     found.by_trials ? "trials" : "blocks of time");
  results.arrays["held_out"] = Array::matrix(found.held_out);
  results.arrays["held_out_error"] = Array::matrix(found.standard_error);
  results.arrays["fitted"] = Array::matrix(found.fitted);
  results.attributes["windows"] = found.windows;
  results.attributes["chosen_dim"] = found.dim;
  results.attributes["chosen_window"] = found.window;
}

void add_null(const Trials& data, const Arguments& arguments,
              const representation::DcaOptions& options, const Progress& progress,
              std::string& text, io::Dataset& results) {
  representation::DcaNullOptions how{
      .count = arguments.draws, .dca = options, .progress = progress};
  for (const auto kind : surrogates) {
    if (arguments.null_kind == name_of(kind)) how.surrogate = kind;
  }
  const auto null = representation::dca_null(data.trials, how);
  if (null.values.size() == 0) return;
  text += fmt::format(
      "null {}: {} surrogates, {:.6f} to {:.6f} nats, the data cut alike {:.6f}; "
      "p = {:.4g}\n",
      arguments.null_kind, null.values.size(), null.values(0), null.values(null.values.size() - 1),
      null.turned, null.p_value);
  results.arrays["null"] = Array::vector(null.values);
  results.attributes["surrogate"] = arguments.null_kind;
  results.attributes["turned_predictive_information"] = null.turned;
  results.attributes["p_value"] = null.p_value;
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
  representation::DcaOptions options = {.dim = settings.integer("dim"),
                                        .window = settings.integer("window"),
                                        .starts = settings.integer("starts"),
                                        .seed = arguments.seed.value_or(data.seed),
                                        .ridge = settings.number("ridge"),
                                        .threads = Threads{arguments.jobs}};
  options.repair.kind = representation::covariance_repair_named(settings.text("repair"));
  const representation::Dca dca = representation::dca(data.trials, options);
  std::string text = table_of(data, dca, options) + repair_of(dca);
  io::Dataset results = dataset_of(data, dca, options);
  if (dca.projection.size() > 0) text += spread_of(dca);
  if (arguments.dims) add_curve(data, options, text, results);
  if (!arguments.cross_validate.empty() || !arguments.null_kind.empty()) {
    Watch watch;
    if (!arguments.cross_validate.empty()) {
      add_cross_validation(data, arguments, options, watch.progress("cross-validation"), text,
                           results);
    }
    if (!arguments.null_kind.empty() && !watch.interrupted()) {
      add_null(data, arguments, options, watch.progress("surrogates"), text, results);
    }
    if (!watch.finish()) return watch.exit_code();
  }
  deliver(arguments.results, text, results);
  return dca.status == representation::DcaStatus::converged ? done : look;
}

}  // namespace

void add_dca(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "dca", "Dynamical components: the subspace of largest predictive information");
  arguments->input.add_to(*command);
  Schema schema = study::analysis_kind("dca").schema;
  std::erase_if(schema, [](const Setting& each) { return each.name.starts_with("curve_"); });
  arguments->settings = std::make_unique<SettingOptions>(*command, schema);
  command
      ->add_option("--seed", arguments->seed,
                   "Of the random starts; if not given, that of the network "
                   "file, or 0")
      ->type_name("N")
      ->check(seed_number());
  command->add_option("--jobs", arguments->jobs, "Threads; 0: all cores")
      ->type_name("N")
      ->default_str("0")
      ->check(CLI::Range(0, 1 << 16).description(""));
  command->add_flag("--dims", arguments->dims,
                    "Also the curve of 1 .. dim dimensions, each maximized by itself");
  command
      ->add_option("--cross-validate", arguments->cross_validate,
                   "Also how well these windows and 1 .. dim dimensions foretell data held out")
      ->type_name("T,...");
  command->add_option("--folds", arguments->folds, "Of --cross-validate: of trials, or of time")
      ->type_name("N")
      ->default_str("5")
      ->check(CLI::Range(2, 1000).description(""));
  command
      ->add_option("--null", arguments->null_kind,
                   "Also the same of surrogates: independent_phases keep each unit's spectrum, "
                   "common_phases the cross-spectrum, shuffled_time nothing over time")
      ->type_name("KIND")
      ->check(
          CLI::IsMember({"independent_phases", "common_phases", "shuffled_time"}).description(""));
  command->add_option("--draws", arguments->draws, "Surrogates of --null")
      ->type_name("N")
      ->default_str("99")
      ->check(CLI::Range(1, 1'000'000).description(""));
  arguments->results.add_to(*command, true);
  command->footer(
      std::string(trial_input_help) +
      "Results: projection (n, dim), projections (trials, T, dim), mean (n), variances\n"
      "(dim); how each start ended. Exit code 1 if the best one did not converge.\n"
      "\n"
      "Examples:\n"
      "  nullcline dca recording.npz --dim 2 --window 10 --starts 20\n"
      "  nullcline dca recording.npz --dim 6 --dims --cross-validate 1,2,5,10\n"
      "  nullcline dca recording.npz --null independent_phases --draws 199\n"
      "  nullcline dca runs/x/networks/ID.h5 --npz components.npz\n"
      "  nullcline dca data.h5 --key rates --json - | jq .predictive_information");
  command->callback([arguments, &action] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace nullcline::apps
