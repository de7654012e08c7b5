// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/piecewise_linear.hpp"

namespace nullcline::dynamics {

/// The two-unit PLRNNs of SCYFI's own tests [Eisenmann et al. 2023], recomputed to 8 digits with a
/// program of our own: W = [0 w; 0.52505308 0], h = (0.37298253, -0.97931491).
struct ScyfiCase {
  Vector a;
  double w;
  Vector point;            ///< The only fixed point.
  double largest_modulus;  ///< Of its multipliers.
  PiecewiseLinearMap map() const {
    const Matrix W = (Matrix(2, 2) << 0, w, 0.52505308, 0).finished();
    return PiecewiseLinearMap::plrnn(a, W, (Vector(2) << 0.37298253, -0.97931491).finished());
  }
};

inline std::vector<ScyfiCase> scyfi_cases() {
  const auto pair = [](double x, double y) { return Vector((Vector(2) << x, y).finished()); };
  return {{pair(0.7, -0.7), -0.14375, pair(1.24327510, -0.19207617), 0.7},
          {pair(-0.0222311, 0.96461297), -0.64375, pair(0.36487105, -22.26064871), 0.96461297},
          {pair(0.8377689, 0.96461297), -0.64375, pair(1.87241987, 0.10752279), 1.07057},
          {pair(0.9777689, 0.96461297), -0.14375, pair(2.01900155, 2.28242021), 1.00928}};
}

}  // namespace nullcline::dynamics
