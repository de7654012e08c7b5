// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "nullcline/dynamics/cycles/detail/cyclic_system.hpp"
#include "nullcline/dynamics/points/damped_newton.hpp"

namespace nullcline::dynamics::detail {

/// Nonlinear equations g(z) = 0 of multiple shooting, whose derivative is a CyclicSystem; z and g
/// in its order.
class ShootingProblem {
 public:
  virtual ~ShootingProblem() = default;
  virtual Vector residual(In<Vector> z) const = 0;
  virtual CyclicSystem linearize(In<Vector> z) const = 0;
  virtual double largest_state(In<Vector> z) const = 0;  ///< max_i |x_i|, for the escape radius.
};

struct ShootingEnd {
  Vector z;
  double residual = 0;      ///< |g(z)|.
  double inverse_norm = 0;  ///< |A^-1|_2 at z, estimated; 0 unless a zero was found.
  double floor = 0;         ///< The residual that rounding leaves; likewise.
  Index iterations = 0;     ///< Linearizations.
  SearchStatus status = SearchStatus::stalled;  ///< fixed_point: |g| <= tolerance.
};

/// find_root (damped_newton.hpp) for a shooting problem: Newton's step by QR of the cyclic system
/// where it reduces |g|^2 by a quarter, else Levenberg-Marquardt by its normal equations; a zero is
/// polished by Newton steps for as long as they halve |g|. The rounding floor is
///     4 eps (sqrt(N) + |z|) max(1, |A|_F / sqrt(N)),  N the number of equations.
ShootingEnd solve_shooting(const ShootingProblem& problem, In<Vector> start,
                           const RootOptions& options,
                           const std::function<bool()>& keep_going = {});

}  // namespace nullcline::dynamics::detail
