// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <memory>

#include "apps/commands.hpp"
#include "apps/interrupt.hpp"
#include "apps/progress_line.hpp"
#include "apps/results.hpp"
#include "apps/text.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/report/report.hpp"
#include "nullcline/study/catalog.hpp"
#include "nullcline/study/report.hpp"

namespace nullcline::apps {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::string study, out, shard;
  int jobs = 0;
  bool no_report = false;
  study::StudyOptions options;
  ResultOptions results;
};

/// "2/8": the second of eight.
void read_shard(const std::string& text, study::RunOptions& options) {
  if (text.empty()) return;
  const Error wrong("", "--shard", "'" + text + "'", "I/N with 1 <= I <= N, as 2/8");
  const auto slash = text.find('/');
  if (slash == std::string::npos) throw wrong;
  const char* end = text.data() + text.size();
  Index number = 0;
  const auto first = std::from_chars(text.data(), text.data() + slash, number);
  const auto second = std::from_chars(text.data() + slash + 1, end, options.shards);
  if (first.ptr != text.data() + slash || second.ptr != end || first.ec != std::errc() ||
      second.ec != std::errc() || number < 1 || number > options.shards) {
    throw wrong;
  }
  options.shard = number - 1;
}

/// A metric of the catalog; infinite if it is not a number, as the error of a network that ran
/// away is.
double number_in(const io::Json& metrics, const char* name) {
  const auto it = metrics.find(name);
  const bool finite = it != metrics.end() && it->is_number();
  return finite ? it->get<double>() : std::numeric_limits<double>::infinity();
}

/// What the catalog says of the networks of a population.
struct Summary {
  std::string population;
  Index networks = 0, trained = 0, judged = 0, reached = 0;
  std::vector<double> errors;
  double criterion = 0;

  /// NaN if there is no error.
  double median_error() const {
    if (errors.empty()) return std::numeric_limits<double>::quiet_NaN();
    std::vector<double> sorted = errors;
    std::sort(sorted.begin(), sorted.end());
    const std::size_t half = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
};

std::vector<Summary> summarize(const study::Study& study, const fs::path& out) {
  std::map<std::string, std::size_t> population_of_network;
  std::vector<Summary> summaries;
  for (const auto& population : study.populations) {
    summaries.push_back({population.name, population.networks, 0, 0, 0, {}, 0});
  }
  for (const auto& network : study::networks_of(study, out)) {
    const auto it = std::find_if(summaries.begin(), summaries.end(), [&](const Summary& summary) {
      return summary.population == network.population;
    });
    population_of_network[network.id] = static_cast<std::size_t>(it - summaries.begin());
  }
  for (const auto& row : study::Catalog(out / "catalog.sqlite").rows()) {
    const auto it = population_of_network.find(row.network);
    if (it == population_of_network.end()) continue;  // of another study in the same directory
    Summary& summary = summaries[it->second];
    if (row.kind == "network" && row.state == "done") ++summary.trained;
    if (row.kind != "outputs" || row.state != "done") continue;
    ++summary.judged;
    summary.errors.push_back(number_in(row.metrics, "error"));
    summary.criterion = number_in(row.metrics, "criterion");
    if (row.metrics.value("reached", false)) ++summary.reached;
  }
  return summaries;
}

std::string table_of(const std::vector<Summary>& summaries) {
  TextTable table({"population", "networks", "trained", "performing", "median error"});
  std::string missed;
  for (const Summary& summary : summaries) {
    table.add({summary.population, std::to_string(summary.networks),
               std::to_string(summary.trained),
               summary.judged > 0 ? std::to_string(summary.reached) : "-",
               number(summary.median_error())});
    if (summary.reached < summary.judged) {
      // Tasks that are not judged by their error name no largest one.
      const bool by_error = std::isfinite(summary.criterion);
      missed += fmt::format(
          "{} of {} did not reach the criterion{}.\n",
          counted(summary.judged - summary.reached, "network"), summary.population,
          by_error ? ": their error is above " + number(summary.criterion) : " of the task");
    }
  }
  return table.text() + missed;
}

io::Json json_of(const std::vector<Summary>& summaries, const study::RunResult& result,
                 const fs::path& out) {
  io::Json json = {{"directory", out.string()},   {"networks", result.networks},
                   {"trained", result.trained},   {"analyzed", result.analyzed},
                   {"joined", result.joined},     {"joins_wait", result.joins_wait},
                   {"reused", result.reused},     {"cancelled", result.cancelled},
                   {"failures", result.failures}, {"populations", io::Json::array()}};
  for (const Summary& summary : summaries) {
    json["populations"].push_back({{"name", summary.population},
                                   {"networks", summary.networks},
                                   {"trained", summary.trained},
                                   {"performing", summary.reached},
                                   {"criterion", summary.criterion},
                                   {"median_error", summary.median_error()},
                                   {"errors", summary.errors}});
  }
  return json;
}

std::string work_done(const study::RunResult& result) {
  const std::string waiting =
      result.joins_wait ? "The joins wait for networks of other shards.\n" : "";
  if (result.trained == 0 && result.analyzed == 0 && result.joined == 0) {
    return (result.failures.empty() && waiting.empty() ? "Everything was there already.\n" : "") +
           waiting;
  }
  std::string text = fmt::format("{} trained, {} computed", counted(result.trained, "network"),
                                 counted(result.analyzed, "analysis", "analyses"));
  if (result.joined > 0) text += ", " + counted(result.joined, "join");
  if (result.reused > 0) text += fmt::format("; {} there already", result.reused);
  return text + ".\n" + waiting;
}

/// Writes the report where one was asked for, and says where it is, or why it is not.
std::string report_of(const Arguments& arguments, const fs::path& out,
                      const std::vector<Summary>& summaries) {
  if (arguments.no_report) return "";
  if (!report::available()) return "No report: this build of nullcline has no report page.\n";
  const bool whole = std::all_of(summaries.begin(), summaries.end(), [](const Summary& summary) {
    return summary.trained == summary.networks;
  });
  if (!arguments.shard.empty() && !whole) {
    return fmt::format("Networks of other shards are missing; then: nullcline report {}\n",
                       out.string());
  }
  return "report: " + study::write_report(out).string() + "\n";
}

int run(const Arguments& arguments) {
  arguments.results.check();
  study::RunOptions options;
  options.threads = Threads{arguments.jobs};
  read_shard(arguments.shard, options);
  const study::Study study = study::find_study(arguments.study, arguments.options);
  fs::path out = arguments.out;
  if (out.empty())
    out = fs::path("runs") / (study.name + (arguments.options.quick ? "_quick" : ""));

  study::RunResult result;
  const Interrupt interrupt;
  {
    ProgressLine line;
    options.progress = [&](const study::RunProgress& progress) {
      line.show(
          progress.fraction,
          fmt::format("{} of {}", progress.networks_done, counted(progress.networks, "network")),
          progress.now);
      return !interrupt.requested();
    };
    result = study::run(study, out, options);
  }
  for (const std::string& failure : result.failures) {
    fmt::print(stderr, "nullcline: failed: {}\n", one_line(failure));
  }
  if (result.cancelled) {
    fmt::print(stderr,
               "nullcline: interrupted; what was done is kept in {}, and the same command goes on "
               "from there\n",
               one_line(out.string()));
    return interrupt.exit_code();
  }
  const auto summaries = summarize(study, out);
  const std::string text = table_of(summaries) + work_done(result);
  deliver(arguments.results, text + report_of(arguments, out, summaries),
          json_of(summaries, result, out));
  return result.failures.empty() ? done : look;
}

}  // namespace

void add_run(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("run", "Train the networks of a study, analyze them, write the report");
  command->add_option("STUDY", arguments->study, "A TOML file, or the name of a shipped study")
      ->type_name("STUDY")
      ->required();
  command
      ->add_option("--out", arguments->out,
                   "Where results go; runs/NAME if not given, runs/NAME_quick with --quick")
      ->type_name("DIR");
  command->add_option("--jobs", arguments->jobs, "Networks at a time; 0: one a core")
      ->type_name("N")
      ->default_str("0")
      ->check(CLI::Range(0, 1 << 16).description(""));
  command
      ->add_option("--set", arguments->options.overrides,
                   "Set a key of the study, * standing for every key; can be given several times")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command
      ->add_option("--shard", arguments->shard,
                   "Only the Ith of N parts of the networks; the parts may run at the same time "
                   "on several machines with one directory")
      ->type_name("I/N");
  command->add_flag("--quick", arguments->options.quick,
                    "The small version that the study describes in [quick]");
  command->add_flag("--no-report", arguments->no_report, "Leave out report.html");
  arguments->results.add_to(*command, false);
  command->footer(
      "What is there already is not computed again: after Ctrl-C, a crash or a change of the\n"
      "study the same command computes what is missing. Results do not depend on --jobs,\n"
      "--shard or interruptions. Exit code 1 if a job failed or a training diverged; a network\n"
      "that does not reach the criterion is a result, and is told.\n"
      "\n"
      "Examples:\n"
      "  nullcline run amrut2021_hypotheses\n"
      "  nullcline run study.toml --out runs/wide --set populations.*.cell.units=512\n"
      "  nullcline run study.toml --shard 2/8 --no-report");
  command->callback([arguments, &action] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace nullcline::apps
