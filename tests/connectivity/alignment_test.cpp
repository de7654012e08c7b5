// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/alignment.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "random_weights.hpp"

namespace nullcline::connectivity {
namespace {

using testing::random_weights;

TEST(RandomProjection, HasClosedFormsInOneAndTwoDimensions) {
  for (const double x : {0.01, 0.3, 0.9, 0.999}) {
    // In the plane p = 2 of R^n: (1 - x)^{(n - 2) / 2}. On the sphere of R^3, p = 1: 1 - sqrt(x).
    for (const Index n : {4, 5, 20, 128}) {
      const double expected = std::pow(1 - x, 0.5 * static_cast<double>(n - 2));
      EXPECT_NEAR(random_projection_p_value(x, 2, n), expected, 1e-10 * expected);
    }
    EXPECT_NEAR(random_projection_p_value(x, 1, 3), 1 - std::sqrt(x), 1e-12);
    EXPECT_NEAR(random_projection_p_value(x, 1, 2), 2 / M_PI * std::acos(std::sqrt(x)), 1e-12);
  }
  EXPECT_EQ(random_projection_p_value(0, 1, 3), 1);
  EXPECT_EQ(random_projection_p_value(1, 1, 3), 0);
  EXPECT_EQ(random_projection_p_value(0.5, 3, 3), 1);
  EXPECT_THROW(random_projection_p_value(1.5, 1, 3), std::invalid_argument);
}

TEST(RandomProjection, IsThatOfRandomDirections) {
  int beyond = 0;
  const double x = 0.35;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const Vector direction = random_weights(8, seed).col(0).normalized();
    if (direction.head(3).squaredNorm() >= x) ++beyond;
  }
  const double p = random_projection_p_value(x, 3, 8);
  EXPECT_NEAR(beyond / 400.0, p, 4 * std::sqrt(p * (1 - p) / 400));
}

TEST(ChangeAlignment, FindsWhereAPlantedChangeWritesAndReads) {
  // Reads from the inputs, writes to the readout: as a feedback loop of the output would not.
  const Index n = 50;
  const Matrix basis = orthonormal_basis(random_weights(n, 1).leftCols(5));
  const Matrix inputs = basis.leftCols(2) * Matrix{{1, 2}, {0, 3}};
  const Matrix readout = basis.middleCols(2, 3).transpose();
  const Matrix change = readout.transpose() * random_weights(3, 2).leftCols(2) * inputs.transpose();
  const Alignment found = change_alignment(change, inputs, readout, 2);
  EXPECT_EQ(found.writes_to_readout.dim, 3);
  EXPECT_EQ(found.reads_from_inputs.dim, 2);
  for (const Overlap* full : {&found.writes_to_readout, &found.reads_from_inputs}) {
    EXPECT_NEAR(full->energy, 1, 1e-13);
    EXPECT_LT((full->projections.array() - 1).abs().maxCoeff(), 1e-13);
    EXPECT_LT(full->p_values.maxCoeff(), 1e-12);
  }
  for (const Overlap* none : {&found.writes_to_inputs, &found.reads_from_readout}) {
    EXPECT_NEAR(none->energy, 0, 1e-13);
    EXPECT_GT(none->p_values.minCoeff(), 1 - 1e-6);
  }
  EXPECT_DOUBLE_EQ(found.writes_to_readout.expected, 3.0 / 50);
}

TEST(ChangeAlignment, CountsDependentDirectionsOnceAndZeroOnesNever) {
  const Matrix change = random_weights(6, 3), column = random_weights(6, 4).col(0);
  Matrix inputs(6, 3);
  inputs << column, 2 * column, Vector::Zero(6);
  const Alignment found = change_alignment(change, inputs, Matrix::Zero(2, 6));
  EXPECT_EQ(found.writes_to_inputs.dim, 1);
  EXPECT_EQ(found.writes_to_readout.dim, 0);
  EXPECT_EQ(found.writes_to_readout.projections.size(), 0);
  EXPECT_EQ(found.singular_values.size(), 5);
  const double expected = (column.normalized().transpose() * change).squaredNorm();
  EXPECT_NEAR(found.writes_to_inputs.energy, expected / change.squaredNorm(), 1e-13);
}

TEST(ChangeAlignment, RejectsMisuse) {
  const Matrix W = random_weights(4, 5);
  EXPECT_THROW(change_alignment(Matrix::Zero(4, 4), W, W), std::invalid_argument);
  EXPECT_THROW(change_alignment(W, W.topRows(3), W), std::invalid_argument);
  EXPECT_THROW(change_alignment(W, W, W, 0), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::connectivity
