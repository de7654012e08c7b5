// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/geodesics/parallel_transport.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "nullcline/geometry/geodesics/geodesic.hpp"
#include "nullcline/geometry/geodesics/rays.hpp"
#include "nullcline/geometry/manifolds/surfaces.hpp"

namespace nullcline::geometry {
namespace {

constexpr double pi = std::numbers::pi;

/// Around at constant first coordinate.
Curve parallel(double at) {
  return [at](double s) { return CurvePoint{Vector{{at, 2 * pi * s}}, Vector{{0, 2 * pi}}}; };
}

TEST(ParallelTransport, AroundACircleOfLatitudeTurnsByTheAreaOfTheCap) {
  for (const double theta : {0.3, 0.9, 1.2}) {
    const FunctionManifold ball = sphere(1.8);
    const Matrix start{{1, 0.2}, {0, -1.5}};
    const Transport found = parallel_transport(ball, parallel(theta), start);
    ASSERT_EQ(found.status, GeodesicStatus::converged);
    EXPECT_LT(found.error, 1e-9);
    const double area = 2 * pi * (1 - std::cos(theta));  // in r^2
    for (Index j = 0; j < 2; ++j) {
      const double turn =
          angle_between(ball, Vector{{theta, 0}}, start.col(j), found.vectors.col(j));
      EXPECT_NEAR(std::remainder(turn - area, 2 * pi), 0, 1e-9);
    }
  }
}

TEST(ParallelTransport, AroundATriangleTurnsByItsArea) {
  // Three geodesics of the hyperbolic plane, K = -1: minus the area, which is pi minus the angles.
  const FunctionManifold plane = pseudosphere();
  const Matrix corners{{0.6, 1.5, 1.1}, {-1.0, 0.0, 1.2}};
  Vector w{{1.0, 0.3}};
  const Vector start = w;
  double area = pi;
  std::vector<Geodesic> sides;
  for (Index i = 0; i < 3; ++i) {
    sides.push_back(geodesics_between(plane, corners.col(i), corners.col((i + 1) % 3)).best());
    const Rays ray =
        geodesic_rays(plane, corners.col(i), sides.back().start_velocity, {.frames = w});
    ASSERT_LT((ray.end(0) - corners.col((i + 1) % 3)).norm(), 1e-7);
    w = ray.frames.col(1);
  }
  for (std::size_t i = 0; i < 3; ++i) {
    const Vector back = -sides[(i + 2) % 3].end_velocity;
    area -= std::abs(
        angle_between(plane, corners.col(static_cast<Index>(i)), sides[i].start_velocity, back));
  }
  const double turn = angle_between(plane, corners.col(0), start, w);
  EXPECT_GT(area, 0.1);
  EXPECT_NEAR(std::abs(turn), area, 1e-6);  // the sides end within 1e-7 of the corners
}

TEST(ParallelTransport, OnAFlatTorusTurnsNothing) {
  const FunctionManifold torus = clifford_torus(1, 0.5);
  const Curve curve = [](double s) {
    return CurvePoint{Vector{{3 * s, std::sin(4 * s)}}, Vector{{3, 4 * std::cos(4 * s)}}};
  };
  const Vector start{{1, -2}};
  EXPECT_LT((parallel_transport(torus, curve, start).vectors - start).norm(), 1e-10);
}

TEST(ParallelTransport, StopsAtTheEndOfTheDomainAndRefusesMisuse) {
  const Curve over = [](double s) { return CurvePoint{Vector{{1 - s, 0}}, Vector{{-1, 0}}}; };
  const Transport found = parallel_transport(sphere(1), over, Vector{{1, 0}});
  EXPECT_EQ(found.status, GeodesicStatus::left_domain);
  EXPECT_NEAR(found.reached, 0.98, 1e-6);
  EXPECT_THROW((void)parallel_transport(sphere(1), over, Vector{{1, 0, 0}}), std::invalid_argument);
  const Curve wrong = [](double) { return CurvePoint{Vector{{1}}, Vector{{1}}}; };
  EXPECT_THROW((void)parallel_transport(sphere(1), wrong, Vector{{1, 0}}), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::geometry
