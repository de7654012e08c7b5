// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/piecewise_linear.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <span>
#include <stdexcept>

#include "nullcline/core/random.hpp"

namespace nullcline {
namespace {

Matrix normals(Index rows, Index cols, std::uint64_t seed) {
  Matrix A(rows, cols);
  RandomStream random({seed, 0, Purpose::trials, 0});
  random.fill_normal(std::span<double>(A.data(), static_cast<std::size_t>(A.size())));
  return A;
}

Vector leaky(const Vector& m, double below) { return m.cwiseMax(0.0) + below * m.cwiseMin(0.0); }

/// 4 states, 6 kinked units.
PiecewiseLinearMap example(double below) {
  return {normals(4, 4, 1), normals(4, 6, 2), normals(6, 4, 3),
          normals(6, 1, 4), normals(4, 1, 5), below};
}

TEST(PiecewiseLinearMap, StepIsItsFormula) {
  const PiecewiseLinearMap map = example(0.2);
  const Matrix X = normals(4, 7, 6);
  Matrix Y(4, 7);
  map.step(X, Y);
  for (Index b = 0; b < 7; ++b) {
    const Vector x = X.col(b), inner = leaky(map.C() * x + map.c(), 0.2);
    EXPECT_LE((Y.col(b) - map.A() * x - map.B() * inner - map.e()).norm(), 1e-14 * 20);
  }
}

TEST(PiecewiseLinearMap, PieceOfTheRegionIsTheMapAroundTheState) {
  const PiecewiseLinearMap map = example(0.2);
  const Matrix X = normals(4, 20, 7);
  Matrix Y(4, 20);
  map.step(X, Y);
  for (Index b = 0; b < 20; ++b) {
    const AffinePiece piece = map.piece(map.region(X.col(b)));
    EXPECT_LE((piece.J * X.col(b) + piece.d - Y.col(b)).norm(), 1e-14 * 20);
    EXPECT_EQ(piece.J, map.jacobian(X.col(b)));
  }
}

TEST(PiecewiseLinearMap, DerivativesAreFiniteDifferences) {
  for (const double below : {0.0, 0.3, 1.0}) {
    const PiecewiseLinearMap map = example(below);
    const Matrix X = normals(4, 3, 8), V = normals(4, 6, 9);
    Matrix W(4, 6), back(4, 6);
    map.push_forward(X, V, W);
    map.pull_back(X, V, back);
    const double h = 1e-6;  // no kink is that near: differences of an affine map
    for (Index j = 0; j < 6; ++j) {
      Matrix plus(4, 1), minus(4, 1);
      map.step(X.col(j / 2) + h * V.col(j), plus);
      map.step(X.col(j / 2) - h * V.col(j), minus);
      EXPECT_LE((W.col(j) - (plus - minus) / (2 * h)).norm(), 1e-7);
      EXPECT_LE((back.col(j) - map.jacobian(X.col(j / 2)).transpose() * V.col(j)).norm(), 1e-13);
    }
    EXPECT_TRUE(map.second_derivative(X.col(0), V.col(0)).isZero(0));
    EXPECT_EQ(map.derivatives(), Derivatives::exact);
  }
}

TEST(PiecewiseLinearMap, SlopeAtTheKinkIsThatOfTheNegativeSide) {
  const auto map = PiecewiseLinearMap::vanilla(Matrix::Identity(2, 2), Vector::Zero(2), 0.25);
  EXPECT_EQ(map.jacobian(Vector::Zero(2)), 0.25 * Matrix::Identity(2, 2));
  EXPECT_EQ(map.region(Vector::Zero(2)), Region(2, false));
}

TEST(PiecewiseLinearMap, EnclosesItsValuesAndSecants) {
  for (const double below : {0.0, 0.2, -0.5, 1.0}) {
    const PiecewiseLinearMap map = example(below);
    const Index n = map.dim();
    const Vector center = normals(n, 1, 31);
    Index crossed = 0;
    for (const double radius : {0.0, 1e-9, 0.3, 3.0}) {
      const Box box = box_around(center, radius);
      const Box values = *map.enclose(box);
      const MatrixBall J = *map.enclose_jacobian(box);
      Matrix Y(n, 1);
      for (std::uint64_t trial = 0; trial < 40; ++trial) {
        const Vector x =
            center + radius * normals(n, 1, 100 + trial).cwiseMax(-1).cwiseMin(1).eval();
        map.step(x, Y);
        for (Index i = 0; i < n; ++i) {
          const Interval& bound = values[static_cast<std::size_t>(i)];
          const double rounding = 1e-14 * (1 + Y.norm());  // of the step, which rounds too
          EXPECT_GE(Y(i), bound.lo - rounding);
          EXPECT_LE(Y(i), bound.hi + rounding);
        }
        const Matrix off = (map.jacobian(x) - J.center).cwiseAbs() - J.radius;
        EXPECT_LE(off.maxCoeff(), 1e-14);
        crossed += map.region(x) != map.region(center);
      }
      if (radius == 0) {
        EXPECT_LE(J.radius.maxCoeff(), 1e-13);
        EXPECT_LE(values[0].radius(), 1e-13);
      }
    }
    EXPECT_GT(crossed, 0);
  }
}

TEST(PiecewiseLinearMap, EnclosesTheSlopesOfBothSidesOfAKinkAndNoMore) {
  const auto map = PiecewiseLinearMap::vanilla(Matrix::Constant(1, 1, 2), Vector::Zero(1), 0.25);
  const MatrixBall J = *map.enclose_jacobian({Interval(-1, 1)});
  EXPECT_NEAR(J.center(0, 0), 1.25, 1e-15);  // slopes 0.5 and 2
  EXPECT_NEAR(J.radius(0, 0), 0.75, 1e-14);
  EXPECT_GE(J.radius(0, 0), 0.75);
  EXPECT_NEAR((*map.enclose_jacobian({Interval(0.5, 1)})).radius(0, 0), 0, 1e-14);
  const Box values = *map.enclose({Interval(-1, 3)});
  const double rounding = 6 * 40 * unit_roundoff;  // three products, some ten bounds each
  EXPECT_NEAR(values[0].lo, -0.5, rounding);
  EXPECT_NEAR(values[0].hi, 6, rounding);
}

TEST(PiecewiseLinearMap, NamedNetworksAreTheirFormulas) {
  const Matrix W = normals(5, 5, 10);
  const Vector a = normals(5, 1, 11), c = normals(5, 1, 12), x = normals(5, 1, 13);
  const double alpha = 0.2, below = 0.1;
  const auto value = [&](const PiecewiseLinearMap& map) {
    Matrix y(5, 1);
    map.step(x, y);
    return Vector(y);
  };
  const Vector plrnn = a.cwiseProduct(x) + W * leaky(x, below) + c;
  const Vector vanilla = leaky(W * x + c, below);
  const Vector rate = (1 - alpha) * x + alpha * vanilla;
  const Vector current = (1 - alpha) * x + alpha * (W * leaky(x, below) + c);
  EXPECT_LE((value(PiecewiseLinearMap::plrnn(a, W, c, below)) - plrnn).norm(), 1e-14);
  EXPECT_LE((value(PiecewiseLinearMap::vanilla(W, c, below)) - vanilla).norm(), 1e-14);
  EXPECT_LE((value(PiecewiseLinearMap::leaky_rate(alpha, W, c, below)) - rate).norm(), 1e-14);
  EXPECT_LE((value(PiecewiseLinearMap::leaky_current(alpha, W, c, below)) - current).norm(), 1e-14);
}

TEST(PiecewiseLinearMap, RefusesWrongShapesAndNumbersThatAreNotFinite) {
  Matrix W = normals(3, 3, 14);
  EXPECT_THROW(PiecewiseLinearMap::vanilla(W, Vector::Zero(2)), std::invalid_argument);
  EXPECT_THROW(PiecewiseLinearMap::plrnn(Vector::Zero(2), W, Vector::Zero(3)),
               std::invalid_argument);
  EXPECT_THROW(example(0).piece(Region(5)), std::invalid_argument);
  EXPECT_THROW(
      PiecewiseLinearMap::vanilla(W, Vector::Zero(3), std::numeric_limits<double>::quiet_NaN()),
      std::invalid_argument);
  W(1, 2) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(PiecewiseLinearMap::vanilla(W, Vector::Zero(3)), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline
