// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/linear/modes.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <initializer_list>
#include <limits>
#include <stdexcept>
#include <vector>

#include "nullcline/core/linear_algebra.hpp"
#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

Linearization with_vectors(const Matrix& J) {
  const Vector zero = Vector::Zero(J.rows());
  return linearize(linear_map(J, zero), zero, 1, {.eigenvectors = true});
}

Modes modes_of(const Matrix& J, const ModesOptions& options = {}, double dt = 1) {
  return modes(with_vectors(J), dt, options);
}

/// sum_a lambda_a r_a l_a^H.
Matrix recomposed(const Modes& m) {
  const ComplexMatrix sum = m.right * m.eigenvalues.asDiagonal() * m.left.adjoint();
  EXPECT_LE(sum.imag().norm(), 1e-10 * m.eigenvector_condition * (1 + sum.real().norm()));
  return sum.real();
}

double error_of(const Matrix& A, const Matrix& B) { return (A - B).norm() / B.norm(); }

Matrix diagonal(std::initializer_list<double> entries) {
  Matrix D = Matrix::Zero(static_cast<Index>(entries.size()), static_cast<Index>(entries.size()));
  Index i = 0;
  for (const double entry : entries) D(i, i) = entry, ++i;
  return D;
}

/// What every complete set of modes owes.
void expect_complete(const Matrix& J, const Modes& m) {
  ASSERT_EQ(m.status, ModesStatus::complete);
  const auto n = static_cast<double>(J.rows());
  const double tolerance = 10 * n * eps * m.eigenvector_condition;
  EXPECT_LE(m.duality_error, tolerance);
  EXPECT_LE((m.left.adjoint() * m.right - ComplexMatrix::Identity(J.rows(), J.rows())).norm(),
            n * tolerance);
  EXPECT_LE(error_of(recomposed(m), J), 10 * tolerance);
  EXPECT_LE((m.right.colwise().norm().array() - 1).abs().maxCoeff(), 10 * eps);
  EXPECT_GE(m.conditions.minCoeff(), 1 - n * eps);
  const ComplexMatrix left_residual = m.left.adjoint() * J.cast<std::complex<double>>() -
                                      m.eigenvalues.asDiagonal() * m.left.adjoint();
  EXPECT_LE(left_residual.norm(), n * tolerance * m.left.norm() * J.norm());
}

TEST(Modes, OfRandomMatricesAreDualAndGiveTheMatrixBack) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const Matrix J = random_matrix(20, 20, 0.2, seed);
    expect_complete(J, modes_of(J));
  }
}

TEST(Modes, OfATriangularMatrixHaveTheKnownConditions) {
  // [a, c; 0, b]: r = (1, 0) and (c, b - a), l_1 = (1, c / (a - b)): both conditions are
  // sqrt(1 + (c / (a - b))^2).
  const double a = 0.9, b = 0.5, c = 3;
  Matrix J(2, 2);
  J << a, c, 0, b;
  const Modes m = modes_of(J);
  const double condition = std::hypot(1, c / (a - b));
  EXPECT_NEAR(m.conditions(0), condition, 1e-13 * condition);
  EXPECT_NEAR(m.conditions(1), condition, 1e-13 * condition);
  EXPECT_NEAR(m.left(1, 0).real(), c / (a - b), 1e-13 * condition);
  // cond_2 of a 2 x 2 matrix with unit columns at cosine g: sqrt((1 + g) / (1 - g)).
  const double g = c / std::hypot(c, b - a);
  EXPECT_NEAR(m.eigenvector_condition, std::sqrt((1 + g) / (1 - g)), 1e-11);
}

TEST(Modes, OfASymmetricMatrixAreOrthonormalWithConditionOne) {
  Matrix J = random_matrix(12, 12, 0.3, 3);
  J = (0.5 * (J + J.transpose())).eval();
  const Modes m = modes_of(J);
  EXPECT_LE((m.conditions.array() - 1).abs().maxCoeff(), 1e-11);
  EXPECT_NEAR(m.eigenvector_condition, 1, 1e-11);
  EXPECT_LE((m.left - m.right).norm(), 1e-11);
}

TEST(Modes, HaveUnsignedTimeConstantsInStepsAndSeconds) {
  const Modes m = modes_of(diagonal({2, 1, 0.5, 0}), {}, 0.1);
  EXPECT_NEAR(m.steps(0), 1 / std::log(2), 1e-14);  // doubles in ln 2 time constants
  EXPECT_EQ(m.steps(1), std::numeric_limits<double>::infinity());
  EXPECT_NEAR(m.steps(2), 1 / std::log(2), 1e-14);
  EXPECT_EQ(m.steps(3), 0);
  EXPECT_NEAR(m.seconds(0), 0.1 / std::log(2), 1e-15);
}

TEST(Modes, ComeInConjugatePartnersToTheLastBit) {
  const Modes m = modes_of(random_matrix(15, 15, 0.3, 4));
  Index pairs = 0;
  for (Index a = 0; a < 15; ++a) {
    const Index b = m.partners[static_cast<std::size_t>(a)];
    EXPECT_EQ(m.partners[static_cast<std::size_t>(b)], a);
    EXPECT_EQ(m.right.col(a), ComplexVector(m.right.col(b).conjugate()));
    EXPECT_EQ(m.left.col(a), ComplexVector(m.left.col(b).conjugate()));
    pairs += b > a;
  }
  EXPECT_GT(pairs, 0);
}

TEST(Modes, AreOrientedByTheReadoutOrByTheirLargestEntry) {
  const Matrix J = random_matrix(9, 9, 0.3, 5);
  const Vector w = random_matrix(9, 1, 1.0, 6);
  const Modes m = modes_of(J, {.readout = w});
  for (Index a = 0; a < 9; ++a) {
    const std::complex<double> projection = m.right.col(a).transpose() * w;
    EXPECT_GT(projection.real(), 0);
    EXPECT_NEAR(projection.imag(), 0, 1e-14);
  }
  const Modes plain = modes_of(J);
  for (Index a = 0; a < 9; ++a) {
    Index i = 0;
    plain.right.col(a).cwiseAbs().maxCoeff(&i);
    EXPECT_GT(plain.right(i, a).real(), 0);
    EXPECT_NEAR(plain.right(i, a).imag(), 0, 1e-15);
  }
}

TEST(Modes, OfADefectiveMatrixAreReportedAndTheOthersKept) {
  // A Jordan block in other coordinates beside two simple eigenvalues.
  Matrix D = diagonal({0.5, 0.5, 0.9, -0.2});
  D(0, 1) = 1;
  const Matrix C = random_matrix(4, 4, 1.0, 7) + 3 * Matrix::Identity(4, 4);
  const Matrix J = C * D * *solve(C, Matrix::Identity(4, 4));
  const Modes m = modes_of(J);
  EXPECT_EQ(m.status, ModesStatus::defective);
  EXPECT_TRUE(m.has_left(0));   // 0.9
  EXPECT_FALSE(m.has_left(1));  // the block
  EXPECT_FALSE(m.has_left(2));
  EXPECT_TRUE(m.has_left(3));  // -0.2
  EXPECT_GT(m.conditions(1), 1e7);
  EXPECT_LE(m.duality_error, 1e-12);
  const std::complex<double> one = m.left.col(0).dot(m.right.col(0));
  EXPECT_NEAR(std::abs(one - 1.0), 0, 1e-13);
  EXPECT_TRUE(m.left.allFinite());
}

TEST(Modes, OfAnExactJordanBlockHaveInfiniteOrHugeCondition) {
  Matrix J(2, 2);
  J << 1, 1, 0, 1;
  const Modes m = modes_of(J);
  EXPECT_EQ(m.status, ModesStatus::defective);
  EXPECT_GT(m.conditions.minCoeff(), 1e7);
  EXPECT_FALSE(m.has_left(0));
  EXPECT_TRUE(m.right.allFinite());
}

TEST(Modes, OfALowRankMatrixHaveAnOrthonormalKernel) {
  const Matrix U = random_matrix(60, 2, 0.3, 8), V = random_matrix(60, 2, 0.3, 9);
  const Matrix J = U * V.transpose();
  const Modes m = modes_of(J);
  expect_complete(J, m);
  EXPECT_LE(m.eigenvector_condition, 100);
  EXPECT_LE(m.eigenvalues.tail(58).cwiseAbs().maxCoeff(), 1e-14);
}

TEST(Modes, OfALeakyLowRankNetworkKeepItsRepeatedLeak) {
  const Matrix U = random_matrix(60, 3, 0.3, 10), V = random_matrix(60, 3, 0.3, 11);
  const Matrix J = 0.9 * Matrix::Identity(60, 60) + 0.1 * U * V.transpose();
  const Modes m = modes_of(J);
  expect_complete(J, m);
  EXPECT_LE(m.eigenvector_condition, 1000);
  EXPECT_EQ(((m.eigenvalues.array() - 0.9).abs() < 1e-13).count(), 57);
}

TEST(Modes, OfAllPointsAreThoseOfEachForAnyThreads) {
  std::vector<Linearization> points;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    points.push_back(with_vectors(random_matrix(5, 5, 0.5, 30 + seed)));
  }
  const auto one = modes_all(points, 0.1), two = modes_all(points, 0.1, {}, {2});
  ASSERT_EQ(one.size(), 4u);
  for (std::size_t p = 0; p < 4; ++p) {
    EXPECT_EQ(one[p].left, two[p].left);
    EXPECT_EQ(one[p].left, modes(points[p], 0.1).left);
  }
}

TEST(Modes, RejectBadArguments) {
  const Matrix J = random_matrix(3, 3, 0.3, 12);
  const Vector zero = Vector::Zero(3);
  EXPECT_THROW(modes(linearize(linear_map(J, zero), zero, 1), 1), std::invalid_argument);
  EXPECT_THROW(modes(with_vectors(J), 0), std::invalid_argument);
  EXPECT_THROW(modes(with_vectors(J), 1, {.readout = Vector::Ones(2)}), std::invalid_argument);
  EXPECT_THROW(modes(with_vectors(J), 1, {.condition_limit = 0}), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
