// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/pseudospectrum.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "random_weights.hpp"

namespace nullcline::connectivity {
namespace {

using testing::random_weights;

/// sigma_min(z I - A) by the singular values of [X, -Y; Y, X], each of which stands twice.
double by_svd(In<Matrix> A, std::complex<double> z) {
  const Index n = A.rows();
  const Matrix one = Matrix::Identity(n, n);
  Matrix real(2 * n, 2 * n);
  real << z.real() * one - A, -z.imag() * one, z.imag() * one, z.real() * one - A;
  return singular_values(real)(2 * n - 1);
}

TEST(Pseudospectrum, IsTheSmallestSingularValueOnTheGrid) {
  for (const Index n : {1, 2, 15, 40}) {
    const Matrix A = random_weights(n, 1) / std::sqrt(static_cast<double>(n));
    const Pseudospectrum found = pseudospectrum(A, {.resolution = 7});
    for (Index i = 0; i < 7; ++i) {
      for (Index j = 0; j < 7; ++j) {
        EXPECT_NEAR(found.distance(i, j), by_svd(A, {found.real(j), found.imaginary(i)}),
                    1e-8 * found.distance(i, j) + 1e-13);
      }
    }
  }
}

TEST(Pseudospectrum, OfANormalMatrixIsTheDistanceToItsEigenvalues) {
  const Matrix A = random_weights(20, 2);
  const Matrix normal = A - A.transpose();
  const Pseudospectrum found = pseudospectrum(normal, {.resolution = 6, .threads = {2}});
  for (Index i = 0; i < 6; ++i) {
    for (Index j = 0; j < 6; ++j) {
      const std::complex<double> z(found.real(j), found.imaginary(i));
      const double distance = (found.eigenvalues.array() - z).abs().minCoeff();
      EXPECT_NEAR(found.distance(i, j), distance, 1e-8 * normal.norm());
    }
  }
}

TEST(Pseudospectrum, OfAJordanBlockOfTwoHasAClosedForm) {
  // Singular values of [r, c; 0, r]: difference c, product r^2.
  const double c = 100;
  const Matrix A{{0.5, c}, {0, 0.5}};
  const PseudospectrumOptions options{
      .resolution = 5, .left = -1, .right = 1.3, .bottom = -0.4, .top = 1};
  const Pseudospectrum found = pseudospectrum(A, options);
  for (Index i = 0; i < 5; ++i) {
    for (Index j = 0; j < 5; ++j) {
      const double r = std::abs(std::complex<double>(found.real(j) - 0.5, found.imaginary(i)));
      const double expected = 2 * r * r / (std::sqrt(c * c + 4 * r * r) + c);
      EXPECT_NEAR(found.distance(i, j), expected, 1e-7 * expected);
    }
  }
  EXPECT_NEAR(found.norm, singular_values(A)(0), 1e-12 * c);
}

TEST(Pseudospectrum, IsZeroAtEigenvaluesAndOfTheZeroMatrixTheModulus) {
  const PseudospectrumOptions options{
      .resolution = 3, .left = -1, .right = 1, .bottom = -1, .top = 1};
  const Pseudospectrum found = pseudospectrum(Matrix::Zero(4, 4), options);
  EXPECT_EQ(found.distance(1, 1), 0);
  EXPECT_NEAR(found.distance(0, 0), std::sqrt(2.0), 1e-9);
  EXPECT_GT(pseudospectrum(Matrix::Zero(2, 2)).distance.maxCoeff(), 0);
}

TEST(Pseudospectrum, CanBeCancelledAndRejectsMisuse) {
  const Matrix A = random_weights(5, 3);
  const Pseudospectrum found = pseudospectrum(A, {.resolution = 9}, [](double) { return false; });
  EXPECT_TRUE(found.cancelled);
  EXPECT_TRUE(std::isnan(found.distance(4, 4)));
  EXPECT_THROW(pseudospectrum(A, {.resolution = 1}), std::invalid_argument);
  EXPECT_THROW(pseudospectrum(A, {.left = 2, .right = 1}), std::invalid_argument);
  EXPECT_THROW(pseudospectrum(Matrix::Zero(2, 3)), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::connectivity
