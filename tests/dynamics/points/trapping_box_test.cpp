// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/trapping_box.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "tests/dynamics/enclosed_maps.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

TEST(TrappingBox, OfATanhNetworkIsFoundAndHoldsItsImages) {
  const EnclosedTanhMap map(random_matrix(8, 8, 1, 1), random_matrix(8, 8, 1, 2));
  const TrappingBox trap = find_trapping_box(map, 0.1);
  ASSERT_EQ(trap.status, TrappingStatus::proven);
  EXPECT_TRUE(maps_into_itself(map, trap.box).value());
  const Matrix corners = random_matrix(8, 200, 1, 3).array().sign();
  Matrix X = corners;
  for (Index i = 0; i < 8; ++i) X.row(i) *= trap.box[static_cast<std::size_t>(i)].hi;
  Matrix Y(8, 200);
  map.step(X, Y);
  EXPECT_TRUE((Y.cwiseAbs().array() <= X.cwiseAbs().array()).all());
}

TEST(TrappingBox, IsNotFoundWhereOrbitsEscape) {
  EXPECT_EQ(find_trapping_box(enclosed_henon_map()).status, TrappingStatus::not_found);
  // x -> x takes every box into itself, x -> 1.001 x none.
  const auto identity = enclosed_scalar_map([](Interval) { return Interval(0.0); },
                                            [](Interval) { return Interval(0.0); });
  EXPECT_EQ(find_trapping_box(identity).status, TrappingStatus::proven);
  const auto growing = enclosed_scalar_map([](Interval x) { return Interval(0.001) * x; },
                                           [](Interval) { return Interval(0.001); });
  EXPECT_EQ(find_trapping_box(growing, 1, 20).status, TrappingStatus::not_found);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto broken = enclosed_scalar_map([=](Interval) { return Interval(nan); },
                                          [](Interval) { return Interval(0.0); });
  EXPECT_EQ(find_trapping_box(broken).status, TrappingStatus::not_found);
}

TEST(TrappingBox, NeedsBoundsAndSensibleArguments) {
  const CallableMap plain(2, [](In<Vector> x) { return Vector(0.5 * x); });
  EXPECT_EQ(find_trapping_box(plain).status, TrappingStatus::no_enclosure);
  EXPECT_FALSE(maps_into_itself(plain, box_around(Vector::Zero(2), 1)).has_value());
  EXPECT_THROW(find_trapping_box(plain, 0), std::invalid_argument);
  EXPECT_THROW(find_trapping_box(plain, 1, 0), std::invalid_argument);
  EXPECT_THROW(maps_into_itself(plain, {}), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
