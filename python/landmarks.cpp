// SPDX-License-Identifier: Apache-2.0
#include "landmarks.hpp"

#include <algorithm>

#include "arrays_in.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::python {
namespace {

Index unstable_multipliers(const Map& map, In<Matrix> cycle) {
  Matrix J = Matrix::Identity(map.dim(), map.dim());
  for (Index i = 0; i < cycle.cols(); ++i) J = map.jacobian(cycle.col(i)) * J;
  if (!J.allFinite()) return 0;
  return (eigenvalues(J).array().abs() > 1 + 1e-9).count();
}

double largest_step(const Matrix& curve) {
  const Index k = curve.cols();
  double largest = (curve.col(0) - curve.col(k - 1)).norm();
  for (Index i = 1; i < k; ++i) {
    largest = std::max(largest, (curve.col(i) - curve.col(i - 1)).norm());
  }
  return largest;
}

std::vector<Matrix> read_list(const py::object& object, const std::string& name, Index dim) {
  std::vector<Matrix> matrices;
  if (object.is_none()) return matrices;
  const py::object list = py::hasattr(object, "states") ? object.attr("states") : object;
  for (const py::handle& entry : list) {
    const std::string field = name + "[" + std::to_string(matrices.size()) + "]";
    matrices.emplace_back(columns(read_array(entry, field, {{"k"}, {"n", dim}})));
    require(matrices.back().cols() > 0, "a cycle or a curve needs at least one state");
  }
  return matrices;
}

}  // namespace

GivenLandmarks read_landmarks(const py::object& points, const py::object& cycles,
                              const py::object& curves, Index dim) {
  return {points.is_none() ? Matrix(dim, 0) : read_points(points, "points", dim),
          read_list(cycles, "cycles", dim), read_list(curves, "curves", dim)};
}

dynamics::Landmarks landmarks_of(const Map& map, const GivenLandmarks& given, Threads threads) {
  dynamics::Landmarks landmarks = dynamics::landmarks_at(map, given.points, threads);
  for (const Matrix& cycle : given.cycles) {
    landmarks.cycles.push_back({.states = cycle, .unstable = unstable_multipliers(map, cycle)});
  }
  for (const Matrix& curve : given.curves) {
    landmarks.cycles.push_back({.states = curve, .reach = largest_step(curve)});
  }
  return landmarks;
}

}  // namespace nullcline::python
