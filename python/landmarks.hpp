// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bindings.hpp"
#include "nullcline/dynamics/orbits/settle.hpp"
#include "system.hpp"

namespace nullcline::python {

/// The points and cycles at which orbits may end, as they are given in Python: points (P, n), or
/// an object with such `states`; cycles and curves a list of (k, n), an object with such `states`,
/// or None.
struct GivenLandmarks {
  Matrix points;
  std::vector<Matrix> cycles, curves;
};
GivenLandmarks read_landmarks(const py::object& points, const py::object& cycles,
                              const py::object& curves, Index dim);

/// With their linear dynamics; the stability of cycles is that of the product of the Jacobians,
/// closed curves are taken as attracting, as near as their states are to each other.
dynamics::Landmarks landmarks_of(const Map& map, const GivenLandmarks& given, Threads threads);

}  // namespace nullcline::python
