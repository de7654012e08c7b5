// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/pca.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "apps/commands.hpp"
#include "apps/results.hpp"
#include "apps/setting_options.hpp"
#include "apps/text.hpp"
#include "apps/trial_input.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/representation/dimension.hpp"
#include "nullcline/study/analysis.hpp"

namespace nullcline::apps {
namespace {

using representation::Pca;
using representation::PcaMethod;

constexpr Index all_of_few = 1000;  // Up to so many variances are computed all.

struct Arguments {
  TrialInput input;
  std::unique_ptr<SettingOptions> settings;
  PcaMethod method = PcaMethod::automatic;
  ResultOptions results;
};

io::Dataset dataset_of(const Trials& data, const Pca& pca, Index shown) {
  const Matrix basis = pca.basis.leftCols(shown);
  io::Dataset result;
  result.attributes = {{"data", data.origin},
                       {"total_variance", pca.total_variance},
                       {"method", name_of(pca.method)},
                       {"unseen_variance", pca.unseen_variance}};
  result.arrays["mean"] = Array::vector(pca.mean);
  result.arrays["basis"] = Array::matrix(basis);
  result.arrays["variances"] = Array::vector(pca.variances);
  result.arrays["explained"] = Array::vector(pca.explained);
  add_projections(result, data, pca.mean, basis);
  return result;
}

Index most_components(const Trials& data) {
  Index samples = 0;
  for (const Matrix& trial : data.trials) samples += trial.cols();
  return std::min(samples, data.trials.front().rows());
}

std::string table_of(const Trials& data, const Pca& pca, Index shown) {
  TextTable table({"component", "variance", "explained", "together"});
  double together = 0;
  for (Index i = 0; i < shown; ++i) {
    together += pca.explained(i);
    table.add({std::to_string(i + 1), number(pca.variances(i)),
               fmt::format("{:.2f} %", 100 * pca.explained(i)),
               fmt::format("{:.2f} %", 100 * together)});
  }
  const std::string total = fmt::format("total variance {}", number(pca.total_variance));
  if (pca.method == PcaMethod::randomized) {
    return data.origin + "\n" + table.text() +
           fmt::format("{}; randomized: no direction left out has more than {}\n", total,
                       number(pca.unseen_variance));
  }
  const bool all = pca.variances.size() == most_components(data);
  return data.origin + "\n" + table.text() +
         (all ? fmt::format("{}, participation ratio {}\n", total,
                            number(representation::participation_ratio(pca.variances)))
              : total + "\n");
}

int run(const Arguments& arguments) {
  arguments.results.check();
  const Settings settings = arguments.settings->settings();
  const Trials data = arguments.input.load(settings.integer("trials"));
  const Index most = most_components(data);
  const Index shown = std::min<Index>(settings.integer("dim"), most);
  const bool all = arguments.method == PcaMethod::exact ||
                   (arguments.method == PcaMethod::automatic && most < all_of_few);
  const Pca pca =
      representation::pca(data.trials, {.dim = all ? 0 : shown, .method = arguments.method});
  deliver(arguments.results, table_of(data, pca, shown), dataset_of(data, pca, shown));
  return done;
}

}  // namespace

void add_pca(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("pca", "Principal components of data or of a network");
  arguments->input.add_to(*command);
  arguments->settings =
      std::make_unique<SettingOptions>(*command, study::analysis_kind("pca").schema);
  command
      ->add_option_function<std::string>(
          "--method",
          [arguments](const std::string& word) {
            for (const auto each :
                 {PcaMethod::automatic, PcaMethod::exact, PcaMethod::randomized}) {
              if (word == name_of(each)) arguments->method = each;
            }
          },
          "The randomized one finds --dim components only, of 1000 units and steps or more")
      ->type_name("automatic|exact|randomized")
      ->default_str("automatic")
      ->check(CLI::IsMember({"automatic", "exact", "randomized"}).description(""));
  arguments->results.add_to(*command, true);
  command->footer(std::string(trial_input_help) +
                  "Results: mean (n), basis (n, dim), projections (trials, T, dim), variances and\n"
                  "explained (all, or dim if randomized).\n"
                  "\n"
                  "Examples:\n"
                  "  nullcline pca recording.npz --key rates --dim 5\n"
                  "  nullcline pca runs/x/networks/ID.h5 --npz components.npz\n"
                  "  nullcline pca session.nwb --bin 0.01 --intervals trials --smooth 0.03s\n"
                  "  nullcline pca sequences.h5 --axes tbn --json -");
  command->callback([arguments, &action] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace nullcline::apps
