// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>

#include "apps/selftest_cases.hpp"
#include "nullcline/core/random.hpp"
#include "nullcline/representation/dimension.hpp"
#include "nullcline/representation/dpca.hpp"
#include "nullcline/representation/jpca.hpp"
#include "nullcline/representation/pca.hpp"
#include "nullcline/representation/slow_features.hpp"

namespace nullcline::apps {
namespace {

using Checks = std::vector<SelftestCheck>;
using Recordings = std::vector<Matrix>;
constexpr double turn = 2 * std::numbers::pi;

double as_double(Index value) { return static_cast<double>(value); }

Matrix normal(Index rows, Index cols, std::uint64_t seed) {
  RandomStream stream({.seed = seed, .purpose = Purpose::analysis_noise});
  Matrix A(rows, cols);
  stream.fill_normal({A.data(), static_cast<std::size_t>(A.size())});
  return A;
}

/// Two planes that turn by 0.3 and 0.1 per step, from six states.
Checks rotation() {
  Recordings trials;
  for (std::uint64_t i = 0; i < 6; ++i) {
    const Matrix start = normal(4, 1, i);
    Matrix X(4, 50);
    for (Index t = 0; t < 50; ++t) {
      const double a = 0.3 * as_double(t), b = 0.1 * as_double(t);
      X.col(t) << std::cos(a) * start(0) - std::sin(a) * start(1),
          std::sin(a) * start(0) + std::cos(a) * start(1),
          std::cos(b) * start(2) - std::sin(b) * start(3),
          std::sin(b) * start(2) + std::cos(b) * start(3);
    }
    trials.push_back(X);
  }
  const auto found = representation::jpca(trials, {.components = 4});
  return {{"angle per step, first plane", 0.3, found.frequencies(0), 1e-10},
          {"second plane", 0.1, found.frequencies(1), 1e-10},
          {"R^2 of the skew-symmetric fit", 1, found.skew_r2, 1e-12}};
}

/// A wave of 2 cycles hidden in a second one: y = sin, x = (y + cos^2, cos).
Checks hidden_wave() {
  constexpr Index steps = 1000;
  Matrix X(2, steps);
  Vector driver(steps);
  for (Index t = 0; t < steps; ++t) {
    const double phase = turn * as_double(t) / as_double(steps);
    driver(t) = std::sin(phase);
    X(1, t) = std::cos(11 * phase);
    X(0, t) = driver(t) + X(1, t) * X(1, t);
  }
  const auto found = representation::slow_features(Recordings{X}, {.dim = 1, .degree = 2});
  const Vector y = representation::project(X, found).row(0).transpose();
  return {{"correlation of the slowest feature with the driver", 1,
           std::abs(y.dot(driver)) / (y.norm() * driver.norm()), 1e-6}};
}

/// 2000 points of a flat torus, of no edge and even density.
Checks torus() {
  constexpr Index count = 2000;
  RandomStream stream({.seed = 4, .purpose = Purpose::analysis_noise});
  Matrix X(4, count);
  for (Index i = 0; i < count; ++i) {
    const double a = turn * stream.uniform(), b = turn * stream.uniform();
    X.col(i) << std::cos(a), std::sin(a), std::cos(b), std::sin(b);
  }
  const auto found = representation::dimension(Recordings{X}, {.surrogates = 0});
  const double four_errors = 4 * 2 / std::sqrt(0.9 * as_double(count));
  // The four variances are equal to 1 / sqrt(2 count) or so, and enter squared.
  return {{"dimension by two neighbors", 2, found.two_nn.value, four_errors},
          {"by maximum likelihood", 2, found.mle.value, four_errors + 0.05},
          {"participation ratio of its covariance", 4, found.participation_ratio,
           16 * 4 / (2 * as_double(count)) + 1e-12}};
}

/// 1200 units, five directions of which hold all variance but 1e-6 of it a unit.
Checks many_units() {
  const Matrix X = normal(1200, 5, 1) * normal(5, 1500, 2) + 1e-3 * normal(1200, 1500, 3);
  const auto exact =
      representation::pca(Recordings{X}, {.dim = 5, .method = representation::PcaMethod::exact});
  const auto fast = representation::pca(
      Recordings{X}, {.dim = 5, .method = representation::PcaMethod::randomized});
  return {{"randomized over exact variance, five components", 1,
           fast.variances.sum() / exact.variances.sum(), 1e-10}};
}

/// Three levels of one variable and two of another, each along an axis of its own.
Checks two_variables() {
  Recordings trials;
  representation::Labels labels(2, 6);
  for (Index i = 0; i < 6; ++i) {
    labels.col(i) << i / 2, i % 2;
    Matrix X = Matrix::Zero(3, 4);
    for (Index t = 0; t < 4; ++t) {
      X.col(t) << as_double(t) - 1.5, as_double(i / 2) - 1, as_double(i % 2) - 0.5;
    }
    trials.push_back(X);
  }
  const auto found = representation::dpca(trials, labels);
  const double total = 1.25 + 2.0 / 3 + 0.25;  // Variances of 0 .. 3, of -1, 0, 1, and of 0, 1.
  return {{"part of time", 1.25 / total, found.marginalizations[0].variance, 1e-13},
          {"of the first variable", 2.0 / 3 / total, found.marginalizations[1].variance, 1e-13},
          {"of the second", 0.25 / total, found.marginalizations[2].variance, 1e-13},
          {"of their interaction", 0, found.marginalizations[3].variance, 1e-13}};
}

}  // namespace

std::vector<SelftestCase> selftest_methods() {
  return {{"two turning planes (jPCA)", "closed form: x' = W x, W skew-symmetric", rotation},
          {"hidden sine (slow features)", "Wiskott & Sejnowski 2002, section 4.1", hidden_wave},
          {"flat torus (dimensions)", "its definition", torus},
          {"rank five (randomized PCA)", "the exact decomposition", many_units},
          {"two variables and time (dPCA)", "closed form: balanced analysis of variance",
           two_variables}};
}

}  // namespace nullcline::apps
