// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "nullcline/io/dataset.hpp"

namespace nullcline::report {

/// One trained network: its metrics are an object of numbers, texts and truth values, of which the
/// page knows `error`, `criterion`, `reached`, `final_loss` and `predictive_information`.
struct NetworkEntry {
  std::string id;
  std::uint64_t seed = 0;
  std::string status;
  io::Json metrics = io::Json::object();
  std::map<std::string, io::Dataset> results;  ///< By the name of the analysis.
};

/// The networks that were trained on one task.
struct Group {
  std::string name;
  io::Json task = io::Json::object();  ///< name, meaning, inputs, outputs, settings.
  std::vector<NetworkEntry> networks;
};

/// All that a report shows. tests/report/mock_*.cpp have every array that the page reads.
struct Document {
  std::string title, description, version;
  io::Json study = io::Json::object();  ///< The resolved study, shown as a tree.
  std::vector<Group> groups;
  std::map<std::string, io::Dataset> joins;  ///< Of networks of all groups, by JOIN/PART.
};

}  // namespace nullcline::report
