// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/fixed_points.hpp"

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <optional>

#include "apps/commands.hpp"
#include "apps/interrupt.hpp"
#include "apps/network_input.hpp"
#include "apps/progress_line.hpp"
#include "apps/results.hpp"
#include "apps/setting_options.hpp"
#include "apps/text.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/linearization.hpp"
#include "nullcline/dynamics/starts.hpp"
#include "nullcline/study/analyses/steady_points.hpp"

namespace nullcline::apps {
namespace {

constexpr Index free_trajectories = 32;  // that starts come from when there is no task
constexpr Index free_steps = 100;
constexpr Index default_starts = 64;

struct Arguments {
  std::string network, parameters = "parameters";
  std::vector<std::string> inputs;
  std::optional<std::uint64_t> seed;
  Index starts = default_starts;
  int jobs = 0;
  std::unique_ptr<SettingOptions> settings;
  ResultOptions results;
};

/// The inputs that were given, those of the task, or no input.
std::vector<tasks::SteadyInput> inputs_of(const Arguments& arguments, const NetworkInput& input) {
  const Index n_in = input.network().input_dim();
  std::vector<tasks::SteadyInput> inputs;
  for (const std::string& text : arguments.inputs) {
    const auto values = parse_numbers(text, "--input");
    if (static_cast<Index>(values.size()) != n_in) {
      throw Error(arguments.network, "--input", counted(static_cast<long>(values.size()), "number"),
                  fmt::format("{}, as the network has inputs", n_in));
    }
    inputs.push_back({text, Eigen::Map<const Vector>(values.data(), n_in)});
  }
  if (!inputs.empty()) return inputs;
  if (input.task() != nullptr) return input.task()->steady_inputs();
  return {{"no input", Vector::Zero(n_in)}};
}

/// The states that the network passes through from random ones, N(0, 1) in each coordinate, at
/// each input: (n, ...), those that are finite.
Matrix free_states(const cells::Network& network, const std::vector<tasks::SteadyInput>& inputs,
                   std::uint64_t seed) {
  const Index n = network.state_dim();
  RandomStream stream({seed, 0, Purpose::analysis_starts, 0});
  Matrix first(n, free_trajectories);
  for (double& entry : first.reshaped()) entry = stream.normal();
  std::vector<Matrix> parts = {first};
  for (const auto& input : inputs) {
    const Matrix held = input.input.replicate(1, free_trajectories * free_steps);
    parts.push_back(cells::simulate(network, held, first));
  }
  std::vector<Vector> kept;
  for (const Matrix& part : parts) {
    for (Index k = 0; k < part.cols(); ++k) {
      if (part.col(k).allFinite()) kept.push_back(part.col(k));
    }
  }
  Matrix states(n, static_cast<Index>(kept.size()));
  for (std::size_t k = 0; k < kept.size(); ++k) states.col(static_cast<Index>(k)) = kept[k];
  return states;
}

/// A quarter on trajectories, a quarter mixes with noise, and the rest mixes, as in a study.
Matrix starts_of(const Arguments& arguments, const NetworkInput& input,
                 const std::vector<tasks::SteadyInput>& inputs) {
  const Index quarter = arguments.starts / 4, mixes = arguments.starts - 2 * quarter;
  const Settings settings =
      arguments.settings->settings({{"states", quarter}, {"mixes", mixes}, {"noisy", quarter}});
  if (input.task() != nullptr) return study::steady_starts(input.context(settings));
  return dynamics::draw_starts(
      free_states(input.network(), inputs, input.seed()),
      {.states = quarter, .mixes = mixes, .noisy = quarter, .seed = input.seed()});
}

/// The eigenvalues of each point, as a column.
ComplexMatrix eigenvalues_in(const io::Dataset& points) {
  const Matrix real = points.arrays.at("eigenvalues_real").as_columns();
  const Matrix imaginary = points.arrays.at("eigenvalues_imag").as_columns();
  ComplexMatrix lambda(real.rows(), real.cols());
  lambda.real() = real;
  lambda.imag() = imaginary;
  return lambda;
}

/// Adds what is derived from the eigenvalues: time_constants (s) and frequencies (Hz), (P, n).
void add_modes(io::Dataset& points) {
  const ComplexMatrix lambda = eigenvalues_in(points);
  const double dt = points.attributes["dt"].get<double>();
  Matrix constants(lambda.rows(), lambda.cols()), frequencies(lambda.rows(), lambda.cols());
  for (Index p = 0; p < lambda.cols(); ++p) {
    constants.col(p) = dynamics::time_constants(lambda.col(p), dt);
    frequencies.col(p) = dynamics::frequencies(lambda.col(p), dt);
  }
  points.arrays["time_constants"] = Array::matrix(constants.transpose());
  points.arrays["frequencies"] = Array::matrix(frequencies.transpose());
  points.attributes["kinds"] = study::point_kinds();
}

/// The mode that takes longest, whether it decays or grows.
Index slowest(In<Vector> constants) {
  Index mode = 0;
  constants.cwiseAbs().maxCoeff(&mode);
  return mode;
}

std::string table_of(const io::Dataset& points) {
  const auto column = [&](const char* name) { return points.arrays.at(name).as_vector(); };
  const auto whole = [&](const char* name) {
    return std::get<std::vector<std::int64_t>>(points.arrays.at(name).data);
  };
  const Vector residual = column("residual"), speed = column("speed");
  const auto kind = whole("kind"), input = whole("input_index"), unstable = whole("unstable");
  const auto multiplicity = whole("multiplicity");
  const Matrix constants = points.arrays.at("time_constants").as_columns();
  const Matrix frequencies = points.arrays.at("frequencies").as_columns();
  TextTable table(
      {"#", "input", "kind", "|F(x)-x|", "q, 1/s^2", "unstable", "slowest, s", "Hz", "starts"});
  for (std::size_t p = 0; p < kind.size(); ++p) {
    const auto row = static_cast<Index>(p);
    const Index mode = slowest(constants.col(row));
    table.add({std::to_string(p + 1),
               points.attributes["inputs"][static_cast<std::size_t>(input[p])].get<std::string>(),
               study::point_kinds()[static_cast<std::size_t>(kind[p])],
               fmt::format("{:.1e}", residual(row)), fmt::format("{:.1e}", speed(row)),
               std::to_string(unstable[p]), number(constants(mode, row)),
               number(std::abs(frequencies(mode, row))), std::to_string(multiplicity[p])});
  }
  std::string ends;
  for (const auto& [status, count] : points.attributes["statuses"].items()) {
    ends += fmt::format("{}{} {}", ends.empty() ? "" : ", ", count.get<Index>(), status);
  }
  return (table.empty() ? "no points found\n" : table.text()) +
         fmt::format("How the searches ended: {}.\n", ends);
}

/// Whether a fixed point was found at every input.
bool found_at_all(const io::Dataset& points) {
  std::vector<bool> found(points.attributes["inputs"].size(), false);
  const auto& kinds = std::get<std::vector<std::int64_t>>(points.arrays.at("kind").data);
  const auto& inputs = std::get<std::vector<std::int64_t>>(points.arrays.at("input_index").data);
  for (std::size_t p = 0; p < kinds.size(); ++p) {
    const bool slow = study::point_kinds()[static_cast<std::size_t>(kinds[p])] == "slow";
    if (!slow) found[static_cast<std::size_t>(inputs[p])] = true;
  }
  return std::find(found.begin(), found.end(), false) == found.end();
}

int run(const Arguments& arguments) {
  arguments.results.check();
  const Settings settings = arguments.settings->settings();
  NetworkInput input = NetworkInput::load(arguments.network, arguments.parameters);
  if (arguments.seed) input.reseed(*arguments.seed);
  const auto inputs = inputs_of(arguments, input);
  const Matrix starts = starts_of(arguments, input, inputs);

  dynamics::FixedPointOptions options;
  options.tolerance = settings.number("tolerance");
  options.slow_points = settings.flag("slow_points");
  options.threads = Threads{arguments.jobs};
  io::Dataset points;
  const Interrupt interrupt;
  {
    ProgressLine line;
    options.progress = [&](double fraction) {
      line.show(fraction, "", "searching from " + counted(starts.cols(), "start"));
      return !interrupt.requested();
    };
    points = study::steady_points(input.network(), inputs, starts, options);
  }
  if (interrupt.requested()) {
    fmt::print(stderr, "nullcline: interrupted\n");
    return interrupt.exit_code();
  }
  add_modes(points);
  points.attributes["network"] = arguments.network;
  points.attributes["parameters"] = arguments.parameters;
  points.attributes["seed"] = input.seed();
  points.attributes["tolerance"] = options.tolerance;
  deliver(arguments.results, table_of(points), points);
  return found_at_all(points) ? done : look;
}

}  // namespace

void add_fixed_points(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "fixed-points", "Fixed and slow points of a network at constant inputs, linearized");
  command->add_option("NETWORK", arguments->network, "A network file, .h5 or .npz")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--input", arguments->inputs,
                   "A constant input, a number for each input of the network; can be given "
                   "several times. If not given, those of the task, or zeros")
      ->type_name("X,...")
      ->allow_extra_args(false);
  command
      ->add_option("--starts", arguments->starts,
                   "Searches at each input: a quarter from states on trajectories, half from "
                   "mixes of two, a quarter from such mixes with noise")
      ->type_name("N")
      ->default_str(std::to_string(default_starts))
      ->check(CLI::Range(1, 1'000'000).description(""));
  command
      ->add_option("--seed", arguments->seed,
                   "Of what is random; if not given, that of the file, or 0")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber.description(""));
  arguments->settings =
      std::make_unique<SettingOptions>(*command, study::analysis_kind("fixed_points").schema,
                                       std::vector<std::string>{"states", "mixes", "noisy"});
  command
      ->add_option("--parameters", arguments->parameters,
                   "The parameters after training, or those before")
      ->type_name("parameters|initial")
      ->default_str("parameters")
      ->check(CLI::IsMember({"parameters", "initial"}).description(""));
  command->add_option("--jobs", arguments->jobs, "Threads; 0: all cores")
      ->type_name("N")
      ->default_str("0")
      ->check(CLI::Range(0, 1 << 16).description(""));
  arguments->results.add_to(*command, true);
  command->footer(
      "A file that a study wrote says its task: starts are states of its noisy trials, and the\n"
      "points are those of the study. Otherwise starts are states that the network passes\n"
      "through in 100 steps at the inputs from 32 random states, N(0, 1) in each unit.\n"
      "\n"
      "The table: q = |F(x)-x|^2 / (2 dt^2), how many directions are unstable, time constant\n"
      "(negative: growing) and frequency of the slowest mode, how many starts led there. The\n"
      "points are those that these starts led to; others may exist. Exit code 1 if at some\n"
      "input no fixed point was found.\n"
      "\n"
      "Examples:\n"
      "  nullcline fixed-points runs/x/networks/ID.h5\n"
      "  nullcline fixed-points network.h5 --input 0.5,0.2 --input 0,0 --starts 256\n"
      "  nullcline fixed-points network.npz --parameters initial --json - | jq .residual");
  command->callback([arguments, &action] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace nullcline::apps
