// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/comparison.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "tests/geometry/rate_flow.hpp"

namespace nullcline::geometry {
namespace {

using testing::random_matrix;

const double nan = std::nan("");

TEST(MetricDistances, OfDiagonalMetricsHaveAClosedForm) {
  // G_1 = diag(4, 9), G_2 = diag(1, 36): mu = 4, 1/4.
  Matrix A = Matrix::Zero(5, 2), B = A;
  A(0, 0) = 2, A(3, 1) = 3;
  B(1, 0) = 1, B(2, 1) = 6;
  const MetricDistances found = metric_distances(pullback_metric(A, 2), pullback_metric(B, 2));
  EXPECT_NEAR(found.ratios(0, 0), 4, 1e-14);
  EXPECT_NEAR(found.ratios(1, 0), 0.25, 1e-15);
  EXPECT_NEAR(found.affine_invariant(0), std::log(4) * std::sqrt(2), 1e-14);
  EXPECT_NEAR(found.spectral_ratio(0), 0.75, 1e-15);
}

TEST(MetricDistances, AreThoseOfTheLogarithmOfTheQuotient) {
  // |log(G_1^-1/2 G_2 G_1^-1/2)|_F by eigenvectors, of well conditioned metrics.
  const Matrix A = random_matrix(40, 3, 1), B = random_matrix(30, 3, 2);
  const MetricDistances found = metric_distances(pullback_metric(A, 3), pullback_metric(B, 3));
  const SymmetricEigen first = symmetric_eigen(A.transpose() * A);
  const Matrix root = first.vectors * first.values.cwiseSqrt().cwiseInverse().asDiagonal() *
                      first.vectors.transpose();
  const Vector mu = symmetric_eigen(root * (B.transpose() * B) * root).values;
  EXPECT_NEAR(found.affine_invariant(0), mu.array().log().matrix().norm(), 1e-12);
  EXPECT_NEAR(found.spectral_ratio(0), 1 - std::sqrt(mu(0) / mu(2)), 1e-12);
}

TEST(MetricDistances, AreSymmetricAndDoNotSeeCoordinates) {
  const Matrix A = random_matrix(20, 2 * 3, 3), B = random_matrix(20, 2 * 3, 4);
  const Matrix L{{2, 1}, {-0.5, 1.5}};
  const auto moved = [&](const Matrix& tangents) {
    Matrix result = tangents;
    for (Index c = 0; c < 3; ++c) result.middleCols(2 * c, 2) = tangents.middleCols(2 * c, 2) * L;
    return pullback_metric(result, 2);
  };
  const MetricDistances d = metric_distances(pullback_metric(A, 2), pullback_metric(B, 2));
  const MetricDistances back = metric_distances(pullback_metric(B, 2), pullback_metric(A, 2));
  const MetricDistances other = metric_distances(moved(A), moved(B));
  for (Index c = 0; c < 3; ++c) {
    EXPECT_NEAR(back.affine_invariant(c), d.affine_invariant(c), 1e-13);
    EXPECT_NEAR(back.spectral_ratio(c), d.spectral_ratio(c), 1e-14);
    EXPECT_NEAR(other.affine_invariant(c), d.affine_invariant(c), 1e-12);
    EXPECT_NEAR(other.spectral_ratio(c), d.spectral_ratio(c), 1e-13);
  }
  // A factor moves the first by sqrt(m) log c^2 and the second not at all.
  const MetricDistances scaled = metric_distances(pullback_metric(A, 2), pullback_metric(3 * A, 2));
  EXPECT_NEAR(scaled.affine_invariant(0), std::sqrt(2) * std::log(9), 1e-13);
  EXPECT_NEAR(scaled.spectral_ratio(0), 0, 1e-14);
}

TEST(DistancesOverTime, OfTwoNetworksAreThoseOfEachPairOfTimes) {
  // Two points at two steps; the second network's stretches are 3 times those of the other step.
  const Matrix A = random_matrix(20, 2 * 4, 7);
  Matrix swapped(20, 8);
  swapped << 3 * A.rightCols(4), 3 * A.leftCols(4);
  const PullbackMetric first = pullback_metric(A, 2);
  const auto found = distances_over_time(first, pullback_metric(swapped, 2), 2);
  const auto own = distances_over_time(first, 2);
  for (Index s = 0; s < 2; ++s) {
    EXPECT_NEAR(found.affine_invariant(s, 1 - s), std::sqrt(2) * std::log(9), 1e-12);
    EXPECT_NEAR(found.spectral_ratio(s, s), own.spectral_ratio(0, 1), 1e-13);  // blind to scale
  }
  EXPECT_THROW(distances_over_time(first, pullback_metric(random_matrix(20, 12, 8), 3), 2),
               std::invalid_argument);
}

TEST(MetricDistances, KeepTheDigitsOfMetricsThatNearlyCollapsed) {
  // Stretches 1 and 1e-12 against 1 and 1e-9: G itself would have lost the small one.
  Matrix A = Matrix::Zero(4, 2), B = A;
  A(0, 0) = B(0, 0) = A(0, 1) = B(0, 1) = 1;
  A(1, 1) = 1e-12;
  B(1, 1) = 1e-9;
  const MetricDistances found = metric_distances(pullback_metric(A, 2), pullback_metric(B, 2));
  EXPECT_NEAR(found.affine_invariant(0), std::log(1e6), 1e-10);
}

TEST(MetricDistances, NameWhatCannotBeCompared) {
  Matrix A = random_matrix(5, 6, 5), B = random_matrix(5, 6, 6);
  A.middleCols(0, 2).setZero();
  B.col(3) = 2 * B.col(2);
  const MetricDistances found = metric_distances(pullback_metric(A, 2), pullback_metric(B, 2));
  EXPECT_EQ(found.status[0], MetricStatus::collapsed);
  EXPECT_EQ(found.status[1], MetricStatus::degenerate);
  EXPECT_EQ(found.status[2], MetricStatus::immersed);
  EXPECT_TRUE(std::isnan(found.affine_invariant(0)));
  EXPECT_TRUE(std::isnan(found.spectral_ratio(1)));
  EXPECT_GT(found.affine_invariant(2), 0);
  EXPECT_THROW(metric_distances(pullback_metric(A, 2), pullback_metric(B, 3)),
               std::invalid_argument);
}

TEST(DistancesOverTime, AreMediansOverPoints) {
  // Step s has the metric diag(1, e^(2 s c)) at point c = 1, 2, 3: mu = e^(2 |s - s'| c), median 2.
  Matrix tangents = Matrix::Zero(3, 2 * 3 * 4);
  for (Index s = 0; s < 4; ++s) {
    for (Index k = 0; k < 3; ++k) {
      const Index c = 2 * (3 * s + k);
      tangents(0, c) = 1;
      tangents(1, c + 1) = std::exp(static_cast<double>(s * (k + 1)));
    }
  }
  tangents.rightCols(2).setZero();  // point 3 of the last step: the median is that of two
  const DistancesOverTime found = distances_over_time(pullback_metric(tangents, 2), 3);
  EXPECT_NEAR(found.affine_invariant(0, 2), 2 * 2 * 2, 1e-12);
  EXPECT_NEAR(found.affine_invariant(2, 1), 2 * 2 * 1, 1e-12);
  EXPECT_NEAR(found.affine_invariant(0, 3), 2 * 3 * 1.5, 1e-12);
  EXPECT_NEAR(found.spectral_ratio(0, 1), 1 - std::exp(-2), 1e-13);
  EXPECT_EQ(found.affine_invariant(1, 1), 0);
}

TEST(OverPoints, AreQuantilesWithoutWhatIsNotANumber) {
  Matrix values(2, 8);
  values << 3, 1, 2, 4, nan, nan, 7, 9, 0, 0, 0, 0, nan, nan, nan, nan;
  const OverPoints found = over_points(values, 4, {0, 0.5, 0.9});
  EXPECT_EQ(found.quantiles(0, 0), 1);
  EXPECT_EQ(found.quantiles(2, 0), 2.5);
  EXPECT_NEAR(found.quantiles(4, 0), 3.7, 1e-15);
  EXPECT_EQ(found.quantiles(2, 1), 8);
  EXPECT_EQ(found.counted(0, 1), 2);
  EXPECT_TRUE(std::isnan(found.quantiles(3, 1)));
  EXPECT_EQ(found.counted(1, 1), 0);
  EXPECT_THROW(over_points(values, 3), std::invalid_argument);
  EXPECT_THROW(over_points(values, 4, {1.5}), std::invalid_argument);
}

TEST(NormalizedSpectra, SumToOne) {
  Matrix A = random_matrix(6, 6, 7);
  A.rightCols(3).setZero();
  const Matrix found = normalized_spectra(pullback_metric(A, 3));
  EXPECT_NEAR(found.col(0).sum(), 1, 1e-15);
  EXPECT_TRUE(std::isnan(found(0, 1)));
}

TEST(WarpIndices, CompareTheBoundaryWithTheInsideAndTheVariablesWithEachOther) {
  // Relevant stretch 1 + e^(-|d| / 0.1), irrelevant half of it; at the first step nothing moves.
  const Vector d = Vector::LinSpaced(11, -0.2, 0.2);
  Matrix tangents = Matrix::Zero(4, 2 * 11 * 2);
  double near = 0, far = 0;
  for (Index k = 0; k < 11; ++k) {
    const double stretch = 1 + std::exp(-std::abs(d(k)) / 0.1);
    tangents(1, 22 + 2 * k) = stretch;
    tangents(2, 22 + 2 * k + 1) = stretch / 2;
    if (k >= 4 && k <= 6) near += stretch / 3;
    if (k <= 1 || k >= 9) far += stretch / 4;
  }
  const WarpIndexOptions options{.near = 0.0401, .far = 0.1599};
  const WarpIndices found = warp_indices(pullback_metric(tangents, 2), d, options);
  EXPECT_TRUE(std::isnan(found.boundary_stretch(0)));
  EXPECT_TRUE(std::isnan(found.compression(0)));
  EXPECT_NEAR(found.boundary_stretch(1), near / far, 1e-13);
  EXPECT_NEAR(found.compression(1), 0.25, 1e-14);
  EXPECT_THROW(warp_indices(pullback_metric(tangents, 2), d, {.far = 0.5}), std::invalid_argument);
  EXPECT_THROW(warp_indices(pullback_metric(tangents, 2), d, {.relevant = 1}),
               std::invalid_argument);
}

TEST(SettlingStep, IsWhereACourseComesToStay) {
  const Vector course{{nan, 0, 6, 3, 7, 9, 10, nan}};
  EXPECT_EQ(settling_step(course), 4);
  EXPECT_EQ(settling_step(course, 0.8), 5);
  EXPECT_EQ(settling_step(Vector{{nan, 1, nan}}), -1);
  EXPECT_EQ(settling_step(Vector{{1, 1}}), -1);
}

}  // namespace
}  // namespace nullcline::geometry
