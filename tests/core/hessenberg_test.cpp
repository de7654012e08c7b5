// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/hessenberg.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "random_matrix.hpp"

namespace nullcline {
namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

/// Of a matrix in Hessenberg form.
ComplexVector values_of(Matrix H) {
  Vector real(H.rows()), imaginary(H.rows());
  EXPECT_TRUE(hessenberg_eigenvalues(H, real, imaginary));
  ComplexVector values(H.rows());
  for (Index j = 0; j < values.size(); ++j) values(j) = {real(j), imaginary(j)};
  for (Index j = 0; j < values.size(); ++j) {
    if (imaginary(j) == 0) continue;
    EXPECT_GT(imaginary(j), 0);
    EXPECT_EQ(values(j + 1), std::conj(values(j)));
    ++j;
  }
  return values;
}

/// The largest distance from a value of `a` to the nearest of `b` that is still free.
double distance_between(const ComplexVector& a, ComplexVector b) {
  double largest = 0;
  for (const auto& value : a) {
    Index nearest = 0;
    const double distance = (b.array() - value).abs().minCoeff(&nearest);
    b(nearest) = std::numeric_limits<double>::infinity();
    largest = std::max(largest, distance);
  }
  return largest;
}

Matrix random_hessenberg(Index n, unsigned seed) {
  Matrix H = random_matrix<double>(n, n, seed);
  for (Index j = 0; j < n; ++j) H.col(j).tail(std::max<Index>(0, n - j - 2)).setZero();
  return H;
}

class HessenbergOfSize : public testing::TestWithParam<int> {};

TEST_P(HessenbergOfSize, HasLapacksEigenvalues) {
  const Index n = GetParam();
  const Matrix H = random_hessenberg(n, 1);
  const GeneralEigen outside = eigen(H);  // by dgeev, with vectors
  // Each eigenvalue moves by at most its condition times the backward error, ~ n eps |H|.
  double condition = 1;
  for (Index j = 0; j < n; ++j) {
    const double overlap = std::abs(outside.left_vectors.col(j).dot(outside.vectors.col(j)));
    condition = std::max(condition, 1 / overlap);
  }
  const ComplexVector values = values_of(H);
  EXPECT_LE(distance_between(values, outside.values),
            10 * eps * static_cast<double>(n) * H.norm() * condition);
  EXPECT_NEAR(values.sum().real(), H.trace(), 10 * eps * static_cast<double>(n) * H.norm());
}

INSTANTIATE_TEST_SUITE_P(Hessenberg, HessenbergOfSize,
                         testing::Values(1, 2, 3, 4, 7, 8, 9, 17, 33, 64, 100));

TEST(Hessenberg, FindsTheRootsOfUnity) {
  // The cyclic shift is what every sweep leaves as it is: only exceptional shifts move it.
  for (const Index n : {3, 4, 5, 8, 24}) {
    Matrix H = Matrix::Zero(n, n);
    H.diagonal(-1).setOnes();
    H(0, n - 1) = 1;
    ComplexVector roots(n);
    for (Index j = 0; j < n; ++j) {
      roots(j) =
          std::polar(1.0, 2 * std::numbers::pi * static_cast<double>(j) / static_cast<double>(n));
    }
    EXPECT_LE(distance_between(values_of(H), roots), 100 * eps * static_cast<double>(n)) << n;
  }
}

TEST(Hessenberg, FindsTheCosinesOfTheSecondDifference) {
  const Index n = 60;  // symmetric: values are as exact as their matrix
  Matrix H = Matrix::Zero(n, n);
  H.diagonal(1).setOnes();
  H.diagonal(-1).setOnes();
  ComplexVector cosines(n);
  for (Index j = 0; j < n; ++j) {
    cosines(j) =
        2 * std::cos(std::numbers::pi * static_cast<double>(j + 1) / static_cast<double>(n + 1));
  }
  const ComplexVector values = values_of(H);
  EXPECT_LE(values.imag().cwiseAbs().maxCoeff(), 0);
  EXPECT_LE(distance_between(values, cosines), 10 * eps * static_cast<double>(n));
}

TEST(Hessenberg, OfADefectiveMatrixErrsByTheRootOfRounding) {
  Matrix H = Matrix::Identity(4, 4);
  H.diagonal(1).setOnes();
  H(3, 0) = 0;  // one Jordan block, already triangular: exact
  EXPECT_LE(distance_between(values_of(H), ComplexVector::Ones(4)), 0);
  const Matrix full = random_matrix<double>(4, 4, 3);
  const ComplexVector values = eigenvalues(*solve(full, H * full));
  EXPECT_LE(distance_between(values, ComplexVector::Ones(4)), std::pow(1e4 * eps, 0.25));
}

TEST(Hessenberg, KnowsTriangularAndZeroMatrices) {
  Matrix R = random_matrix<double>(20, 20, 4).triangularView<Eigen::Upper>();
  EXPECT_EQ(values_of(R), ComplexVector(R.diagonal().cast<std::complex<double>>()));
  EXPECT_EQ(values_of(Matrix::Zero(5, 5)), ComplexVector::Zero(5));
}

TEST(Hessenberg, GivesUpOnWhatIsNotFinite) {
  Matrix H = random_hessenberg(6, 5);
  H(2, 3) = std::numeric_limits<double>::quiet_NaN();
  Vector real(6), imaginary(6);
  EXPECT_FALSE(hessenberg_eigenvalues(H, real, imaginary));
  EXPECT_THROW(hessenberg_eigenvalues(H, real, real.head(5)), std::invalid_argument);
}

TEST(Hessenberg, IsBehindTheEigenvaluesOfAnyScale) {
  const Matrix A = random_matrix<double>(30, 30, 6);
  const ComplexVector values = eigenvalues(A);
  for (const double scale : {0x1p-700, 0x1p-100, 0x1p100, 0x1p700}) {
    EXPECT_LE(distance_between(eigenvalues(scale * A) / scale, values), 1e-11) << scale;
  }
}

}  // namespace
}  // namespace nullcline
