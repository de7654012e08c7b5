// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/mds.hpp"

#include <fmt/format.h>

#include <memory>

#include "apps/commands.hpp"
#include "apps/distance_input.hpp"
#include "apps/number_check.hpp"
#include "apps/results.hpp"
#include "apps/text.hpp"
#include "apps/watch.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/representation/linkage.hpp"
#include "nullcline/representation/smacof.hpp"
#include "nullcline/study/joins/label_tests.hpp"

namespace nullcline::apps {
namespace {

using representation::ClassicalMds;
using representation::Smacof;

struct Arguments {
  DistanceInput input;
  Index dim = 2, starts = 8;
  bool symmetrize = false;
  study::LabelTestOptions tests;
  int jobs = 0;
  ResultOptions results;
};

struct Findings {
  ClassicalMds classical;
  Smacof map;
  std::vector<Index> order;
  io::Json tests = io::Json::array();
};

/// What the tests need and the map does not, before either is made.
void require_testable(const Arguments& arguments, Index K) {
  if (arguments.input.labels.empty() || arguments.tests.neighbors < K) return;
  throw Error("", "--neighbors", std::to_string(arguments.tests.neighbors),
              fmt::format("fewer than the {} of {}", counted(K, "object"), arguments.input.file));
}

/// `first` is where the tests begin in the progress of the whole.
io::Json tests_of(const Arguments& arguments, const Matrix& D, const std::vector<Label>& labels,
                  const std::vector<Index>& strata, Watch& watch, double first) {
  io::Json tests = io::Json::array();
  const double part = (1 - first) / static_cast<double>(labels.size());
  for (std::size_t k = 0; k < labels.size(); ++k) {
    const Label& label = labels[k];
    if (label.name == arguments.input.strata) continue;
    study::LabelTestOptions options = arguments.tests;
    const double begin = first + part * static_cast<double>(k);
    options.progress = watch.progress("permutations of " + label.name, begin, begin + part);
    io::Json row = study::label_test(D, label.of, strata, options);
    row["label"] = label.name;
    tests.push_back(std::move(row));
  }
  return tests;
}

std::string map_text(const Distances& given, const std::vector<Label>& labels, const Matrix& map) {
  std::vector<std::string> headings = {""};
  if (!given.names.empty()) headings.push_back("object");
  for (const Label& label : labels) headings.push_back(label.name);
  for (Index i = 0; i < map.rows(); ++i) headings.push_back(fmt::format("x{}", i + 1));
  TextTable table(headings);
  for (Index j = 0; j < map.cols(); ++j) {
    const auto at = static_cast<std::size_t>(j);
    std::vector<std::string> row = {std::to_string(j + 1)};
    if (!given.names.empty()) row.push_back(one_line(given.names[at]));
    for (const Label& label : labels) row.push_back(label.words[at]);
    for (Index i = 0; i < map.rows(); ++i) row.push_back(number(map(i, j)));
    table.add(row);
  }
  return table.text();
}

std::string tests_text(const io::Json& tests) {
  TextTable table({"label", "classes", "silhouette", "pseudo-F", "R^2", "p", "nearest", "balanced",
                   "chance", "p"});
  std::string untested;
  for (const io::Json& row : tests) {
    const auto label = row["label"].get<std::string>();
    if (row["status"] != "tested") {
      untested += fmt::format("{}: {}, not tested\n", label, row["status"].get<std::string>());
      continue;
    }
    std::vector<std::string> cells = {label, std::to_string(row["classes"].get<Index>())};
    for (const char* name : {"silhouette", "pseudo_f", "r_squared", "permanova_p", "accuracy",
                             "balanced_accuracy", "chance", "neighbor_p"}) {
      cells.push_back(row.contains(name) ? number(row[name].get<double>()) : "-");
    }
    table.add(cells);
  }
  return (table.empty() ? "" : table.text()) + untested;
}

std::string text_of(const Arguments& arguments, const Distances& given,
                    const std::vector<Label>& labels, const Findings& found) {
  return fmt::format("{}, {}: {}\n", arguments.input.file, given.source,
                     counted(given.D.rows(), "object")) +
         fmt::format("classical scaling: {} {} {:.1f} % of what is Euclidean; {:.1f} % is not\n",
                     counted(arguments.dim, "dimension"), arguments.dim == 1 ? "holds" : "hold",
                     100 * found.classical.explained, 100 * found.classical.negative_part) +
         fmt::format("SMACOF: stress-1 {}, the best of {}, {}\n", number(found.map.stress_1),
                     counted(std::ssize(found.map.attempts), "start"), name_of(found.map.status)) +
         map_text(given, labels, found.map.points) + tests_text(found.tests);
}

io::Dataset dataset_of(const Arguments& arguments, const Distances& given,
                       const std::vector<Label>& labels, const Findings& found) {
  io::Dataset result;
  result.attributes = {{"data", arguments.input.file},
                       {"names", given.names},
                       {"explained", found.classical.explained},
                       {"negative_part", found.classical.negative_part},
                       {"stress", found.map.stress},
                       {"stress_1", found.map.stress_1},
                       {"status", name_of(found.map.status)},
                       {"permutations", arguments.tests.permutations},
                       {"labels", io::Json::array()},
                       {"tests", found.tests}};
  result.arrays["map"] = Array::matrix(found.map.points.transpose());
  result.arrays["classical"] = Array::matrix(found.classical.points.transpose());
  result.arrays["classical_eigenvalues"] = Array::vector(found.classical.eigenvalues);
  result.arrays["order"] = Array::integers({found.order.begin(), found.order.end()});
  for (const Label& label : labels) {
    result.attributes["labels"].push_back({{"name", label.name}, {"classes", label.classes}});
    result.arrays[array_name(label)] = Array::integers({label.of.begin(), label.of.end()});
  }
  return result;
}

int run(const Arguments& arguments) {
  arguments.results.check();
  Distances given = distances_of(arguments.input);
  if (arguments.symmetrize && given.D.rows() == given.D.cols()) {
    given.D = (0.5 * (given.D + given.D.transpose())).eval();
  }
  require_testable(arguments, given.D.rows());
  const std::vector<Label> labels = labels_of(arguments.input, given.D.rows());
  const std::vector<Index> strata = strata_in(arguments.input, labels);
  Findings found;
  const double mapped = labels.empty() ? 1 : 0.5;  // of the progress
  Watch watch;
  try {
    found.classical = representation::classical_mds(given.D, {.dim = arguments.dim});
    found.map = representation::smacof(given.D, {.dim = arguments.dim,
                                                 .starts = arguments.starts,
                                                 .seed = arguments.tests.seed,
                                                 .threads = Threads{arguments.jobs},
                                                 .progress = watch.progress("map", 0, mapped)});
    if (!watch.interrupted()) {
      found.order = representation::average_linkage(given.D).order;
      found.tests = tests_of(arguments, given.D, labels, strata, watch, mapped);
    }
    if (!watch.finish()) return watch.exit_code();
  } catch (const std::invalid_argument& error) {
    throw Error::because(arguments.input.file, given.source, error.what());
  }
  deliver(arguments.results, text_of(arguments, given, labels, found),
          dataset_of(arguments, given, labels, found));
  return found.map.status == representation::SmacofStatus::converged ? done : look;
}

void add_options(CLI::App& command, Arguments& arguments) {
  command.add_option("DISTANCES", arguments.input.file, "A file with distances of all pairs")
      ->type_name("FILE")
      ->required();
  command
      .add_option("--key", arguments.input.key,
                  "The array; if not given, distances or the only one")
      ->type_name("NAME");
  CLI::Option* labels =
      command
          .add_option("--labels", arguments.input.labels,
                      "A table in .csv or .tsv: a line of names, then a line an object. Each "
                      "column is tested for how its labels cluster")
          ->type_name("FILE");
  command
      .add_option("--strata", arguments.input.strata,
                  "A column of it within whose labels the others are permuted")
      ->type_name("NAME")
      ->needs(labels);
  command.add_flag("--symmetrize", arguments.symmetrize,
                   "Take (D + D') / 2, for distances that are not symmetric (pwcca)");
  command.add_option("--dim", arguments.dim, "Dimensions of the map")
      ->type_name("D")
      ->default_str("2")
      ->check(CLI::Range(1, 1000).description(""));
  command
      .add_option("--starts", arguments.starts,
                  "Random starts of SMACOF, beside that at classical scaling")
      ->type_name("N")
      ->default_str("8")
      ->check(CLI::Range(0, 100000).description(""));
  command.add_option("--neighbors", arguments.tests.neighbors, "That vote for a label")
      ->type_name("K")
      ->default_str("1")
      ->needs(labels)
      ->check(CLI::Range(1, 100000).description(""));
  command.add_option("--permutations", arguments.tests.permutations, "Of labels, for p values")
      ->type_name("N")
      ->default_str("999")
      ->needs(labels)
      ->check(CLI::Range(0, 10000000).description(""));
  command.add_option("--seed", arguments.tests.seed, "Of starts and permutations")
      ->type_name("N")
      ->default_str("0")
      ->check(seed_number());
  command.add_option("--jobs", arguments.jobs, "Threads; 0 is all cores")
      ->type_name("N")
      ->default_str("0")
      ->check(CLI::Range(0, 100000).description(""));
}

}  // namespace

void add_mds(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "mds", "A map of objects by their distances, and how labels cluster on it");
  add_options(*command, *arguments);
  arguments->results.add_to(*command, true);
  command->footer(
      "DISTANCES is .npz or .h5 with an array (K, K), as compare writes it of more than two "
      "files,\n"
      "or a square table in .csv or .tsv, whose first line may name the objects. Of each column "
      "of\n"
      "--labels: silhouette, PERMANOVA (pseudo-F, R^2, p), and how often the nearest others have\n"
      "the same label, against permuted labels. The p values do not allow for one another.\n"
      "Results: map and classical (K, D), classical_eigenvalues (K), order (K) of the leaves of\n"
      "the tree of average linkage, label/NAME (K); the attribute tests.\n"
      "\n"
      "Examples:\n"
      "  nullcline compare runs/x/networks/*.h5 --metric procrustes_angular --npz distances.npz\n"
      "  nullcline mds distances.npz --labels cells.csv --npz map.npz\n"
      "  nullcline mds distances.csv --dim 3 --json -");
  command->callback([arguments, &action] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace nullcline::apps
