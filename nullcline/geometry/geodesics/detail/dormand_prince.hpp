// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "nullcline/core/types.hpp"

namespace nullcline::geometry::detail {

/// dy/ds at (s, y); false where y is outside of what the equation is defined on.
using Equation = std::function<bool(double s, const Vector& y, Vector& dy)>;

struct StepControl {
  double tolerance = 1e-10;  ///< |error of a step| <= tolerance max(scale, |y|), entry by entry.
  double smallest_step = 1e-10;  ///< Below that nothing is tried.
  Index max_steps = 10'000;
};

enum class Advance {
  reached,
  blocked,    ///< A step of the smallest size still leaves the domain of the equation.
  max_steps,  ///< Or the error asks for smaller steps than the smallest.
};

/// An explicit Runge-Kutta method of order 5 with an error estimate of order 4, the last stage
/// being the first of the next step [Dormand & Prince 1980, RK5(4)7M].
class DormandPrince {
 public:
  /// y at s, and the scale of its entries; all of one size.
  DormandPrince(Equation equation, StepControl control, double s, Vector y, Vector scale);

  /// Steps up to exactly `to`, forwards.
  Advance advance(double to);

  double s() const { return s_; }
  const Vector& y() const { return y_; }

 private:
  bool try_step(double h, Vector& next, double& error);

  Equation equation_;
  StepControl control_;
  double s_, h_ = 0;
  Vector y_, scale_;
  Matrix k_;  // (size, 7) stages
  bool fresh_ = true;
  Index steps_ = 0;
};

}  // namespace nullcline::geometry::detail
