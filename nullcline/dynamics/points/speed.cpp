// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/speed.hpp"

#include <cmath>
#include <limits>

#include "nullcline/core/attempt.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/detail/over_items.hpp"

namespace nullcline::dynamics {
namespace {

void check(const Map& map, In<Vector> x, double dt) {
  require(x.size() == map.dim(), "speed: the state must have the dimension of the map");
  require(dt > 0, "speed: need dt > 0");
}

Vector velocity(const Map& map, In<Vector> x, double dt) {
  Vector f(map.dim());
  map.step(x, f);
  return (f - x) / dt;
}

std::vector<std::uint8_t> local_minima(const Vector& q, Index trials) {
  std::vector<std::uint8_t> minimum(static_cast<std::size_t>(q.size()), 0);
  for (Index i = trials; i + trials < q.size(); ++i) {
    minimum[static_cast<std::size_t>(i)] = q(i - trials) > q(i) && q(i) <= q(i + trials);
  }
  return minimum;
}

}  // namespace

double speed(const Map& map, In<Vector> x, double dt) {
  check(map, x, dt);
  return 0.5 * velocity(map, x, dt).squaredNorm();
}

Vector speed_gradient(const Map& map, In<Vector> x, double dt) {
  check(map, x, dt);
  const Vector f = velocity(map, x, dt);
  Vector gradient(map.dim());
  map.pull_back(x, f, gradient);
  return (gradient - f) / dt;
}

SpeedDerivatives speed_derivatives(const Map& map, In<Vector> x, double dt) {
  check(map, x, dt);
  const Vector f = velocity(map, x, dt);
  Matrix A = map.jacobian(x);
  A.diagonal().array() -= 1.0;
  A /= dt;
  Matrix hessian = map.second_derivative(x, f) / dt;
  hessian += multiply(A, A, true);
  return {0.5 * f.squaredNorm(), A.transpose() * f, 0.5 * (hessian + hessian.transpose())};
}

TrajectorySpeeds speeds_along(const Map& map, In<Matrix> states,
                              const TrajectorySpeedOptions& options) {
  const Index count = states.cols();
  require(states.rows() == map.dim(), "speeds_along: states must have the dimension of the map");
  require(options.dt > 0 && options.gradient_tolerance >= 0,
          "speeds_along: need dt > 0 and gradient_tolerance >= 0");
  require(options.trials > 0 && count % options.trials == 0,
          "speeds_along: the number of states must be a multiple of the number of trials");

  Matrix F(map.dim(), count), G(map.dim(), count);
  map.step(states, F);
  F = (F - states) / options.dt;
  map.pull_back(states, F, G);
  G = (G - F) / options.dt;
  TrajectorySpeeds result;
  result.derivatives = map.derivatives();
  result.speeds = 0.5 * F.colwise().squaredNorm().transpose();
  result.gradients = G.colwise().norm().transpose();
  result.minimum = local_minima(result.speeds, options.trials);
  if (!options.hessians) return result;

  Vector smallest(count);
  std::vector<std::uint8_t> slow(static_cast<std::size_t>(count), 0);
  result.cancelled = !detail::over_items(count, options.threads, options.progress, [&](Index i) {
    smallest(i) = std::numeric_limits<double>::quiet_NaN();
    if (!std::isfinite(result.gradients(i)) || !map.jacobian(states.col(i)).allFinite()) return;
    const auto at = speed_derivatives(map, states.col(i), options.dt);
    const auto system = attempt(symmetric_eigen, at.hessian);
    if (!system) return;
    smallest(i) = system->values(0);
    slow[static_cast<std::size_t>(i)] =
        result.gradients(i) <= options.gradient_tolerance && smallest(i) > 0;
  });
  if (result.cancelled) return result;
  result.smallest_eigenvalues = std::move(smallest);
  result.slow = std::move(slow);
  return result;
}

}  // namespace nullcline::dynamics
