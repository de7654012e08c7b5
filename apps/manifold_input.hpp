// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/network_input.hpp"
#include "nullcline/study/analyses/warp_course.hpp"

namespace nullcline::apps {

/// A manifold of inputs for the command `geometry`, and what is known of it.
struct Manifold {
  std::string name;                      ///< "context 1", or the file.
  std::vector<std::string> coordinates;  ///< (m) their names
  study::InputPoints points;
  Matrix kappa;         ///< (m, K), or (0, K) where the file has none.
  Vector weights = {};  ///< (K) of a quadrature; empty where there is no grid.
  io::Json about = io::Json::object();
  std::optional<geometry::Grid> grid = {};  ///< Of a file, none.
  std::optional<study::DecisionPoints> decision = {};
  std::optional<geometry::InputFunctions> functions = {};  ///< At any kappa; of a file, none.
};

/// The options --task and --manifold: where the inputs come from.
struct ManifoldOption {
  std::string task, file;

  void add_to(CLI::App& command);

  /// Those of --manifold, of --task with its defaults, or of the task of the network's file. Throws
  /// Error where there is none, or where it does not fit the network.
  std::vector<Manifold> load(const NetworkInput& input, const std::string& network_file,
                             const Settings& settings) const;
};

/// The manifold in a file: `u` (K, T, n_in), `du` (K, m, T, n_in), and if they are there `d2u`
/// (K, m (m + 1) / 2, T, n_in), pairs in the order 11 12 .. 22 .., and `kappa` (K, m). Throws
/// Error.
Manifold read_manifold(const std::string& file);

}  // namespace nullcline::apps
