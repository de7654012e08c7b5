// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/orbits/line_attractor.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/dynamics/points/fixed_points.hpp"
#include "nullcline/dynamics/points/slow_points.hpp"
#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

Matrix mixing(Index n, std::uint64_t seed) {
  return random_matrix(n, n, 0.3, seed) + Matrix::Identity(n, n);
}

/// A map of few variables in other coordinates: x -> C G(C^-1 x), J = C DG C^-1.
AnalyticMap in_coordinates(const Matrix& C, const AnalyticMap& G) {
  const Matrix inverse = *solve(C, Matrix::Identity(C.rows(), C.rows()));
  return AnalyticMap(
      C.rows(),
      [=](const Vector& x) -> Vector {
        Matrix y(C.rows(), 1);
        G.step(inverse * x, y);
        return C * y;
      },
      [=](const Vector& x) -> Matrix { return C * G.jacobian(inverse * x) * inverse; });
}

AnalyticMap diagonal_map(std::initializer_list<double> entries) {
  Vector d(static_cast<Index>(entries.size()));
  Index i = 0;
  for (const double entry : entries) d(i++) = entry;
  return linear_map(d.asDiagonal(), Vector::Zero(d.size()));
}

/// Points t e_1 with t even from a to b.
Matrix on_first_axis(Index n, Index P, double a, double b) {
  Matrix X = Matrix::Zero(n, P);
  X.row(0) = Eigen::RowVectorXd::LinSpaced(P, a, b);
  return X;
}

/// Shuffled, so that no order is given away.
Matrix shuffled(const Matrix& X) {
  Matrix Y(X.rows(), X.cols());
  for (Index i = 0; i < X.cols(); ++i) Y.col(i) = X.col((7 * i + 3) % X.cols());
  return Y;
}

TEST(LineAttractor, OfALinearMapWithOneEigenvalueOneIsTheLine) {
  const Index n = 6;
  const Matrix C = mixing(n, 1);
  const AnalyticMap map = in_coordinates(C, diagonal_map({1, 0.6, 0.5, -0.3, 0.2, 0}));
  const Matrix points = shuffled(C * on_first_axis(n, 40, -2, 3));
  const Vector w = random_matrix(n, 1, 1.0, 2);
  const Matrix effects = random_matrix(n, 2, 1.0, 3);
  const LineAttractor line =
      find_line_attractor(map, points, {.readout = w, .input_effects = effects, .samples = 9});
  EXPECT_EQ(line.status, LineStatus::completed);
  ASSERT_EQ(line.verdict, LineVerdict::line);
  EXPECT_FALSE(line.closed);
  const double scale = C.col(0).norm();
  EXPECT_NEAR(line.length, 5 * scale, 1e-9);
  EXPECT_GT(line.aspect_ratio, 1e6);
  EXPECT_NEAR(line.local_dimension, 1, 1e-9);
  EXPECT_NEAR(line.variance_explained, 1, 1e-12);
  // The axis is that of the line, towards larger readouts; theta is linear along it.
  const double sign = w.dot(C.col(0)) > 0 ? 1 : -1;
  EXPECT_LE((line.axis - sign * C.col(0) / scale).norm(), 1e-9);
  EXPECT_NEAR(line.readout_alignment, std::abs(w.dot(C.col(0))) / (scale * w.norm()), 1e-9);
  ASSERT_EQ(line.members.size(), 40u);
  for (Index i = 0; i < 40; ++i) {
    const Vector x = points.col(line.members[static_cast<std::size_t>(i)]);
    const double t = x.dot(C.col(0)) / (scale * scale);
    EXPECT_NEAR(line.theta(i), sign * (2 * (t + 2) / 5 - 1), 1e-8);
  }
  // The slow mode runs along it, and selects inputs by the dual row of C.
  EXPECT_LE((line.spectra.overlaps.array() - 1).abs().maxCoeff(), 1e-9);
  EXPECT_LE((line.spectra.leading.array() - 1.0).abs().maxCoeff(), 1e-9);
  EXPECT_LE((line.spectra.second_moduli.array() - 0.6).abs().maxCoeff(), 1e-9);
  const Matrix inverse = *solve(C, Matrix::Identity(n, n));
  const Eigen::RowVectorXd selection = sign * scale * inverse.row(0) * effects;
  for (Index j = 0; j < 9; ++j) {
    EXPECT_LE((line.spectra.input_selection.row(j) - selection).norm(), 1e-8);
  }
  EXPECT_NEAR(line.input_alignments(0), line.axis.dot(effects.col(0)) / effects.col(0).norm(),
              1e-12);
  // Nothing moves.
  EXPECT_EQ(line.drift.standing, 1);
  EXPECT_TRUE(line.drift.zeros.empty());
  EXPECT_FALSE(line.drift.leaves_at_begin || line.drift.leaves_at_end);
  EXPECT_LE(line.speeds.maxCoeff(), 1e-13);
}

/// (x, y, z) -> (x, x^2 + (y - x^2) / 2, z / 2): a parabola of fixed points.
AnalyticMap parabola_map() {
  return AnalyticMap(
      3,
      [](const Vector& x) -> Vector {
        return (Vector(3) << x(0), x(0) * x(0) + 0.5 * (x(1) - x(0) * x(0)), 0.5 * x(2)).finished();
      },
      [](const Vector& x) -> Matrix {
        return (Matrix(3, 3) << 1, 0, 0, x(0), 0.5, 0, 0, 0, 0.5).finished();
      });
}

Matrix on_parabola(const Eigen::ArrayXd& x) {
  Matrix X = Matrix::Zero(3, x.size());
  X.row(0) = x.matrix().transpose();
  X.row(1) = x.square().matrix().transpose();
  return X;
}

double parabola_length(double x) {  // of y = x^2 from 0
  return 0.5 * x * std::sqrt(1 + 4 * x * x) + 0.25 * std::asinh(2 * x);
}

TEST(LineAttractor, MayBeCurvedAndIsMeasuredByArclength) {
  const Eigen::ArrayXd x = Eigen::ArrayXd::LinSpaced(80, -1, 1);
  const Matrix points = shuffled(on_parabola(x));
  const LineAttractor line = find_line_attractor(parabola_map(), points, {});
  ASSERT_EQ(line.verdict, LineVerdict::line);
  const double half = parabola_length(1);
  EXPECT_NEAR(line.length, 2 * half, 1e-3 * half);
  EXPECT_LE(line.thickness, 1e-4);
  EXPECT_GT(line.axis(0), 0.9);
  for (Index i = 0; i < 80; ++i) {
    const double at = points(0, line.members[static_cast<std::size_t>(i)]);
    EXPECT_NEAR(line.theta(i), parabola_length(at) / half, 2e-3);
  }
  for (Index j = 0; j < line.spectra.theta.size(); ++j) {
    const double at = line.spectra.states(0, j);
    const Vector tangent = (Vector(3) << 1, 2 * at, 0).finished().normalized();
    EXPECT_GT(line.spectra.tangents.col(j).dot(tangent), 0.999);
    EXPECT_GT(line.spectra.overlaps(j), 0.999);
  }
  EXPECT_LT(line.variance_explained, 0.999);
}

TEST(LineAttractor, MayBeClosed) {
  // r -> 1 + (r - 1) / 2 in the plane, and a third direction that decays.
  const AnalyticMap map(
      3,
      [](const Vector& x) -> Vector {
        const double r = std::hypot(x(0), x(1));
        const double factor = 0.5 + 0.5 / r;
        return (Vector(3) << factor * x(0), factor * x(1), 0.5 * x(2)).finished();
      },
      [](const Vector& x) -> Matrix {
        const double r = std::hypot(x(0), x(1));
        Matrix J = Matrix::Zero(3, 3);
        const Vector u = x.head(2) / r;
        J.topLeftCorner(2, 2) =
            (0.5 + 0.5 / r) * Matrix::Identity(2, 2) - 0.5 / r * u * u.transpose();
        J(2, 2) = 0.5;
        return J;
      });
  for (const Index P : {16, 60, 301}) {
    Matrix points = Matrix::Zero(3, P);
    for (Index i = 0; i < P; ++i) {
      const double angle = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(P);
      points(0, i) = std::cos(angle);
      points(1, i) = std::sin(angle);
    }
    const LineAttractor ring = find_line_attractor(map, shuffled(points), {});
    EXPECT_EQ(ring.verdict, LineVerdict::line) << P;
    EXPECT_TRUE(ring.closed) << P;
    EXPECT_NEAR(ring.length, 2 * std::numbers::pi, P < 20 ? 0.3 : 0.02) << P;
    EXPECT_GT(ring.spectra.overlaps.minCoeff(), 0.99) << P;
    EXPECT_FALSE(ring.drift.leaves_at_begin || ring.drift.leaves_at_end);
  }
  // Three quarters of it are an open line.
  Matrix arc = Matrix::Zero(3, 60);
  for (Index i = 0; i < 60; ++i) {
    const double angle = 1.5 * std::numbers::pi * static_cast<double>(i) / 59;
    arc(0, i) = std::cos(angle);
    arc(1, i) = std::sin(angle);
  }
  const LineAttractor open = find_line_attractor(map, shuffled(arc), {});
  EXPECT_EQ(open.verdict, LineVerdict::line);
  EXPECT_FALSE(open.closed);
  EXPECT_NEAR(open.length, 1.5 * std::numbers::pi, 0.01);
}

/// (x, y, z) -> (x + 0.01 (x - x^3), 0.3 y, 0.2 z): slow along x, at rest at -1, 0, 1.
AnalyticMap drifting_map() {
  return AnalyticMap(
      3,
      [](const Vector& x) -> Vector {
        return (Vector(3) << x(0) + 0.01 * (x(0) - x(0) * x(0) * x(0)), 0.3 * x(1), 0.2 * x(2))
            .finished();
      },
      [](const Vector& x) -> Matrix {
        return (Matrix(3, 3) << 1.01 - 0.03 * x(0) * x(0), 0, 0, 0, 0.3, 0, 0, 0, 0.2).finished();
      });
}

void expect_drift(const LineAttractor& line, double scale, double accuracy) {
  ASSERT_EQ(line.verdict, LineVerdict::line);
  ASSERT_EQ(line.drift.zeros.size(), 3u);
  const auto& zeros = line.drift.zeros;
  EXPECT_NEAR(zeros[0].theta, -1 / 1.2, accuracy);
  EXPECT_NEAR(zeros[1].theta, 0, accuracy);
  EXPECT_NEAR(zeros[2].theta, 1 / 1.2, accuracy);
  EXPECT_TRUE(zeros[0].stable && !zeros[1].stable && zeros[2].stable);
  // dv/dx = 0.01 (1 - 3 x^2) per step of 0.1 s.
  EXPECT_NEAR(zeros[0].time_constant, 5, 5 * accuracy + 0.1);
  EXPECT_NEAR(zeros[1].time_constant, 10, 10 * accuracy + 0.1);
  EXPECT_FALSE(line.drift.leaves_at_begin || line.drift.leaves_at_end);
  double largest = 0;
  for (Index j = 0; j < line.drift.theta.size(); ++j) {
    const double x = 1.2 * line.drift.theta(j);
    largest = std::max(largest,
                       std::abs(line.drift.velocities(j) - scale * 0.01 * (x - x * x * x) / 0.1));
  }
  EXPECT_LE(largest, accuracy * scale * 0.1);
}

TEST(LineAttractor, HasADriftWithKnownZerosAndTimeScales) {
  const Matrix points = shuffled(on_first_axis(3, 31, -1.2, 1.2));
  expect_drift(find_line_attractor(drifting_map(), points, {.dt = 0.1}), 1, 1e-3);
}

TEST(LineAttractor, FindsTheDriftBetweenPointsThatStandBesideIt) {
  // Oblique fast directions, and points off the line by 1 % of its length: the left vector knows.
  Matrix C(3, 3);
  C << 1, 2, 0, 0, 1, 1, 0, 0, 1;
  Matrix points = on_first_axis(3, 200, -1.2, 1.2);
  points.bottomRows(2) += random_matrix(2, 200, 0.02, 4);
  const LineAttractor line =
      find_line_attractor(in_coordinates(C, drifting_map()), shuffled(C * points), {.dt = 0.1});
  ASSERT_EQ(line.verdict, LineVerdict::line);
  ASSERT_EQ(line.drift.zeros.size(), 3u);
  EXPECT_NEAR(line.drift.zeros[1].theta, 0, 0.03);
  EXPECT_NEAR(line.drift.zeros[1].time_constant, 10, 1.5);
  EXPECT_TRUE(line.drift.zeros[0].stable && line.drift.zeros[2].stable);
  EXPECT_NEAR(line.thickness, 0.02 * std::sqrt(2), 0.02);
}

TEST(LineAttractor, LeavesAtItsEndsWhereTheDriftDoes) {
  // x grows by 2 % a step: an unstable zero in the middle.
  const LineAttractor line =
      find_line_attractor(diagonal_map({1.02, 0.5}), on_first_axis(2, 25, -1, 1), {});
  ASSERT_EQ(line.verdict, LineVerdict::line);
  EXPECT_TRUE(line.drift.leaves_at_begin && line.drift.leaves_at_end);
  ASSERT_EQ(line.drift.zeros.size(), 1u);
  EXPECT_FALSE(line.drift.zeros[0].stable);
  EXPECT_NEAR(line.drift.zeros[0].time_constant, 50, 1e-6);
}

TEST(LineAttractor, StandsOutOfNoiseAndOutliers) {
  const Index n = 20;
  const AnalyticMap map = linear_map(
      (Vector(n) << 1, Vector::Constant(n - 1, 0.5)).finished().asDiagonal(), Vector::Zero(n));
  Matrix points = on_first_axis(n, 300, -1, 1) + random_matrix(n, 300, 0.004, 5);
  points.col(10).setConstant(3);
  points.col(20).setConstant(-4);
  const LineAttractor line = find_line_attractor(map, points, {});
  EXPECT_EQ(line.verdict, LineVerdict::line);
  EXPECT_EQ(line.members.size(), 298u);
  EXPECT_NEAR(line.length, 2, 0.05);
  EXPECT_NEAR(line.thickness, 0.004 * std::sqrt(19), 0.004);
  for (Index i = 1; i < line.theta.size(); ++i) EXPECT_LE(line.theta(i - 1), line.theta(i));
}

TEST(LineAttractor, MayBeThickerThanItsFinestNeighborhoods) {
  // Half a ring of length 3 in 20 dimensions under noise: its tenths look like clouds.
  const Index n = 20, P = 200;
  const AnalyticMap map(
      n,
      [](const Vector& x) -> Vector {
        Vector y = 0.5 * x;
        y.head(2) += 0.5 * x.head(2).normalized();
        return y;
      },
      [](const Vector& x) -> Matrix {
        Matrix J = 0.5 * Matrix::Identity(20, 20);
        const double r = x.head(2).norm();
        const Vector u = x.head(2) / r;
        J.topLeftCorner(2, 2) += 0.5 / r * (Matrix::Identity(2, 2) - u * u.transpose());
        return J;
      });
  Matrix points = random_matrix(n, P, 0.05 / std::sqrt(20), 12);
  for (Index i = 0; i < P; ++i) {
    points(0, i) += std::cos(3.0 * static_cast<double>(i) / (P - 1));
    points(1, i) += std::sin(3.0 * static_cast<double>(i) / (P - 1));
  }
  EXPECT_NE(find_line_attractor(map, points, {.neighbors = P / 10}).verdict, LineVerdict::line);
  const LineAttractor line = find_line_attractor(map, points, {});
  EXPECT_EQ(line.verdict, LineVerdict::line);
  EXPECT_NEAR(line.length, 3, 0.1);
  EXPECT_NEAR(line.thickness, 0.05, 0.005);
}

TEST(LineAttractor, IsNotAPlane) {
  Matrix points = Matrix::Zero(4, 150);
  points.topRows(2) = random_matrix(2, 150, 1.0, 6).array().tanh().matrix();
  const LineAttractor plane = find_line_attractor(diagonal_map({1, 1, 0.5, 0.2}), points, {});
  EXPECT_EQ(plane.verdict, LineVerdict::plane_or_more);
  EXPECT_NEAR(plane.local_dimension, 2, 0.3);
  EXPECT_TRUE(plane.members.empty());
  // Nor is it where only one of the two directions is slow.
  EXPECT_EQ(find_line_attractor(diagonal_map({1, 0.5, 0.4, 0.2}), points, {}).verdict,
            LineVerdict::none);
}

TEST(LineAttractor, IsNotTwoStablePointsAndASaddle) {
  const Matrix Q = orthonormal_basis(random_matrix(8, 1, 1.0, 7));
  const AnalyticMap map = tanh_map(Q, 2 * Q, Vector::Zero(1));
  Matrix points(8, 3);
  points << -0.957504024077 * Q, 0 * Q, 0.957504024077 * Q;  // ground truth of the flip-flop
  const LineAttractor result = find_line_attractor(map, points, {});
  EXPECT_EQ(result.verdict, LineVerdict::isolated_points);
  EXPECT_EQ(result.distinct, 3);
  // Neither when each was found many times.
  Matrix many(8, 60);
  for (Index i = 0; i < 60; ++i) many.col(i) = points.col(i % 3);
  many += random_matrix(8, 60, 1e-13, 8);
  const LineAttractor repeated = find_line_attractor(map, many, {});
  EXPECT_EQ(repeated.verdict, LineVerdict::isolated_points);
  EXPECT_EQ(repeated.distinct, 3);
}

TEST(LineAttractor, IsNotTheLatticeOfAFlipFlop) {
  const Matrix Q = orthonormal_basis(random_matrix(10, 3, 1.0, 9));
  const AnalyticMap map = tanh_map(Q, 2 * Q, Vector::Zero(3));
  Matrix corners(3, 27);
  for (Index i = 0; i < 27; ++i) {
    for (Index j = 0, rest = i; j < 3; ++j, rest /= 3) {
      corners(j, i) = 0.957504024077 * static_cast<double>(rest % 3 - 1);
    }
  }
  EXPECT_EQ(find_line_attractor(map, Q * corners, {}).verdict, LineVerdict::isolated_points);
}

TEST(LineAttractor, IsNotACloudOrAChainThatAttracts) {
  const AnalyticMap contraction = diagonal_map({0.5, 0.5, 0.4});
  EXPECT_EQ(find_line_attractor(contraction, random_matrix(3, 60, 1.0, 10), {}).verdict,
            LineVerdict::isolated_points);
  EXPECT_EQ(find_line_attractor(contraction, on_first_axis(3, 30, -1, 1), {}).verdict,
            LineVerdict::isolated_points);
}

TEST(LineAttractor, IsNotAForkOrALineAlongAnOscillation) {
  // Three arms of slow points in a plane that is all slow.
  Matrix fork = Matrix::Zero(3, 90);
  for (Index i = 0; i < 90; ++i) {
    const double angle = 2 * std::numbers::pi / 3 * static_cast<double>(i % 3);
    const double r = static_cast<double>(i / 3) / 29;
    fork(0, i) = r * std::cos(angle);
    fork(1, i) = r * std::sin(angle);
  }
  EXPECT_EQ(find_line_attractor(diagonal_map({1, 1, 0.5}), fork, {}).verdict, LineVerdict::none);
  Matrix rotation = Matrix::Identity(3, 3);
  rotation.topLeftCorner(2, 2) << std::cos(0.5), -std::sin(0.5), std::sin(0.5), std::cos(0.5);
  rotation(2, 2) = 0.3;
  EXPECT_EQ(
      find_line_attractor(linear_map(rotation, Vector::Zero(3)), on_first_axis(3, 30, -1, 1), {})
          .verdict,
      LineVerdict::none);
}

/// x -> tanh(W x) with the eigenvalue `slow` along e, and a random rest of spectral radius about g.
AnalyticMap integrator(const Vector& e, double slow, double g) {
  const Index n = e.size();
  Matrix W = random_matrix(n, n, g / std::sqrt(static_cast<double>(n)), 13);
  W += (slow * e - W * e) * e.transpose() / e.squaredNorm();
  return AnalyticMap(
      n, [=](const Vector& x) -> Vector { return (W * x).array().tanh(); },
      [=](const Vector& x) -> Matrix {
        const Vector slope = 1 - (W * x).array().tanh().square();
        return slope.asDiagonal() * W;
      },
      [=](const Vector& x, const Vector& w) -> Matrix {
        const Vector t = (W * x).array().tanh();
        const Vector bend = -2 * t.array() * (1 - t.array().square()) * w.array();
        return W.transpose() * bend.asDiagonal() * W;
      });
}

TEST(LineAttractor, IsFoundFromTheSlowPointsOfAnIntegratorAndNotOfABistableNetwork) {
  const Index n = 30;
  const Vector e = random_matrix(n, 1, 1.0, 14);
  Matrix starts = e * Eigen::RowVectorXd::LinSpaced(60, -0.3, 0.3) + random_matrix(n, 60, 0.05, 15);
  const SlowPointOptions search{.descent = {.gradient_tolerance = 1e-4}};

  const AnalyticMap slow = integrator(e, 1, 0.5);
  const LineAttractor line =
      find_line_attractor(slow, find_slow_points(slow, starts, search).states, {.readout = e});
  ASSERT_EQ(line.verdict, LineVerdict::line);
  EXPECT_GT(line.readout_alignment, 0.98);
  EXPECT_GT(line.spectra.overlaps.minCoeff(), 0.9);
  EXPECT_GT(line.spectra.overlaps.minCoeff(), 4 * line.null_overlap);
  // tanh draws everything to 0 in the end: x' = -x^3 / 3 or so.
  ASSERT_EQ(line.drift.zeros.size(), 1u);
  EXPECT_TRUE(line.drift.zeros[0].stable);
  EXPECT_NEAR(line.drift.zeros[0].theta, 0, 0.1);
  EXPECT_GT(line.drift.zeros[0].time_constant, 100);

  const AnalyticMap bistable = integrator(e, 2, 0.5);
  const FixedPoints points = find_fixed_points(bistable, 5 * starts, {});
  ASSERT_GE(points.states.cols(), 3);
  EXPECT_EQ(find_line_attractor(bistable, points.states, {}).verdict, LineVerdict::isolated_points);
}

TEST(LineAttractor, IsTheSameForAnyThreads) {
  const Matrix points = on_first_axis(3, 50, -1.2, 1.2) + random_matrix(3, 50, 0.003, 11);
  const LineAttractor one = find_line_attractor(drifting_map(), points, {});
  const LineAttractor two = find_line_attractor(drifting_map(), points, {.threads = {2}});
  EXPECT_EQ(one.verdict, two.verdict);
  EXPECT_EQ(one.theta, two.theta);
  EXPECT_EQ(one.members, two.members);
  EXPECT_EQ(one.drift.velocities, two.drift.velocities);
  EXPECT_EQ(one.spectra.left, two.spectra.left);
}

TEST(LineAttractor, EndsInAStatusWhereItCannotLook) {
  const CallableMap broken(2, [](In<Vector>) -> Vector {
    return Vector::Constant(2, std::numeric_limits<double>::quiet_NaN());
  });
  const Matrix points = on_first_axis(2, 20, -1, 1);
  const LineAttractor none = find_line_attractor(broken, points, {});
  EXPECT_EQ(none.status, LineStatus::not_finite);
  EXPECT_EQ(none.verdict, LineVerdict::none);
  const LineAttractor stopped = find_line_attractor(diagonal_map({1, 0.5}), points,
                                                    {.progress = [](double) { return false; }});
  EXPECT_EQ(stopped.status, LineStatus::cancelled);
  EXPECT_EQ(stopped.verdict, LineVerdict::none);
  const LineAttractor empty = find_line_attractor(diagonal_map({1, 0.5}), Matrix(2, 0), {});
  EXPECT_EQ(empty.verdict, LineVerdict::none);
  EXPECT_EQ(find_line_attractor(diagonal_map({1, 0.5}), points.col(0), {}).verdict,
            LineVerdict::isolated_points);
}

TEST(LineAttractor, RejectsBadArguments) {
  const AnalyticMap map = diagonal_map({1, 0.5});
  const Matrix points = on_first_axis(2, 20, -1, 1);
  EXPECT_THROW(find_line_attractor(map, Matrix::Zero(3, 5), {}), std::invalid_argument);
  EXPECT_THROW(find_line_attractor(map, points / 0.0, {}), std::invalid_argument);
  EXPECT_THROW(find_line_attractor(map, points, {.dt = 0}), std::invalid_argument);
  EXPECT_THROW(find_line_attractor(map, points, {.readout = Vector::Ones(3)}),
               std::invalid_argument);
  EXPECT_THROW(find_line_attractor(map, points, {.input_effects = Matrix::Ones(3, 1)}),
               std::invalid_argument);
  EXPECT_THROW(find_line_attractor(map, points, {.criteria = {.fraction = 0}}),
               std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
