// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline::apps {

/// Where `nullcline mds` takes distances of K objects from, and labels of these.
struct DistanceInput {
  std::string file, key;  // no key: the array "distances", or the only one
  std::string labels;     // a table with a line an object; empty: no labels
  std::string strata;     // its column within whose classes the others are permuted
};

/// What distances are of: the names are empty where the file has none.
struct Distances {
  Matrix D;
  std::vector<std::string> names;
  std::string source;
};

/// A column of the table of labels as numbers, by ascending word.
struct Label {
  std::string name;
  std::vector<std::string> words;  // (K)
  std::vector<std::string> classes;
  std::vector<Index> of;  // (K)
};

/// The name of the array of a label in the results.
std::string array_name(const Label& label);

// All throw Error, which names the file and the field, on what does not fit.
Distances distances_of(const DistanceInput& input);
std::vector<Label> labels_of(const DistanceInput& input, Index K);
std::vector<Index> strata_in(const DistanceInput& input, const std::vector<Label>& labels);

}  // namespace nullcline::apps
