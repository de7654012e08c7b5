// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/linear/mode_response.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <initializer_list>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "nullcline/core/linear_algebra.hpp"
#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

Modes modes_of(const Matrix& J) {
  const Vector zero = Vector::Zero(J.rows());
  return modes(linearize(linear_map(J, zero), zero, 1, {.eigenvectors = true}), 1);
}

Matrix diagonal(std::initializer_list<double> entries) {
  Matrix D = Matrix::Zero(static_cast<Index>(entries.size()), static_cast<Index>(entries.size()));
  Index i = 0;
  for (const double entry : entries) D(i, i) = entry, ++i;
  return D;
}

std::vector<Index> all_of(Index n) {
  std::vector<Index> all(static_cast<std::size_t>(n));
  std::iota(all.begin(), all.end(), Index{0});
  return all;
}

TEST(ModeResponse, OfAllModesIsThePowerOfTheJacobian) {
  const Matrix J = random_matrix(10, 10, 0.3, 13), B = random_matrix(10, 4, 1.0, 14);
  const Matrix U = random_matrix(4, 3, 1.0, 15);
  const Modes m = modes_of(J);
  Matrix expected = B * U;
  for (const Index k : {0, 1, 2, 3, 4, 5}) {
    const Matrix response = mode_response(m, B, U, k, all_of(10));
    EXPECT_LE((response - expected).norm(), 1e3 * eps * m.eigenvector_condition * B.norm());
    const Vector w = random_matrix(10, 1, 1.0, 16);
    const Matrix contributions = readout_contributions(m, B, U, k, w);
    EXPECT_LE((contributions.colwise().sum() - w.transpose() * expected).norm(),
              1e3 * eps * m.eigenvector_condition * B.norm() * w.norm());
    expected = J * expected;
  }
}

TEST(ModeResponse, OfOneModeIsAProjectionOnIt) {
  // diag: mode a takes entry a of the input's effect, times lambda_a^k.
  const Matrix B = random_matrix(3, 2, 1.0, 17);
  const Vector u = random_matrix(2, 1, 1.0, 18);
  const Modes m = modes_of(diagonal({0.9, 0.5, 0.1}));
  const std::vector<Index> second = {1};
  Vector expected = Vector::Zero(3);
  expected(1) = std::pow(0.5, 4) * (B * u)(1);
  EXPECT_LE((mode_response(m, B, u, 4, second) - expected).norm(), 1e-14);
  // An eigenvalue of zero acts at k = 0 only.
  const Modes kernel = modes_of(diagonal({0.9, 0.5, 0}));
  const std::vector<Index> third = {2};
  EXPECT_NEAR(mode_response(kernel, B, u, 0, third)(2), (B * u)(2), 1e-14);
  EXPECT_EQ(mode_response(kernel, B, u, 1, third).norm(), 0);
}

TEST(ModeAblation, KeepsTheLargestModesAndPairsWhole) {
  // A real mode 0.95, a pair of modulus 0.8, a real 0.1, with readout and input (1, 1, 1, 1).
  Matrix J = diagonal({0.95, 0, 0, 0.1});
  J.block(1, 1, 2, 2) << 0.8 * std::cos(1), -0.8 * std::sin(1), 0.8 * std::sin(1),
      0.8 * std::cos(1);
  const std::vector<Modes> points = {modes_of(J)};
  const std::vector<Matrix> inputs = {Matrix::Ones(4, 1)};
  const Vector w = Vector::Ones(4);
  const auto result = ablate_modes(points, inputs, Vector::Constant(1, -3), w, {.steps = 1});
  // u / |u| = -1; y = -(0.95 + 2 * 0.8 cos 1 + 0.1).
  const double pair = 1.6 * std::cos(1.0);
  Vector expected(5);
  expected << 0, -0.95, -0.95, -0.95 - pair, -1.05 - pair;
  EXPECT_LE((result.outputs.col(0) - expected).norm(), 1e-14);
  EXPECT_EQ(result.mean, Vector(result.outputs.col(0)));
  EXPECT_EQ(result.modes_needed, 4);  // 0.1 of 1.9 is more than 5 %
  EXPECT_EQ(
      ablate_modes(points, inputs, Vector::Ones(1), w, {.steps = 1, .fraction = 0.9}).modes_needed,
      3);
}

TEST(ModeAblation, OfAnIntegratorWithOneModeNeedsOne) {
  // All of the input goes into the slowest mode, and the readout reads it, at every point.
  std::vector<Modes> points;
  std::vector<Matrix> inputs;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const Matrix C = random_matrix(6, 6, 1.0, 20 + seed) + 4 * Matrix::Identity(6, 6);
    const Matrix J = C * diagonal({1, 0.5, 0.4, 0.3, 0.2, 0.1}) * *solve(C, Matrix::Identity(6, 6));
    points.push_back(modes_of(J));
    inputs.push_back(C.col(0) * static_cast<double>(seed + 1));
  }
  const Vector w = Vector::Ones(6);
  const auto result = ablate_modes(points, inputs, Vector::Ones(1), w, {.steps = 10});
  EXPECT_EQ(result.points, 4);
  EXPECT_EQ(result.modes_needed, 1);
  double mean = 0;
  for (std::size_t p = 0; p < 4; ++p) mean += 0.25 * (w.transpose() * inputs[p])(0);
  EXPECT_NEAR(result.mean(6), mean, 1e-11 * std::abs(mean) + 1e-11);
  const Vector last = result.outputs.row(6).transpose();
  const double sd = std::sqrt((last.array() - last.mean()).square().sum() / 3);
  EXPECT_NEAR(result.standard_error(6), sd / 2, 1e-12 * sd);
}

TEST(ModeAblation, LeavesDefectivePointsOut) {
  Matrix J(2, 2);
  J << 1, 1, 0, 1;
  const std::vector<Modes> points = {modes_of(J), modes_of(diagonal({0.5, 0.2}))};
  const std::vector<Matrix> inputs = {Matrix::Ones(2, 1)};
  const auto result = ablate_modes(points, inputs, Vector::Ones(1), Vector::Ones(2));
  EXPECT_EQ(result.points, 1);
  EXPECT_NEAR(result.mean(2), 2, 1e-14);
  const auto none =
      ablate_modes(std::span(points).first(1), inputs, Vector::Ones(1), Vector::Ones(2));
  EXPECT_EQ(none.points, 0);
  EXPECT_EQ(none.mean.size(), 0);
}

TEST(ModeResponse, RejectsBadArguments) {
  const std::vector<Modes> points = {modes_of(diagonal({0.5, 0.2}))};
  const std::vector<Matrix> inputs = {Matrix::Ones(2, 1)};
  const std::vector<Index> outside = {2};
  EXPECT_THROW(mode_response(points[0], inputs[0], Matrix::Ones(1, 1), 0, outside),
               std::invalid_argument);
  EXPECT_THROW(mode_amplitudes(points[0], inputs[0], Matrix::Ones(2, 1), 0), std::invalid_argument);
  EXPECT_THROW(mode_amplitudes(points[0], inputs[0], Matrix::Ones(1, 1), -1),
               std::invalid_argument);
  EXPECT_THROW(ablate_modes(points, inputs, Vector::Zero(1), Vector::Ones(2)),
               std::invalid_argument);
  EXPECT_THROW(ablate_modes(points, inputs, Vector::Ones(1), Vector::Ones(3)),
               std::invalid_argument);
  EXPECT_THROW(ablate_modes(points, {}, Vector::Ones(1), Vector::Ones(2)), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
