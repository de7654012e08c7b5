// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "nullcline/cells/network.hpp"
#include "nullcline/core/progress.hpp"
#include "nullcline/core/settings.hpp"
#include "nullcline/io/dataset.hpp"
#include "nullcline/tasks/task.hpp"

namespace nullcline::study {

/// What an analysis of one network of a study sees.
struct AnalysisContext {
  const tasks::Task& task;
  const cells::Network& trained;
  const cells::Network& untrained;  ///< The same network before training.
  const io::Dataset& file;          ///< The whole network file.
  const Settings& settings;         ///< Of this analysis.
  std::uint64_t seed;               ///< Of the study.
  std::uint64_t stream;             ///< Of the network, for RandomStream.
  Progress progress;                ///< May be empty.
};

/// A kind of analysis: its result is arrays and attributes. The object "metrics" among the
/// attributes, numbers and truth values, goes to the catalog. docs/files.md lists the arrays.
struct AnalysisKind {
  std::string name;
  std::string meaning;
  Schema schema;
  std::function<io::Dataset(const AnalysisContext&)> run;
  /// Called when a study is read, for the task of each population: throws std::invalid_argument
  /// where the settings do not fit it. May be empty.
  std::function<void(const tasks::Task&, const Settings&)> check = {};
};

const std::vector<AnalysisKind>& analysis_kinds();
const AnalysisKind& analysis_kind(const std::string& name);  ///< Throws Error on an unknown name.

}  // namespace nullcline::study
