// SPDX-License-Identifier: Apache-2.0
#include "apps/network_options.hpp"

#include <fmt/format.h>

#include "apps/number_check.hpp"
#include "apps/setting_options.hpp"
#include "apps/text.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/points/starts.hpp"
#include "nullcline/study/analyses/trajectories.hpp"

namespace nullcline::apps {
namespace {

constexpr Index free_trajectories = 32;  // that starts come from when there is no task
constexpr Index free_steps = 100;
constexpr Index orbit_trials = 4;  // of each condition, that orbits start from

Matrix finite_columns(const std::vector<Matrix>& parts) {
  std::vector<Vector> kept;
  for (const Matrix& part : parts) {
    for (Index k = 0; k < part.cols(); ++k) {
      if (part.col(k).allFinite()) kept.push_back(part.col(k));
    }
  }
  Matrix states(parts.front().rows(), static_cast<Index>(kept.size()));
  for (std::size_t k = 0; k < kept.size(); ++k) states.col(static_cast<Index>(k)) = kept[k];
  return states;
}

Matrix free_states(const cells::Network& network, const std::vector<tasks::SteadyInput>& inputs,
                   std::uint64_t seed) {
  RandomStream stream({seed, 0, Purpose::analysis_starts, 0});
  Matrix first(network.state_dim(), free_trajectories);
  for (double& entry : first.reshaped()) entry = stream.normal();
  std::vector<Matrix> parts = {first};
  for (const auto& input : inputs) {
    const Matrix held = input.input.replicate(1, free_trajectories * free_steps);
    parts.push_back(cells::simulate(network, held, first));
  }
  return finite_columns(parts);
}

}  // namespace

const char* const network_input_help =
    "If no input is given it is the first steady input of the task, or zeros where the file\n"
    "names none. Orbits begin at states of the task's noisy trials, or at states that the\n"
    "network passes through in 100 steps from random ones, N(0, 1) in each unit.\n";

void NetworkOptions::add_to(CLI::App& command) {
  command.add_option("NETWORK", file, "A network file, .h5 or .npz")->type_name("FILE")->required();
  command.add_option("--parameters", parameters, "The parameters after training, or those before")
      ->type_name("parameters|initial")
      ->default_str("parameters")
      ->check(CLI::IsMember({"parameters", "initial"}).description(""));
  command.add_option("--seed", seed, "Of what is random; if not given, that of the file, or 0")
      ->type_name("N")
      ->check(seed_number());
  command.add_option("--jobs", jobs, "Threads; 0: all cores")
      ->type_name("N")
      ->default_str("0")
      ->check(CLI::Range(0, 1 << 16).description(""));
  results.add_to(command, true);
}

NetworkInput NetworkOptions::load() const {
  results.check();
  NetworkInput input = NetworkInput::load(file, parameters);
  if (seed) input.reseed(*seed);
  return input;
}

io::Json NetworkOptions::attributes(const NetworkInput& input) const {
  return {{"network", file},
          {"parameters", parameters},
          {"seed", input.seed()},
          {"dt", input.network().dt()}};
}

void InputOption::add_to(CLI::App& command, bool several) {
  std::string text = "A constant input, a number for each input of the network";
  if (several) text += "; can be given several times. If not given, those of the task, or zeros";
  CLI::Option* option =
      command.add_option("--input", given, text)->type_name("X,...")->allow_extra_args(false);
  if (!several) option->expected(1);
}

tasks::SteadyInput parse_input(const std::string& text, const std::string& option,
                               const NetworkInput& input, const std::string& file) {
  const Index n_in = input.network().input_dim();
  const auto values = parse_numbers(text, option);
  if (static_cast<Index>(values.size()) != n_in) {
    throw Error(file, option, counted(static_cast<long>(values.size()), "number"),
                fmt::format("{}, as the network has inputs", n_in));
  }
  return {text, Eigen::Map<const Vector>(values.data(), n_in)};
}

std::vector<tasks::SteadyInput> InputOption::all(const NetworkInput& input,
                                                 const std::string& file) const {
  std::vector<tasks::SteadyInput> inputs;
  for (const std::string& text : given) {
    inputs.push_back(parse_input(text, "--input", input, file));
  }
  if (inputs.empty() && input.task() != nullptr) inputs = input.task()->steady_inputs();
  if (inputs.empty()) inputs.push_back({"no input", Vector::Zero(input.network().input_dim())});
  return inputs;
}

tasks::SteadyInput InputOption::first(const NetworkInput& input, const std::string& file) const {
  return all(input, file).front();
}

Matrix trajectory_states(const NetworkInput& input, const std::vector<tasks::SteadyInput>& inputs,
                         Index trials) {
  if (input.task() == nullptr) return free_states(input.network(), inputs, input.seed());
  const Settings none;
  const auto context = input.context(none);
  const Matrix states = study::noisy_trajectories(context, input.network(), trials).states;
  return states.allFinite() ? states : finite_columns({states});
}

Matrix orbit_starts(const NetworkInput& input, const tasks::SteadyInput& at, Index count) {
  return dynamics::draw_starts(
      trajectory_states(input, {at}, orbit_trials),
      {.states = count, .mixes = 0, .noisy = 0, .seed = input.seed(), .network = input.stream()});
}

}  // namespace nullcline::apps
