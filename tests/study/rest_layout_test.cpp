// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/rest_layout.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::study {
namespace {

constexpr double degree = std::numbers::pi / 180;

/// Pairs of nine levels each, as the layers of the analysis have them: difference and sum.
struct Grid {
  Matrix points{2, 81};
  std::vector<int> labels;
  Grid() {
    for (int i = 0; i < 9; ++i) {
      for (int j = 0; j < 9; ++j) {
        points.col(9 * i + j) << i - j, i + j;
        labels.push_back((i > j) - (i < j));
      }
    }
  }
};

// Two fixed points on the x axis; orbits leave it in the direction of y: the plane is xy.
RestLayout in_space() {
  RestLayout layout;
  layout.points = Matrix{{0, 2}, {0, 0}, {0, 0}};
  layout.onsets = Matrix{{0, 1}, {0, 0}, {1, 1}};
  layout.switches = Matrix{{1}, {1}, {0}};
  layout.orbits = Matrix{{0.5, 1, 1.5}, {1, 1.5, 1}, {0, 0, 0}};
  return layout;
}

TEST(TransientAngles, OfThreeAxesAreWhatOneSees) {
  const TransientAngles angles = transient_angles(in_space());
  EXPECT_NEAR(angles.onset_to_line, (90 + 45) / 2.0 * degree, 1e-14);
  EXPECT_NEAR(angles.onset_to_plane, (90 + 45) / 2.0 * degree, 1e-14);
  EXPECT_NEAR(angles.switch_to_line, 45 * degree, 1e-14);
}

TEST(TransientAngles, OfAnOnsetWithinThePlaneAreZeroToItAlone) {
  RestLayout layout = in_space();
  layout.onsets = Matrix{{0}, {1}, {0}};
  const TransientAngles angles = transient_angles(layout);
  EXPECT_NEAR(angles.onset_to_plane, 0, 1e-14);
  EXPECT_NEAR(angles.onset_to_line, 90 * degree, 1e-14);
}

TEST(TransientAngles, DoNotDependOnTheFrame) {
  const Matrix Q = orthonormal_basis(Matrix{{1, 2, 0}, {-1, 1, 3}, {0.5, 0, 1}});
  const TransientAngles here = transient_angles(in_space());
  const TransientAngles there = transient_angles(projected(in_space(), Q));
  EXPECT_NEAR(here.onset_to_plane, there.onset_to_plane, 1e-13);
  EXPECT_NEAR(here.onset_to_line, there.onset_to_line, 1e-13);
  EXPECT_NEAR(here.switch_to_line, there.switch_to_line, 1e-13);
}

TEST(TransientAngles, WithoutSwitchesHaveNoPlane) {
  RestLayout layout = in_space();
  layout.switches = layout.orbits = Matrix(3, 0);
  EXPECT_TRUE(std::isnan(transient_angles(layout).onset_to_plane));
  EXPECT_TRUE(std::isnan(transient_angles(layout).switch_to_line));
}

TEST(TransientAngles, AreNotThereWhereTheFixedPointsFillTheSpace) {
  RestLayout layout = in_space();
  layout.points = Matrix{{0, 2, 0}, {0, 0, 1}, {0, 0, 0}};  // P = n: the line is a plane
  EXPECT_NEAR(transient_angles(layout).onset_to_line, (90 + 45) / 2.0 * degree, 1e-14);
  EXPECT_TRUE(std::isnan(transient_angles(layout).onset_to_plane));
  layout.points = Matrix::Identity(3, 4);
  EXPECT_TRUE(std::isnan(transient_angles(layout).onset_to_line));
}

TEST(TransientAngles, LeaveOutWhatDoesNotMove) {
  RestLayout layout = in_space();
  layout.onsets = Matrix{{0, 1}, {0, 0}, {0, 1}};
  EXPECT_NEAR(transient_angles(layout).onset_to_line, 45 * degree, 1e-14);
  layout.onsets.setZero();
  EXPECT_TRUE(std::isnan(transient_angles(layout).onset_to_line));
}

// i - j = 1 .. 8 with weights 8 .. 1: mean 10/3, variance 15 - 100/9 = 35/9 over 36 pairs.
TEST(LayerSeparation, OfALinearCodeIsThatOfTheTriangle) {
  const Grid grid;
  const LayerSeparation layers = layer_separation(grid.points.row(0), grid.labels);
  EXPECT_NEAR(layers.gap, 2 / (20 / 3.0), 1e-14);
  EXPECT_NEAR(layers.ratio, (20 / 3.0) / std::sqrt(35 / 9.0 * 72 / 70), 1e-13);
  EXPECT_NEAR(layers.along(9), 1 / (10 / 3.0), 1e-14);  // i = 1, j = 0
  EXPECT_NEAR(layers.along(0), 0, 1e-14);               // i = j
}

TEST(LayerSeparation, OfThinLayersIsOneWhateverLiesAcross) {
  Grid grid;
  for (Index k = 0; k < 81; ++k) grid.points(0, k) = grid.labels[static_cast<std::size_t>(k)];
  const LayerSeparation thin = layer_separation(grid.points.row(0), grid.labels);
  EXPECT_NEAR(thin.gap, 1, 1e-14);
  EXPECT_NEAR(thin.silhouette, 1, 1e-14);
  const LayerSeparation wide = layer_separation(grid.points, grid.labels);
  EXPECT_NEAR(wide.gap, 1, 1e-13);  // The other coordinate has one mean: it is not along m.
  EXPECT_LT(wide.silhouette, 0.5);
}

// Points 0 and 1 against 4 and 6: silhouettes (5 - 1) / 5, (4 - 1) / 4, (3.5 - 2) / 3.5, (5.5 - 2)
// / 5.5.
TEST(LayerSeparation, HasTheSilhouetteOfFourPointsByHand) {
  const LayerSeparation layers = layer_separation(Matrix{{0, 1, 4, 6}}, {1, 1, -1, -1});
  EXPECT_NEAR(layers.silhouette, (0.8 + 0.75 + 1.5 / 3.5 + 3.5 / 5.5) / 4, 1e-14);
  EXPECT_NEAR(layers.gap, 3 / 4.5, 1e-14);
}

TEST(LayerSeparation, OfCloudsThatOverlapHasANegativeGap) {
  EXPECT_LT(layer_separation(Matrix{{0, 3, 2, 6}}, {-1, -1, 1, 1}).gap, 0);
}

TEST(LayerSeparation, RejectsWhatHasNoAxis) {
  EXPECT_THROW(layer_separation(Matrix{{0, 1, 2}}, {1, 1, -1}), std::invalid_argument);
  EXPECT_THROW(layer_separation(Matrix{{0, 1, 0, 1}}, {1, 1, -1, -1}), std::invalid_argument);
  EXPECT_THROW(layer_separation(Matrix{{0, 1, 0}}, {1, 1}), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::study
