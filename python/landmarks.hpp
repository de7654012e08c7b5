// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bindings.hpp"
#include "nullcline/dynamics/settle.hpp"
#include "system.hpp"

namespace nullcline::python {

/// The points and cycles at which orbits may end, as they are given in Python: points (P, n), or
/// an object with such `states`; cycles a list of (k, n), an object with such `states`, or None.
struct GivenLandmarks {
  Matrix points;
  std::vector<Matrix> cycles;
};
GivenLandmarks read_landmarks(const py::object& points, const py::object& cycles, Index dim);

/// With their linear dynamics; the stability of cycles is that of the product of the Jacobians.
dynamics::Landmarks landmarks_of(const Map& map, const GivenLandmarks& given, Threads threads);

}  // namespace nullcline::python
