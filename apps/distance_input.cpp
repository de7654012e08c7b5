// SPDX-License-Identifier: Apache-2.0
#include "apps/distance_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "apps/text.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/io/arrays.hpp"
#include "nullcline/io/label_table.hpp"
#include "nullcline/io/recording.hpp"

namespace nullcline::apps {
namespace {

/// A list of K words among the attributes, such as the files of `compare` or the objects of a join.
std::vector<std::string> names_in(const io::Json& attributes, Index K) {
  for (const char* key : {"files", "objects"}) {
    const auto found = attributes.find(key);
    if (found == attributes.end() || !found->is_array()) continue;
    const bool words = std::all_of(found->begin(), found->end(),
                                   [](const io::Json& each) { return each.is_string(); });
    if (words && std::ssize(*found) == K) return found->get<std::vector<std::string>>();
  }
  return {};
}

std::string key_in(const io::Dataset& data, const DistanceInput& input) {
  if (!input.key.empty()) return input.key;
  if (data.arrays.contains("distances") || data.arrays.size() != 1) return "distances";
  return data.arrays.begin()->first;
}

Distances distances_of_table(const DistanceInput& input) {
  if (!input.key.empty()) {
    throw Error(input.file, "--key", "one table without a name", "no --key");
  }
  io::Recording table = io::read_recording(input.file);
  return {table.trials.front().transpose(), std::move(table.columns), "table"};
}

/// Before all the work: the names of columns are names of arrays in the results.
void require_storable(const DistanceInput& input, const std::vector<Label>& labels) {
  io::Dataset results;
  for (const Label& label : labels) results.arrays[array_name(label)] = Array::integers({});
  io::require_storable(results, input.labels);
}

}  // namespace

std::string array_name(const Label& label) { return "label/" + label.name; }

Distances distances_of(const DistanceInput& input) {
  if (input.file.ends_with(".csv") || input.file.ends_with(".tsv")) {
    return distances_of_table(input);
  }
  const io::Dataset data = io::read_arrays(input.file);
  const std::string key = key_in(data, input), field = "array '" + one_line(key) + "'";
  const auto found = data.arrays.find(key);
  if (found == data.arrays.end()) {
    std::vector<std::string> others;
    for (const auto& [name, array] : data.arrays) {
      if (array.shape.size() == 2) others.push_back(one_line(name));
    }
    throw Error(input.file, field, "nothing",
                others.empty() ? "distances (K, K)"
                               : fmt::format("--key, one of {}", fmt::join(others, ", ")));
  }
  if (found->second.shape.size() != 2) {
    throw Error(input.file, field, "shape " + found->second.shape_text(), "(K, K)");
  }
  const Matrix D = found->second.as_matrix();
  return {D, names_in(data.attributes, D.rows()), field};
}

std::vector<Label> labels_of(const DistanceInput& input, Index K) {
  std::vector<Label> labels;
  if (input.labels.empty()) return labels;
  const io::LabelTable table = io::read_label_table(input.labels);
  if (std::ssize(table.columns.front()) != K) {
    throw Error(input.labels, "",
                counted(std::ssize(table.columns.front()), "line") + " below the names",
                fmt::format("{}, one for each object of {}", K, input.file));
  }
  for (std::size_t k = 0; k < table.names.size(); ++k) {
    Label label{table.names[k], table.columns[k], {}, {}};
    const std::set<std::string> classes(label.words.begin(), label.words.end());
    label.classes.assign(classes.begin(), classes.end());
    for (const std::string& word : label.words) {
      label.of.push_back(std::distance(classes.begin(), classes.find(word)));
    }
    labels.push_back(std::move(label));
  }
  require_storable(input, labels);
  return labels;
}

std::vector<Index> strata_in(const DistanceInput& input, const std::vector<Label>& labels) {
  if (input.strata.empty()) return {};
  std::vector<std::string> names;
  for (const Label& label : labels) {
    if (label.name == input.strata) return label.of;
    names.push_back(label.name);
  }
  throw Error(
      input.labels, "--strata", "'" + input.strata + "'",
      names.empty() ? "a column of --labels" : fmt::format("one of {}", fmt::join(names, ", ")));
}

}  // namespace nullcline::apps
