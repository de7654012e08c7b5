// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/geodesics/geodesic.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "nullcline/geometry/geodesics/rays.hpp"
#include "nullcline/geometry/manifolds/surfaces.hpp"

namespace nullcline::geometry {
namespace {

constexpr double pi = std::numbers::pi;

TEST(GeodesicsBetween, PointsOfASphereAreGreatCircles) {
  const double r = 1.3;
  const FunctionManifold ball = sphere(r);
  for (const auto& [p, q] : {std::pair{Vector{{1.1, 0.3}}, Vector{{1.9, 1.7}}},
                             std::pair{Vector{{0.6, 6.0}}, Vector{{2.0, 0.5}}}}) {
    const GeodesicSearch found = geodesics_between(ball, p, q, {.windings = 0});
    ASSERT_EQ(found.shortest, 0);
    EXPECT_NEAR(found.best().length, sphere_distance(r, p, q), 1e-9);
    EXPECT_TRUE(found.best().minimum);
    // The extrapolated velocity is that of the exponential map.
    const Rays ray = geodesic_rays(ball, p, found.best().start_velocity, {.intervals = 8});
    EXPECT_LT((ray.points - found.best().path).norm(), 1e-7);
    EXPECT_LT((ray.velocities.col(8) - found.best().end_velocity).norm(), 1e-7);
  }
}

TEST(GeodesicsBetween, PointsOfTheHyperbolicPlaneHaveTheirDistance) {
  const FunctionManifold plane = pseudosphere();
  for (const auto& [p, q] : {std::pair{Vector{{0.5, -1.0}}, Vector{{1.2, 1.5}}},
                             std::pair{Vector{{2.0, 0.0}}, Vector{{0.3, 0.4}}}}) {
    const GeodesicSearch found = geodesics_between(plane, p, q);
    ASSERT_EQ(found.shortest, 0);
    EXPECT_NEAR(found.best().length, pseudosphere_distance(p, q), 1e-8);
  }
}

TEST(GeodesicsBetween, PointsOfAFlatTorusAreTheNineStraightLines) {
  const double r1 = 1, r2 = 0.4;
  const Vector p{{0.2, 0.1}}, q{{3.0, 5.5}};  // the shorter way in the second is backwards
  const GeodesicSearch found = geodesics_between(clifford_torus(r1, r2), p, q);
  ASSERT_EQ(found.all.size(), 9u);
  for (const Geodesic& way : found.all) {
    ASSERT_EQ(way.status, GeodesicStatus::converged);
    const double a = 2.8 + 2 * pi * static_cast<double>(way.winding[0]);
    const double b = 5.4 - 2 * pi + 2 * pi * static_cast<double>(way.winding[1]);
    EXPECT_NEAR(way.length, std::hypot(r1 * a, r2 * b), 1e-8 * way.length);
    EXPECT_LE(std::abs(way.length - std::hypot(r1 * a, r2 * b)), 10 * way.error + 1e-12);
  }
  EXPECT_EQ(found.best().winding, (std::vector<Index>{0, 0}));
}

TEST(GeodesicsBetween, PointsOfARingHaveAWayForEachWinding) {
  const double R = 2, r = 0.7;
  // Around the tube at constant u: half a meridian either way.
  const GeodesicSearch found =
      geodesics_between(ring_torus(R, r), Vector{{0, 0.0}}, Vector{{0, 3.0}});
  for (const Geodesic& way : found.all) {
    ASSERT_EQ(way.status, GeodesicStatus::converged) << way.winding[0] << ' ' << way.winding[1];
    if (way.winding[0] != 0) continue;
    const double angle = 3.0 + 2 * pi * static_cast<double>(way.winding[1]);
    EXPECT_NEAR(way.length, r * std::abs(angle), 1e-8);
  }
}

TEST(GeodesicsBetween, PointsMoreThanHalfAroundNeedNotBeMinima) {
  // Along the equator by 1.2 pi: stationary, but there is a conjugate point on the way.
  const FunctionManifold ball = sphere(1);
  const Matrix long_way{{pi / 2, pi / 2}, {0, 1.2 * pi}};
  const GeodesicSearch found = geodesics_between(ball, long_way.col(0), Vector{{pi / 2, 1.2 * pi}},
                                                 {.windings = 0, .starts = {long_way}});
  ASSERT_EQ(found.all.size(), 2u);
  EXPECT_EQ(found.all[1].winding[1], 1);  // one round more than the shorter way
  ASSERT_EQ(found.all[1].status, GeodesicStatus::converged);
  EXPECT_NEAR(found.all[1].length, 1.2 * pi, 1e-8);
  EXPECT_FALSE(found.all[1].minimum);
  EXPECT_TRUE(found.all[0].minimum);
  EXPECT_NEAR(found.best().length, 0.8 * pi, 1e-8);
}

TEST(GeodesicsBetween, SayWhereTheyWantOutOfTheDomain) {
  // Near the pole, on opposite sides: the great circle crosses it.
  const GeodesicSearch found =
      geodesics_between(sphere(1), Vector{{0.3, 0.0}}, Vector{{0.3, pi - 1e-3}}, {.windings = 0});
  EXPECT_EQ(found.all[0].status, GeodesicStatus::left_domain);
  EXPECT_EQ(found.shortest, -1);
}

TEST(GeodesicsBetween, DoNotDependOnThreadsAndRefuseMisuse) {
  const FunctionManifold ring = ring_torus(2, 0.7);
  const Vector p{{0, 1.0}}, q{{2.0, 4.0}};
  const GeodesicSearch one = geodesics_between(ring, p, q, {.tolerance = 1e-5, .threads = {1}});
  const GeodesicSearch two = geodesics_between(ring, p, q, {.tolerance = 1e-5, .threads = {2}});
  for (std::size_t i = 0; i < one.all.size(); ++i) {
    EXPECT_EQ(one.all[i].length, two.all[i].length);
    EXPECT_EQ(one.all[i].path, two.all[i].path);
  }
  EXPECT_THROW((void)geodesics_between(sphere(1), Vector{{0.0, 0}}, q), std::invalid_argument);
  EXPECT_THROW((void)geodesics_between(ring, p, q, {.segments = 1}), std::invalid_argument);
  EXPECT_THROW((void)geodesics_between(ring, p, q, {.starts = {Matrix{{0, 1}, {1, 1}}}}),
               std::invalid_argument);
  EXPECT_EQ(geodesics_between(ring, p, p, {.windings = 0}).best().length, 0);
}

}  // namespace
}  // namespace nullcline::geometry
