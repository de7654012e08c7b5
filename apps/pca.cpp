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
#include "nullcline/study/analysis.hpp"

namespace nullcline::apps {
namespace {

struct Arguments {
  TrialInput input;
  std::unique_ptr<SettingOptions> settings;
  ResultOptions results;
};

io::Dataset dataset_of(const Trials& data, const representation::Pca& pca, Index shown) {
  const Matrix basis = pca.basis.leftCols(shown);
  io::Dataset result;
  result.attributes = {{"data", data.origin}, {"total_variance", pca.total_variance}};
  result.arrays["mean"] = Array::vector(pca.mean);
  result.arrays["basis"] = Array::matrix(basis);
  result.arrays["variances"] = Array::vector(pca.variances);
  result.arrays["explained"] = Array::vector(pca.explained);
  add_projections(result, data, pca.mean, basis);
  return result;
}

std::string table_of(const Trials& data, const representation::Pca& pca, Index shown) {
  TextTable table({"component", "variance", "explained", "together"});
  double together = 0;
  for (Index i = 0; i < shown; ++i) {
    together += pca.explained(i);
    table.add({std::to_string(i + 1), number(pca.variances(i)),
               fmt::format("{:.2f} %", 100 * pca.explained(i)),
               fmt::format("{:.2f} %", 100 * together)});
  }
  const double share = pca.explained.squaredNorm();
  return data.origin + "\n" + table.text() +
         fmt::format("total variance {}, participation ratio {}\n", number(pca.total_variance),
                     number(share > 0 ? 1 / share : 0));
}

int run(const Arguments& arguments) {
  arguments.results.check();
  const Settings settings = arguments.settings->settings();
  const Trials data = arguments.input.load(settings.integer("trials"));
  const representation::Pca pca = representation::pca(data.trials);
  const Index shown = std::min<Index>(settings.integer("dim"), pca.basis.cols());
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
  arguments->results.add_to(*command, true);
  command->footer(std::string(trial_input_help) +
                  "Results: mean (n), basis (n, dim), projections (trials, T, dim), variances and\n"
                  "explained (all).\n"
                  "\n"
                  "Examples:\n"
                  "  nullcline pca recording.npz --key rates --dim 5\n"
                  "  nullcline pca runs/x/networks/ID.h5 --npz components.npz\n"
                  "  nullcline pca session.nwb --bin 0.01 --intervals trials --smooth 0.03s\n"
                  "  nullcline pca sequences.h5 --axes tbn --json -");
  command->callback([arguments, &action] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace nullcline::apps
