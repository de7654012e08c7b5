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
  std::string kind() const { return slow() ? "slow" : dynamics::name_of(linear().stability); }
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

/// The vectors that `of` gives for each row, as the rows of an array (P, width).
template <class Of>
Array matrix_of(const std::vector<Row>& rows, Index width, const Of& of) {
  Matrix all(static_cast<Index>(rows.size()), width);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const Vector row = of(rows[r]);
    all.row(static_cast<Index>(r)) = row.transpose();
  }
  return Array::matrix(all);
}

template <class Of>
Array reals_of(const std::vector<Row>& rows, const Of& of) {
  std::vector<double> values;
  for (const Row& row : rows) values.push_back(of(row));
  return {{static_cast<Index>(rows.size())}, std::move(values)};
}

template <class Of>
Array integers_of(const std::vector<Row>& rows, const Of& of) {
  std::vector<std::int64_t> values;
  for (const Row& row : rows) values.push_back(static_cast<std::int64_t>(of(row)));
  return Array::integers(values);
}

std::int64_t kind_index(const Row& row) {
  const auto& kinds = study::point_kinds();
  return std::find(kinds.begin(), kinds.end(), row.kind()) - kinds.begin();
}

void put_points(io::Dataset& result, const std::vector<Row>& rows, Index n, Index n_in) {
  auto& arrays = result.arrays;
  arrays["states"] = matrix_of(rows, n, [](const Row& r) { return r.points.states.col(r.point); });
  arrays["input"] = matrix_of(rows, n_in, [](const Row& r) { return r.points.at.input; });
  arrays["input_index"] = integers_of(rows, [](const Row& r) { return r.input; });
  arrays["kind"] = integers_of(rows, kind_index);
  arrays["residual"] = reals_of(rows, [](const Row& r) { return r.points.residuals(r.point); });
  arrays["speed"] = reals_of(rows, [](const Row& r) { return r.points.speeds(r.point); });
  arrays["multiplicity"] = integers_of(rows, [](const Row& r) { return r.multiplicity(); });
}

void put_spectra(io::Dataset& result, const std::vector<Row>& rows, Index n) {
  auto& arrays = result.arrays;
  arrays["eigenvalues_real"] =
      matrix_of(rows, n, [](const Row& r) -> Vector { return r.linear().eigenvalues.real(); });
  arrays["eigenvalues_imag"] =
      matrix_of(rows, n, [](const Row& r) -> Vector { return r.linear().eigenvalues.imag(); });
  arrays["time_constants"] =
      matrix_of(rows, n, [](const Row& r) { return r.linear().time_constants; });
  arrays["frequencies"] = matrix_of(rows, n, [](const Row& r) { return r.linear().frequencies; });
  arrays["unstable"] = integers_of(rows, [](const Row& r) { return r.linear().unstable; });
  arrays["degree"] = integers_of(rows, [](const Row& r) { return r.linear().degree; });
}

void put_proofs(io::Dataset& result, const std::vector<Row>& rows) {
  auto& arrays = result.arrays;
  arrays["certified"] = integers_of(rows, [](const Row& r) { return r.certified(); });
  arrays["radius_exists"] = reals_of(
      rows, [](const Row& r) { return r.certified() ? r.certificate().radius_exists : 0; });
  arrays["radius_unique"] = reals_of(
      rows, [](const Row& r) { return r.certified() ? r.certificate().radius_unique : 0; });
  arrays["proven_degree"] = integers_of(rows, [](const Row& r) { return r.certificate().degree; });
  arrays["proven_unstable"] =
      integers_of(rows, [](const Row& r) { return r.certificate().unstable; });
}

/// "certified", or why not.
std::string proof_text(const Row& row) {
  return row.slow() ? "-" : dynamics::name_of(row.certificate().status);
}

io::Dataset dataset_of(const std::vector<SteadyPoints>& all, const cells::Network& network) {
  io::Dataset result;
  const auto rows = rows_of(all);
  put_points(result, rows, network.state_dim(), network.input_dim());
  put_spectra(result, rows, network.state_dim());
  put_proofs(result, rows);
  std::map<std::string, Index> statuses;
  Index starts = 0;
  io::Json inputs = io::Json::array(), completeness = io::Json::array();
  for (const SteadyPoints& points : all) {
    inputs.push_back(points.at.name);
    completeness.push_back(completeness_json(points));
    starts += points.starts;
    for (const auto& [name, count] : points.statuses) statuses[name] += count;
  }
  io::Json proofs = io::Json::array();
  for (const Row& row : rows) proofs.push_back(proof_text(row));
  result.attributes = {{"proofs", proofs},     {"inputs", inputs}, {"completeness", completeness},
                       {"statuses", statuses}, {"starts", starts}, {"kinds", study::point_kinds()}};
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

std::string text_of(const std::vector<SteadyPoints>& all, const io::Dataset& result) {
  std::string text = table_text(all), ends;
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

SearchOptions search_options(const Arguments& arguments, const Settings& settings, double dt) {
  SearchOptions options;
  options.search.tolerance = settings.number("tolerance");
  options.search.slow_points = settings.flag("slow_points");
  options.search.threads = arguments.network.threads();
  options.search.dt = dt;
  options.complete = arguments.complete;
  options.starts = arguments.starts > 0 ? arguments.starts
                   : arguments.complete ? default_round
                                        : default_starts;
  options.max_starts = arguments.max_starts;
  return options;
}

int run(const Arguments& arguments) {
  const Settings settings = arguments.settings->settings();
  const NetworkInput input = arguments.network.load();
  const auto inputs = arguments.input.all(input, arguments.network.file);
  const SearchOptions options = search_options(arguments, settings, input.network().dt());
  const Matrix states = trajectory_states(input, inputs, settings.integer("trials"));

  Watch watch;
  std::vector<SteadyPoints> all;
  const auto count = static_cast<double>(inputs.size());
  for (std::size_t i = 0; i < inputs.size() && !watch.interrupted(); ++i) {
    const auto done_before = static_cast<double>(i);
    all.push_back(find_steady_points(
        input, inputs[i], states, options,
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
