// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/linear/linear_fit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

TEST(LinearFit, ToExactLinearDataIsTheJacobian) {
  const Matrix J = random_matrix(6, 6, 0.3, 23);
  const Vector center = random_matrix(6, 1, 1.0, 24), offset = random_matrix(6, 1, 1.0, 25);
  const Matrix X = random_matrix(6, 40, 1.0, 26);
  const Matrix Y = (J * (X.colwise() - center)).colwise() + offset;
  const LinearFit fit = fit_linear_model(X, Y, center);
  const FitComparison comparison = compare_fit(fit, J);
  EXPECT_LE(comparison.relative_difference, 1e-12);
  EXPECT_LE((fit.value - offset).norm(), 1e-12);
  EXPECT_LE(fit.residual, 1e-13);
  EXPECT_LE(comparison.eigenvalue_errors.maxCoeff(), 1e-11);
  EXPECT_EQ(fit.directions.cols(), 6);
}

TEST(LinearFit, ToDataInAnInvariantPlaneKnowsTheModesOfIt) {
  // Deviations span two coordinates, which J keeps; the rest of J cannot be seen.
  Matrix J = Matrix::Zero(5, 5);
  J.block(0, 0, 2, 2) << 0.9, 0.2, -0.2, 0.9;
  J.diagonal().tail(3) << 0.5, 0.4, 0.3;
  Matrix X = Matrix::Zero(5, 30);
  X.topRows(2) = random_matrix(2, 30, 1.0, 27);
  const LinearFit fit = fit_linear_model(X, J * X, Vector::Zero(5));
  ASSERT_EQ(fit.directions.cols(), 2);
  EXPECT_NEAR(fit.eigenvalues(0).real(), 0.9, 1e-13);
  EXPECT_NEAR(fit.eigenvalues(0).imag(), 0.2, 1e-13);
  const FitComparison comparison = compare_fit(fit, J);
  EXPECT_LE(comparison.within_data, 1e-13);
  EXPECT_NEAR(comparison.relative_difference, std::sqrt(0.5) / J.norm(), 1e-12);
  EXPECT_LE(comparison.eigenvalue_errors.maxCoeff(), 1e-12);
}

TEST(LinearFit, WithAGivenRankTakesTheLeadingDirections) {
  Matrix J = Matrix::Zero(3, 3);
  J.diagonal() << 0.9, 0.5, 0.1;
  Matrix X = random_matrix(3, 200, 1.0, 28);
  X.row(2) *= 1e-3;
  const LinearFit fit = fit_linear_model(X, J * X, Vector::Zero(3), {.rank = 2});
  EXPECT_EQ(fit.eigenvalues.size(), 2);
  EXPECT_NEAR(fit.eigenvalues(0).real(), 0.9, 1e-5);
  EXPECT_NEAR(fit.eigenvalues(1).real(), 0.5, 1e-5);
  EXPECT_EQ(compare_fit(fit, J).matches, (std::vector<Index>{0, 1}));
}

TEST(LinearFit, ToANonlinearMapNearAPointApproachesItsJacobian) {
  const Matrix W = random_matrix(4, 4, 0.6, 29), I = Matrix::Identity(4, 4);
  const AnalyticMap map = tanh_map(I, W.transpose(), 0.3 * Vector::Ones(4));
  const Vector center = random_matrix(4, 1, 0.5, 30);
  const auto error = [&](double radius) {
    const Matrix X = (radius * random_matrix(4, 50, 1.0, 31)).colwise() + center;
    Matrix Y(4, 50);
    map.step(X, Y);
    return compare_fit(fit_linear_model(X, Y, center), map.jacobian(center)).relative_difference;
  };
  EXPECT_LT(error(1e-2), 0.05);
  EXPECT_NEAR(error(1e-3) / error(1e-4), 10, 1.5);  // first order in the radius
}

TEST(LinearFit, OfOnePairHasNoDirections) {
  const LinearFit fit = fit_linear_model(Vector::Ones(2), 3 * Vector::Ones(2), Vector::Zero(2));
  EXPECT_EQ(fit.directions.cols(), 0);
  EXPECT_EQ(fit.value, 3 * Vector::Ones(2));
  EXPECT_EQ(compare_fit(fit, Matrix::Identity(2, 2)).matches.size(), 0u);
  EXPECT_THROW(fit_linear_model(Matrix(2, 0), Matrix(2, 0), Vector::Zero(2)),
               std::invalid_argument);
  EXPECT_THROW(fit_linear_model(Matrix::Zero(2, 3), Matrix::Zero(2, 2), Vector::Zero(2)),
               std::invalid_argument);
  EXPECT_THROW(
      fit_linear_model(std::nan("") * Matrix::Ones(2, 3), Matrix::Zero(2, 3), Vector::Zero(2)),
      std::invalid_argument);
  EXPECT_THROW(compare_fit(fit, Matrix::Identity(3, 3)), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
