// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "nullcline/tasks/task.hpp"

namespace nullcline::tasks {

/// A point of an m-dimensional input manifold with all inputs and derivatives 0.
InputManifold::Point blank_point(Index n_in, Index steps, Index m);

/// Where d2u / dkappa_i dkappa_j stands in `second`: 11 12 .. 1m 22 23 ..
std::size_t second_index(Index i, Index j, Index m);

/// An angle in rad, from 0 to 2 pi.
InputManifold::Coordinate angle(const std::string& name);

/// Adds (cos kappa_i, sin kappa_i) and its derivatives in the inputs `channel` and `channel` + 1,
/// steps [from, to).
void add_direction(InputManifold::Point& point, In<Vector> kappa, Index i, Index channel,
                   Index from, Index to);

/// Inputs that are constant in time and linear in kappa: u(t) = u0 + A kappa.
InputManifold linear_manifold(std::vector<InputManifold::Coordinate> coordinates, In<Vector> u0,
                              In<Matrix> A, Index steps);

/// A pulse of one step.
struct PulseAt {
  Index channel, step;
};
/// Zeros but for pulses whose heights, from -1 to 1, are the coordinates: "pulse 1", ..
InputManifold pulse_manifold(const std::vector<PulseAt>& pulses, Index n_in, Index steps);

/// Inputs that are constant in time and themselves the coordinates, each from lowest to highest.
InputManifold box_manifold(const std::vector<Channel>& inputs, double lowest, double highest,
                           Index steps);

}  // namespace nullcline::tasks
