// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/linear/linearization.hpp"

#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <utility>

#include "nullcline/core/attempt.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::dynamics {
namespace {

int sign_of_determinant(const ComplexVector& eigenvalues, double tolerance) {
  int sign = 1;
  for (const auto& lambda : eigenvalues) {
    if (std::abs(lambda - 1.0) <= tolerance) return 0;
    if (lambda.imag() == 0 && lambda.real() > 1) sign = -sign;
  }
  return sign;
}

/// Fills in the spectrum; false where there is none.
bool decompose(Linearization& at, bool eigenvectors) {
  if (!eigenvectors) {
    auto values = attempt(nullcline::eigenvalues, at.jacobian);
    if (values) at.eigenvalues = std::move(*values);
    return values.has_value();
  }
  auto system = attempt(eigen, at.jacobian);
  if (!system) return false;
  at.eigenvalues = std::move(system->values);
  at.eigenvectors = std::move(system->vectors);
  at.left_eigenvectors = std::move(system->left_vectors);
  return true;
}

void leave_unknown(Linearization& at, bool eigenvectors) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Index n = at.jacobian.rows();
  at.status = why_unknown(at.jacobian);
  at.eigenvalues = ComplexVector::Constant(n, nan);
  at.time_constants = at.frequencies = Vector::Constant(n, nan);
  if (eigenvectors) at.eigenvectors = at.left_eigenvectors = ComplexMatrix::Constant(n, n, nan);
  at.stability = Stability::unknown;
}

}  // namespace

SpectrumStatus why_unknown(In<Matrix> A) {
  return A.allFinite() ? SpectrumStatus::not_converged : SpectrumStatus::not_finite;
}

Moduli count_moduli(In<ComplexVector> eigenvalues, double tolerance) {
  Moduli counts;
  if (!eigenvalues.allFinite()) return counts;
  for (const auto& lambda : eigenvalues) {
    const double excess = std::abs(lambda) - 1;
    if (std::abs(excess) <= tolerance) {
      ++counts.marginal;
    } else if (excess > 0) {
      ++counts.unstable;
    }
  }
  if (counts.unstable == 0) {
    counts.stability = counts.marginal == 0 ? Stability::stable : Stability::marginal;
  } else {
    counts.stability =
        counts.unstable == eigenvalues.size() ? Stability::repelling : Stability::saddle;
  }
  return counts;
}

const char* name_of(SpectrumStatus status) {
  static constexpr const char* names[] = {"known", "not_finite", "not_converged"};
  return names[static_cast<int>(status)];
}

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
    case Stability::unknown:
      return "unknown";
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
  if (!decompose(at, options.eigenvectors)) {
    leave_unknown(at, options.eigenvectors);
    return at;
  }
  at.time_constants = time_constants(at.eigenvalues, dt);
  at.frequencies = frequencies(at.eigenvalues, dt);
  const Moduli counts = count_moduli(at.eigenvalues, options.tolerance);
  at.unstable = counts.unstable;
  at.marginal = counts.marginal;
  at.stability = counts.stability;
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
