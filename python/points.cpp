// SPDX-License-Identifier: Apache-2.0
#include "points.hpp"

namespace nullcline::python {

PointDynamics dynamics_around(std::span<const dynamics::Linearization> points, Index n) {
  const auto P = static_cast<Index>(points.size());
  PointDynamics around;
  around.eigenvalues.resize(n, P);
  around.time_constants.resize(n, P);
  around.frequencies.resize(n, P);
  for (Index p = 0; p < P; ++p) {
    const dynamics::Linearization& point = points[static_cast<std::size_t>(p)];
    around.eigenvalues.col(p) = point.eigenvalues;
    around.time_constants.col(p) = point.time_constants;
    around.frequencies.col(p) = point.frequencies;
    around.unstable.push_back(point.unstable);
    around.degrees.push_back(point.degree);
    around.stability.push_back(point.stability);
  }
  around.degree = dynamics::degree_sum(points);
  return around;
}

PointDynamics dynamics_around(const Map& map, In<Matrix> states, double dt, Threads threads) {
  return dynamics_around(dynamics::linearize_all(map, states, dt, {}, threads), states.rows());
}

}  // namespace nullcline::python
