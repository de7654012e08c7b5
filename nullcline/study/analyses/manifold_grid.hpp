// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "nullcline/geometry/input_manifold.hpp"
#include "nullcline/geometry/manifolds/driven_slice.hpp"
#include "nullcline/geometry/manifolds/grid.hpp"
#include "nullcline/tasks/task.hpp"

namespace nullcline::study {

/// Input functions at K points of an m-dimensional manifold, made when they are needed: those of a
/// fine grid over a long trial do not fit the memory together.
struct InputPoints {
  Index count = 0;      ///< K
  Index dim = 0;        ///< m
  Index steps = 0;      ///< T
  bool second = false;  ///< Whether there are second derivatives.
  /// Points first .. first + count - 1, with second derivatives if asked for.
  std::function<geometry::ManifoldInputs(Index first, Index count, bool second)> at;
};

/// An input manifold of a task on a grid.
struct ManifoldGrid {
  std::string name;  ///< Where the task has several: "context 1".
  std::vector<tasks::InputManifold::Coordinate> coordinates;  ///< (m)
  geometry::Grid grid;
  InputPoints points;
  std::optional<tasks::InputManifold::Decision> decision = {};
  geometry::InputFunctions functions = {};  ///< The inputs at any kappa.
};

/// One whole number a coordinate, of m, from one for all or m. Throws std::invalid_argument in the
/// name of `setting` on others, a number that is not whole or below 2, and more than `most` in all.
std::vector<Index> grid_sizes(const char* setting, std::vector<double> asked, std::size_t m,
                              Index most);

/// The `manifold` with sizes(i) points of coordinate i, one number standing for all; empty: 61 on a
/// curve, 60 around a circle, 15 x 15 on a surface, 7 x 7 x 7, beyond that 3 each, and from six
/// dimensions on 2 (our choices; odd, so that there is a center). Throws std::invalid_argument on
/// sizes that are not whole numbers from 2 on, that are as many as neither 1 nor m, or that make
/// more than `max_points`.
ManifoldGrid manifold_grid(const tasks::InputManifold& manifold, const std::vector<double>& sizes,
                           Index max_points);

}  // namespace nullcline::study
