// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/similarity/similarity.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "tests/representation/processes.hpp"

namespace nullcline::representation {
namespace {

using testing::random_matrix;
using testing::random_rotation;

constexpr Index samples = 40;

/// Units that share some of what they do.
Matrix related(Index units, std::uint64_t seed) {
  return random_matrix(units, 4, seed) * random_matrix(4, samples, 99) +
         0.5 * random_matrix(units, samples, seed + 1000);
}

/// Distances that are roots or angles see rounding by its root.
double near_zero(const MetricInfo& metric) {
  return metric.name.find("cka_angular") != std::string::npos || metric.name == "rsa_angular"
             ? 4e-8
             : 1e-13;
}

/// Of dsa, dynamics of few dimensions, of which the search finds the global minimum.
Similarity compared(const Matrix& X, const Matrix& Y, const MetricInfo& metric) {
  return compare(X, Y, metric.name, {.dsa = {.dmd = {.delays = 2, .rank = 3}}});
}

TEST(Similarity, OfEqualDataHasDistanceZeroAndScoreOne) {
  const Matrix X = related(6, 1);
  for (const MetricInfo& metric : similarity_metrics()) {
    const Similarity same = compared(X, X, metric);
    EXPECT_TRUE(same.defined) << metric.name;
    EXPECT_NEAR(same.distance, 0,
                metric.name == "procrustes" ? 1e-13 * X.norm() : near_zero(metric))
        << metric.name;
    EXPECT_NEAR(same.score, 1, 1e-13) << metric.name;
  }
}

TEST(Similarity, OfOtherDataIsPositiveAndWithinItsRange) {
  for (const MetricInfo& metric : similarity_metrics()) {
    for (const Index units : {3, 6, 9}) {
      const Similarity other = compared(related(6, 2), related(units, 3), metric);
      EXPECT_GT(other.distance, 1e-3) << metric.name;
      EXPECT_LE(other.distance, metric.largest) << metric.name;
      EXPECT_LT(other.score, 1) << metric.name;
    }
  }
}

TEST(Similarity, IsSymmetricWhereItSaysSo) {
  const Matrix X = related(5, 4), Y = related(7, 5);
  for (const MetricInfo& metric : similarity_metrics()) {
    const double there = compared(X, Y, metric).distance, back = compared(Y, X, metric).distance;
    if (metric.symmetric) {
      EXPECT_NEAR(there, back, 1e-12 * (1 + there)) << metric.name;
    } else {
      EXPECT_GT(std::abs(there - back), 1e-4) << metric.name;
    }
  }
}

TEST(Similarity, DoesNotSeeWhatItIsInvariantTo) {
  const Matrix X = related(6, 6), Y = related(6, 7);
  const Matrix rotated = random_rotation(6, 8) * Y;
  Matrix moved = Y;
  moved.colwise() += Vector(random_matrix(6, 1, 9).col(0));
  const Matrix mixed = (random_matrix(6, 6, 10) + 3 * Matrix::Identity(6, 6)) * Y;
  Matrix permuted = Y.colwise().reverse();
  permuted.row(2) *= 7;
  for (const MetricInfo& metric : similarity_metrics()) {
    const double plain = compared(X, Y, metric).distance;
    const double rounding = 1e-11 * (1 + plain);
    const auto sees = [&](const Matrix& other) {
      return std::abs(compared(X, other, metric).distance - plain) > rounding;
    };
    EXPECT_FALSE(sees(moved)) << metric.name;
    const bool linear = metric.invariance.find("invertible linear maps") != std::string::npos;
    EXPECT_EQ(sees(permuted), !linear && metric.name != "matching") << metric.name;
    EXPECT_EQ(sees(rotated), metric.name == "matching") << metric.name;
    EXPECT_EQ(sees(3 * Y), metric.name == "procrustes") << metric.name;
    EXPECT_EQ(sees(mixed), !linear) << metric.name;
  }
}

TEST(Similarity, ObeysTheTriangleInequalityWhereItSaysSo) {
  for (const MetricInfo& metric : similarity_metrics()) {
    if (!metric.triangle) continue;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const auto units = [&](std::uint64_t which) {
        return metric.condition.empty() ? 1 + static_cast<Index>((seed * 7 + which * 5) % 8) : 5;
      };
      // Y between X and Z, where the inequality is tight.
      const Matrix X = related(units(0), seed), Z = related(units(2), seed + 40);
      Matrix Y = related(units(1), seed + 20);
      if (seed % 2 == 1) {
        Y.resize(X.rows() + Z.rows(), samples);
        Y << X, Z;
        if (!metric.condition.empty()) Y = X + Z;
      }
      const double direct = compared(X, Z, metric).distance;
      const double around = compared(X, Y, metric).distance + compared(Y, Z, metric).distance;
      EXPECT_LE(direct, around * (1 + 1e-12) + 1e-12) << metric.name << ", seed " << seed;
    }
  }
}

TEST(Similarity, OfMetricsThatDoNotClaimTheTriangleInequalityBreaksIt) {
  // Two independent units, and both of them together.
  Matrix X(1, 4), Z(1, 4), Y(2, 4);
  X << 1, -1, 1, -1;
  Z << 1, 1, -1, -1;
  Y << X, Z;
  for (const char* name : {"cca", "svcca", "pwcca", "cka"}) {
    EXPECT_GT(compare(X, Z, name).distance,
              compare(X, Y, name).distance + compare(Y, Z, name).distance + 0.1)
        << name;
  }
}

TEST(Similarity, OfSingleUnitsIsAFunctionOfTheirCorrelation) {
  const Matrix x = random_matrix(1, samples, 11), y = x + random_matrix(1, samples, 12);
  const Vector a = (x.array() - x.mean()).matrix().transpose(),
               b = (y.array() - y.mean()).matrix().transpose();
  const double r = a.dot(b) / a.norm() / b.norm();
  EXPECT_NEAR(compare(x, y, "cca").score, r, 1e-14);
  EXPECT_NEAR(compare(x, -y, "cca").score, r, 1e-14);
  EXPECT_NEAR(compare(x, y, "pwcca").score, r, 1e-14);
  EXPECT_NEAR(compare(x, y, "cca_angular").distance, std::acos(r), 1e-13);
  EXPECT_NEAR(compare(x, y, "subspace").distance, std::acos(r), 1e-13);
  EXPECT_NEAR(compare(x, y, "cka").score, r * r, 1e-14);
  EXPECT_NEAR(compare(x, y, "matching").distance, std::sqrt(2 - 2 * r), 1e-13);
  EXPECT_NEAR(compare(x, -y, "matching").score, -r, 1e-14);
  EXPECT_NEAR(compare(x, y, "procrustes_shape").distance, std::sqrt(2 - 2 * r), 1e-13);
  EXPECT_NEAR(compare(x, y, "procrustes").distance, (a - b).norm(), 1e-13 * a.norm());
}

TEST(Similarity, FindsCanonicalCorrelationsThatWereBuiltIn) {
  // y_i = rho_i x_i + sqrt(1 - rho_i^2) e_i of orthonormal centered x and e, then mixed.
  Matrix all = random_matrix(samples, 6, 13);
  all.rowwise() -= all.colwise().mean().eval();
  const Matrix Q = orthonormal_basis(all);
  const Vector rho{{0.9, 0.5, 0.1}};
  const Matrix X = random_matrix(3, 3, 14) * Q.leftCols(3).transpose();
  const Matrix Y =
      random_matrix(3, 3, 15) *
      (rho.asDiagonal() * Q.leftCols(3).transpose() +
       (1 - rho.array().square()).sqrt().matrix().asDiagonal() * Q.rightCols(3).transpose());
  const Similarity found = compare(X, Y, "cca");
  EXPECT_LT((found.correlations - rho).norm(), 1e-12);
  EXPECT_NEAR(found.distance, 0.5, 1e-12);
  const Vector angles = rho.array().acos();
  EXPECT_NEAR(compare(X, Y, "subspace").distance, angles.norm(), 1e-12);
  EXPECT_NEAR(compare(X, Y.topRows(2), "cca_angular").score,
              compare(X, Y.topRows(2), "cca").correlations.sum() / std::sqrt(6), 1e-13);
}

TEST(Similarity, OfSmallAnglesIsAccurateBelowTheRootOfRounding) {
  Matrix all = random_matrix(samples, 2, 16);
  all.rowwise() -= all.colwise().mean().eval();
  const Matrix Q = orthonormal_basis(all);
  const double angle = 1e-10;
  const Matrix x = Q.col(0).transpose(),
               y = std::cos(angle) * x + std::sin(angle) * Q.col(1).transpose();
  for (const char* name :
       {"cca_angular", "subspace", "procrustes_angular", "procrustes_shape", "matching"}) {
    EXPECT_NEAR(compare(x, y, name).distance, angle, 1e-15) << name;
  }
}

TEST(Similarity, OfSvccaKeepsTheVarianceAskedFor) {
  // Variances 100, 25, 1, 1e-4 of the sum.
  Matrix all = random_matrix(samples, 4, 17);
  all.rowwise() -= all.colwise().mean().eval();
  const Matrix Q = orthonormal_basis(all);
  const Matrix X = random_rotation(4, 18) * Vector{{10, 5, 1, 0.01}}.asDiagonal() * Q.transpose();
  EXPECT_EQ(compare(X, X, "svcca").dim_x, 2);  // 125 of 126 is 0.992
  EXPECT_EQ(compare(X, X, "svcca", {.variance = 0.5}).dim_x, 1);
  EXPECT_EQ(compare(X, X, "svcca", {.variance = 0.999}).dim_x, 3);
  EXPECT_EQ(compare(X, X, "svcca", {.variance = 1}).dim_x, 4);
  EXPECT_EQ(compare(X, X, "svcca", {.variance = 1, .dim = 2}).dim_x, 2);
  EXPECT_EQ(compare(X, X, "cca").dim_x, 4);
}

TEST(Similarity, OfCcaCountsDimensionsDownToRoundingAndNotBelow) {
  // Variances over twenty-two decades, and copies.
  Matrix X = random_matrix(5, samples, 19);
  for (Index i = 0; i < 5; ++i) X.row(i) *= std::pow(10.0, -2.75 * static_cast<double>(i));
  EXPECT_EQ(compare(X, X, "cca").dim_x, 5);
  Matrix copies(10, samples);
  copies << X, X;
  EXPECT_EQ(compare(copies, X, "cca").dim_x, 5);
  EXPECT_NEAR(compare(copies, X, "cca").correlations.minCoeff(), 1, 1e-4);  // the last one: 1e-11
  // More units than samples, of which one is the mean.
  EXPECT_EQ(compare(random_matrix(60, samples, 20), X, "cca").dim_x, samples - 1);
}

TEST(Similarity, OfScaledDataByProcrustesIsTheDifferenceOfSizes) {
  const Matrix X = related(4, 21);
  const double size = (X.colwise() - X.rowwise().mean()).norm();
  EXPECT_NEAR(compare(X, random_rotation(4, 22) * (3 * X), "procrustes").distance, 2 * size,
              1e-12 * size);
  EXPECT_NEAR(compare(X, Matrix::Ones(2, samples), "procrustes").distance, size, 1e-12 * size);
}

TEST(Similarity, ByMatchingFindsThePermutation) {
  const Matrix X = related(6, 23);
  const std::vector<Index> order = {3, 0, 5, 1, 4, 2};
  Matrix Y(8, samples);
  for (Index i = 0; i < 6; ++i) Y.row(order[static_cast<std::size_t>(i)]) = 2 * X.row(i);
  Y.bottomRows(2) = -Y.topRows(2);
  const Similarity found = compare(X, Y, "matching"), back = compare(Y, X, "matching");
  EXPECT_EQ(found.matches, order);
  EXPECT_LT(found.distance, 1e-7);
  EXPECT_EQ(back.matches, (std::vector<Index>{1, 3, 5, 0, 4, 2, -1, -1}));
}

/// H K H, or U-centered: what the estimators are defined by.
Matrix centered(const Matrix& K, bool unbiased) {
  const auto m = static_cast<double>(K.rows());
  if (!unbiased) {
    const Matrix H =
        Matrix::Identity(K.rows(), K.rows()) - Matrix::Constant(K.rows(), K.rows(), 1 / m);
    return H * K * H;
  }
  Matrix T = K;
  T.diagonal().setZero();
  const Vector r = T.rowwise().sum() / (m - 2);
  Matrix U = T.colwise() - r;
  U.rowwise() -= r.transpose();
  U.array() += T.sum() / ((m - 1) * (m - 2));
  U.diagonal().setZero();
  return U;
}

double cka_of(const Matrix& K, const Matrix& L, bool unbiased) {
  const Matrix A = centered(K, unbiased), B = centered(L, unbiased);
  return A.cwiseProduct(B).sum() / (A.norm() * B.norm());
}

Matrix distances_of(const Matrix& X) {
  Matrix D(X.cols(), X.cols());
  for (Index i = 0; i < X.cols(); ++i) {
    for (Index j = 0; j < X.cols(); ++j) D(i, j) = (X.col(i) - X.col(j)).norm();
  }
  return D;
}

Matrix gaussian_kernel(const Matrix& X, double bandwidth) {
  const Matrix D = distances_of(X);
  std::vector<double> all;
  for (Index i = 0; i < D.rows(); ++i) {
    for (Index j = 0; j < i; ++j) all.push_back(D(i, j));
  }
  std::sort(all.begin(), all.end());
  const double sigma = bandwidth * all[all.size() / 2];
  return (-D.array().square() / (2 * sigma * sigma)).exp();
}

TEST(Similarity, ByCkaIsThatOfTheKernelMatrices) {
  for (const Index m : {7, 40, 300}) {  // 300: more than a tile
    const Matrix shared = random_matrix(3, m, 24);
    const Matrix X = random_matrix(5, 3, 25) * shared + random_matrix(5, m, 26);
    const Matrix Y = random_matrix(8, 3, 27) * shared + random_matrix(8, m, 28);
    const Matrix K = X.transpose() * X, L = Y.transpose() * Y;
    EXPECT_NEAR(compare(X, Y, "cka").score, cka_of(K, L, false), 1e-12);
    EXPECT_NEAR(compare(X, Y, "cka_unbiased").score, cka_of(K, L, true), 1e-12);
    const Matrix E = gaussian_kernel(X, 0.7), F = gaussian_kernel(Y, 0.7);
    EXPECT_NEAR(compare(X, Y, "rbf_cka", {.bandwidth = 0.7}).score, cka_of(E, F, false), 1e-12);
    EXPECT_NEAR(compare(X, Y, "rbf_cka_unbiased", {.bandwidth = 0.7}).score, cka_of(E, F, true),
                1e-12);
  }
}

TEST(Similarity, ByCkaOfIndependentDataIsZeroOnlyUnbiased) {
  // Many more units than samples: the kernels of noise are near the identity, CKA near 1.
  const int repeats = 40;
  Vector linear(repeats), gaussian(repeats);
  for (int i = 0; i < repeats; ++i) {
    const auto seed = static_cast<std::uint64_t>(2 * i);
    const Matrix X = random_matrix(200, 20, seed), Y = random_matrix(200, 20, seed + 1);
    EXPECT_GT(compare(X, Y, "cka").score, 0.8);
    EXPECT_GT(compare(X, Y, "rbf_cka").score, 0.8);
    linear(i) = compare(X, Y, "cka_unbiased").score;
    gaussian(i) = compare(X, Y, "rbf_cka_unbiased").score;
  }
  for (const Vector& scores : {linear, gaussian}) {
    const double sd = std::sqrt((scores.array() - scores.mean()).square().sum() / (repeats - 1));
    EXPECT_LT(std::abs(scores.mean()), 4 * sd / std::sqrt(repeats));
    EXPECT_LT(sd, 0.2);
  }
}

TEST(Similarity, ByRsaIsTheCorrelationOfDistances) {
  const Matrix X = related(5, 30), Y = related(6, 31);
  const auto correlation = [](const Matrix& D, const Matrix& E) {
    std::vector<double> a, b;
    for (Index i = 0; i < D.rows(); ++i) {
      for (Index j = 0; j < i; ++j) {
        a.push_back(D(i, j));
        b.push_back(E(i, j));
      }
    }
    Vector u = Eigen::Map<Vector>(a.data(), std::ssize(a)),
           v = Eigen::Map<Vector>(b.data(), std::ssize(b));
    u.array() -= u.mean();
    v.array() -= v.mean();
    return u.dot(v) / u.norm() / v.norm();
  };
  const Matrix D = distances_of(X), E = distances_of(Y);
  EXPECT_NEAR(compare(X, Y, "rsa").score, correlation(D, E), 1e-12);
  EXPECT_NEAR(compare(X, Y, "rsa", {.dissimilarity = "squared_euclidean"}).score,
              correlation(D.array().square(), E.array().square()), 1e-12);
  const auto patterns = [](const Matrix& A) {
    Matrix Z = (A.colwise() - A.rowwise().mean()).eval();
    Z.rowwise() -= Z.colwise().mean().eval();
    Z.colwise().normalize();
    return (1 - (Z.transpose() * Z).array()).matrix().eval();
  };
  EXPECT_NEAR(compare(X, Y, "rsa", {.dissimilarity = "correlation"}).score,
              correlation(patterns(X), patterns(Y)), 1e-12);
}

TEST(Similarity, OfPairsOfSamplesHasTheSameBitsForAnyNumberOfThreads) {
  const Matrix X = random_matrix(4, 700, 32), Y = random_matrix(5, 700, 33);
  for (const char* name : {"rbf_cka", "rsa"}) {
    EXPECT_EQ(compare(X, Y, name).distance, compare(X, Y, name, {.threads = {2}}).distance);
  }
}

TEST(Similarity, WithASideThatDoesNotVaryIsNotDefined) {
  const Matrix X = related(4, 34), still = Matrix::Constant(3, samples, 0.1);
  for (const MetricInfo& metric : similarity_metrics()) {
    if (metric.name == "procrustes") continue;
    const Similarity result = compared(X, still, metric);
    EXPECT_FALSE(result.defined) << metric.name;
    EXPECT_TRUE(std::isnan(result.distance)) << metric.name;
  }
}

TEST(Similarity, DoesNotDependOnUnitsOfMeasurement) {
  const Matrix X = related(4, 35), Y = related(5, 36);
  for (const MetricInfo& metric : similarity_metrics()) {
    const double plain = compared(X, Y, metric).distance;
    if (metric.name == "procrustes") continue;
    EXPECT_NEAR(compared(1e-170 * X, 1e170 * Y, metric).distance, plain, 1e-10) << metric.name;
  }
}

TEST(Similarity, RejectsWhatDoesNotFit) {
  const Matrix X = related(3, 37);
  Matrix broken = X;
  broken(1, 2) = std::numeric_limits<double>::infinity();
  const auto rejects = [](const Matrix& A, const Matrix& B, const char* name,
                          SimilarityOptions options = {}) {
    EXPECT_THROW((void)compare(A, B, name, options), std::invalid_argument) << name;
  };
  rejects(X, X.leftCols(5), "cca");
  rejects(X, broken, "cca");
  rejects(X.leftCols(1), X.leftCols(1), "cca");
  rejects(X.leftCols(3), X.leftCols(3), "cka_unbiased");
  rejects(Matrix(0, 5), Matrix(0, 5), "cka");
  rejects(X, X, "svca");
  rejects(X, X, "svcca", {.variance = 1.5});
  rejects(X, X, "svcca", {.variance = std::numeric_limits<double>::quiet_NaN()});
  rejects(X, X, "svcca", {.dim = -1});
  rejects(X, X, "rbf_cka", {.bandwidth = 0});
  rejects(X, X, "rsa", {.dissimilarity = "manhattan"});
}

}  // namespace
}  // namespace nullcline::representation
