// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>

#include "apps/selftest_cases.hpp"
#include "apps/selftest_systems.hpp"
#include "nullcline/core/stepper.hpp"
#include "nullcline/dynamics/branches/bifurcation_diagram.hpp"

namespace nullcline::apps {
namespace {

using Checks = std::vector<SelftestCheck>;
using dynamics::SpecialKind;

const Vector zero = Vector::Zero(1), one = Vector::Ones(1);

dynamics::ContinuationOptions between(double low, double high, double max_step = 0.1) {
  dynamics::ContinuationOptions options;
  options.min_parameter = low;
  options.max_parameter = high;
  options.max_step = max_step;
  return options;
}

/// The first special point of this kind on a branch, or one that is nowhere.
dynamics::SpecialPoint first_of(const dynamics::Branch& branch, SpecialKind kind) {
  for (const auto& point : branch.special) {
    if (point.kind == kind) return point;
  }
  dynamics::SpecialPoint none;
  none.parameter = none.frequency = NAN;
  return none;
}

Checks logistic() {
  const MapSystem driven = logistic_map();
  const dynamics::InputLine family(driven, zero, one);
  dynamics::DiagramOptions options;
  options.continuation = between(2, 3.55);
  options.depth = 2;
  const auto diagram =
      dynamics::bifurcation_diagram(family, {{Vector::Constant(1, 0.6), 2.5}}, options);
  Checks checks = {{"branches", 3, static_cast<double>(diagram.branches.size()), 0}};
  const double known[] = {3, 1 + std::sqrt(6), 3.544090359};
  for (std::size_t b = 0; b < std::min<std::size_t>(3, diagram.branches.size()); ++b) {
    checks.push_back({"period doubling " + std::to_string(b + 1), known[b],
                      first_of(diagram.branches[b], SpecialKind::period_doubling).parameter,
                      b < 2 ? 1e-10 : 1e-9});
  }
  return checks;
}

Checks transcritical() {
  const MapSystem driven = logistic_map();
  const dynamics::InputLine family(driven, zero, one);
  const auto branch = dynamics::continue_point(family, zero, 0.5, between(0.1, 2));
  const auto point = first_of(branch, SpecialKind::branch_point);
  return {
      {"branch point at r", 1, point.parameter, 1e-9},
      {"is transcritical", 1, point.crossing == dynamics::Crossing::transcritical ? 1.0 : 0.0, 0}};
}

Checks henon() {
  // b = 0.3: fold at a = -(1 - b)^2 / 4, period doubling at 3 (1 - b)^2 / 4.
  const MapSystem driven = henon_map();
  const dynamics::InputLine family(driven, zero, one);
  const Vector x{{1.2, 0.36}};
  const auto branch = dynamics::continue_point(family, x, 0.1, between(-1, 1));
  return {
      {"fold", -0.1225, first_of(branch, SpecialKind::fold).parameter, 1e-10},
      {"period doubling", 0.3675, first_of(branch, SpecialKind::period_doubling).parameter, 1e-10}};
}

Checks delayed_logistic() {
  const MapSystem driven(
      2, 1,
      [](const double* x, const double* p, double* y) {
        y[0] = *p * x[0] * (1 - x[1]);
        y[1] = x[0];
      },
      [](const double* x, const double* p, const double* v, const double* q, double* w) {
        w[0] = *p * (v[0] * (1 - x[1]) - x[0] * v[1]) + *q * x[0] * (1 - x[1]);
        w[1] = v[0];
      });
  const dynamics::InputLine family(driven, zero, one);
  const auto branch =
      dynamics::continue_point(family, Vector::Constant(2, 1.0 / 3), 1.5, between(1.2, 3));
  const auto point = first_of(branch, SpecialKind::neimark_sacker);
  return {{"Neimark-Sacker at", 2, point.parameter, 1e-10},
          {"turns a step", 1.0 / 6, std::abs(point.frequency), 1e-10}};
}

Checks lorenz() {
  // The Runge-Kutta step of 0.002 shifts the parameter by 6e-9.
  const double h = 0.002, sigma = 10, beta = 8.0 / 3;
  const FlowSystem flow = lorenz_flow();
  const SteppedFlow step(flow, h, Method::rk4);
  const dynamics::InputLine family(step, zero, one);
  const double x = std::sqrt(beta * 21),
               omega2 = 2 * sigma * beta * (sigma + 1) / (sigma - beta - 1);
  const auto branch = dynamics::continue_point(family, Vector{{x, x, 21}}, 22, between(10, 30, 1));
  const auto point = first_of(branch, SpecialKind::neimark_sacker);
  return {
      {"Hopf point at rho", sigma * (sigma + beta + 3) / (sigma - beta - 1), point.parameter, 2e-8},
      {"its frequency", std::sqrt(omega2) / (2 * std::numbers::pi), std::abs(point.frequency) / h,
       1e-6}};
}

Checks tanh_unit() {
  // x = tanh(2 x + p): folds where 1 = 2 (1 - x^2), p = atanh x - 2 x.
  const MapSystem driven(
      1, 1, [](const double* x, const double* p, double* y) { *y = std::tanh(2 * *x + *p); },
      [](const double* x, const double* p, const double* v, const double* q, double* w) {
        const double y = std::tanh(2 * *x + *p);
        *w = (1 - y * y) * (2 * *v + *q);
      });
  const dynamics::InputLine family(driven, zero, one);
  const auto branch =
      dynamics::continue_point(family, Vector::Constant(1, -0.9), -1.5, between(-1.5, 1.5));
  const double x = std::sqrt(0.5), p = 2 * x - std::atanh(x);
  return {{"fold", p, first_of(branch, SpecialKind::fold).parameter, 1e-11},
          {"special points", 2, static_cast<double>(branch.special.size()), 0}};
}

}  // namespace

std::vector<SelftestCase> selftest_continuation() {
  return {{"cascade of the logistic map", "3, 1 + sqrt 6; MathWorld", logistic},
          {"logistic map at x = 0", "closed form", transcritical},
          {"Henon map, b = 0.3", "closed form", henon},
          {"delayed logistic map", "closed form", delayed_logistic},
          {"Lorenz' Hopf point", "sigma (sigma + beta + 3) / (sigma - beta - 1)", lorenz},
          {"hysteresis of a tanh unit", "closed form", tanh_unit}};
}

}  // namespace nullcline::apps
