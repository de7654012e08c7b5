// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/cycles/cycles.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "apps/commands.hpp"
#include "apps/network_options.hpp"
#include "apps/number_check.hpp"
#include "apps/text.hpp"
#include "apps/watch.hpp"
#include "nullcline/cells/piecewise_linear.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/cycles/cycle_starts.hpp"
#include "nullcline/dynamics/cycles/invariant_circle.hpp"
#include "nullcline/dynamics/cycles/iterated_map.hpp"
#include "nullcline/dynamics/cycles/limit_cycles.hpp"
#include "nullcline/dynamics/cycles/piecewise_linear_cycles.hpp"

namespace nullcline::apps {
namespace {

constexpr double at_rest = 1e-9;      // relative; such an orbit is no guess of a cycle
constexpr double same_period = 1e-6;  // relative; limit cycles as near are one
constexpr double circle_share = 0.2;  // of the time
constexpr Index circle_transient = 5'000;

struct Arguments {
  NetworkOptions network;
  InputOption input;
  Index period = 8, orbits = 4, recurrences = 4, attempts = 512, transient = 1'000;
  bool flow = false;
  double max_period = 0;
};

/// A cycle, however it was found.
struct Row {
  Matrix states;  // (n, k) or, of a flow, samples
  double steps = 0, seconds = 0, residual = 0;
  ComplexVector multipliers;
  double largest = 0;  // |multiplier|, of a flow without that along the orbit
  std::string kind;
  Index starts = 0;
};

struct Outcome {
  std::vector<Row> rows;
  std::map<std::string, Index> statuses;
  std::vector<std::string> notes;  // sentences below the table
  io::Json attributes = io::Json::object();
};

std::string kind_of(const ComplexVector& multipliers) {
  const auto above = (multipliers.array().abs() > 1 + at_rest).count();
  const auto on = ((multipliers.array().abs() - 1).abs() <= at_rest).count();
  if (above == 0) return on > 0 ? "marginal" : "stable";
  return above == multipliers.size() ? "repelling" : "saddle";
}

bool rests(const Matrix& guess) {
  const double size = at_rest * (1 + guess.col(0).norm());
  return ((guess.colwise() - guess.col(0)).colwise().norm().array() <= size).all();
}

/// Guesses from an orbit (n, T); none from one that is not finite.
void add_guesses(std::vector<Matrix>& guesses, const Matrix& orbit, const Arguments& arguments,
                 const NetworkInput& input) {
  if (!orbit.allFinite()) return;
  for (Matrix& guess : dynamics::draw_cycle_starts(orbit, {.min_period = 2,
                                                          .max_period = arguments.period,
                                                          .recurrences = arguments.recurrences,
                                                          .shuffled = arguments.recurrences,
                                                          .seed = input.seed(),
                                                          .network = input.stream()})) {
    if (!rests(guess)) guesses.push_back(std::move(guess));
  }
}

void search_map(Outcome& outcome, const Arguments& arguments, const NetworkInput& input,
                const Map& map, const Matrix& starts, Watch& watch) {
  std::vector<Matrix> guesses;
  const Index length = std::max<Index>(500, 4 * arguments.period);
  for (Index b = 0; b < starts.cols() && !watch.interrupted(); ++b) {
    const Matrix orbit = dynamics::orbit_of(map, starts.col(b), arguments.transient + length);
    add_guesses(guesses, orbit.leftCols(length), arguments, input);  // passes by what is unstable
    add_guesses(guesses, orbit.rightCols(length), arguments, input);
  }
  if (guesses.empty()) return;
  const auto found = dynamics::find_cycles(
      map, guesses,
      {.threads = arguments.network.threads(),
       .progress = watch.progress(counted(static_cast<long>(guesses.size()), "guess", "guesses"), 0,
                                  1 - circle_share)});
  for (const auto& cycle : found.cycles) {
    if (cycle.period < 2) continue;
    outcome.rows.push_back({cycle.states, static_cast<double>(cycle.period),
                            static_cast<double>(cycle.period) * input.network().dt(),
                            cycle.residual, cycle.multipliers, std::abs(cycle.multipliers(0)),
                            dynamics::name_of(cycle.stability), cycle.multiplicity});
  }
  for (const auto status : found.status) ++outcome.statuses[dynamics::name_of(status)];
}

void search_pieces(Outcome& outcome, const Arguments& arguments, const NetworkInput& input,
                   const PiecewiseLinearMap& pieces, const Matrix& starts, Watch& watch) {
  const auto periods = static_cast<double>(arguments.period - 1);
  std::vector<Index> complete;
  for (Index k = 2; k <= arguments.period && !watch.interrupted(); ++k) {
    const auto before = static_cast<double>(k - 2);
    const auto found = dynamics::find_piecewise_linear_cycles(
        pieces, k,
        {.attempts = arguments.attempts,
         .starts = starts,
         .seed = input.seed(),
         .network = input.stream(),
         .threads = arguments.network.threads(),
         .progress =
             watch.progress(fmt::format("period {}", k), (1 - circle_share) * before / periods,
                            (1 - circle_share) * (before + 1) / periods)});
    if (found.complete) complete.push_back(k);
    for (const auto& cycle : found.cycles) {
      outcome.rows.push_back({cycle.states, static_cast<double>(k),
                              static_cast<double>(k) * input.network().dt(), cycle.residual,
                              cycle.multipliers, std::abs(cycle.multipliers(0)),
                              kind_of(cycle.multipliers), cycle.hits});
    }
  }
  outcome.attributes["complete_periods"] = complete;
  outcome.notes.push_back(
      complete.empty()
          ? std::string("Piecewise linear: exact, but not all sequences of regions were tried.")
          : fmt::format("Piecewise linear: exact; complete for the {} {}.",
                        complete.size() == 1 ? "period" : "periods", fmt::join(complete, ", ")));
}

/// What the first orbit goes to: a cycle, or a closed curve that is none.
void look_for_circle(Outcome& outcome, const Arguments& arguments, const NetworkInput& input,
                     const Map& map, const Matrix& starts, Watch& watch) {
  const auto circle = dynamics::find_invariant_circle(
      map, starts.col(0),
      {.transient = std::max(arguments.transient, circle_transient),
       .max_period = std::max<Index>(64, arguments.period),
       .progress = watch.progress("the first orbit", 1 - circle_share, 1)});
  outcome.attributes["first_orbit"] = {{"verdict", dynamics::name_of(circle.verdict)},
                                       {"period", circle.period},
                                       {"winds", circle.winds},
                                       {"rotation_number", circle.rotation_number},
                                       {"rotation_error", circle.rotation_error},
                                       {"residual", circle.residual},
                                       {"exponent", circle.exponent}};
  std::string text = "The first orbit goes to ";
  switch (circle.verdict) {
    case dynamics::OrbitVerdict::periodic:
      text += circle.period == 1 ? "a fixed point."
                                 : fmt::format("a cycle of {}.", counted(circle.period, "step"));
      break;
    case dynamics::OrbitVerdict::invariant_circle:
      text += fmt::format(
          "an invariant circle, which is no cycle: {:.9g} turns a step, a turn in {:.6g} s.",
          circle.rotation_number, input.network().dt() / circle.rotation_number);
      break;
    case dynamics::OrbitVerdict::neither:
      text += fmt::format("neither a cycle nor a circle: neighbors part by {:.3g} a step (log).",
                          circle.exponent);
      break;
    default:
      text = fmt::format("What the first orbit goes to: {}.", dynamics::name_of(circle.verdict));
  }
  outcome.notes.push_back(text);
}

Row row_of(const dynamics::LimitCycle& cycle, double dt) {
  Index along = 0;  // the multiplier 1 of the motion itself
  (cycle.multipliers.array() - 1).abs().minCoeff(&along);
  double largest = 0;
  for (Index i = 0; i < cycle.multipliers.size(); ++i) {
    if (i != along) largest = std::max(largest, std::abs(cycle.multipliers(i)));
  }
  return {cycle.states,
          cycle.period / dt,
          cycle.period,
          cycle.residual,
          cycle.multipliers,
          largest,
          dynamics::name_of(cycle.stability),
          1};
}

/// Whether two limit cycles are one: the same period and size.
bool same(const Row& a, const Row& b) {
  const auto size = [](const Row& row) {
    return (row.states.colwise() - row.states.rowwise().mean()).norm();
  };
  const Vector apart = a.states.rowwise().mean() - b.states.rowwise().mean();
  return std::abs(a.seconds - b.seconds) <= same_period * a.seconds &&
         std::abs(size(a) - size(b)) <= 1e-3 * size(a) && apart.norm() <= 1e-3 * size(a);
}

void search_flow(Outcome& outcome, const Arguments& arguments, const NetworkInput& input,
                 const tasks::SteadyInput& at, const Matrix& starts, Watch& watch) {
  std::unique_ptr<Flow> flow;
  try {
    flow = cells::flow(input.network());
  } catch (const Error& error) {
    throw error.at(arguments.network.file);
  }
  const double dt = input.network().dt();
  dynamics::LimitCycleOptions options;
  options.step = dt;
  options.transient = dt * static_cast<double>(arguments.transient);
  options.max_period = arguments.max_period > 0 ? arguments.max_period : 2000 * dt;
  const auto count = static_cast<double>(starts.cols());
  for (Index b = 0; b < starts.cols() && !watch.interrupted(); ++b) {
    const auto before = static_cast<double>(b);
    options.progress = watch.progress(fmt::format("orbit {} of {}", b + 1, starts.cols()),
                                      before / count, (before + 1) / count);
    const auto cycle = dynamics::find_limit_cycle(*flow, at.input, starts.col(b), options);
    ++outcome.statuses[dynamics::name_of(cycle.status)];
    if (cycle.status != dynamics::LimitCycleStatus::converged) continue;
    const Row row = row_of(cycle, dt);
    const auto known = std::find_if(outcome.rows.begin(), outcome.rows.end(),
                                    [&](const Row& other) { return same(other, row); });
    if (known == outcome.rows.end()) {
      outcome.rows.push_back(row);
    } else {
      ++known->starts;
    }
  }
}

Outcome compute(const Arguments& arguments, const NetworkInput& input, const tasks::SteadyInput& at,
                Watch& watch) {
  const Matrix starts = orbit_starts(input, at, arguments.orbits);
  Outcome outcome;
  if (arguments.flow) {
    search_flow(outcome, arguments, input, at, starts, watch);
    return outcome;
  }
  const auto driven = cells::driven_map(input.network());
  const FrozenMap map(*driven, at.input);
  if (const auto pieces = cells::piecewise_linear(input.network(), at.input)) {
    search_pieces(outcome, arguments, input, *pieces, starts, watch);
  } else {
    search_map(outcome, arguments, input, map, starts, watch);
  }
  if (!watch.interrupted()) look_for_circle(outcome, arguments, input, map, starts, watch);
  return outcome;
}

std::string text_of(const tasks::SteadyInput& at, const Outcome& outcome) {
  TextTable table(
      {"#", "period, steps", "period, s", "residual", "largest |mu|", "kind", "starts"});
  for (std::size_t r = 0; r < outcome.rows.size(); ++r) {
    const Row& row = outcome.rows[r];
    table.add({std::to_string(r + 1), fmt::format("{:.6g}", row.steps),
               fmt::format("{:.8g}", row.seconds), fmt::format("{:.1e}", row.residual),
               number(row.largest), row.kind, std::to_string(row.starts)});
  }
  std::string text = fmt::format("input: {}\n", at.name), ends;
  text += table.empty() ? "no cycles found\n" : table.text();
  for (const auto& [status, count] : outcome.statuses) {
    ends += fmt::format("{}{} {}", ends.empty() ? "" : ", ", count, status);
  }
  if (!ends.empty()) text += fmt::format("How the searches ended: {}.\n", ends);
  for (const std::string& note : outcome.notes) text += wrapped(note, text_width(), 2) + "\n";
  return text;
}

io::Dataset dataset_of(const tasks::SteadyInput& at, const Outcome& outcome, Index n) {
  const auto count = static_cast<Index>(outcome.rows.size());
  Matrix real(count, n), imaginary(count, n);
  Vector seconds(count), residual(count);
  std::vector<std::int64_t> first, length, starts;
  std::vector<std::string> kinds;
  Index columns = 0;
  for (Index r = 0; r < count; ++r) {
    const Row& row = outcome.rows[static_cast<std::size_t>(r)];
    real.row(r) = row.multipliers.real().transpose();
    imaginary.row(r) = row.multipliers.imag().transpose();
    seconds(r) = row.seconds;
    residual(r) = row.residual;
    first.push_back(columns);
    length.push_back(row.states.cols());
    starts.push_back(row.starts);
    kinds.push_back(row.kind);
    columns += row.states.cols();
  }
  Matrix states(columns, n);
  for (Index r = 0; r < count; ++r) {
    const Matrix& of_row = outcome.rows[static_cast<std::size_t>(r)].states;
    states.middleRows(first[static_cast<std::size_t>(r)], of_row.cols()) = of_row.transpose();
  }
  io::Dataset result;
  result.attributes = outcome.attributes;
  result.attributes["input_name"] = at.name;
  result.attributes["kind"] = kinds;
  result.attributes["statuses"] = outcome.statuses;
  result.arrays = {
      {"input", Array::vector(at.input)},        {"states", Array::matrix(states)},
      {"first", Array::integers(first)},         {"length", Array::integers(length)},
      {"period", Array::vector(seconds)},        {"residual", Array::vector(residual)},
      {"multipliers_real", Array::matrix(real)}, {"multipliers_imag", Array::matrix(imaginary)},
      {"multiplicity", Array::integers(starts)}};
  return result;
}

int run(const Arguments& arguments) {
  const NetworkInput input = arguments.network.load();
  const tasks::SteadyInput at = arguments.input.first(input, arguments.network.file);
  Watch watch;
  const Outcome outcome = compute(arguments, input, at, watch);
  if (!watch.finish()) return watch.exit_code();
  io::Dataset result = dataset_of(at, outcome, input.network().state_dim());
  result.attributes.update(arguments.network.attributes(input));
  deliver(arguments.network.results, text_of(at, outcome), result);
  return done;
}

}  // namespace

void add_cycles(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "cycles", "Cycles of a network at a constant input, stable and unstable; or of its ODE");
  arguments->network.add_to(*command);
  arguments->input.add_to(*command, false);
  const auto count = [&](const char* name, Index& value, const char* text, double least) {
    command->add_option(name, value, text)
        ->type_name("N")
        ->default_str(std::to_string(value))
        ->check(CLI::Range(least, 1e9).description(""));
  };
  count("--period", arguments->period, "The longest, steps, from 2 on", 2);
  count("--orbits", arguments->orbits, "Orbits that guesses come from", 1);
  count("--recurrences", arguments->recurrences,
        "Guesses of each period from an orbit: its nearest returns, and as many mixed ones", 0);
  count("--attempts", arguments->attempts, "Of each period, in a piecewise linear network", 0);
  count("--transient", arguments->transient, "Steps before an orbit is looked at", 0);
  command->add_flag("--flow", arguments->flow,
                    "Limit cycles of the ODE of which the network is a step");
  command
      ->add_option("--max-period", arguments->max_period,
                   "Of --flow, s; if not given, 2000 steps of the network")
      ->type_name("S")
      ->check(number_between(1e-9, 1e9));
  command->footer(
      std::string(network_input_help) +
      "\n"
      "Guesses are nearest returns of orbits, solved by multiple shooting; nothing says that no\n"
      "cycle is missing. Networks with ReLU or leaky ReLU are searched exactly, region by region,\n"
      "where units times period is at most 20 in all sequences of regions. The table: residual,\n"
      "largest modulus of the multipliers of a period (of --flow without the 1 of the motion),\n"
      "how many guesses led there. Below, whether the first orbit goes to a cycle or to an\n"
      "invariant circle, which looks like one.\n"
      "\n"
      "Examples:\n"
      "  nullcline cycles network.h5 --period 16\n"
      "  nullcline cycles network.h5 --flow --input 0.5 --npz cycle.npz");
  command->callback([arguments, &action] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace nullcline::apps
