// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "nullcline/dynamics/connections/detail/aim.hpp"
#include "nullcline/dynamics/connections/detail/edge.hpp"
#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/latent_bits.hpp"

namespace nullcline::dynamics {
namespace {

/// (x, y) -> h(tanh(3 z), tanh(1.5 w)) with (z, w) the inverse of h(z, w) = (z + w^2 / 5, w) at
/// (x, y): two bits seen in bent coordinates. The saddle (b^2 / 5, b) attracts the curve x = y^2
/// / 5.
AnalyticMap bent_bits() {
  const auto bend = [](double z, double w) -> Vector {
    return (Vector(2) << z + 0.2 * w * w, w).finished();
  };
  return AnalyticMap(
      2,
      [=](const Vector& x) {
        return bend(std::tanh(3 * (x(0) - 0.2 * x(1) * x(1))), std::tanh(1.5 * x(1)));
      },
      [](const Vector& x) -> Matrix {
        const double t = std::tanh(3 * (x(0) - 0.2 * x(1) * x(1))), w = std::tanh(1.5 * x(1));
        const double dz = 3 * (1 - t * t), dw = 1.5 * (1 - w * w);
        return (Matrix(2, 2) << dz, -0.4 * x(1) * dz + 0.4 * w * dw, 0, dw).finished();
      });
}

Vector bent_saddle() {
  const double b = stored_bit(1.5);
  return (Vector(2) << 0.2 * b * b, b).finished();
}

TEST(Aim, FindsTheOrbitBetweenTwoSaddles) {
  const AnalyticMap map = bent_bits();
  const Vector to = bent_saddle();
  const Linearization saddle = linearize(map, to, 1, {.eigenvectors = true});
  ASSERT_EQ(saddle.unstable, 1);
  const double e = 0.1;
  const detail::AimDeparture departure{Vector::Zero(2), e * Matrix::Identity(2, 2)};
  const detail::AimTarget target{to, saddle.jacobian, saddle.left_eigenvectors.real().leftCols(1),
                                 3, 1e-6};
  const detail::AimedShot shot =
      detail::aim(map, departure, target, (Vector(2) << 0.05, 1).finished(), 3, 5000);
  ASSERT_TRUE(shot.arrived);
  EXPECT_LE(shot.distance, 1e-6);
  // On the curve x = y^2 / 5, up to what grows to 1e-6 after so many steps.
  const double x = e * shot.s(0), y = e * shot.s(1);
  EXPECT_NEAR(x, 0.2 * y * y, 1e-6 * std::pow(3, -static_cast<double>(shot.steps)) + 1e-15);
}

TEST(Aim, GivesUpWhereNoOrbitArrives) {
  const AnalyticMap map = bent_bits();
  Vector to = bent_saddle();
  to(1) += 0.5;  // not a fixed point, and no orbit goes there
  const Linearization saddle = linearize(map, bent_saddle(), 1, {.eigenvectors = true});
  const detail::AimTarget target{to, saddle.jacobian, saddle.left_eigenvectors.real().leftCols(1),
                                 3, 1e-6};
  const detail::AimDeparture departure{Vector::Zero(2), 0.1 * Matrix::Identity(2, 2)};
  EXPECT_FALSE(
      detail::aim(map, departure, target, (Vector(2) << 0.05, 1).finished(), 3, 5000).arrived);
  const AnalyticMap broken(
      2, [](const Vector& x) -> Vector { return x * std::nan(""); },
      [](const Vector&) -> Matrix { return Matrix::Identity(2, 2); });
  EXPECT_FALSE(
      detail::aim(broken, departure, target, (Vector(2) << 0.05, 1).finished(), 3, 5000).arrived);
}

TEST(Edge, LeadsToTheSaddleOnIt) {
  const AnalyticMap map = bent_bits();
  const double b = stored_bit(3), c = stored_bit(1.5);
  Matrix sinks(2, 4);
  sinks << b + 0.2 * c * c, -b + 0.2 * c * c, b + 0.2 * c * c, -b + 0.2 * c * c, c, c, -c, -c;
  const Landmarks landmarks = landmarks_at(map, sinks);
  const detail::EdgeOptions options{.origin = Vector::Zero(2)};
  const auto same = [](const Matrix& X) { return X; };
  const Vector right = (Vector(2) << 0.1, 0.05).finished(),
               left = (Vector(2) << -0.1, 0.05).finished();
  const detail::Chord chord{right, left, 0, 1};
  const detail::Edge edge = detail::follow_edge(map, landmarks, chord, same, options);
  ASSERT_TRUE(edge.saddle.has_value());
  EXPECT_LE((*edge.saddle - bent_saddle()).norm(), 1e-11);
  ASSERT_TRUE(edge.rest.has_value());
  EXPECT_EQ(edge.rest->end_a, 1);  // nothing else lies between
  EXPECT_EQ(edge.rest->end_b, 1);
  // The saddle that it leaves does not count, nor does an end that is not known.
  const detail::Edge itself =
      detail::follow_edge(map, landmarks, chord, same, {.origin = bent_saddle()});
  EXPECT_FALSE(itself.saddle.has_value());
  EXPECT_TRUE(itself.rest.has_value());
  const detail::Edge unknown =
      detail::follow_edge(map, {Matrix(2, 0), {}, {}}, chord, same, options);
  EXPECT_FALSE(unknown.saddle.has_value());
  EXPECT_FALSE(unknown.rest.has_value());
}

TEST(Edge, LeadsToTheSaddleWhereAMiddleLiesOnTheBoundaryItself) {
  // Two bits in their own coordinates: the middle of two states that differ in the sign of one bit
  // lies on the boundary, and its orbit comes to rest at the saddle, which is not given.
  const Matrix one = Matrix::Identity(2, 2);
  const Matrix weights = (Vector(2) << 3, 1.5).finished().asDiagonal();
  const AnalyticMap map = tanh_map(one, weights, Vector::Zero(2));
  const double b = stored_bit(3), c = stored_bit(1.5);
  const Landmarks landmarks =
      landmarks_at(map, (Matrix(2, 4) << b, -b, b, -b, c, c, -c, -c).finished());
  const auto same = [](const Matrix& X) { return X; };
  const Vector corner = (Vector(2) << 0.1, 0.05).finished();
  for (const Index bit : {0, 1}) {
    Vector mirrored = corner;
    mirrored(bit) *= -1;
    const detail::Edge edge = detail::follow_edge(
        map, landmarks, {corner, mirrored, 0, bit == 0 ? 1 : 2}, same, {.origin = Vector::Zero(2)});
    Vector saddle = (Vector(2) << b, c).finished();
    saddle(bit) = 0;
    ASSERT_TRUE(edge.saddle.has_value()) << bit;
    EXPECT_LE((*edge.saddle - saddle).norm(), 1e-11);
  }
}

/// y to one of the two stored bits, x up by step(x) until `last`, from where on it is halved: a
/// boundary y = 0 that leads to the saddle (0, 0).
AnalyticMap stairs_to_a_saddle(const std::function<double(double)>& step, double last) {
  return AnalyticMap(
      2,
      [=](const Vector& x) -> Vector {
        const double along = x(0) < last ? x(0) + step(x(0)) : x(0) / 2;
        return (Vector(2) << along, std::tanh(2 * x(1))).finished();
      },
      [=](const Vector& x) -> Matrix {
        const double slope = 1 - std::pow(std::tanh(2 * x(1)), 2);
        return (Vector(2) << (x(0) < last ? 1 : 0.5), 2 * slope).finished().asDiagonal();
      });
}

/// Along the boundary y = 0 steps of 3, 2, 2, 3, 4, then halvings to the saddle (0, 0).
TEST(Edge, PausesAfterTheSlowestStepOfAPlateauToo) {
  const AnalyticMap map =
      stairs_to_a_saddle([](double x) { return x < -17   ? 3
                                               : x < -13 ? 2
                                               : x < -10 ? 3
                                                         : 4; }, -6);
  const double b = stored_bit(2);
  const Landmarks landmarks = landmarks_at(map, (Matrix(2, 2) << 0, 0, b, -b).finished());
  const auto same = [](const Matrix& X) { return X; };
  const detail::Chord chord{(Vector(2) << -20, 0.1).finished(),
                            (Vector(2) << -20, -0.07).finished(), 0, 1};
  const detail::EdgeOptions options{.origin = Vector::Constant(2, 50)};
  const detail::Edge edge = detail::follow_edge(map, landmarks, chord, same, options, true);
  ASSERT_TRUE(edge.saddle.has_value());
  EXPECT_LE(edge.saddle->norm(), 1e-11);
  ASSERT_FALSE(edge.pauses.empty());
  EXPECT_EQ(edge.pauses[0].steps, 3);
  EXPECT_EQ(edge.pauses[0].state(0), -13);
  // Others are at the saddle, before the orbit leaves the boundary.
  for (std::size_t i = 1; i < edge.pauses.size(); ++i) {
    EXPECT_LE(edge.pauses[i].state.norm(), 0.01);
  }
  EXPECT_TRUE(detail::follow_edge(map, landmarks, chord, same, options).pauses.empty());
}

/// Along the boundary y = 0 steps of 3, 2, 3, 2, ... from -100 on, ten pauses, and
/// of 3.5, 1.5, 3.5, 1.5, ... from -50 on, nine.
TEST(Edge, KeepsTheSlowest16Pauses) {
  const AnalyticMap map = stairs_to_a_saddle(
      [](double x) {
        const double fast = x < -50 ? 3 : 3.5;
        return std::fmod(x + 100, 5) == 0 ? fast : 5 - fast;
      },
      -4);
  const double b = stored_bit(2);
  const Landmarks landmarks = landmarks_at(map, (Matrix(2, 2) << 0, 0, b, -b).finished());
  const detail::Chord chord{(Vector(2) << -100, 0.1).finished(),
                            (Vector(2) << -100, -0.07).finished(), 0, 1};
  const detail::Edge edge = detail::follow_edge(
      map, landmarks, chord, [](const Matrix& X) { return X; }, {.origin = Vector::Constant(2, 50)},
      true);
  ASSERT_TRUE(edge.saddle.has_value());
  ASSERT_EQ(edge.pauses.size(), 16);
  const auto slow = [](const detail::Pause& pause) {
    return pause.state(0) > -48 && pause.state(0) < -4;
  };
  EXPECT_EQ(std::count_if(edge.pauses.begin(), edge.pauses.end(), slow), 9);
  for (std::size_t i = 1; i < edge.pauses.size(); ++i) {
    EXPECT_LT(edge.pauses[i - 1].steps, edge.pauses[i].steps);
  }
}

TEST(Edge, LeavesTheRestOfAChordThatCrossesMoreThanOne) {
  // From (+, +) to (-, -) past (+, -): first the boundary y = 0 of the right half.
  const AnalyticMap map =
      tanh_map(Matrix::Identity(2, 2), 2 * Matrix::Identity(2, 2), Vector::Zero(2));
  const double b = stored_bit(2);
  const Landmarks landmarks =
      landmarks_at(map, (Matrix(2, 4) << b, b, -b, -b, b, -b, b, -b).finished());
  const auto same = [](const Matrix& X) { return X; };
  detail::Chord chord{(Vector(2) << 0.1, 0.02).finished(), (Vector(2) << -0.02, -0.1).finished(), 0,
                      3};
  const detail::EdgeOptions options{.origin = Vector::Zero(2)};
  const detail::Edge first = detail::follow_edge(map, landmarks, chord, same, options);
  ASSERT_TRUE(first.saddle && first.rest);
  EXPECT_LE((*first.saddle - (Vector(2) << b, 0).finished()).norm(), 1e-11);
  EXPECT_EQ(first.rest->end_a, 1);
  const detail::Edge second = detail::follow_edge(map, landmarks, *first.rest, same, options);
  ASSERT_TRUE(second.saddle && second.rest);
  EXPECT_LE((*second.saddle - (Vector(2) << 0, -b).finished()).norm(), 1e-11);
  EXPECT_EQ(second.rest->end_a, 3);
}

}  // namespace
}  // namespace nullcline::dynamics
