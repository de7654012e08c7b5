// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>

#include "apps/commands.hpp"
#include "apps/number_check.hpp"
#include "apps/results.hpp"
#include "apps/run_or_exit.hpp"
#include "apps/text.hpp"
#include "apps/trial_input.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/representation/homology/landmarks.hpp"
#include "nullcline/representation/homology/persistent_homology.hpp"
#include "nullcline/study/analyses/homology.hpp"

namespace nullcline::apps {
namespace {

using representation::BettiNumbers;
using representation::Diagram;
using representation::HomologySize;
using representation::PersistentHomology;

struct Arguments {
  TrialInput input;
  representation::HomologyOptions homology;
  representation::SamplingOptions sampling;
  Index trials = 16, bars = 5;
  int jobs = 0;
  bool size_only = false;
  ResultOptions results;
};

/// What was found, and what it holds for.
struct Findings {
  PersistentHomology homology;
  double sampling_radius = 0;
  BettiNumbers of_points, of_set;
};

std::string size_text(const HomologySize& size, const Arguments& arguments) {
  const bool within = size.simplices <= arguments.homology.max_simplices;
  return fmt::format(
      "{}; {} up to {}{}, {} after collapse; {}{}, about {:.3g} MB\n",
      counted(size.points, "landmark"), counted(size.edges, "edge"), number(size.max_edge),
      size.complete ? " (the enclosing radius)" : "", size.kept_edges, within ? "" : "more than ",
      counted(size.simplices - (within ? 0 : 1), "simplex", "simplices"), size.bytes / 1e6);
}

std::string death_of(const representation::Bar& bar) {
  return std::isinf(bar.death) ? "inf" : number(bar.death);
}

std::string text_of(const Trials& data, const Findings& found, const Arguments& arguments) {
  const PersistentHomology& homology = found.homology;
  TextTable table(
      {"dimension", "bars", "infinite", "of all points", "of what they are drawn from"});
  TextTable longest({"dimension", "birth", "death", "persistence"});
  for (std::size_t k = 0; k < homology.diagrams.size(); ++k) {
    const Diagram& diagram = homology.diagrams[k];
    const auto infinite = std::count_if(diagram.begin(), diagram.end(),
                                        [](const auto& bar) { return std::isinf(bar.death); });
    table.add({fmt::format("H{}", k), std::to_string(diagram.size()), std::to_string(infinite),
               std::to_string(found.of_points.numbers[k]),
               std::to_string(found.of_set.numbers[k])});
    const auto shown = std::min(static_cast<std::size_t>(arguments.bars), diagram.size());
    for (std::size_t i = 0; i < shown; ++i) {
      longest.add({fmt::format("H{}", k), number(diagram[i].birth), death_of(diagram[i]),
                   std::isinf(diagram[i].death) ? "inf" : number(diagram[i].persistence())});
    }
  }
  return data.origin + "\n" + size_text(homology.size, arguments) + table.text() +
         fmt::format(
             "The Betti numbers count bars longer than {} (all points: 4 x the covering "
             "radius {}) and\n{} (at {:g} % confidence, another 4 x {}); bars counted are "
             "there, bars not counted may be.\n",
             number(found.of_points.threshold), number(homology.covering_radius),
             number(found.of_set.threshold), 100 * arguments.sampling.confidence,
             number(found.sampling_radius)) +
         (longest.empty() ? "" : "\nlongest bars\n" + longest.text());
}

io::Dataset dataset_of(const Trials& data, const Findings& found, const Arguments& arguments) {
  const PersistentHomology& homology = found.homology;
  io::Dataset result;
  result.attributes = {{"data", data.origin},
                       {"prime", arguments.homology.prime},
                       {"size", study::json_of(homology.size)},
                       {"covering_radius", homology.covering_radius},
                       {"confidence", arguments.sampling.confidence},
                       {"sampling_radius", found.sampling_radius},
                       {"betti_of_points", found.of_points.numbers},
                       {"threshold_of_points", found.of_points.threshold},
                       {"betti_of_set", found.of_set.numbers},
                       {"threshold_of_set", found.of_set.threshold}};
  study::put_bars(result, "", homology);
  const auto count = static_cast<Index>(homology.landmarks.size());
  result.arrays["landmarks"] = Array::vector(
      Eigen::Map<const Eigen::Matrix<Index, Eigen::Dynamic, 1>>(homology.landmarks.data(), count)
          .cast<double>());
  return result;
}

int run(Arguments arguments) {
  arguments.results.check();
  const Trials data = arguments.input.load(arguments.trials);
  const Matrix states = representation::all_states(data.trials);
  arguments.sampling.threads = Threads{arguments.jobs};
  try {
    if (arguments.size_only) {
      HomologySize size;
      Watch watch;
      run_or_exit(watch, "size", [&](const Progress&) {
        size = representation::homology_size(states, arguments.homology);
      });
      if (!watch.finish()) return watch.exit_code();
      deliver(arguments.results, data.origin + "\n" + size_text(size, arguments),
              study::json_of(size));
      return done;
    }
    Findings found;
    Watch watch;
    run_or_exit(watch, "persistent homology", [&](const Progress& progress) {
      arguments.homology.progress = progress;
      found.homology = representation::persistent_homology(states, arguments.homology);
      if (states.cols() < 2 || found.homology.canceled) return;
      found.sampling_radius = representation::sampling_radius(states, arguments.sampling);
    });
    if (!watch.finish()) return watch.exit_code();
    found.of_points = representation::betti_numbers(found.homology);
    found.of_set = representation::betti_numbers(found.homology, found.sampling_radius);
    deliver(arguments.results, text_of(data, found, arguments), dataset_of(data, found, arguments));
  } catch (const std::invalid_argument& error) {
    throw Error::because(arguments.input.file, "", error.what());
  }
  return done;
}

void add_options(CLI::App& command, Arguments& arguments) {
  const auto positive = CLI::Range(Index{1}, std::numeric_limits<Index>::max()).description("");
  const auto not_negative = CLI::NonNegativeNumber.description("");
  auto& homology = arguments.homology;
  command.add_option("--dims", homology.max_dimension, "Highest dimension of holes, 0 .. 5")
      ->type_name("N")
      ->default_str("1")
      ->check(CLI::Range(0, 5).description(""));
  command.add_option("--landmarks", homology.landmarks, "At most as many points; 0: all")
      ->type_name("N")
      ->default_str("200")
      ->check(not_negative);
  command.add_option("--max-edge", homology.max_edge, "Longest edge; if not given, no limit")
      ->type_name("LENGTH")
      ->check(CLI::PositiveNumber.description(""));
  command.add_option("--prime", homology.prime, "Coefficients are integers modulo this prime")
      ->type_name("P")
      ->default_str("2");
  command
      .add_option("--max-simplices", homology.max_simplices,
                  "More are refused before they are built")
      ->type_name("N")
      ->default_str("10000000")
      ->check(positive);
  command.add_flag("--size", arguments.size_only, "Only tell how large the computation would be");
  command.add_option("--confidence", arguments.sampling.confidence, "Of the last column")
      ->type_name("P")
      ->default_str("0.95")
      ->check(CLI::Range(1e-3, 0.999).description(""));
  command.add_option("--seed", arguments.sampling.seed, "Of the subsamples behind it")
      ->type_name("N")
      ->default_str("0")
      ->check(seed_number());
  command.add_option("--bars", arguments.bars, "Longest bars shown of each dimension")
      ->type_name("N")
      ->default_str("5")
      ->check(not_negative);
  command
      .add_option("--trials", arguments.trials, "Of a network file: noisy trials of each condition")
      ->type_name("N")
      ->default_str("16")
      ->check(positive);
  command.add_option("--jobs", arguments.jobs, "Threads; 0: all cores")
      ->type_name("N")
      ->default_str("0")
      ->check(CLI::Range(0, 1 << 16).description(""));
}

}  // namespace

void add_homology(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "homology", "Loops and voids of the set of states: persistent homology of landmarks");
  arguments->input.add_to(*command);
  add_options(*command, *arguments);
  arguments->results.add_to(*command, true);
  command->footer(
      std::string(trial_input_help) +
      "Results: h0, h1, ... (bars, 2) births and deaths in units of distance, the longest first,\n"
      "infinite (null in JSON) if still there at the longest edge; landmarks; Betti numbers.\n"
      "\n"
      "Examples:\n"
      "  nullcline homology recording.npz --dims 2 --max-edge 3\n"
      "  nullcline homology recording.npz --dims 2 --landmarks 400 --size\n"
      "  nullcline homology runs/x/networks/ID.h5 --npz bars.npz");
  command->callback([arguments, &action] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace nullcline::apps
