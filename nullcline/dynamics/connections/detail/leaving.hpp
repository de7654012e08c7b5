// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/dynamics/connections/connections.hpp"

namespace nullcline::dynamics::detail {

/// Orthonormal bases of the unstable eigenvectors of a point.
struct UnstableSpaces {
  Matrix right, left;  // (n, k)
};

UnstableSpaces unstable_space(const Linearization& point);

/// (P) of the points of the landmarks; empty ones for stable points.
std::vector<UnstableSpaces> unstable_spaces(const Landmarks& landmarks, Threads threads);

/// How one point or cycle is left: along x + distance E u.
struct Leaving {
  Index node = 0;
  Vector x;         // (n)
  Matrix E;         // (n, k) orthonormal
  Matrix u;         // (k, M) unit vectors
  Index first = 0;  // column of the first of its starts among all
  double distance = 0;
  double nonlinearity = 0;

  Matrix starts() const { return starts(u); }
  Matrix starts(const Matrix& directions) const {
    return (distance * (E * directions)).colwise() + x;
  }
  Matrix towards(const Matrix& points) const { return starts(points.colwise().normalized()); }
};

/// Of each point and cycle with unstable directions, in order. Unstable cycles whose states the map
/// does not take to one another are left out.
std::vector<Leaving> leave_all(const Map& map, const Landmarks& landmarks,
                               const std::vector<UnstableSpaces>& spaces,
                               const ConnectionOptions& options);

Matrix all_starts(const std::vector<Leaving>& leavings, Index n);

}  // namespace nullcline::dynamics::detail
