// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/manifolds/grid_interpolant.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "nullcline/geometry/curvature.hpp"
#include "nullcline/geometry/geodesics/geodesic.hpp"
#include "nullcline/geometry/manifolds/surfaces.hpp"
#include "tests/geometry/rate_flow.hpp"

namespace nullcline::geometry {
namespace {

constexpr double pi = std::numbers::pi;

/// The largest differences of x, a and b over `kappa`.
Vector differences(const ImmersedManifold& one, const ImmersedManifold& other, In<Matrix> kappa) {
  const Jets a = one.jets(kappa, 2), b = other.jets(kappa, 2);
  return Vector{{(a.points - b.points).cwiseAbs().maxCoeff(),
                 (a.tangents - b.tangents).cwiseAbs().maxCoeff(),
                 (a.second - b.second).cwiseAbs().maxCoeff()}};
}

TEST(GridInterpolant, OfATorusIsExactFromThreeNodesOn) {
  // sines and cosines of frequency one
  const FunctionManifold ring = ring_torus(2, 0.8);
  const Matrix kappa = 3 * testing::random_matrix(2, 100, 1);
  EXPECT_LT(differences(ring, interpolate(ring, {3, 3}), kappa).maxCoeff(), 1e-13);
  EXPECT_LT(differences(ring, interpolate(ring, {8, 5}), kappa).maxCoeff(), 1e-12);
}

TEST(GridInterpolant, OfASphereConvergesExponentiallyWithItsDerivatives) {
  const FunctionManifold ball = sphere(1);
  Matrix kappa = testing::random_matrix(2, 30, 2);
  kappa.row(0) = (pi / 2 + kappa.row(0).array().tanh()).matrix();
  double before = 1;
  for (const Index N : {8, 12, 16}) {
    const GridInterpolant table = interpolate(ball, {N, 4});
    const double error = differences(ball, table, kappa)(2);
    EXPECT_LT(error, before / 100);
    // The tail is of the order of the error of the points themselves.
    EXPECT_LT(differences(ball, table, kappa)(0), 10 * table.tail());
    before = error;
  }
  EXPECT_LT(differences(ball, interpolate(ball, {24, 4}), kappa)(2), 1e-9);
}

TEST(GridInterpolant, HasGeodesicsAndCurvatureLikeWhatItIsOf) {
  const FunctionManifold plane = pseudosphere();
  const GridInterpolant table = interpolate(plane, {40, 24});
  const Vector p{{0.8, -1.0}}, q{{1.2, 1.5}};
  EXPECT_NEAR(geodesics_between(table, p, q).best().length, pseudosphere_distance(p, q), 1e-8);
  const Jets jets = table.jets(p, 2);
  EXPECT_NEAR(curvature(jets.tangents, jets.second, 2).gaussian(0), -1, 1e-8);
}

TEST(GridInterpolant, OfThreeCoordinatesHasThemInOrder) {
  const FunctionManifold product(
      {{0, 1}, {0, 2 * pi, true}, {-1, 1}}, 2,
      [](In<Vector> k, int order, Out<Vector> x, Out<Matrix> a, Out<Matrix> b) {
        const double s = std::sin(k(1)), c = std::cos(k(1)), z = k(2), y = k(0);
        x << y * s, y * y * z * c;
        if (order < 1) return;
        a << s, y * c, 0, 2 * y * z * c, -y * y * z * s, y * y * c;
        if (order < 2) return;
        b << 0, c, 0, -y * s, 0, 0, 2 * z * c, -2 * y * z * s, 2 * y * c, -y * y * z * c,
            -y * y * s, 0;
      });
  const Matrix kappa{{0.3, 0.9}, {5.0, 1.0}, {-0.2, 0.7}};
  EXPECT_LT(differences(product, interpolate(product, {4, 4, 2}), kappa).maxCoeff(), 1e-13);
}

TEST(GridInterpolant, RefusesTheSwingsOfRunge) {
  const Grid uniform = make_grid({{-1, 1}}, {21});
  EXPECT_THROW(GridInterpolant(uniform, Matrix::Ones(2, 21)), std::invalid_argument);
  EXPECT_NO_THROW(GridInterpolant(make_grid({{-1, 1}}, {9}), Matrix::Ones(2, 9)));
  EXPECT_THROW(GridInterpolant(uniform, Matrix::Ones(2, 20)), std::invalid_argument);
}

TEST(Bend, IsTheSecondDerivativeAlongALine) {
  const FunctionManifold ring = ring_torus(2, 0.8);
  const Vector kappa{{0.4, 1.1}}, v{{0.7, -0.3}};
  const double h = 1e-4;
  Matrix line(2, 3);
  line << kappa - h * v, kappa, kappa + h * v;
  const Matrix x = ring.jets(line, 0).points;
  const Vector expected = (x.col(0) - 2 * x.col(1) + x.col(2)) / (h * h);
  // eps / h^2 and h^2
  EXPECT_LT((bend(ring.jets(kappa, 2).second, v, v) - expected).norm(), 1e-6);
  EXPECT_THROW(bend(Matrix::Zero(3, 2), v, v), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::geometry
