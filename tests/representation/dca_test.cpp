// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dca.hpp"

#include <gtest/gtest.h>

#include <Eigen/LU>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "nullcline/representation/pca.hpp"
#include "nullcline/representation/predictive_information.hpp"
#include "processes.hpp"

namespace nullcline::representation {
namespace {

using testing::positive_matrix;
using testing::random_matrix;
using testing::random_rotation;
using testing::stable_matrix;
using testing::transformed;
using testing::var1;

/// Independent AR(1)s of unequal variances, the leading three coordinates the most predictable.
CrossCovariances independent_processes(Index n) {
  Vector a = Vector::LinSpaced(n, 0.5, 0.0);
  a.head(3) << 0.95, -0.9, 0.8;
  const Vector noise = Vector::LinSpaced(n, 0.1, 3.0);  // PCA would find the wrong ones.
  return var1(a.asDiagonal(), noise.asDiagonal(), 6);
}

TEST(Dca, FindsTheMostPredictableOfIndependentProcesses) {
  const Matrix Q = random_rotation(12, 1);
  const CrossCovariances covariances = transformed(independent_processes(12), Q);
  double expected = 0;
  for (const double a : {0.95, -0.9, 0.8}) expected -= 0.5 * std::log(1 - a * a);

  const Dca result = dca(
      covariances, {.dim = 3, .window = 3, .starts = 5, .ridge = 0, .gradient_tolerance = 1e-9});
  EXPECT_EQ(result.status, DcaStatus::converged);
  EXPECT_NEAR(result.predictive_information, expected, 1e-11);
  EXPECT_LT(principal_angles(result.projection, Q.leftCols(3)).maxCoeff(), 1e-6);
  EXPECT_NEAR(predictive_information(covariances, result.projection, 3).value(), expected, 1e-11);
}

TEST(Dca, FindsTheSameProcessesInSkewedCoordinates) {
  // y = B x: the functionals of the first coordinates of x are the first columns of B^-T.
  const Matrix B = random_matrix(8, 8, 2);
  const Matrix functionals = B.inverse().transpose();
  const Dca result =
      dca(transformed(independent_processes(8), B),
          {.dim = 2, .window = 2, .starts = 4, .ridge = 0, .gradient_tolerance = 1e-9});
  EXPECT_LT(principal_angles(result.projection, functionals.leftCols(2)).maxCoeff(), 1e-6);
}

TEST(Dca, IsNeverBelowAnyOfItsStartsOrPca) {
  const CrossCovariances covariances = var1(stable_matrix(10, 0.95, 3), positive_matrix(10, 4), 8);
  const Dca result = dca(covariances, {.dim = 2, .window = 4, .starts = 6, .ridge = 0});
  ASSERT_EQ(result.attempts.size(), 12u);  // Two, six, and four exchanges.
  for (const DcaAttempt& attempt : result.attempts) {
    EXPECT_LE(attempt.predictive_information, result.predictive_information);
    EXPECT_EQ(attempt.status, GrassmannStatus::converged);
  }
  const Matrix leading = symmetric_eigen(covariances.lags[0]).vectors.rightCols(2);
  EXPECT_GT(result.predictive_information, predictive_information(covariances, leading, 4).value());
  const double whole = predictive_information(covariances, Matrix::Identity(10, 10), 4).value();
  EXPECT_LT(result.predictive_information, whole);
}

TEST(Dca, OfAllDimensionsIsTheWholeInformation) {
  const CrossCovariances covariances = var1(stable_matrix(4, 0.9, 5), positive_matrix(4, 6), 4);
  const Dca result = dca(covariances, {.dim = 4, .window = 2, .starts = 1, .ridge = 0});
  EXPECT_NEAR(result.predictive_information,
              predictive_information(covariances, Matrix::Identity(4, 4), 2).value(), 1e-11);
}

TEST(Dca, GivesUncorrelatedCoordinatesOfDecreasingVarianceWithPositiveSigns) {
  const CrossCovariances covariances = var1(stable_matrix(9, 0.9, 7), positive_matrix(9, 8), 6);
  const Dca result = dca(covariances, {.dim = 3, .window = 3, .starts = 2});
  const Matrix& V = result.projection;
  EXPECT_LT((V.transpose() * V - Matrix::Identity(3, 3)).norm(), 1e-13);
  const Matrix C = V.transpose() * covariances.lags[0] * V;
  EXPECT_LT((C - Matrix(result.variances.asDiagonal())).norm(), 1e-12 * C.norm());
  EXPECT_GE(result.variances(0), result.variances(1));
  EXPECT_GE(result.variances(1), result.variances(2));
  for (Index j = 0; j < 3; ++j) {
    EXPECT_GT(V.col(j).maxCoeff(), -V.col(j).minCoeff());
  }
  EXPECT_NEAR(result.total_variance, covariances.lags[0].trace(), 1e-13 * result.total_variance);
}

TEST(Dca, IsTheSameBitsForAnyNumberOfThreads) {
  const std::vector<Matrix> trials = {random_matrix(15, 15, 9) * random_matrix(15, 300, 10),
                                      random_matrix(15, 200, 11)};
  DcaOptions options{.dim = 3, .window = 3, .starts = 6, .seed = 5};
  const Dca one = dca(trials, options);
  for (const int threads : {2, 8}) {
    options.threads = {threads};
    const Dca more = dca(trials, options);
    EXPECT_EQ(one.projection, more.projection);
    EXPECT_EQ(one.predictive_information, more.predictive_information);
    ASSERT_EQ(one.attempts.size(), more.attempts.size());
    for (std::size_t i = 0; i < one.attempts.size(); ++i) {
      EXPECT_EQ(one.attempts[i].predictive_information, more.attempts[i].predictive_information);
      EXPECT_EQ(one.attempts[i].iterations, more.attempts[i].iterations);
    }
  }
}

TEST(Dca, OfDataInASubspaceStaysInIt) {
  // Two AR(1)s and a white noise in R^7: rank 3, of which DCA wants two.
  const Matrix E = random_rotation(7, 12).leftCols(3);
  RandomStream stream({.seed = 13, .purpose = Purpose::analysis_noise});
  Matrix latent(3, 5000);
  Vector x = Vector::Zero(3);
  for (Index t = 0; t < latent.cols(); ++t) {
    x(0) = 0.95 * x(0) + stream.normal();
    x(1) = 0.9 * x(1) + stream.normal();
    x(2) = 20 * stream.normal();
    latent.col(t) = x;
  }
  const std::vector<Matrix> trials = {E * latent};
  const Dca result = dca(trials, {.dim = 2, .window = 2, .starts = 3});
  EXPECT_EQ(result.rank, 3);
  EXPECT_LT(principal_angles(E, result.projection).maxCoeff(), 1e-6);
  EXPECT_LT(principal_angles(E.leftCols(2), result.projection).maxCoeff(), 0.05);
  EXPECT_EQ(dca(trials, {.dim = 4, .window = 2}).status, DcaStatus::rank_deficient);
  EXPECT_EQ(dca(trials, {.dim = 4, .window = 2}).projection.size(), 0);
}

TEST(Dca, RidgeTurnsDeterministicDataIntoAFiniteProblem) {
  Matrix waves(4, 400);
  for (Index t = 0; t < 400; ++t) {
    const double time = 0.1 * static_cast<double>(t);
    waves.col(t) << std::sin(time), std::cos(time), std::sin(1.7 * time), std::cos(1.7 * time);
  }
  const Dca result = dca(std::vector<Matrix>{waves}, {.dim = 2, .window = 4, .starts = 3});
  ASSERT_NE(result.status, DcaStatus::undefined);
  EXPECT_TRUE(std::isfinite(result.predictive_information));
  EXPECT_NEAR(result.added_variance, 1e-8 * result.total_variance / 4, 1e-20);
}

TEST(Dca, SaysThatImpossibleCovariancesHaveNoInformation) {
  const Matrix I = Matrix::Identity(3, 3);
  const Dca result = dca(CrossCovariances{Vector::Zero(3), {I, 1.5 * I}}, {.window = 1});
  EXPECT_EQ(result.status, DcaStatus::undefined);
  EXPECT_EQ(result.best, -1);
  EXPECT_EQ(result.projection.size(), 0);
  EXPECT_EQ(result.attempts[0].status, GrassmannStatus::undefined);
}

/// The Lorenz system (10, 28, 8/3) by RK4, each coordinate scaled to mean 0 and variance 1.
Matrix lorenz(Index samples) {
  const auto f = [](const Eigen::Vector3d& s) {
    return Eigen::Vector3d(10 * (s(1) - s(0)), s(0) * (28 - s(2)) - s(1),
                           s(0) * s(1) - 8.0 / 3 * s(2));
  };
  const double h = 0.005;
  Eigen::Vector3d s(1, 1, 1);
  Matrix X(3, samples);
  for (Index t = -1000; t < samples; ++t) {
    for (int i = 0; i < 5; ++i) {
      const Eigen::Vector3d k1 = f(s), k2 = f(s + h / 2 * k1), k3 = f(s + h / 2 * k2),
                            k4 = f(s + h * k3);
      s += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
    }
    if (t >= 0) X.col(t) = s;
  }
  X.colwise() -= X.rowwise().mean().eval();
  return (X.rowwise().norm() / std::sqrt(static_cast<double>(samples)))
             .cwiseInverse()
             .asDiagonal() *
         X;
}

TEST(Dca, FindsTheLorenzSystemInNoiseInWhichPcaLosesIt) {
  // The experiment of Clark et al. 2019: a 3-D attractor in R^30 under white noise whose
  // spectrum over space falls off as exp(-2 i / 7), at a ratio of the largest variances.
  const Index n = 30, samples = 8000;
  const Matrix signal = lorenz(samples);
  const double strongest = symmetric_eigen(signal * signal.transpose() / 8000.0).values(2);
  const Matrix E = random_rotation(n, 20).leftCols(3), N = random_rotation(n, 21);
  for (const double snr : {0.1, 0.03}) {
    const Vector deviations =
        (strongest / snr * (-2.0 / 7 * Vector::LinSpaced(n, 0, n - 1).array()).exp()).sqrt();
    const Matrix noise = N * deviations.asDiagonal() * random_matrix(n, samples, 22);
    const std::vector<Matrix> trials = {E * signal + noise};

    const Dca components = dca(trials, {.dim = 3, .window = 4, .starts = 3});
    const Pca variance = pca(trials, {.dim = 3});
    const Matrix& V = components.projection;
    const auto error = [&](const Matrix& U) {  // Mean squared sine, 0 .. 1.
      return principal_angles(U, E).array().sin().square().mean();
    };
    EXPECT_LT(error(V), error(variance.basis)) << "snr " << snr;

    // The best filters are those of the noise's inverse covariance; y shows in x where E is. The
    // path is chaotic, so each compiler's rounding draws another one: over 24 fits of other paths
    // and noise the angle was 0.04 to 0.16 and the error 0.01 to 0.16 of that of PCA.
    const Matrix inverse_noise =
        N * deviations.cwiseAbs2().cwiseInverse().asDiagonal() * N.transpose();
    EXPECT_LT(principal_angles(V, inverse_noise * E).maxCoeff(), 0.3) << "snr " << snr;
    const Matrix C = trials[0] * trials[0].transpose();
    EXPECT_GT(error(C * variance.basis), 0.5) << "snr " << snr;
    EXPECT_LT(error(C * V), error(C * variance.basis) / 4) << "snr " << snr;
  }
}

TEST(Dca, RejectsBadArguments) {
  const std::vector<Matrix> trials = {random_matrix(3, 20, 1)};
  EXPECT_THROW((void)dca(trials, {.dim = 4}), std::invalid_argument);
  EXPECT_THROW((void)dca(trials, {.dim = 0}), std::invalid_argument);
  EXPECT_THROW((void)dca(trials, {.window = 11}), std::invalid_argument);
  EXPECT_THROW((void)dca(trials, {.window = 0}), std::invalid_argument);
  EXPECT_THROW((void)dca(trials, {.ridge = -1}), std::invalid_argument);
  EXPECT_THROW((void)dca(trials, {.starts = -1}), std::invalid_argument);
  EXPECT_THROW((void)dca(trials, {.max_iterations = 0}), std::invalid_argument);
  EXPECT_THROW(
      (void)dca(trials,
                {.starts = 0, .start_at_variance = false, .start_at_predictability = false}),
      std::invalid_argument);
  EXPECT_THROW((void)dca(std::vector<Matrix>{}), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::representation
