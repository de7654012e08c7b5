// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "nullcline/io/dataset.hpp"

/// What the mock results of all analyses are made for and of.
namespace nullcline::report::mock {

using io::Dataset;
using io::Json;

constexpr double dt = 0.01;
constexpr Index steps = 200;

struct Task {
  std::string name, meaning;
  Index units, inputs;
  std::vector<std::string> conditions;
  /// The input of a condition at a time in [0, 1), and the target that belongs to it.
  std::function<std::vector<double>(Index, double)> input;
  std::function<double(const std::vector<double>&)> target;
};

Task perception();
Task decision();

/// Where a latent state goes for an input: two layers, one a choice.
Vector rest(const std::vector<double>& u);

/// An array of the given shape, entry by entry in C order.
Array fill(std::vector<Index> shape, const std::function<double()>& next);

Array list(const std::vector<double>& values);

}  // namespace nullcline::report::mock
