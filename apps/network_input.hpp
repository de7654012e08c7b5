// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "nullcline/cells/network.hpp"
#include "nullcline/core/settings.hpp"
#include "nullcline/io/dataset.hpp"
#include "nullcline/study/analysis.hpp"
#include "nullcline/tasks/task.hpp"

namespace nullcline::apps {

/// Whether a file holds a network of nullcline.
bool is_network(const io::Dataset& file);

/// A network file, and what a study wrote beside the network, if it did.
class NetworkInput {
 public:
  /// The parameters that stand under `prefix`: "parameters", or "initial", those before training.
  /// Throws Error when the file is no network, or damaged.
  NetworkInput(std::filesystem::path path, io::Dataset file, const std::string& prefix);
  static NetworkInput load(const std::filesystem::path& path, const std::string& prefix);

  const cells::Network& network() const { return network_; }
  const tasks::Task* task() const { return task_.get(); }  ///< Null if the file does not say.
  std::uint64_t seed() const { return seed_; }             ///< Of the study; 0 without one.
  std::uint64_t stream() const { return stream_; }         ///< Of the network; 0 without one.
  void reseed(std::uint64_t seed) { seed_ = seed; }

  /// What an analysis of a study sees, this network in both places; refers to this and `settings`.
  /// There must be a task.
  study::AnalysisContext context(const Settings& settings) const;

 private:
  std::filesystem::path path_;
  io::Dataset file_;
  cells::Network network_;
  std::unique_ptr<tasks::Task> task_;
  std::uint64_t seed_ = 0, stream_ = 0;
};

}  // namespace nullcline::apps
