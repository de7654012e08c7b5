// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/orbits/lyapunov.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/stepper.hpp"
#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/chaotic_systems.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

const Vector no_input(0);

/// Within four standard errors, which are themselves known to 18 %, and the error of the time step.
void expect_within_error(const LyapunovSpectrum& found, const Vector& known, double systematic) {
  ASSERT_EQ(found.exponents.size(), known.size());
  for (Index i = 0; i < known.size(); ++i) {
    EXPECT_NEAR(found.exponents(i), known(i), 4 * found.standard_errors(i) + systematic) << i;
  }
}

Matrix logistic_starts(Index B) { return Vector::LinSpaced(B, 0.1, 0.4).transpose(); }

AnalyticMap logistic_map(double r) {
  return scalar_map([=](double x) { return r * x * (1 - x); },
                    [=](double x) { return r * (1 - 2 * x); }, [=](double) { return -2 * r; });
}

TEST(LyapunovSpectrum, OfHenonMapSumsToLogDeterminant) {
  const LyapunovSpectrum found =
      lyapunov_spectrum(henon_map(), random_matrix(2, 8, 0.1, 1), {.steps = 10000});
  EXPECT_EQ(found.status, std::vector<OrbitStatus>(8, OrbitStatus::done));
  EXPECT_NEAR(found.exponents.sum(), std::log(0.3), 1e-7);  // spread 1e10 times rounding
  // ground truth: 2e7 iterations of an independent program
  expect_within_error(found, (Vector(2) << 0.41931, -1.62328).finished(), 2e-5);
  EXPECT_LT(found.standard_errors(0), 5e-3);
  EXPECT_NEAR(found.dimension, 1 + 0.41931 / 1.62328, 4 * found.dimension_error + 2e-5);
  EXPECT_NEAR(found.entropy_rate, found.exponents(0), 1e-15);
  EXPECT_GT(found.determinant.steps, 100);
  EXPECT_NEAR(found.determinant.mean, std::log(0.3), 1e-14);
  EXPECT_LT(found.determinant.discrepancy, 1e-7);  // spread 1e10 times rounding
  EXPECT_EQ(found.resolved, 2);
  EXPECT_EQ(found.tangents, TangentMethod::jacobian);  // its push_forward is by differences
}

TEST(LyapunovSpectrum, OfTheLogisticMapIsLogTwo) {
  const LyapunovSpectrum found =
      lyapunov_spectrum(logistic_map(4), logistic_starts(8), {.steps = 20000});
  expect_within_error(found, Vector::Constant(1, std::numbers::ln2), 0);
  EXPECT_LT(found.standard_errors(0), 2e-3);
  EXPECT_EQ(found.dimension, 1);
  EXPECT_FALSE(found.dimension_is_bound);
}

TEST(LyapunovSpectrum, OfTheCatMapIsThatOfItsMatrix) {
  const Matrix A = (Matrix(2, 2) << 2, 1, 1, 1).finished();
  const AnalyticMap map(
      2,
      [=](const Vector& x) -> Vector {
        return (A * x).unaryExpr([](double y) { return y - std::floor(y); });
      },
      [=](const Vector&) -> Matrix { return A; });
  const LyapunovSpectrum found =
      lyapunov_spectrum(map, (Matrix(2, 1) << 0.1, 0.2).finished(), {.dt = 0.5, .steps = 1000});
  const double h = std::log((3 + std::sqrt(5.0)) / 2) / 0.5;
  EXPECT_NEAR(found.exponents(0), h, 1e-11);
  EXPECT_NEAR(found.exponents(1), -h, 1e-6);  // loses the spread, 1e10
  EXPECT_NEAR(found.entropy_rate, h, 1e-11);
  EXPECT_NEAR(found.dimension, 2, 1e-6);
}

TEST(LyapunovSpectrum, OfALinearMapIsThatOfItsEigenvalues) {
  const Matrix S = random_matrix(6, 6, 1.0, 2), V = S + S.transpose();
  const SymmetricEigen basis = symmetric_eigen(V);
  const Vector lambda = (Vector(6) << 1.1, -0.9, 0.7, 0.4, -0.2, 0.05).finished();
  const Matrix A = basis.vectors * lambda.asDiagonal() * basis.vectors.transpose();
  const LyapunovSpectrum found =
      lyapunov_spectrum(linear_map(A, Vector::Zero(6)), Matrix::Zero(6, 1), {.steps = 1000});
  EXPECT_LT((found.exponents - lambda.array().abs().log().matrix()).cwiseAbs().maxCoeff(), 1e-6);
}

TEST(LyapunovSpectrum, AtAStableFixedPointIsThatOfItsJacobian) {
  const Index n = 8;
  const Matrix W = random_matrix(n, n, 0.7 / std::sqrt(8.0), 3);
  const AnalyticMap map =
      tanh_map(Matrix::Identity(n, n), W.transpose(), random_matrix(n, 1, 0.5, 4));
  const LyapunovSpectrum found = lyapunov_spectrum(map, Matrix::Zero(n, 1), {.steps = 20000});
  const Vector known =
      eigenvalues(map.jacobian(found.final_states.col(0))).array().abs().log().real();
  expect_within_error(found, known, 1e-3);  // pairs turn: bounded / steps
  EXPECT_NEAR(found.exponents.sum(), known.sum(), 1e-6);
  EXPECT_EQ(found.dimension, 0);
  EXPECT_EQ(found.entropy_rate, 0);
}

TEST(LyapunovSpectrum, OfLorenzHasAZeroAndSumsToTheDivergence) {
  const auto flow = lorenz();
  const SteppedFlow stepped(flow, 0.01, Method::rk4);
  const FrozenMap map(stepped, no_input);
  const LyapunovSpectrum found =
      lyapunov_spectrum(map, random_matrix(3, 32, 5.0, 5), {.dt = 0.01, .steps = 10000});
  expect_within_error(found, (Vector(3) << 0.90513, -0.00003, -14.57177).finished(), 1e-3);
  EXPECT_NEAR(found.exponents.sum(), -10 - 1 - 8.0 / 3, 2e-4);  // the error of RK4
  EXPECT_NEAR(found.dimension, 2.0621, 4 * found.dimension_error + 1e-4);
  EXPECT_LT(found.standard_errors(0), 0.02);
  EXPECT_LT(found.dimension_error, 1e-3);
  EXPECT_EQ(found.tangents, TangentMethod::jacobian);  // k = n
  EXPECT_GT(found.interval, 50);                       // spread 1e10 = exp(15.5 / s 1.5 s)
}

/// lambda_1, 0, lambda_3, with sum `divergence`, against values published with three digits or
/// more.
void expect_published(const Flow& flow, const Matrix& starts, double dt, const Vector& known,
                      double divergence) {
  const SteppedFlow stepped(flow, dt, Method::rk4);
  const LyapunovSpectrum found =
      lyapunov_spectrum(FrozenMap(stepped, no_input), starts,
                        {.dt = dt, .transient = 5000, .steps = 10000, .determinant_checks = 0});
  expect_within_error(found, known, 5e-3);
  EXPECT_LT(found.standard_errors(0), 0.1 * known(0));
  EXPECT_NEAR(found.exponents.sum(), divergence, 1e-3);
}

TEST(LyapunovSpectrum, OfOtherFlowsIsThePublishedOne) {
  // Sprott's page of Lyapunov exponents (ground truth)
  expect_published(lorenz(16, 45.92, 4), random_matrix(3, 8, 5.0, 30), 0.004,
                   (Vector(3) << 1.50, 0, -22.46).finished(), -21);
  const SmallFlow chen(
      3,
      [](const double* x, double* y) {
        y[0] = 35 * (x[1] - x[0]);
        y[1] = -7 * x[0] - x[0] * x[2] + 28 * x[1];
        y[2] = x[0] * x[1] - 3 * x[2];
      },
      [](const double* x, const double* v, double* w) {
        w[0] = 35 * (v[1] - v[0]);
        w[1] = -7 * v[0] - v[0] * x[2] - x[0] * v[2] + 28 * v[1];
        w[2] = v[0] * x[1] + x[0] * v[1] - 3 * v[2];
      });
  expect_published(chen, random_matrix(3, 8, 5.0, 31), 0.002,
                   (Vector(3) << 2.0232, 0, -12.0227).finished(), -10);
  const SmallFlow jerk(
      3,
      [](const double* x, double* y) {
        y[0] = x[1];
        y[1] = x[2];
        y[2] = -2.017 * x[2] + x[1] * x[1] - x[0];
      },
      [](const double* x, const double* v, double* w) {
        w[0] = v[1];
        w[1] = v[2];
        w[2] = -2.017 * v[2] + 2 * x[1] * v[1] - v[0];
      });
  const Matrix near = Vector::Unit(3, 2).replicate(1, 8) + random_matrix(3, 8, 0.01, 32);
  expect_published(jerk, near, 0.05, (Vector(3) << 0.0551, 0, -2.0721).finished(), -2.017);
}

TEST(LyapunovSpectrum, OfRosslerIsThePublishedOne) {
  const auto flow = rossler();
  const SteppedFlow stepped(flow, 0.02, Method::rk4);
  const FrozenMap map(stepped, no_input);
  const LyapunovSpectrum found =
      lyapunov_spectrum(map, random_matrix(3, 16, 1.0, 6),
                        {.dt = 0.02, .transient = 5000, .steps = 40000, .determinant_checks = 0});
  expect_within_error(found, (Vector(3) << 0.07139, 0.00001, -5.39433).finished(), 1e-3);
  EXPECT_EQ(found.determinant.steps, 0);
  EXPECT_NEAR(found.entropy_rate, 0.07139, 4 * found.entropy_rate_error + 1e-3);  // the 0 is not in
}

TEST(LyapunovSpectrum, OfARateNetworkWithoutSelfCouplingSumsToMinusNOverTau) {
  const Index n = 40;
  for (const double g : {2.0, 5.0}) {
    Matrix J = random_matrix(n, n, g / std::sqrt(40.0), 7);
    J.diagonal().setZero();
    const RandomRateFlow flow(J, 0.5);
    const SteppedFlow stepped(flow, 0.025, Method::rk4);
    const FrozenMap map(stepped, no_input);
    const LyapunovSpectrum found = lyapunov_spectrum(
        map, random_matrix(n, 1, 1.0, 8), {.dt = 0.025, .transient = 500, .steps = 1000});
    EXPECT_NEAR(found.exponents.sum(), -n / 0.5, 1e-4 * n);
    EXPECT_LT(found.determinant.discrepancy, 1e-6);
  }
}

TEST(LyapunovSpectrum, OfATanhMapSumsToLogDetWAndTheMeanLogSlope) {
  const Index n = 10, steps = 256;
  const Matrix W = random_matrix(n, n, 2 / std::sqrt(10.0), 9);
  const AnalyticMap map = tanh_map(Matrix::Identity(n, n), W.transpose(), Vector::Zero(n));
  Vector x = random_matrix(n, 1, 0.5, 10);
  const LyapunovSpectrum found = lyapunov_spectrum(map, x, {.transient = 0, .steps = steps});
  double logs = 0;
  for (Index t = 0; t < steps; ++t) {
    x = (W * x).array().tanh().matrix().eval();
    logs += (1 - x.array().square()).log().sum();
  }
  EXPECT_NEAR(found.exponents.sum(), log_abs_determinant(W) + logs / steps, 1e-6);
}

TEST(LyapunovSpectrum, OfProductsOfGaussianMatricesIsNewmansFormula) {
  // lambda_i = (ln(2 g^2 / N) + psi((N - i + 1) / 2)) / 2 [Newman 1986]; values: ground truth
  const Index n = 20;
  const ProductOfInputs map(n, 1 / std::sqrt(20.0));
  const LyapunovSpectrum found =
      lyapunov_spectrum(map, Matrix::Zero(n, 2), {.noise = Vector::Ones(n * n), .seed = 11},
                        {.transient = 50, .steps = 4000, .longest_interval = 4});
  const std::vector<std::pair<Index, double>> known = {
      {0, -0.0254}, {9, -0.3457}, {18, -1.4399}, {19, -2.1330}};
  for (const auto& [i, value] : known) {
    EXPECT_NEAR(found.exponents(i), value, 4 * found.standard_errors(i) + 5e-5) << i;
    EXPECT_LT(found.standard_errors(i), 0.02);
  }
}

TEST(LyapunovSpectrum, HasStandardErrorsThatCover) {
  const Index B = 48;
  const LyapunovOptions options = {.exponents = 1, .steps = 4096};
  const LyapunovSpectrum all =
      lyapunov_spectrum(henon_map(), random_matrix(2, B, 0.1, 12), options);
  const Vector values = all.of_orbits.row(0);
  const double spread = std::sqrt((values.array() - values.mean()).square().sum() / (B - 1));
  double reported = 0;
  for (Index b = 0; b < 8; ++b) {
    reported += lyapunov_spectrum(henon_map(), random_matrix(2, B, 0.1, 12).col(b), options)
                    .standard_errors(0) /
                8;
  }
  // 10 % from 48 values, 18 % / sqrt(8) from the eight, and the larger of two is 1.1 too large
  EXPECT_NEAR(reported / spread, 1, 0.5);
  EXPECT_NEAR(all.standard_errors(0) / (spread / std::sqrt(static_cast<double>(B))), 1, 0.35);
}

TEST(LyapunovSpectrum, OfABatchIsThatOfItsOrbits) {
  const Matrix starts = random_matrix(2, 40, 0.1, 13);
  const LyapunovSpectrum all = lyapunov_spectrum(henon_map(), starts, {.steps = 512});
  EXPECT_EQ(all.orbits.size(), 40U);
  for (const Index b : {0, 7, 39}) {
    const LyapunovSpectrum one = lyapunov_spectrum(henon_map(), starts.col(b), {.steps = 512});
    EXPECT_LT((all.of_orbits.col(b) - one.exponents).cwiseAbs().maxCoeff(), 1e-6) << b;
    EXPECT_EQ(all.final_states.col(b), one.final_states.col(0));
  }
  EXPECT_NEAR(all.of_orbits.row(0).mean(), all.exponents(0), 1e-14);
  EXPECT_NEAR(all.history(0, all.history.cols() - 1), all.exponents(0), 1e-14);
  EXPECT_EQ(all.times(all.times.size() - 1), 512);
}

TEST(LyapunovSpectrum, DoesNotDependOnTheIntervalOrTheWayOfTangents) {
  const Index n = 6;
  const auto flow = RandomRateFlow(random_matrix(n, n, 3 / std::sqrt(6.0), 14), 1);
  const SteppedFlow stepped(flow, 0.1);
  const FrozenMap map(stepped, no_input);
  const Matrix start = random_matrix(n, 1, 1.0, 15);
  LyapunovOptions options = {.dt = 0.1, .steps = 2048, .spread = 1.01};
  const LyapunovSpectrum often = lyapunov_spectrum(map, start, options);
  EXPECT_EQ(often.orthonormalizations, 2048);
  options.spread = 1e10;
  const LyapunovSpectrum seldom = lyapunov_spectrum(map, start, options);
  EXPECT_LT(seldom.orthonormalizations, 500);
  EXPECT_LT((often.exponents - seldom.exponents).cwiseAbs().maxCoeff(), 1e-6);
  options.tangents = TangentMethod::jacobian;
  const LyapunovSpectrum other = lyapunov_spectrum(map, start, options);
  EXPECT_EQ(other.tangents, TangentMethod::jacobian);
  EXPECT_LT((other.exponents - seldom.exponents).cwiseAbs().maxCoeff(), 1e-6);
}

TEST(LyapunovSpectrum, OfTheFirstKIsTheHeadOfTheWhole) {
  const Index n = 12;
  const RandomRateFlow flow(random_matrix(n, n, 2.5 / std::sqrt(12.0), 16), 1);
  const SteppedFlow stepped(flow, 0.1);
  const FrozenMap map(stepped, no_input);
  const Matrix start = random_matrix(n, 2, 1.0, 17);
  const LyapunovOptions whole = {.dt = 0.1, .transient = 4000, .steps = 2000};
  LyapunovOptions head = whole;
  head.exponents = 3;
  const LyapunovSpectrum all = lyapunov_spectrum(map, start, whole);
  const LyapunovSpectrum few = lyapunov_spectrum(map, start, head);
  EXPECT_EQ(few.determinant.steps, 0);
  EXPECT_LT((few.exponents - all.exponents.head(3)).cwiseAbs().maxCoeff(), 0.02);
}

TEST(LyapunovSpectrum, ByFiniteDifferencesSaysSo) {
  const CallableMap map(2, [](In<Vector> x) -> Vector {
    return (Vector(2) << 1 - 1.4 * x(0) * x(0) + x(1), 0.3 * x(0)).finished();
  });
  const LyapunovSpectrum found = lyapunov_spectrum(map, Matrix::Zero(2, 1), {.steps = 1000});
  EXPECT_EQ(found.derivatives, Derivatives::finite_differences);
  EXPECT_NEAR(found.exponents.sum(), std::log(0.3), 1e-6);  // spread 1e4 times 1e-10
}

TEST(LyapunovSpectrum, OfAnAnnihilatedDirectionIsMinusInfinity) {
  const Matrix A = (Vector(3) << 0.9, 0.5, 0).finished().asDiagonal();
  const LyapunovSpectrum found =
      lyapunov_spectrum(linear_map(A, Vector::Zero(3)), Matrix::Zero(3, 1), {.steps = 64});
  EXPECT_NEAR(found.exponents(0), std::log(0.9), 1e-8);
  EXPECT_NEAR(found.exponents(1), std::log(0.5), 1e-8);
  EXPECT_LT(found.exponents(2), -30);  // rounding, or nothing at all
  EXPECT_EQ(found.resolved, 2);
  EXPECT_EQ(found.determinant.steps, 0);
}

TEST(LyapunovSpectrum, OfAMapUnderASequenceIsThatOfTheProduct) {
  // x -> u x: the mean of ln|u|.
  const ProductOfInputs map(1, 1);
  const Matrix levels = (Matrix(1, 4) << 0.5, 3, 1, 0.25).finished();
  const LyapunovOptions options = {.transient = 4, .steps = 256};
  EXPECT_NEAR(
      lyapunov_spectrum(map, Matrix::Zero(1, 1), {.sequence = levels}, options).exponents(0),
      levels.array().log().mean(), 1e-14);
  const LyapunovSpectrum two = lyapunov_spectrum(
      map, Matrix::Zero(1, 2), {.sequence = levels, .one_per_orbit = true}, options);
  EXPECT_NEAR(two.of_orbits(0, 0), std::log(0.5 * 1) / 2, 1e-14);
  EXPECT_NEAR(two.of_orbits(0, 1), std::log(3 * 0.25) / 2, 1e-14);
}

TEST(LyapunovSpectrum, OfARandomNetworkFollowsMeanFieldTheoryAndNoiseStabilizes) {
  // x_{t+1} = J tanh(x_t) + noise, N -> infinity [Molgedey, Schuchhardt & Schuster 1992, PRL
  // 69:3717]: x is Gaussian with variance v = g^2 <tanh^2> + sigma^2, lambda = ln(g^2 <tanh'^2>)
  // / 2.
  const Index n = 200;
  const double g = 2;
  const DrivenTanhMap map(random_matrix(n, n, g / std::sqrt(200.0), 18));
  const auto gaussian_mean = [](double v, auto f) {
    double sum = 0, weights = 0;
    for (double z = -8; z <= 8; z += 0.01) {
      const double w = std::exp(-z * z / 2);
      sum += w * f(std::sqrt(v) * z);
      weights += w;
    }
    return sum / weights;
  };
  double without = 0;
  for (const double sigma : {0.0, 2.5}) {
    double v = 1;
    for (int i = 0; i < 300; ++i) {
      v = g * g * gaussian_mean(v, [](double x) { return std::pow(std::tanh(x), 2); }) +
          sigma * sigma;
    }
    const double theory =
        std::log(g * g * gaussian_mean(v, [](double x) { return std::pow(std::cosh(x), -4); })) / 2;
    const LyapunovSpectrum found =
        lyapunov_spectrum(map, random_matrix(n, 8, 1.0, 19),
                          {.noise = Vector::Constant(n, sigma), .common_noise = true},
                          {.exponents = 1, .transient = 200, .steps = 500});
    EXPECT_NEAR(found.exponents(0), theory, 0.06) << sigma;  // of order g / sqrt(N)
    if (sigma == 0) without = theory;
    if (sigma == 0) continue;
    EXPECT_GT(without, 0.1);
    EXPECT_LT(found.exponents(0) + 3 * found.standard_errors(0), 0);
    // Common noise and a negative exponent: all orbits become one.
    EXPECT_LT((found.final_states.colwise() - found.final_states.col(0)).norm(), 1e-8);
  }
}

TEST(LyapunovSpectrum, IsTheSameBitsForAnyNumberOfThreads) {
  const DrivenTanhMap map(random_matrix(10, 10, 0.6, 20));
  const Matrix starts = random_matrix(10, 90, 1.0, 21);
  const OrbitInput input = {.noise = Vector::Constant(10, 0.3), .seed = 5};
  LyapunovOptions options = {.transient = 20, .steps = 64};
  const LyapunovSpectrum reference = lyapunov_spectrum(map, starts, input, options);
  for (const int threads : {2, 8}) {
    options.threads = {threads};
    const LyapunovSpectrum found = lyapunov_spectrum(map, starts, input, options);
    EXPECT_EQ(found.exponents, reference.exponents);
    EXPECT_EQ(found.standard_errors, reference.standard_errors);
    EXPECT_EQ(found.history, reference.history);
    EXPECT_EQ(found.final_states, reference.final_states);
    EXPECT_EQ(found.determinant.mean, reference.determinant.mean);
  }
}

TEST(LyapunovSpectra, OfManyNetworksAreThoseOfEachAlone) {
  const AnalyticMap henon = henon_map(), logistic = logistic_map(3.9);
  const std::vector<const Map*> maps = {&henon, &logistic};
  const std::vector<Matrix> starts = {Matrix::Zero(2, 2), logistic_starts(3)};
  LyapunovOptions options = {.steps = 500};
  const auto one = lyapunov_spectra(maps, starts, options);
  options.threads = {2};
  const auto two = lyapunov_spectra(maps, starts, options);
  options.network = 1;
  const LyapunovSpectrum alone = lyapunov_spectrum(logistic, starts[1], options);
  EXPECT_EQ(one[1].exponents, alone.exponents);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(one[i].exponents, two[i].exponents);
  EXPECT_THROW(lyapunov_spectra(maps, {starts[0]}), std::invalid_argument);
  EXPECT_THROW(lyapunov_spectra({&henon, nullptr}, starts), std::invalid_argument);
}

TEST(LyapunovSpectrum, OfOrbitsThatFailIsThatOfTheOthers) {
  Matrix starts = Matrix::Zero(2, 4);
  starts(0, 1) = 100;  // to infinity
  starts(0, 2) = std::nan("");
  const LyapunovSpectrum found = lyapunov_spectrum(henon_map(), starts, {.steps = 1000});
  EXPECT_EQ(found.status, (std::vector<OrbitStatus>{OrbitStatus::done, OrbitStatus::diverged,
                                                    OrbitStatus::not_finite, OrbitStatus::done}));
  EXPECT_EQ(found.orbits, (std::vector<Index>{0, 3}));
  const LyapunovSpectrum alone =
      lyapunov_spectrum(henon_map(), Matrix::Zero(2, 1), {.steps = 1000});
  EXPECT_LT((found.of_orbits.col(1) - alone.exponents).cwiseAbs().maxCoeff(), 1e-6);
}

TEST(LyapunovSpectrum, OfAMapThatReturnsNaNEndsInAStatus) {
  const AnalyticMap bad_value(
      1,
      [](const Vector& x) -> Vector {
        return x(0) > 3 ? Vector(x * std::nan("")) : Vector(x + Vector::Ones(1));
      },
      [](const Vector&) -> Matrix { return Matrix::Ones(1, 1); });
  const AnalyticMap bad_slope(
      1, [](const Vector& x) -> Vector { return x; },
      [](const Vector&) -> Matrix { return Matrix::Constant(1, 1, std::nan("")); });
  for (const AnalyticMap* map : {&bad_value, &bad_slope}) {
    const LyapunovSpectrum found =
        lyapunov_spectrum(*map, Matrix::Zero(1, 1), {.tangents = TangentMethod::jacobian});
    EXPECT_EQ(found.status[0], OrbitStatus::not_finite);
    EXPECT_EQ(found.exponents.size(), 0);
    EXPECT_EQ(found.history.size(), 0);
  }
}

TEST(LyapunovSpectrum, OfACancelledCallIsWhatThereIs) {
  LyapunovOptions options = {.transient = 100, .steps = 25600};
  options.progress = [](double fraction) { return fraction < 0.5; };
  const LyapunovSpectrum half = lyapunov_spectrum(henon_map(), Matrix::Zero(2, 1), options);
  EXPECT_EQ(half.status[0], OrbitStatus::cancelled);
  EXPECT_NEAR(static_cast<double>(half.times.size()), 128, 2);
  EXPECT_NEAR(half.exponents.sum(), std::log(0.3), 1e-6);
  options.progress = [](double) { return false; };
  const LyapunovSpectrum none = lyapunov_spectrum(henon_map(), Matrix::Zero(2, 1), options);
  EXPECT_EQ(none.status[0], OrbitStatus::cancelled);
  EXPECT_EQ(none.exponents.size(), 0);
  const AnalyticMap henon = henon_map();
  EXPECT_EQ(lyapunov_spectra({&henon, &henon}, {Matrix::Zero(2, 1), Matrix::Zero(2, 1)}, options)[1]
                .status[0],
            OrbitStatus::cancelled);
}

TEST(LyapunovSpectrum, StopsInTheMiddleOfALongBlock) {
  // 256 blocks of 16384 steps.
  Index steps = 0;
  const AnalyticMap map(
      1,
      [&](const Vector& x) -> Vector {
        ++steps;
        return 0.5 * x;
      },
      [](const Vector&) -> Matrix { return Matrix::Constant(1, 1, 0.5); });
  const LyapunovSpectrum found = lyapunov_spectrum(
      map, Matrix::Zero(1, 1),
      {.transient = 0, .steps = 1 << 22, .progress = [&](double) { return steps < 5000; }});
  EXPECT_EQ(found.status[0], OrbitStatus::cancelled);
  EXPECT_LT(steps, 8192);
}

TEST(LyapunovSpectrum, RejectsBadArguments) {
  const AnalyticMap map = henon_map();
  const Matrix start = Matrix::Zero(2, 1);
  EXPECT_THROW(lyapunov_spectrum(map, Matrix::Zero(3, 1)), std::invalid_argument);
  EXPECT_THROW(lyapunov_spectrum(map, start, {.dt = 0}), std::invalid_argument);
  EXPECT_THROW(lyapunov_spectrum(map, start, {.exponents = 3}), std::invalid_argument);
  EXPECT_THROW(lyapunov_spectrum(map, start, {.steps = 0}), std::invalid_argument);
  EXPECT_THROW(lyapunov_spectrum(map, start, {.spread = 1}), std::invalid_argument);
  const ProductOfInputs driven(1, 1);
  const Matrix one = Matrix::Zero(1, 2);
  EXPECT_THROW(lyapunov_spectrum(driven, one, {.sequence = Matrix::Zero(2, 1)}),
               std::invalid_argument);
  EXPECT_THROW(
      lyapunov_spectrum(driven, one, {.sequence = Matrix::Zero(1, 3), .one_per_orbit = true}),
      std::invalid_argument);
  EXPECT_THROW(lyapunov_spectrum(driven, one, {.noise = Vector::Constant(1, -1)}),
               std::invalid_argument);
  EXPECT_EQ(lyapunov_spectrum(map, Matrix::Zero(2, 0)).exponents.size(), 0);
}

}  // namespace
}  // namespace nullcline::dynamics
