// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/population.hpp"

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "nullcline/geometry/comparison.hpp"
#include "tests/geometry/rate_flow.hpp"

namespace nullcline::geometry {
namespace {

using testing::random_matrix;

/// Metrics diag(stretches^2) at one point.
PullbackMetric with_axes(In<Vector> stretches) {
  const Index m = stretches.size();
  Matrix tangents = Matrix::Zero(m + 2, m);
  tangents.topRows(m) = stretches.asDiagonal();
  return pullback_metric(tangents, m);
}

Matrix metric_at(const MeanMetric& mean, Index c) {
  return mean.metric.col(c).reshaped(mean.dim, mean.dim);
}

/// Of logarithms of metrics of their condition: 10 m eps kappa.
double rounding(const std::vector<PullbackMetric>& networks) {
  double kappa = 1;
  for (const PullbackMetric& one : networks) kappa = std::max(kappa, one.condition(0));
  return 10 * static_cast<double>(networks[0].dim) * kappa * std::numeric_limits<double>::epsilon();
}

TEST(MeanMetric, OfCommonAxesIsTheGeometricMean) {
  // Squared stretches 1, 4, 16 and 9, 9, 243: means 4 and 27.
  const MeanMetric found = mean_metric({with_axes(Vector{{1, 3}}), with_axes(Vector{{2, 3}}),
                                        with_axes(Vector{{4, std::sqrt(243.0)}})});
  ASSERT_TRUE(found.converged[0]);
  EXPECT_LT((metric_at(found, 0) - Matrix{{4, 0}, {0, 27}}).norm(), 27 * 1e-12);
  // Logarithms from the mean: (-log 4, 0, log 4) and (-log 3, -log 3, 2 log 3).
  const double l4 = std::log(4), l3 = std::log(3);
  EXPECT_NEAR(found.distances(0, 0), std::hypot(l4, l3), 1e-12);
  EXPECT_NEAR(found.distances(1, 0), l3, 1e-12);
  EXPECT_NEAR(found.dispersion(0), std::sqrt((2 * l4 * l4 + 6 * l3 * l3) / 3), 1e-12);
}

TEST(MeanMetric, OfTwoLiesInTheMiddleOfTheirGeodesic) {
  // G_1 (G_1^-1 G_2)^1/2 for G_1 = diag(1, 4), G_2 = A'A, by the eigenvectors of the quotient.
  const Matrix A = random_matrix(6, 2, 1);
  const PullbackMetric first = with_axes(Vector{{1, 2}}), second = pullback_metric(A, 2);
  const MeanMetric found = mean_metric({first, second});
  const Matrix G = first.at(0);
  const Eigen::EigenSolver<Matrix> quotient(Matrix(G.inverse() * second.at(0)));
  const Matrix V = quotient.eigenvectors().real();
  const Vector roots = quotient.eigenvalues().real().cwiseSqrt();
  const Matrix expected = G * V * roots.asDiagonal() * V.inverse();
  EXPECT_LT((metric_at(found, 0) - expected).norm(), 1e-11 * expected.norm());
  const double apart = metric_distances(first, second).affine_invariant(0);
  EXPECT_NEAR(found.distances(0, 0), apart / 2, 1e-11);
  EXPECT_NEAR(found.dispersion(0), apart / 2, 1e-11);
}

TEST(MeanMetric, IsTheSameInAllCoordinatesAndHasTheGeometricMeanOfTheVolumes) {
  const Matrix L = random_matrix(3, 3, 2);
  std::vector<PullbackMetric> networks, changed;
  double log_volume = 0;
  for (std::uint64_t i = 0; i < 5; ++i) {
    const Matrix A = random_matrix(7 + static_cast<Index>(i), 3, 10 + i);
    networks.push_back(pullback_metric(A, 3));
    changed.push_back(pullback_metric(A * L, 3));
    log_volume += std::log(networks.back().volume(0)) / 5;
  }
  const MeanMetric found = mean_metric(networks), other = mean_metric(changed);
  ASSERT_TRUE(found.converged[0] && other.converged[0]);
  // Logarithms of metrics of condition kappa are good to 10 m eps kappa, and means to the residual
  // that is left, of which the volume has m / 2 at most; L' M L loses kappa(L)^2.
  const Vector stretches = Eigen::JacobiSVD<Matrix>(L).singularValues();
  const double by_L = std::pow(stretches(0) / stretches(2), 2);
  const double left = 1.5 * MeanMetricOptions().tolerance;
  const double logs = left + rounding(networks), logs_after = left + rounding(changed);
  const Matrix M = metric_at(found, 0), expected = L.transpose() * M * L;
  EXPECT_LT((metric_at(other, 0) - expected).norm(), (logs + logs_after) * by_L * expected.norm());
  EXPECT_NEAR(other.dispersion(0), found.dispersion(0), logs + logs_after);
  EXPECT_NEAR(std::log(M.determinant()) / 2, log_volume, logs);
  // Nothing near it is nearer to all: the residual is the gradient, and it is zero.
  EXPECT_LE(found.residual(0), MeanMetricOptions().tolerance);
}

TEST(MeanMetric, OfNearlyCollapsedAndFarMetricsIsFound) {
  // Common axes along (1, 1), (1, -1): stretches 1, 1e-6 and 1e-3, 1e3: means 10^-3/2 and 10^-3/2.
  const double half = std::sqrt(0.5);
  const Matrix axes{{half, half}, {half, -half}};
  const Matrix A = Vector{{1, 1e-6}}.asDiagonal() * axes;
  const Matrix B = Vector{{1e-3, 1e3}}.asDiagonal() * axes;
  const MeanMetric found = mean_metric({pullback_metric(A, 2), pullback_metric(B, 2)});
  ASSERT_TRUE(found.converged[0]);
  // Of condition 1e6 six digits are lost.
  const double lost = 10 * 2 * 1e6 * std::numeric_limits<double>::epsilon();
  EXPECT_LT((metric_at(found, 0) - Matrix{{1e-3, 0}, {0, 1e-3}}).norm(), 1e-3 * lost);
}

/// Stretches 2 % apart are less than rounding may do to metrics of that condition, 10 m eps kappa =
/// 0.04; with axes along the coordinates it does far less, and the mean is neither of the two.
TEST(MeanMetric, IsFoundBelowWhatRoundingAllows) {
  const PullbackMetric A = with_axes(Vector{{1, 1e-13}}), B = with_axes(Vector{{1.02, 1.02e-13}});
  const MeanMetric found = mean_metric({A, B}), other = mean_metric({B, A});
  ASSERT_TRUE(found.converged[0] && other.converged[0]);
  for (const MeanMetric* one : {&found, &other}) {
    const Matrix M = metric_at(*one, 0);
    EXPECT_NEAR(M(0, 0), 1.02, 1e-14);
    EXPECT_NEAR(M(1, 1), 1.02e-26, 1e-14 * 1e-26);
    EXPECT_NEAR(one->dispersion(0), std::sqrt(2) * std::log(1.02), 1e-14);
  }
}

TEST(MeanMetric, NamesWhatHasNoMean) {
  const Matrix A = random_matrix(5, 6, 3);
  Matrix B = random_matrix(5, 6, 4);
  B.col(3) = 2 * B.col(2);
  const MeanMetric found = mean_metric({pullback_metric(A, 2), pullback_metric(B, 2)});
  EXPECT_EQ(found.status[0], MetricStatus::immersed);
  EXPECT_EQ(found.status[1], MetricStatus::degenerate);
  EXPECT_TRUE(std::isnan(found.dispersion(1)));
  EXPECT_FALSE(found.converged[1]);
  // One step from a network to the mean of two that have no common axes is too few.
  const Matrix other = random_matrix(5, 6, 5);
  const MeanMetric hurried =
      mean_metric({pullback_metric(A, 2), pullback_metric(other, 2)}, {.max_steps = 1});
  EXPECT_FALSE(hurried.converged[0]);
  EXPECT_GT(hurried.residual(0), 1e-12);
  EXPECT_THROW(mean_metric({}), std::invalid_argument);
  EXPECT_THROW(mean_metric({pullback_metric(A, 2), pullback_metric(A, 3)}), std::invalid_argument);
  EXPECT_THROW(mean_metric({pullback_metric(A, 2)}, {.max_steps = 0}), std::invalid_argument);
  EXPECT_THROW(mean_metric({pullback_metric(A, 2)}, {.tolerance = 0}), std::invalid_argument);
}

TEST(DistancesOfNetworks, AreMediansOverPointsAtEachStep) {
  // Networks i = 0, 1, 3 with stretches (1, e^(i c (s + 1))) at points c = 1, 2, 3.
  std::vector<PullbackMetric> networks;
  for (const double i : {0.0, 1.0, 3.0}) {
    Matrix tangents = Matrix::Zero(3, 2 * 3 * 2);
    for (Index s = 0; s < 2; ++s) {
      for (Index k = 0; k < 3; ++k) {
        const Index c = 2 * (3 * s + k);
        tangents(0, c) = 1;
        tangents(1, c + 1) = std::exp(i * static_cast<double>((k + 1) * (s + 1)));
      }
    }
    networks.push_back(pullback_metric(tangents, 2));
  }
  const NetworkDistances found = distances_of_networks(networks, 3);
  const auto at = [&](Index s) { return found.affine_invariant.col(s).reshaped(3, 3); };
  EXPECT_NEAR(at(0)(0, 1), 2 * 2, 1e-12);
  EXPECT_NEAR(at(0)(1, 2), 2 * 2 * 2, 1e-12);
  EXPECT_NEAR(at(1)(2, 0), 2 * 2 * 2 * 3, 1e-12);
  EXPECT_EQ(at(1)(1, 1), 0);
  EXPECT_NEAR(found.spectral_ratio(1, 0), 1 - std::exp(-2), 1e-12);
  EXPECT_THROW(distances_of_networks(networks, 4), std::invalid_argument);
}

TEST(MeanMetric, AndTheDistancesOfAllPairsEndWhenTheirProgressSaysSo) {
  const auto three = [](double x) {
    Matrix tangents = Matrix::Zero(3, 6);
    for (Index c = 0; c < 3; ++c) tangents.block(0, 2 * c, 2, 2).diagonal() << 1, x;
    return pullback_metric(tangents, 2);
  };
  const std::vector<PullbackMetric> networks{three(1), three(2), three(3)};
  int asked = 0;
  const auto once = [&asked](double) { return ++asked < 2; };
  const MeanMetric mean = mean_metric(networks, {}, once);
  EXPECT_TRUE(mean.cancelled);
  EXPECT_EQ(asked, 2);
  EXPECT_NEAR(mean.metric(3, 0), std::cbrt(36.0), 1e-12);  // what was reached is there
  EXPECT_TRUE(std::isnan(mean.metric(3, 1)));
  asked = 0;
  const NetworkDistances found = distances_of_networks(networks, 3, once);
  EXPECT_TRUE(found.cancelled);
  EXPECT_NEAR(found.affine_invariant(1, 0), std::log(4.0), 1e-12);
  EXPECT_EQ(found.affine_invariant(2, 0), 0);
}

}  // namespace
}  // namespace nullcline::geometry
