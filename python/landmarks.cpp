// SPDX-License-Identifier: Apache-2.0
#include "landmarks.hpp"

#include "arrays_in.hpp"
#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::python {
namespace {

Index unstable_multipliers(const Map& map, In<Matrix> cycle) {
  Matrix J = Matrix::Identity(map.dim(), map.dim());
  for (Index i = 0; i < cycle.cols(); ++i) J = map.jacobian(cycle.col(i)) * J;
  if (!J.allFinite()) return 0;
  return (eigenvalues(J).array().abs() > 1 + 1e-9).count();
}

}  // namespace

GivenLandmarks read_landmarks(const py::object& points, const py::object& cycles, Index dim) {
  GivenLandmarks given;
  given.points = points.is_none() ? Matrix(dim, 0) : read_points(points, "points", dim);
  if (cycles.is_none()) return given;
  const py::object list = py::hasattr(cycles, "states") ? cycles.attr("states") : cycles;
  for (const py::handle& cycle : list) {
    const std::string name = "cycles[" + std::to_string(given.cycles.size()) + "]";
    given.cycles.emplace_back(columns(read_array(cycle, name, {{"k"}, {"n", dim}})));
  }
  return given;
}

dynamics::Landmarks landmarks_of(const Map& map, const GivenLandmarks& given, Threads threads) {
  dynamics::Landmarks landmarks = dynamics::landmarks_at(map, given.points, threads);
  for (const Matrix& cycle : given.cycles) {
    landmarks.cycles.push_back({.states = cycle, .unstable = unstable_multipliers(map, cycle)});
  }
  return landmarks;
}

}  // namespace nullcline::python
