// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "nullcline/core/piecewise_linear.hpp"
#include "nullcline/dynamics/detail/affine_cycle.hpp"

namespace nullcline::dynamics::detail {

/// The regions that a cycle of a piecewise linear map visits, in order.
using RegionSequence = std::vector<Region>;

/// A cycle of F, F(x_t) = x_{t+1}, x_k = x_0, in a sequence of regions; k = 1 is a fixed point.
struct RegionOrbit {
  Matrix states;               ///< (n, k)
  RegionSequence regions;      ///< (k)
  std::vector<Region> border;  ///< (k) where (C x_t + c) is 0 within its rounding.
  double error = 0;            ///< Estimate of the largest error of a coordinate.
  double residual = 0;         ///< max_t |F(x_t) - x_{t+1}|.

  bool on_border() const;
};

/// The regions of the columns of X.
RegionSequence regions_of(const PiecewiseLinearMap& map, const Matrix& X);

/// Pushes the pieces of a sequence.
void push_sequence(const PiecewiseLinearMap& map, const RegionSequence& regions,
                   AffineCycle& system);

/// The orbit of F in `regions` whose system is closed in `system`, with these states before
/// refinement; nullopt if a state lies outside its region. What passes a rough check is refined to
/// rounding, with residuals in long double, and then checked: a preactivation on the wrong side is
/// allowed within the rounding of the state and of itself, where both pieces agree.
std::optional<RegionOrbit> orbit_in(const PiecewiseLinearMap& map, const RegionSequence& regions,
                                    const AffineCycle& system, const Matrix& states);

/// Whether two orbits are the same: in the same regions, or, where these differ only by units that
/// are on the border, with the same states within rounding. Orbits start at the same phase.
bool same_orbit(const RegionOrbit& a, const RegionOrbit& b);

}  // namespace nullcline::dynamics::detail
