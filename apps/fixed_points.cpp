// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/fixed_points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "apps/commands.hpp"
#include "apps/network_options.hpp"
#include "apps/setting_options.hpp"
#include "apps/steady_points.hpp"
#include "apps/text.hpp"
#include "apps/watch.hpp"
#include "nullcline/dynamics/linear/linearization.hpp"
#include "nullcline/study/analyses/steady_points.hpp"

namespace nullcline::apps {
namespace {

using study::SteadyPoints;

constexpr Index default_starts = 64, default_round = 256, default_max_starts = 8192;

struct Arguments {
  NetworkOptions network;
  InputOption input;
  Index starts = 0;  // the default depends on `complete`
  Index max_starts = default_max_starts;
  bool complete = false;
  std::unique_ptr<SettingOptions> settings;
};

/// A row of the table: a point of those at one input.
struct Row {
  const SteadyPoints& points;
  std::size_t input;
  Index point;
  bool slow() const { return point >= points.fixed; }
  const dynamics::Linearization& linear() const {
    return points.linearizations[static_cast<std::size_t>(point)];
  }
  Index multiplicity() const { return points.multiplicity[static_cast<std::size_t>(point)]; }
  const std::string& kind() const {
    return study::point_kinds()[static_cast<std::size_t>(study::kind_of(points, point))];
  }
  /// What is proven; a slow point has no certificate.
  dynamics::Certificate certificate() const {
    return slow() ? dynamics::Certificate() : points.certificates[static_cast<std::size_t>(point)];
  }
  bool certified() const {
    return certificate().status == dynamics::CertificateStatus::certified && !slow();
  }
};

std::vector<Row> rows_of(const std::vector<SteadyPoints>& all) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (Index p = 0; p < all[i].states.cols(); ++p) rows.push_back({all[i], i, p});
  }
  return rows;
}

/// "certified", or why not.
std::string proof_text(const Row& row) {
  return row.slow() ? "-" : dynamics::name_of(row.certificate().status);
}

/// A vector of each row, as the rows of an array (P, width).
template <class Of>
Array matrix_of(const std::vector<Row>& rows, Index width, const Of& of) {
  Matrix all(static_cast<Index>(rows.size()), width);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    all.row(static_cast<Index>(r)) = of(rows[r]).transpose();
  }
  return Array::matrix(all);
}

/// What stands in the result of the analysis of a study, and more.
io::Dataset dataset_of(const std::vector<SteadyPoints>& all, const cells::Network& network) {
  io::Dataset result = study::steady_points(all, network);
  const auto rows = rows_of(all);
  const Index n = network.state_dim();
  result.arrays["time_constants"] =
      matrix_of(rows, n, [](const Row& r) { return r.linear().time_constants; });
  result.arrays["frequencies"] =
      matrix_of(rows, n, [](const Row& r) { return r.linear().frequencies; });
  std::vector<std::int64_t> degrees, unstable;
  io::Json proofs = io::Json::array();
  for (const Row& row : rows) {
    degrees.push_back(row.certificate().degree);
    unstable.push_back(row.certificate().unstable);
    proofs.push_back(proof_text(row));
  }
  result.arrays["proven_degree"] = Array::integers(degrees);
  result.arrays["proven_unstable"] = Array::integers(unstable);
  result.attributes["proofs"] = proofs;
  result.attributes["kinds"] = study::point_kinds();
  return result;
}

std::string table_text(const std::vector<SteadyPoints>& all) {
  TextTable table({"#", "input", "kind", "|F(x)-x|", "q, 1/s^2", "unstable", "slowest, s", "Hz",
                   "starts", "proof", "radius"});
  for (const Row& row : rows_of(all)) {
    const dynamics::Linearization& linear = row.linear();
    Index slowest = 0;  // decaying or growing
    linear.time_constants.cwiseAbs().maxCoeff(&slowest);
    table.add({std::to_string(row.point + 1), row.points.at.name, row.kind(),
               fmt::format("{:.1e}", row.points.residuals(row.point)),
               fmt::format("{:.1e}", row.points.speeds(row.point)), std::to_string(linear.unstable),
               number(linear.time_constants(slowest)),
               number(std::abs(linear.frequencies(slowest))),
               row.multiplicity() == 0 ? "-" : std::to_string(row.multiplicity()), proof_text(row),
               row.certified() ? fmt::format("{:.1e}", row.certificate().radius_exists) : "-"});
  }
  return table.empty() ? "no points found\n" : table.text();
}

/// Slow points by their time scales; empty without one.
std::string slow_text(const std::vector<SteadyPoints>& all) {
  TextTable table({"slow #", "input", "grade", "|F(x)-x|", "passage, s", "steps", "dwell, s",
                   "decay, s", "escape, s"});
  for (const Row& row : rows_of(all)) {
    if (!row.slow()) continue;
    const auto& time = row.points.times[static_cast<std::size_t>(row.point - row.points.fixed)];
    const double step = row.points.dt;
    table.add({std::to_string(row.point + 1), row.points.at.name, dynamics::name_of(time.grade),
               fmt::format("{:.1e}", row.points.residuals(row.point)), number(time.passage),
               number(time.passage / step), number(time.dwell), number(time.decay),
               number(time.escape)});
  }
  return table.empty() ? "" : table.text();
}

std::string text_of(const std::vector<SteadyPoints>& all, const io::Dataset& result) {
  std::string text = table_text(all) + slow_text(all), ends;
  for (const auto& [status, count] : result.attributes["statuses"].items()) {
    ends += fmt::format("{}{} {}", ends.empty() ? "" : ", ", count.get<Index>(), status);
  }
  if (!ends.empty()) text += fmt::format("How the searches ended: {}.\n", ends);
  for (const SteadyPoints& points : all) {
    text += wrapped((all.size() > 1 ? points.at.name + ": " : "") + statement(points), text_width(),
                    2) +
            "\n";
  }
  return text;
}

study::SteadySearch search_of(const Arguments& arguments, const Settings& settings,
                              const NetworkInput& input) {
  const Index starts = arguments.starts > 0 ? arguments.starts
                       : arguments.complete ? default_round
                                            : default_starts;
  study::SteadySearch options = steady_search(input, starts, arguments.network.threads());
  options.search.tolerance = settings.number("tolerance");
  options.search.slow_points = settings.flag("slow_points");
  options.complete = arguments.complete;
  if (arguments.complete) options.starts.states = options.starts.noisy = default_starts / 4;
  if (arguments.complete) options.starts.mixes = default_starts / 2;
  options.max_starts = arguments.max_starts;
  return options;
}

int run(const Arguments& arguments) {
  const Settings settings = arguments.settings->settings();
  const NetworkInput input = arguments.network.load();
  const auto inputs = arguments.input.all(input, arguments.network.file);
  const study::SteadySearch options = search_of(arguments, settings, input);
  const Matrix states = trajectory_states(input, inputs, settings.integer("trials"));

  Watch watch;
  std::vector<SteadyPoints> all;
  const auto count = static_cast<double>(inputs.size());
  for (std::size_t i = 0; i < inputs.size() && !watch.interrupted(); ++i) {
    const auto done_before = static_cast<double>(i);
    all.push_back(study::find_steady_points(
        input.network(), inputs[i], states, options,
        watch.progress("at " + inputs[i].name, done_before / count, (done_before + 1) / count)));
  }
  if (!watch.finish()) return watch.exit_code();
  io::Dataset result = dataset_of(all, input.network());
  result.attributes.update(arguments.network.attributes(input));
  result.attributes["tolerance"] = options.search.tolerance;
  deliver(arguments.network.results, text_of(all, result), result);
  return std::all_of(all.begin(), all.end(), [](const auto& points) { return points.good(); })
             ? done
             : look;
}

const char* const footer =
    "A file that a study wrote says its task: starts are states of its noisy trials, and the\n"
    "points are those of the study. Otherwise starts are states that the network passes\n"
    "through in 100 steps at the inputs from 32 random states, N(0, 1) in each unit.\n"
    "\n"
    "The table: q = |F(x)-x|^2 / (2 dt^2), how many directions are unstable, time constant\n"
    "(negative: growing) and frequency of the slowest mode, how many starts led there; and\n"
    "whether it is proven that exactly one fixed point lies in a box of this radius (in each\n"
    "unit) around the state. Below, what is known of points that were not found: the degree\n"
    "sum over all is +1 where the network takes a box into itself, so any other sum proves\n"
    "that some are missing; how many are unseen is estimated by how often each was met.\n"
    "\n"
    "--complete searches on until both agree, for slow points from 64 starts only; networks\n"
    "with ReLU or leaky ReLU and at most 20 units are solved in all their linear regions. Exit\n"
    "code 1 if at some input no fixed point was found, points are proven to be missing, or\n"
    "--complete did not come to its end.\n"
    "\n"
    "Examples:\n"
    "  nullcline fixed-points runs/x/networks/ID.h5\n"
    "  nullcline fixed-points network.h5 --complete --max-starts 4096\n"
    "  nullcline fixed-points network.h5 --input 0.5,0.2 --input 0,0 --starts 256\n"
    "  nullcline fixed-points network.npz --parameters initial --json - | jq .residual";

}  // namespace

void add_fixed_points(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "fixed-points", "Fixed and slow points of a network at constant inputs, with proofs");
  arguments->network.add_to(*command);
  arguments->input.add_to(*command, true);
  command
      ->add_option("--starts", arguments->starts,
                   "Searches at each input: a quarter from states on trajectories, half from "
                   "mixes of two, a quarter from such mixes with noise")
      ->type_name("N")
      ->default_str(fmt::format("{}; a round of --complete {}", default_starts, default_round))
      ->check(CLI::Range(1, 1'000'000).description(""));
  command->add_flag("--complete", arguments->complete,
                    "Search in rounds until nothing says that points are missing");
  command->add_option("--max-starts", arguments->max_starts, "Of all rounds of --complete")
      ->type_name("N")
      ->default_str(std::to_string(default_max_starts))
      ->check(CLI::Range(1, 100'000'000).description(""));
  arguments->settings = std::make_unique<SettingOptions>(
      *command, study::analysis_kind("fixed_points").schema,
      std::vector<std::string>{"states", "mixes", "noisy", "complete", "max_starts"});
  command->footer(footer);
  command->callback([arguments, &action] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace nullcline::apps
