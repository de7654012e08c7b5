// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>

#include "apps/selftest_cases.hpp"
#include "apps/selftest_systems.hpp"
#include "nullcline/core/stepper.hpp"
#include "nullcline/dynamics/orbits/attractor_verdict.hpp"
#include "nullcline/dynamics/orbits/lyapunov.hpp"

namespace nullcline::apps {
namespace {

using Checks = std::vector<SelftestCheck>;
using dynamics::LyapunovSpectrum;

const Vector no_input(0);

/// Each exponent within 4 standard errors, and `more` for the digits known and the time step.
void add_exponents(Checks& checks, const LyapunovSpectrum& found, std::vector<double> known,
                   double more) {
  for (std::size_t i = 0; i < known.size(); ++i) {
    const auto row = static_cast<Index>(i);
    const bool there = row < found.exponents.size();
    checks.push_back({"exponent " + std::to_string(i + 1), known[i],
                      there ? found.exponents(row) : NAN,
                      there ? 4 * found.standard_errors(row) + more : 0});
  }
}

double is(const Map& map, const Vector& start, dynamics::AttractorKind kind) {
  return dynamics::attractor_verdict(map, start).kind == kind ? 1.0 : 0.0;
}

Checks henon() {
  const MapSystem driven = henon_map();
  const FrozenMap map(driven, Vector::Constant(1, 1.4));
  const auto found =
      dynamics::lyapunov_spectrum(map, normal_matrix(2, 16, 0.1, 1), {.steps = 200000});
  Checks checks;
  add_exponents(checks, found, {0.41931, -1.62328}, 2e-5);
  checks.push_back({"their sum, ln 0.3", std::log(0.3), found.exponents.sum(), 1e-7});
  checks.push_back({"Kaplan-Yorke dimension", 1 + 0.41931 / 1.62328, found.dimension,
                    4 * found.dimension_error + 2e-5});
  checks.push_back({"is chaos", 1, is(map, Vector::Zero(2), dynamics::AttractorKind::chaos), 0});
  return checks;
}

Checks logistic() {
  const MapSystem driven = logistic_map();
  const FrozenMap map(driven, Vector::Constant(1, 4));
  Checks checks;
  add_exponents(checks,
                dynamics::lyapunov_spectrum(map, Vector::LinSpaced(8, 0.1, 0.4).transpose(),
                                            {.steps = 200000}),
                {std::numbers::ln2}, 0);
  const FrozenMap quiet(driven, Vector::Constant(1, 2.8)), two(driven, Vector::Constant(1, 3.2));
  const Vector start = Vector::Constant(1, 0.3);
  checks.push_back(
      {"r = 2.8 is a fixed point", 1, is(quiet, start, dynamics::AttractorKind::fixed_point), 0});
  checks.push_back({"r = 3.2 is a cycle", 1, is(two, start, dynamics::AttractorKind::cycle), 0});
  return checks;
}

Checks cat_map() {
  const MapSystem driven(
      2, 0,
      [](const double* x, const double*, double* y) {
        y[0] = std::fmod(2 * x[0] + x[1], 1);
        y[1] = std::fmod(x[0] + x[1], 1);
      },
      [](const double*, const double*, const double* v, const double*, double* w) {
        w[0] = 2 * v[0] + v[1];
        w[1] = v[0] + v[1];
      });
  const Matrix start{{0.1}, {0.2}};
  const auto found =
      dynamics::lyapunov_spectrum(FrozenMap(driven, no_input), start, {.steps = 1000});
  const double h = std::log((3 + std::sqrt(5.0)) / 2);
  return {{"exponent 1", h, found.exponents(0), 1e-11},
          {"exponent 2", -h, found.exponents(1), 1e-6},  // loses the spread, 1e10
          {"entropy rate", h, found.entropy_rate, 1e-11}};
}

/// The exponents of a flow of divergence `sum`, in Runge-Kutta steps.
Checks flow_checks(const Flow& flow, const Vector& input, const Matrix& starts, double dt,
                   Index steps, const std::vector<double>& known, double more, double sum,
                   double sum_error) {
  const SteppedFlow step(flow, dt, Method::rk4);
  const auto found = dynamics::lyapunov_spectrum(
      FrozenMap(step, input), starts,
      {.dt = dt, .transient = 5000, .steps = steps, .determinant_checks = 0});
  Checks checks;
  add_exponents(checks, found, known, more);
  if (std::isfinite(sum)) {
    checks.push_back({"their sum", sum, found.exponents.sum(), sum_error});
  }
  const double dimension = 2 + (known[0] + known[1]) / -known[2];
  checks.push_back(
      {"Kaplan-Yorke dimension", dimension, found.dimension, 4 * found.dimension_error + more});
  return checks;
}

Checks lorenz() {
  return flow_checks(lorenz_flow(), Vector::Constant(1, 28), normal_matrix(3, 16, 5, 2), 0.01,
                     60000, {0.90513, -0.00003, -14.57177}, 1e-3, -41.0 / 3, 2e-4);
}

// The published exponents add up to -20.96 and not to -21: they are known to 0.05.
Checks lorenz_wild() {
  return flow_checks(lorenz_flow(16, 4), Vector::Constant(1, 45.92), normal_matrix(3, 8, 5, 3),
                     0.004, 60000, {1.50, 0, -22.46}, 5e-2, -21, 1e-3);
}

Checks rossler() {
  const FlowSystem flow(
      3, 0,
      [](const double* x, const double*, double* y) {
        y[0] = -x[1] - x[2];
        y[1] = x[0] + 0.2 * x[1];
        y[2] = 0.2 + x[2] * (x[0] - 5.7);
      },
      [](const double* x, const double*, const double* v, const double*, double* w) {
        w[0] = -v[1] - v[2];
        w[1] = v[0] + 0.2 * v[1];
        w[2] = v[2] * (x[0] - 5.7) + x[2] * v[0];
      });
  return flow_checks(flow, no_input, normal_matrix(3, 8, 1, 4), 0.02, 100000,
                     {0.07139, 0.00001, -5.39433}, 1e-3, NAN, 0);
}

Checks jerk() {
  const FlowSystem flow(
      3, 0,
      [](const double* x, const double*, double* y) {
        y[0] = x[1];
        y[1] = x[2];
        y[2] = -2.017 * x[2] + x[1] * x[1] - x[0];
      },
      [](const double* x, const double*, const double* v, const double*, double* w) {
        w[0] = v[1];
        w[1] = v[2];
        w[2] = -2.017 * v[2] + 2 * x[1] * v[1] - v[0];
      });
  const Matrix near = Vector::Unit(3, 2).replicate(1, 8) + normal_matrix(3, 8, 0.01, 5);
  return flow_checks(flow, no_input, near, 0.05, 60000, {0.0551, 0, -2.0721}, 5e-3, -2.017, 1e-3);
}

Checks chen() {
  const FlowSystem flow(
      3, 0,
      [](const double* x, const double*, double* y) {
        y[0] = 35 * (x[1] - x[0]);
        y[1] = -7 * x[0] - x[0] * x[2] + 28 * x[1];
        y[2] = x[0] * x[1] - 3 * x[2];
      },
      [](const double* x, const double*, const double* v, const double*, double* w) {
        w[0] = 35 * (v[1] - v[0]);
        w[1] = -7 * v[0] - v[0] * x[2] - x[0] * v[2] + 28 * v[1];
        w[2] = v[0] * x[1] + x[0] * v[1] - 3 * v[2];
      });
  return flow_checks(flow, no_input, normal_matrix(3, 8, 5, 6), 0.002, 60000, {2.0232, 0, -12.0227},
                     5e-3, -10, 1e-3);
}

Checks rate_network() {
  const Index n = 40;
  Checks checks;
  for (const double g : {2.0, 5.0}) {
    Matrix J = normal_matrix(n, n, g / std::sqrt(40.0), 7);
    J.diagonal().setZero();
    const auto vector = [](const double* x) { return Eigen::Map<const Vector>(x, n); };
    const FlowSystem flow(
        n, 0,
        [=](const double* x, const double*, double* y) {
          Eigen::Map<Vector>(y, n) = J * vector(x).array().tanh().matrix() - vector(x);
        },
        [=](const double* x, const double*, const double* v, const double*, double* w) {
          const Vector slope = 1 - vector(x).array().tanh().square();
          Eigen::Map<Vector>(w, n) = J * slope.cwiseProduct(vector(v)) - vector(v);
        });
    const SteppedFlow step(flow, 0.05, Method::rk4);
    const auto found = dynamics::lyapunov_spectrum(
        FrozenMap(step, no_input), normal_matrix(n, 1, 1, 8),
        {.dt = 0.05, .transient = 200, .steps = 400, .determinant_checks = 0});
    checks.push_back({g == 2 ? "sum of exponents, g = 2" : "sum of exponents, g = 5", -40,
                      found.exponents.sum(), 4e-3});
  }
  return checks;
}

Checks tanh_network() {
  const Index n = 10, steps = 256;
  const Matrix W = normal_matrix(n, n, 2 / std::sqrt(10.0), 9);
  const MapSystem driven = tanh_map(Matrix::Identity(n, n), W);
  Vector x = normal_matrix(n, 1, 0.5, 10);
  const auto found =
      dynamics::lyapunov_spectrum(FrozenMap(driven, no_input), x, {.transient = 0, .steps = steps});
  double logs = 0;
  for (Index t = 0; t < steps; ++t) {
    x = (W * x).array().tanh().matrix().eval();
    logs += (1 - x.array().square()).log().sum();
  }
  return {{"sum of exponents", log_abs_determinant(W) + logs / steps, found.exponents.sum(), 1e-6},
          {"sum rule along the orbit", 0, found.determinant.discrepancy, 1e-6}};
}

Checks stable_point() {
  const Index n = 8;
  const Matrix W = normal_matrix(n, n, 0.3 / std::sqrt(8.0), 11);
  const MapSystem driven = tanh_map(Matrix::Identity(n, n), W);
  const auto found = dynamics::lyapunov_spectrum(FrozenMap(driven, no_input), Matrix::Zero(n, 1),
                                                 {.steps = 20000});
  const Vector known = eigenvalues(W).array().abs().log().real();
  Checks checks;
  for (const Index i : {Index{0}, n - 1}) {
    checks.push_back({"exponent " + std::to_string(i + 1), known(i), found.exponents(i),
                      4 * found.standard_errors(i) + 1e-3});  // pairs turn: bounded / steps
  }
  checks.push_back({"sum of exponents", known.sum(), found.exponents.sum(), 1e-6});
  return checks;
}

Checks gaussian_products() {
  const Index n = 20;
  const double scale = 1 / std::sqrt(20.0);
  const auto A = [](const double* u) { return Eigen::Map<const Matrix>(u, n, n); };
  const auto vector = [](const double* x) { return Eigen::Map<const Vector>(x, n); };
  const MapSystem map(
      n, n * n,
      [=](const double* x, const double* u, double* y) {
        Eigen::Map<Vector>(y, n) = scale * (A(u) * vector(x));
      },
      [=](const double*, const double* u, const double* v, const double*, double* w) {
        Eigen::Map<Vector>(w, n) = scale * (A(u) * vector(v));
      });
  const auto found = dynamics::lyapunov_spectrum(
      map, Matrix::Zero(n, 2), {.noise = Vector::Ones(n * n), .seed = 11},
      {.transient = 50, .steps = 20000, .longest_interval = 4, .determinant_checks = 0});
  Checks checks;
  for (const auto& [i, known] :
       {std::pair<Index, double>{0, -0.0254}, {9, -0.3457}, {18, -1.4399}, {19, -2.1330}}) {
    checks.push_back({"exponent " + std::to_string(i + 1), known, found.exponents(i),
                      4 * found.standard_errors(i) + 5e-5});
  }
  return checks;
}

Checks limit_cycle() {
  const FlowSystem flow = stuart_landau_flow(1, 2);
  const double dt = 0.01;
  const SteppedFlow step(flow, dt, Method::rk4);
  const FrozenMap map(step, no_input);
  const auto verdict = dynamics::attractor_verdict(
      map, Vector{{0.5, 0}},
      {.dt = dt, .flow = true, .transient = 2000, .steps = 10000, .longest_period = 2000});
  Checks checks = {{"is a cycle", 1, verdict.kind == dynamics::AttractorKind::cycle ? 1.0 : 0.0, 0},
                   {"period", std::numbers::pi, verdict.period, 1e-5}};
  if (verdict.spectrum.exponents.size() < 2) return checks;
  checks.push_back({"exponent 1", 0, verdict.spectrum.exponents(0), 1e-3});
  checks.push_back({"exponent 2", -2, verdict.spectrum.exponents(1), 1e-3});
  return checks;
}

}  // namespace

std::vector<SelftestCase> selftest_lyapunov() {
  return {{"Henon map 1.4, 0.3", "2e7 steps of a program apart; sum exact", henon},
          {"logistic map", "r = 4: ln 2, exact", logistic},
          {"cat map", "exact", cat_map},
          {"Lorenz 10, 28, 8/3", "a program apart, T = 2e4; Sprott; sum exact", lorenz},
          {"Lorenz 16, 45.92, 4", "Sprott; sum exact", lorenz_wild},
          {"Rossler 0.2, 0.2, 5.7", "a program apart; Sprott", rossler},
          {"Sprott's jerk, A = 2.017", "Sprott; sum exact", jerk},
          {"Chen 35, 3, 28", "published; sum exact", chen},
          {"rate network without self-coupling, N = 40", "sum = -N / tau, exact", rate_network},
          {"x' = tanh(W x), N = 10", "ln|det W| + mean log slope, exact", tanh_network},
          {"network at a stable point", "ln|eigenvalue|, exact", stable_point},
          {"products of Gaussian matrices, N = 20", "Newman 1986", gaussian_products},
          {"Stuart-Landau, mu = 1, omega = 2", "closed form", limit_cycle}};
}

}  // namespace nullcline::apps
