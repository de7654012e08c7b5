// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include "apps/commands.hpp"
#include "apps/network_options.hpp"
#include "apps/setting_options.hpp"
#include "apps/text.hpp"
#include "apps/watch.hpp"
#include "nullcline/study/analyses/line_attractors.hpp"

namespace nullcline::apps {
namespace {

using study::RelaxedLine;

constexpr Index state_trials = 4;  // of each condition, that states come from

struct Arguments {
  NetworkOptions network;
  InputOption input;
  std::unique_ptr<SettingOptions> settings;
};

std::string words(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string table_text(const std::vector<RelaxedLine>& all) {
  TextTable table({"#", "input", "verdict", "distinct", "in chain", "dimension", "aspect", "slow",
                   "length", "readout", "inputs"});
  for (std::size_t i = 0; i < all.size(); ++i) {
    const dynamics::LineAttractor& line = all[i].line;
    const bool known = line.status == dynamics::LineStatus::completed;
    std::string inputs;
    for (const double alignment : line.input_alignments) {
      inputs += fmt::format("{}{:.2f}", inputs.empty() ? "" : ",", alignment);
    }
    table.add({std::to_string(i + 1), all[i].at.name,
               words(known ? name_of(line.verdict) : name_of(line.status)),
               std::to_string(line.distinct), fmt::format("{:.2f}", line.chain_fraction),
               fmt::format("{:.2f}", line.local_dimension), number(line.aspect_ratio),
               fmt::format("{:.2f}", line.slow_fraction), number(line.length),
               fmt::format("{:.2f}", line.readout_alignment), inputs});
  }
  return table.text();
}

/// The zeros of the drift along each line; empty without a line.
std::string drift_text(const std::vector<RelaxedLine>& all) {
  TextTable table({"line", "theta", "drift there", "time constant, s"});
  std::string text;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const dynamics::LineAttractor& line = all[i].line;
    if (line.verdict != dynamics::LineVerdict::line) continue;
    for (const auto& zero : line.drift.zeros) {
      table.add({std::to_string(i + 1), fmt::format("{:.3f}", zero.theta),
                 zero.stable ? "to it" : "away", number(zero.time_constant)});
    }
    text += fmt::format(
        "Line {}: {:.0f} % of it stands still; {}, {}.\n", i + 1, 100 * line.drift.standing,
        line.drift.leaves_at_begin ? "the drift leaves it at theta = -1" : "not left at theta = -1",
        line.drift.leaves_at_end ? "and at 1" : "nor at 1");
  }
  return (table.empty() ? "" : table.text()) + text;
}

int run(const Arguments& arguments) {
  const Settings settings = arguments.settings->settings();
  const NetworkInput input = arguments.network.load();
  const auto inputs = arguments.input.all(input, arguments.network.file);
  const Matrix states = trajectory_states(input, inputs, state_trials);
  Watch watch;
  const auto all = study::relaxed_lines(input.network(), inputs, states, settings, input.seed(),
                                        input.stream(), watch.progress("lines", 0, 1));
  if (!watch.finish()) return watch.exit_code();
  io::Dataset result = study::line_attractors(all, input.network());
  result.attributes.update(arguments.network.attributes(input));
  deliver(arguments.network.results, table_text(all) + drift_text(all), result);
  return std::all_of(all.begin(), all.end(),
                     [](const RelaxedLine& each) {
                       return each.line.status == dynamics::LineStatus::completed;
                     })
             ? done
             : look;
}

}  // namespace

void add_line_attractor(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "line-attractor",
      "Whether states relax to a line at constant inputs, and the drift along it");
  arguments->network.add_to(*command);
  arguments->input.add_to(*command, true);
  arguments->settings = std::make_unique<SettingOptions>(*command, study::line_schema());
  command->footer(
      "States of the task's noisy trials, or of free runs, make --relax steps at each constant\n"
      "input. The first table says what they come to: a line, isolated points, a plane or more,\n"
      "or none of these; distinct points, the fraction in one chain, the dimension of their\n"
      "neighborhoods, length over thickness, the fraction of places with one slow mode, and the\n"
      "cosines of the line with the readout and the effects of inputs. The second: where the\n"
      "drift along a line changes its sign, theta being its arclength from -1 to 1, and how fast\n"
      "states come or go there. Longer --relax leaves less beside a line, and less of a line that\n"
      "drifts. Exit code 1 where there is no verdict.\n"
      "\n"
      "Examples:\n"
      "  nullcline line-attractor runs/x/networks/ID.h5\n"
      "  nullcline line-attractor network.h5 --input 0 --relax 100 --json line.json");
  command->callback([arguments, &action] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace nullcline::apps
