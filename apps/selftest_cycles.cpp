// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>

#include "apps/selftest_cases.hpp"
#include "apps/selftest_systems.hpp"
#include "nullcline/core/piecewise_linear.hpp"
#include "nullcline/dynamics/cycles/cycles.hpp"
#include "nullcline/dynamics/cycles/invariant_circle.hpp"
#include "nullcline/dynamics/cycles/limit_cycles.hpp"
#include "nullcline/dynamics/cycles/piecewise_linear_cycles.hpp"

namespace nullcline::apps {
namespace {

using Checks = std::vector<SelftestCheck>;

Vector pair(double x, double y) { return Vector{{x, y}}; }

double distance(const Matrix& states, const Vector& x) {
  return (states.colwise() - x).colwise().norm().minCoeff();
}

struct ScyfiCycles {
  Index period;
  double a, w;
  Vector stable, unstable;
  double stable_modulus, first, second;
};

Checks scyfi_checks(const ScyfiCycles& known) {
  const Matrix W{{0, known.w}, {0.52505308, 0}};
  const auto map =
      PiecewiseLinearMap::plrnn(pair(known.a, 0.96461297), W, pair(0.37298253, -0.97931491));
  const auto found = dynamics::find_piecewise_linear_cycles(map, known.period).cycles;
  Checks checks = {{"cycles", 2, static_cast<double>(found.size()), 0}};
  if (found.size() != 2) return checks;
  const auto& stable = found[0];
  const auto& unstable = found[1];
  checks.push_back({"stable one", 1, stable.stable ? 1.0 : 0.0, 0});
  checks.push_back({"its distance", 0, distance(stable.states, known.stable), 2e-8});
  checks.push_back(
      {"its |multiplier|", known.stable_modulus, std::abs(stable.multipliers(0)), 1e-5});
  checks.push_back({"distance of the other", 0, distance(unstable.states, known.unstable), 2e-8});
  checks.push_back({"its multiplier 1", known.first, unstable.multipliers(0).real(), 1e-6});
  checks.push_back({"its multiplier 2", known.second, unstable.multipliers(1).real(), 1e-6});
  return checks;
}

Checks scyfi_16() {
  return scyfi_checks({16, 0.8377689, -0.64375, pair(1.72588889, -0.36524960),
                       pair(1.50406815, -0.07615264), 0.51890, 1.610218, 0.237158});
}

Checks scyfi_27() {
  return scyfi_checks({27, 0.9777689, -0.14375, pair(3.95083565, 4.16165465),
                       pair(1.92366763, -2.73664552), 0.69317, 1.131958, 0.458441});
}

Checks logistic_three() {
  // The two cycles of period 3 coincide there: states are known to sqrt(eps) only.
  const MapSystem driven = logistic_map();
  const FrozenMap map(driven, Vector::Constant(1, 1 + std::sqrt(8.0)));
  const auto found = dynamics::find_cycles(map, 3, Vector::LinSpaced(40, 0.01, 0.99).transpose());
  if (found.cycles.empty()) return {{"3-cycle found", 1, 0, 0}};
  const dynamics::Cycle& cycle = found.cycles[0];
  return {{"x 1", 0.1599288, cycle.states(0, 0), 1e-6},
          {"x 2", 0.5143553, cycle.states(0, 1), 1e-6},
          {"x 3", 0.9563178, cycle.states(0, 2), 1e-6},
          {"multiplier", 1, cycle.multipliers(0).real(), 1e-5}};
}

Checks logistic_four() {
  const MapSystem driven = logistic_map();
  const FrozenMap map(driven, Vector::Constant(1, 4));
  const double necklaces[] = {2, 1, 2, 3, 6, 9};
  Checks checks;
  for (Index k = 1; k <= 6; ++k) {
    const auto found =
        dynamics::find_cycles(map, k, Vector::LinSpaced(400, 0.001, 0.999).transpose());
    checks.push_back({"cycles of period " + std::to_string(k), necklaces[k - 1],
                      static_cast<double>(found.cycles.size()), 0});
  }
  return checks;
}

Checks stuart_landau() {
  const double mu = 0.3, omega = 2, T = 2 * std::numbers::pi / omega;
  const auto cycle = dynamics::find_limit_cycle(stuart_landau_flow(mu, omega), Vector(0),
                                                pair(0.1, 0), {.max_period = 10});
  if (cycle.status != dynamics::LimitCycleStatus::converged) return {{"converged", 1, 0, 0}};
  return {{"period 2 pi / omega", T, cycle.period, 3 * cycle.period_error + 1e-12},
          {"radius sqrt(mu)", std::sqrt(mu), cycle.states.colwise().norm().maxCoeff(), 1e-9},
          {"Floquet multiplier 1", 1, cycle.multipliers(0).real(), 1e-8},
          {"e^(-2 mu T)", std::exp(-2 * mu * T), cycle.multipliers(1).real(), 1e-8}};
}

Checks van_der_pol() {
  const FlowSystem flow(
      2, 0,
      [](const double* x, const double*, double* y) {
        y[0] = x[1];
        y[1] = (1 - x[0] * x[0]) * x[1] - x[0];
      },
      [](const double* x, const double*, const double* v, const double*, double* w) {
        w[0] = v[1];
        w[1] = (-2 * x[0] * x[1] - 1) * v[0] + (1 - x[0] * x[0]) * v[1];
      });
  const auto cycle = dynamics::find_limit_cycle(flow, Vector(0), pair(1, 1), {.max_period = 20});
  if (cycle.status != dynamics::LimitCycleStatus::converged) return {{"converged", 1, 0, 0}};
  // prod mu = exp of the integral of the divergence [Liouville].
  const double divergence = (1 - cycle.states.row(0).array().square()).mean() * cycle.period;
  return {{"period", 6.6633, cycle.period, 5e-5},
          {"Floquet multiplier 1", 1, cycle.multipliers(0).real(), 1e-7},
          {"log of the product of multipliers", divergence,
           std::log(std::abs(cycle.multipliers.prod())), 1e-6}};
}

Checks rotation() {
  // Polar: r' = 1 + (r - 1) / 2, theta' = theta + 2 pi rho.
  const double rho = (std::sqrt(5.0) - 1) / 2 - 0.5;
  const auto turn = [=](const double* x, double* y) {
    const double r = std::hypot(x[0], x[1]), s = (0.5 + 0.5 / r);
    const double c = std::cos(2 * std::numbers::pi * rho), d = std::sin(2 * std::numbers::pi * rho);
    y[0] = s * (c * x[0] - d * x[1]);
    y[1] = s * (d * x[0] + c * x[1]);
  };
  const CallableMap map(2, [=](In<Vector> x) {
    Vector y(2);
    turn(x.data(), y.data());
    return y;
  });
  const auto circle = dynamics::find_invariant_circle(map, pair(0.3, 0.1), {.transient = 200});
  return {{"invariant circle", 1,
           circle.verdict == dynamics::OrbitVerdict::invariant_circle ? 1.0 : 0.0, 0},
          {"rotation number", rho, circle.rotation_number, 1e-10},
          {"radius", 1, circle.extent, 1e-6}};
}

}  // namespace

std::vector<SelftestCase> selftest_cycles() {
  return {
      {"16-cycles of a PLRNN of SCYFI's tests", "recomputed by a program apart", scyfi_16},
      {"27-cycles of another", "recomputed by a program apart", scyfi_27},
      {"logistic map, r = 1 + sqrt 8", "ChaosTools.jl, test of periodic orbits", logistic_three},
      {"logistic map, r = 4", "necklaces", logistic_four},
      {"Stuart-Landau, mu = 0.3, omega = 2", "closed form", stuart_landau},
      {"Van der Pol, mu = 1", "6.6633; Liouville", van_der_pol},
      {"a circle turned by an irrational angle", "closed form", rotation}};
}

}  // namespace nullcline::apps
