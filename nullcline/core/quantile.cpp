// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/quantile.hpp"

#include <algorithm>
#include <cmath>

#include "nullcline/core/errors.hpp"

namespace nullcline {

double quantile(In<Vector> ascending, double probability) {
  require(ascending.size() > 0 && probability >= 0 && probability <= 1,
          "quantile: no values, or a probability outside of 0 .. 1");
  const double position = probability * static_cast<double>(ascending.size() - 1);
  const Index below = static_cast<Index>(position);
  const Index above = std::min(below + 1, ascending.size() - 1);
  return std::lerp(ascending(below), ascending(above), position - static_cast<double>(below));
}

}  // namespace nullcline
