// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/linear/linearization.hpp"

#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::dynamics {
namespace {

void count_moduli(Linearization& at, double tolerance) {
  const Index n = at.eigenvalues.size();
  for (const auto& lambda : at.eigenvalues) {
    const double excess = std::abs(lambda) - 1;
    if (std::abs(excess) <= tolerance) {
      ++at.marginal;
    } else if (excess > 0) {
      ++at.unstable;
    }
  }
  if (at.unstable == 0) {
    at.stability = at.marginal == 0 ? Stability::stable : Stability::marginal;
  } else {
    at.stability = at.unstable == n ? Stability::repelling : Stability::saddle;
  }
}

int sign_of_determinant(const ComplexVector& eigenvalues, double tolerance) {
  int sign = 1;
  for (const auto& lambda : eigenvalues) {
    if (std::abs(lambda - 1.0) <= tolerance) return 0;
    if (lambda.imag() == 0 && lambda.real() > 1) sign = -sign;
  }
  return sign;
}

}  // namespace

const char* name_of(Stability stability) {
  switch (stability) {
    case Stability::stable:
      return "stable";
    case Stability::marginal:
      return "marginal";
    case Stability::saddle:
      return "saddle";
    case Stability::repelling:
      return "repelling";
  }
  return "";
}

Linearization linearize(const Map& map, In<Vector> x, double dt,
                        const LinearizationOptions& options) {
  require(x.size() == map.dim(), "linearize: the state must have the dimension of the map");
  require(dt > 0, "linearize: need dt > 0");
  require(options.tolerance >= 0, "linearize: need tolerance >= 0");
  Linearization at;
  at.derivatives = map.derivatives();
  at.jacobian = map.jacobian(x);
  if (options.eigenvectors) {
    GeneralEigen system = eigen(at.jacobian);
    at.eigenvalues = std::move(system.values);
    at.eigenvectors = std::move(system.vectors);
    at.left_eigenvectors = std::move(system.left_vectors);
  } else {
    at.eigenvalues = eigenvalues(at.jacobian);
  }
  at.time_constants = time_constants(at.eigenvalues, dt);
  at.frequencies = frequencies(at.eigenvalues, dt);
  count_moduli(at, options.tolerance);
  at.degree = sign_of_determinant(at.eigenvalues, options.tolerance);
  return at;
}

std::vector<Linearization> linearize_all(const Map& map, In<Matrix> states, double dt,
                                         const LinearizationOptions& options, Threads threads) {
  std::vector<Linearization> points(static_cast<std::size_t>(states.cols()));
  parallel_for(states.cols(), threads, [&](Index i) {
    points[static_cast<std::size_t>(i)] = linearize(map, states.col(i), dt, options);
  });
  return points;
}

Vector time_constants(In<ComplexVector> eigenvalues, double dt) {
  require(dt > 0, "time_constants: need dt > 0");
  Vector result(eigenvalues.size());
  for (Index i = 0; i < result.size(); ++i) {
    const double growth = std::log(std::abs(eigenvalues(i)));
    result(i) = growth == 0 ? std::numeric_limits<double>::infinity() : -dt / growth;
  }
  return result;
}

Vector frequencies(In<ComplexVector> eigenvalues, double dt) {
  require(dt > 0, "frequencies: need dt > 0");
  Vector result(eigenvalues.size());
  for (Index i = 0; i < result.size(); ++i) {
    const double imaginary = eigenvalues(i).imag() + 0.0;  // -0 would put -pi for pi
    result(i) = std::atan2(imaginary, eigenvalues(i).real()) / (2 * std::numbers::pi * dt);
  }
  return result;
}

ComplexVector euler_rates(In<ComplexVector> eigenvalues, double dt) {
  require(dt > 0, "euler_rates: need dt > 0");
  return (eigenvalues.array() - 1.0) / dt;
}

int degree_sum(std::span<const Linearization> points) {
  int sum = 0;
  for (const Linearization& point : points) sum += point.degree;
  return sum;
}

}  // namespace nullcline::dynamics
