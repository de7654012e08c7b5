// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/geodesics/rays.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "nullcline/geometry/manifolds/surfaces.hpp"

namespace nullcline::geometry {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double close = 1e-9;  // of steps of 1e-11, some hundred of them at most

TEST(GeodesicRays, OfASphereAreGreatCircles) {
  const double r = 1.7;
  const FunctionManifold ball = sphere(r);
  const Matrix from{{1.1, 0.6, pi / 2}, {0.3, 6.0, 1.0}}, v{{0.7, 1.2, 0.0}, {-0.9, 0.4, 2.5}};
  const Rays rays = geodesic_rays(ball, from, v, {.intervals = 8});
  const Jets start = ball.jets(from, 1);
  for (Index b = 0; b < 3; ++b) {
    ASSERT_EQ(rays.status[static_cast<std::size_t>(b)], GeodesicStatus::converged);
    EXPECT_LT(rays.error(b), close);
    // x(s) = x cos(w s) + x' / w sin(w s), w = |x'| / r
    const Vector x = start.points.col(b), dx = start.tangents.middleCols(2 * b, 2) * v.col(b);
    const double w = dx.norm() / r;
    for (Index p = 0; p < rays.knots; ++p) {
      const double s = static_cast<double>(p) / 8;
      const Vector expected = x * std::cos(w * s) + dx / w * std::sin(w * s);
      const Vector found = ball.jets(rays.points.col(b * rays.knots + p), 0).points;
      EXPECT_LT((found - expected).norm(), close) << b << ' ' << p;
    }
  }
}

TEST(GeodesicRays, OfTheHyperbolicPlaneAreHalfCircles) {
  const FunctionManifold plane = pseudosphere();
  const Vector from{{1.0, 0.2}}, v{{0.4, 1.1}};
  const Rays ray = geodesic_rays(plane, from, v, {.until = 0.9, .intervals = 10});
  ASSERT_EQ(ray.status[0], GeodesicStatus::converged);
  // In the half-plane, x = v and y = cosh u with y' = sinh u u': a circle about (center, 0).
  const double y = std::cosh(from(0)), dy = std::sinh(from(0)) * v(0);
  const double center = from(1) + y * dy / v(1);
  const double radius = std::hypot(from(1) - center, y);
  const double speed = std::hypot(dy, v(1)) / y;
  for (Index p = 1; p < ray.knots; ++p) {
    const Vector at = ray.points.col(p);
    EXPECT_NEAR(std::hypot(at(1) - center, std::cosh(at(0))), radius, close);
    const double s = 0.09 * static_cast<double>(p);
    EXPECT_NEAR(pseudosphere_distance(from, at), s * speed, close);
  }
}

TEST(GeodesicRays, OfAFlatTorusAreStraightAndGoAroundIt) {
  const Rays ray = geodesic_rays(clifford_torus(1, 0.3), Vector{{1, 2}}, Vector{{8, -13}});
  EXPECT_LT((ray.end(0) - Vector{{9, -11}}).norm(), close);
}

TEST(GeodesicRays, OfARingKeepClairautsInvariant) {
  // (R + r cos v)^2 u' is conserved: the angular momentum about the axis.
  const double R = 1.5, r = 0.6;
  const Rays ray =
      geodesic_rays(ring_torus(R, r), Vector{{0, 0.4}}, Vector{{1.3, 2.1}}, {.until = 4});
  const auto momentum = [&](Index p) {
    const double ring = R + r * std::cos(ray.points(1, p));
    return ring * ring * ray.velocities(0, p);
  };
  EXPECT_NEAR(momentum(1), momentum(0), 10 * close);
  EXPECT_LT(ray.error(0), 10 * close);
}

TEST(GeodesicRays, CarryFramesThatKeepTheirAnglesAndTheDirectionItself) {
  const FunctionManifold ring = ring_torus(2, 0.7);
  const Vector v{{0.8, 1.5}};
  Matrix frames(2, 2);
  frames << v, Vector{{0.3, -0.2}};
  const Rays ray = geodesic_rays(ring, Vector{{0, 0.4}}, v, {.intervals = 3, .frames = frames});
  EXPECT_LT(ray.error(0), close);
  EXPECT_LT((ray.frames.col(6) - ray.velocities.col(3)).norm(), close);
}

TEST(GeodesicRays, WithoutAVelocityStay) {
  const Rays ray = geodesic_rays(sphere(1), Vector{{1, 0}}, Vector{{0, 0}});
  EXPECT_EQ(ray.status[0], GeodesicStatus::converged);
  EXPECT_EQ(ray.end(0), (Vector{{1, 0}}));
  EXPECT_EQ(ray.error(0), 0);
}

TEST(GeodesicRays, StopWhereTheDomainEndsAndTheOthersGoOn) {
  const FunctionManifold ball = sphere(1);
  const Matrix from{{1.0, 1.0}, {0.0, 0.0}}, v{{-2.0, 0.0}, {0.0, 1.0}};  // to the pole; around
  const Rays rays = geodesic_rays(ball, from, v, {.intervals = 4});
  EXPECT_EQ(rays.status[0], GeodesicStatus::left_domain);
  EXPECT_NEAR(rays.reached(0), 0.49, 1e-6);  // polar angle 0.02 at s = 0.98 / 2
  EXPECT_TRUE(std::isnan(rays.points(0, 2)));
  EXPECT_NEAR(rays.points(0, 1), 0.5, close);
  EXPECT_EQ(rays.status[1], GeodesicStatus::converged);
  EXPECT_STREQ(name_of(rays.status[0]), "left_domain");
}

TEST(GeodesicRays, NameWhereThereIsNoMetric) {
  const FunctionManifold line({{-1, 1}, {-1, 1}}, 3,
                              [](In<Vector> k, int, Out<Vector> x, Out<Matrix> a, Out<Matrix> b) {
                                x << k(0) + k(1), 0, 0;
                                if (a.size() > 0) a << 1, 1, 0, 0, 0, 0;
                                if (b.size() > 0) b.setZero();
                              });
  const Rays ray = geodesic_rays(line, Vector{{0, 0}}, Vector{{1, 0}});
  EXPECT_EQ(ray.status[0], GeodesicStatus::degenerate);
  EXPECT_EQ(ray.reached(0), 0);
  EXPECT_THROW((void)geodesic_rays(line, Vector{{2, 0}}, Vector{{1, 0}}), std::invalid_argument);
  EXPECT_THROW((void)geodesic_rays(line, Vector{{0, 0}}, Vector{{1, 0, 0}}), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::geometry
