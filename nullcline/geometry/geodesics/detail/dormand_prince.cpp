// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/geodesics/detail/dormand_prince.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nullcline::geometry::detail {
namespace {

/// Table 2 of the paper: nodes c, stages a (the last is the step of order 5), and the difference e
/// of the weights of orders 5 and 4.
constexpr double c[7] = {0, 1. / 5, 3. / 10, 4. / 5, 8. / 9, 1, 1};
constexpr double a[7][6] = {
    {},
    {1. / 5},
    {3. / 40, 9. / 40},
    {44. / 45, -56. / 15, 32. / 9},
    {19372. / 6561, -25360. / 2187, 64448. / 6561, -212. / 729},
    {9017. / 3168, -355. / 33, 46732. / 5247, 49. / 176, -5103. / 18656},
    {35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84},
};
constexpr double e[7] = {71. / 57600,      0,          -71. / 16695, 71. / 1920,
                         -17253. / 339200, 22. / 525., -1. / 40};

}  // namespace

DormandPrince::DormandPrince(Equation equation, StepControl control, double s, Vector y,
                             Vector scale)
    : equation_(std::move(equation)),
      control_(control),
      s_(s),
      y_(std::move(y)),
      scale_(std::move(scale)),
      k_(y_.size(), 7) {}

bool DormandPrince::try_step(double h, Vector& next, double& error) {
  Vector slope(y_.size());
  for (Index stage = 1; stage < 7; ++stage) {
    next = y_;
    for (Index j = 0; j < stage; ++j) {
      if (a[stage][j] != 0) next += h * a[stage][j] * k_.col(j);
    }
    if (!equation_(s_ + c[stage] * h, next, slope)) return false;
    k_.col(stage) = slope;
  }
  Vector difference = Vector::Zero(y_.size());
  for (Index j = 0; j < 7; ++j) difference += h * e[j] * k_.col(j);
  error =
      (difference.array().abs() / scale_.cwiseMax(y_.cwiseAbs()).cwiseMax(next.cwiseAbs()).array())
          .maxCoeff() /
      control_.tolerance;
  return std::isfinite(error);
}

Advance DormandPrince::advance(double to) {
  if (fresh_) {
    Vector slope(y_.size());
    if (!equation_(s_, y_, slope)) return Advance::blocked;
    k_.col(0) = slope;
    fresh_ = false;
    if (h_ == 0) h_ = (to - s_) / 4;
  }
  while (s_ < to) {
    const bool last = s_ + h_ >= to;
    const double h = last ? to - s_ : h_;
    if (++steps_ > control_.max_steps) return Advance::max_steps;
    Vector next(y_.size());
    double error = 0;
    const bool inside = try_step(h, next, error);
    if (inside && error <= 1) {
      s_ = last ? to : s_ + h;
      y_ = next;
      k_.col(0) = k_.col(6);
    }
    // Order 5: the error of a step falls as h^5, 0.9 leaves room, factors are kept moderate.
    const double factor =
        inside ? std::clamp(0.9 * std::pow(std::max(error, 1e-10), -0.2), 0.2, 5.0) : 0.25;
    // A step cut short by `to` says little about the next.
    if (!last || !inside || error > 1 || h * factor > h_) h_ = h * factor;
    if (h_ < control_.smallest_step && s_ < to) {
      return inside ? Advance::max_steps : Advance::blocked;
    }
  }
  return Advance::reached;
}

}  // namespace nullcline::geometry::detail
