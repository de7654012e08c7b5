// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/network_input.hpp"
#include "apps/results.hpp"
#include "nullcline/core/parallel.hpp"

namespace nullcline::apps {

/// The argument NETWORK and the options of all commands that take the dynamics of one apart.
struct NetworkOptions {
  std::string file, parameters = "parameters";
  std::optional<std::uint64_t> seed;
  int jobs = 0;
  ResultOptions results;

  void add_to(CLI::App& command);
  Threads threads() const { return Threads{jobs}; }

  /// The network with the seed that was given. Throws Error where there is none, or where results
  /// could not be written.
  NetworkInput load() const;

  /// What stands in every result: the file, which parameters, the seed, dt.
  io::Json attributes(const NetworkInput& input) const;
};

/// The option --input, a constant input.
struct InputOption {
  std::vector<std::string> given;

  void add_to(CLI::App& command, bool several);

  /// Those given; else those of the task; else zeros. Throws Error on a wrong number of numbers.
  std::vector<tasks::SteadyInput> all(const NetworkInput& input, const std::string& file) const;
  /// The first of them.
  tasks::SteadyInput first(const NetworkInput& input, const std::string& file) const;
};

/// `text` as an input of the network. Throws Error, which names the file and the option.
tasks::SteadyInput parse_input(const std::string& text, const std::string& option,
                               const NetworkInput& input, const std::string& file);

/// The states that starts of searches are drawn from (n, S), those that are finite: of `trials`
/// noisy trials of each condition of the task, as in a study; without a task those that the network
/// passes through in 100 steps at each input from 32 random states, N(0, 1) in each unit.
Matrix trajectory_states(const NetworkInput& input, const std::vector<tasks::SteadyInput>& inputs,
                         Index trials);

/// `count` of these states drawn at random (n, count).
Matrix orbit_starts(const NetworkInput& input, const tasks::SteadyInput& at, Index count);

/// What the footers of these commands say about inputs and starts.
extern const char* const network_input_help;

}  // namespace nullcline::apps
