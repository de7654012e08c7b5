// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "nullcline/core/types.hpp"

namespace nullcline::cells {

/// A size of a parameter: its value, and how it is written in terms of n (units) and m (inputs).
struct Size {
  Index value;
  std::string symbol;  ///< "n", "3 n", "m", "1", "rank", ...
};

/// What a network must have under a name.
struct ParameterShape {
  std::string name;
  Size rows, cols;
  std::string meaning;
  bool trained = true;  ///< Whether training may change it.
};

}  // namespace nullcline::cells
