// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/manifolds/domain.hpp"

#include <fmt/core.h>

#include <cmath>
#include <stdexcept>

namespace nullcline::geometry {

void check_domain(const char* function, const Domain& domain) {
  if (domain.empty()) {
    throw std::invalid_argument(fmt::format("{}: a domain needs a coordinate", function));
  }
  for (std::size_t i = 0; i < domain.size(); ++i) {
    const auto& [lowest, highest, periodic] = domain[i];
    if (!std::isfinite(lowest) || !std::isfinite(highest) || lowest >= highest) {
      throw std::invalid_argument(fmt::format("{}: coordinate {} goes from {} to {}; must ascend",
                                              function, i, lowest, highest));
    }
  }
}

bool contains(const Domain& domain, In<Vector> kappa) {
  for (std::size_t i = 0; i < domain.size(); ++i) {
    const Coordinate& c = domain[i];
    const double at = kappa(static_cast<Index>(i)), rounding = 1e-12 * c.extent();
    if (!std::isfinite(at)) return false;
    if (!c.periodic && (at < c.lowest - rounding || at > c.highest + rounding)) return false;
  }
  return true;
}

Vector wrapped(const Domain& domain, In<Vector> kappa) {
  Vector result = kappa;
  for (std::size_t i = 0; i < domain.size(); ++i) {
    const Coordinate& c = domain[i];
    double& at = result(static_cast<Index>(i));
    if (!c.periodic) continue;
    at -= c.extent() * std::floor((at - c.lowest) / c.extent());
    if (at >= c.highest) at = c.lowest;  // of a tiny negative the floor is all of the period away
  }
  return result;
}

Vector shorter_way(const Domain& domain, In<Vector> from, In<Vector> to) {
  Vector step = to - from;
  for (std::size_t i = 0; i < domain.size(); ++i) {
    const Coordinate& c = domain[i];
    double& by = step(static_cast<Index>(i));
    if (c.periodic) by -= c.extent() * std::round(by / c.extent());
  }
  return step;
}

}  // namespace nullcline::geometry
