// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/fixed_points.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/stepper.hpp"
#include "nullcline/dynamics/linear/linearization.hpp"
#include "nullcline/dynamics/points/starts.hpp"
#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/random_matrix.hpp"
#include "tests/dynamics/test_flows.hpp"

namespace nullcline::dynamics {
namespace {

/// The distance from x to the nearest fixed point found.
double distance_to(const FixedPoints& points, const Vector& x) {
  if (points.states.cols() == 0) return std::numeric_limits<double>::infinity();
  return (points.states.colwise() - x).colwise().norm().minCoeff();
}

/// What must hold of every result.
void expect_consistent(const Map& map, const FixedPoints& points, Index starts,
                       const FixedPointOptions& options = {}) {
  const Index P = points.states.cols();
  ASSERT_EQ(points.residuals.size(), P);
  ASSERT_EQ(static_cast<Index>(points.starts.size()), P);
  ASSERT_EQ(static_cast<Index>(points.status.size()), starts);
  ASSERT_EQ(static_cast<Index>(points.point_of_start.size()), starts);
  Matrix F(map.dim(), P);
  map.step(points.states, F);
  for (Index p = 0; p < P; ++p) {
    const auto i = static_cast<std::size_t>(p);
    EXPECT_EQ(points.residuals(p), (F - points.states).col(p).norm());
    EXPECT_EQ(points.speeds(p), std::pow(points.residuals(p), 2) / (2 * std::pow(options.dt, 2)));
    EXPECT_LE(points.residuals(p), options.tolerance);
    EXPECT_EQ(points.multiplicity[i], static_cast<Index>(points.starts[i].size()));
    EXPECT_TRUE(std::is_sorted(points.starts[i].begin(), points.starts[i].end()));
    for (const Index k : points.starts[i]) {
      EXPECT_EQ(points.point_of_start[static_cast<std::size_t>(k)], p);
    }
    EXPECT_GE(points.multiplicity[p > 0 ? i - 1 : i], points.multiplicity[i]);
  }
  for (std::size_t k = 0; k < points.status.size(); ++k) {
    EXPECT_EQ(points.point_of_start[k] >= 0, is_fixed_point(points.status[k]));
  }
}

TEST(FixedPoints, OfLogisticMapAreZeroAndOneMinusOneOverR) {
  const double r = 1 + std::sqrt(8.0);
  const AnalyticMap map =
      scalar_map([=](double x) { return r * x * (1 - x); },
                 [=](double x) { return r * (1 - 2 * x); }, [=](double) { return -2 * r; });
  const Matrix starts = Vector::LinSpaced(40, -0.3, 1.3).transpose();
  const FixedPoints points = find_fixed_points(map, starts);
  expect_consistent(map, points, 40);
  ASSERT_EQ(points.states.cols(), 2);
  EXPECT_LE(distance_to(points, Vector::Zero(1)), 1e-14);
  EXPECT_LE(distance_to(points, Vector::Constant(1, 1 - 1 / r)), 1e-14);
}

TEST(FixedPoints, OfHenonMapAreTwoSaddles) {
  const AnalyticMap map = henon_map();
  const FixedPoints points = find_fixed_points(map, random_matrix(2, 30, 1.0, 1));
  expect_consistent(map, points, 30);
  ASSERT_EQ(points.states.cols(), 2);
  // x = (-(1 - b) +- sqrt((1 - b)^2 + 4 a)) / 2 a, y = b x
  for (const double sign : {1.0, -1.0}) {
    const double x = (-0.7 + sign * std::sqrt(0.49 + 5.6)) / 2.8;
    EXPECT_LE(distance_to(points, (Vector(2) << x, 0.3 * x).finished()), 1e-13);
  }
  EXPECT_LE(distance_to(points, (Vector(2) << 0.6313544771, 0.1894063431).finished()), 1e-9);
  for (const auto& at : linearize_all(map, points.states, 1)) {
    EXPECT_EQ(at.stability, Stability::saddle);
  }
}

TEST(FixedPoints, OfThreeLatentBitsAre27FromMixesOfTrajectoryStates) {
  const Matrix Q = orthonormal_basis(random_matrix(20, 3, 1.0, 2));
  const AnalyticMap map = tanh_map(Q, 2 * Q, Vector::Zero(3));
  Matrix X = random_matrix(20, 30, 1.0, 3), next = X;
  Matrix trajectories(20, 20 * 30);
  for (Index t = 0; t < 20; ++t) {
    trajectories.middleCols(30 * t, 30) = X;
    map.step(X, next);
    X.swap(next);
  }
  const Matrix starts =
      draw_starts(trajectories, {.states = 0, .mixes = 512, .noisy = 64, .seed = 1});
  const FixedPoints points = find_fixed_points(map, starts);
  expect_consistent(map, points, starts.cols());
  ASSERT_EQ(points.states.cols(), 27);

  const double bit = 0.957504024077;  // tanh(2 x) = x
  std::array<int, 4> index{};
  const auto linearizations = linearize_all(map, points.states, 1);
  for (Index p = 0; p < 27; ++p) {
    const Vector latent = Q.transpose() * points.states.col(p);
    EXPECT_LE((points.states.col(p) - Q * latent).norm(), 1e-13);
    Index zeros = 0;
    for (const double z : latent) {
      if (std::abs(z) < 1e-12) {
        ++zeros;
      } else {
        EXPECT_NEAR(std::abs(z), bit, 1e-12);
      }
    }
    const auto& at = linearizations[static_cast<std::size_t>(p)];
    EXPECT_EQ(at.unstable, zeros);
    ++index[static_cast<std::size_t>(at.unstable)];
    EXPECT_NEAR(std::abs(at.eigenvalues(0)), zeros > 0 ? 2.0 : 0.166372087752, 1e-11);
  }
  EXPECT_EQ(index, (std::array<int, 4>{8, 12, 6, 1}));
  EXPECT_EQ(degree_sum(linearizations), 1);
}

TEST(FixedPoints, OfTheCubeOfWellsAre27) {
  const CubeOfWells flow;
  const SteppedFlow step(flow, 0.05, Method::rk4);
  const FrozenMap map(step, Vector());
  const Matrix starts = random_matrix(3, 600, 0.7, 4);
  const FixedPoints points = find_fixed_points(map, starts);
  expect_consistent(map, points, 600);
  // An RK4 step of length 0.05 has no other fixed points in this region.
  ASSERT_EQ(points.states.cols(), 27);
  int stable = 0;
  for (Index p = 0; p < 27; ++p) {
    EXPECT_LE((points.states.col(p) - points.states.col(p).array().round().matrix()).norm(), 1e-11);
    stable += linearize(map, points.states.col(p), 0.05).stability == Stability::stable;
  }
  EXPECT_EQ(stable, 8);
}

TEST(FixedPoints, OfLorenzAtRho22AreThreeOfWhichTwoAreStable) {
  const LorenzFlow flow(22);
  for (const Method method : {Method::euler, Method::rk4}) {
    const double dt = 0.002;
    const SteppedFlow step(flow, dt, method);
    const FrozenMap map(step, Vector());
    const FixedPoints points = find_fixed_points(map, random_matrix(3, 60, 15.0, 5), {.dt = dt});
    expect_consistent(map, points, 60, {.dt = dt});
    ASSERT_EQ(points.states.cols(), 3);
    const double c = std::sqrt(LorenzFlow::beta * 21);
    EXPECT_LE(distance_to(points, Vector::Zero(3)), 1e-10);
    EXPECT_LE(distance_to(points, (Vector(3) << c, c, 21).finished()), 1e-10);
    EXPECT_LE(distance_to(points, (Vector(3) << -c, -c, 21).finished()), 1e-10);
    int stable = 0;
    for (const auto& at : linearize_all(map, points.states, dt)) {
      stable += at.stability == Stability::stable;
    }
    EXPECT_EQ(stable, 2);
  }
}

struct PlrnnCase {
  double a1, a2, w12;
  double z1, z2;   // the fixed point, recomputed independently, and SCYFI's tests
  double modulus;  // of its largest multiplier
};

class PiecewiseLinear : public testing::TestWithParam<PlrnnCase> {};

TEST_P(PiecewiseLinear, NetworkHasTheFixedPointOfItsRegion) {
  const PlrnnCase& c = GetParam();
  const AnalyticMap map = plrnn_map((Vector(2) << c.a1, c.a2).finished(),
                                    (Matrix(2, 2) << 0, c.w12, 0.52505308, 0).finished(),
                                    (Vector(2) << 0.37298253, -0.97931491).finished());
  const FixedPoints points = find_fixed_points(map, random_matrix(2, 50, 3.0, 6));
  expect_consistent(map, points, 50);
  ASSERT_EQ(points.states.cols(), 1);
  EXPECT_NEAR(points.states(0, 0), c.z1, 5e-8);
  EXPECT_NEAR(points.states(1, 0), c.z2, 5e-8);
  EXPECT_NEAR(std::abs(linearize(map, points.states.col(0), 1).eigenvalues(0)), c.modulus, 5e-6);
}

INSTANTIATE_TEST_SUITE_P(
    FixedPoints, PiecewiseLinear,
    testing::Values(PlrnnCase{0.7, -0.7, -0.14375, 1.24327510, -0.19207617, 0.7},
                    PlrnnCase{-0.0222311, 0.96461297, -0.64375, 0.36487105, -22.26064871,
                              0.96461297},
                    PlrnnCase{0.8377689, 0.96461297, -0.64375, 1.87241987, 0.10752279, 1.07057},
                    PlrnnCase{0.9777689, 0.96461297, -0.14375, 2.01900155, 2.28242021, 1.00928}));

/// The fixed points of x = max(0, W x + c), from all 2^n linear regions: exact, and all of them.
std::vector<Vector> points_of_all_regions(const Matrix& W, const Vector& c) {
  const Index n = c.size();
  std::vector<Vector> points;
  for (unsigned region = 0; region < 1u << n; ++region) {
    Vector on(n);
    for (Index i = 0; i < n; ++i) on(i) = region >> i & 1u;
    const Matrix A = Matrix::Identity(n, n) - Matrix(on.asDiagonal() * W);
    const Vector x = solve(A, on.cwiseProduct(c)).value();
    const Vector m = W * x + c;
    if (((m.array() > 0).cast<double>() - on.array()).abs().sum() > 0) continue;
    points.push_back(x);
  }
  return points;
}

TEST(FixedPoints, OfSmallReluNetworksAreThoseOfAllLinearRegions) {
  const Index n = 6;
  Index known = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Matrix W = random_matrix(n, n, 1.8 / std::sqrt(6.0), 100 + seed);
    const Vector c = random_matrix(n, 1, 1.0, 200 + seed);
    const std::vector<Vector> expected = points_of_all_regions(W, c);
    const AnalyticMap map = relu_rate_map(0.1, W, c);
    // A search from starts near zero may miss a point far away: these reach as far as the points.
    double reach = 3;
    for (const Vector& x : expected) reach = std::max(reach, x.cwiseAbs().maxCoeff());
    const FixedPoints points =
        find_fixed_points(map, random_matrix(n, 100, reach, 300 + seed), {.escape_radius = 1e3});
    expect_consistent(map, points, 100);
    for (const Vector& x : expected) {
      EXPECT_LE(distance_to(points, x), 1e-9 * (1 + x.norm())) << "seed " << seed;
    }
    EXPECT_EQ(points.states.cols(), std::ssize(expected)) << "seed " << seed;
    known += std::ssize(expected);
  }
  EXPECT_GE(known, 10);
}

TEST(FixedPoints, OnALineEachStartKeepsItsOwn) {
  // F = (x / 2, y): the line x = 0 is fixed.
  const AnalyticMap map =
      linear_map((Vector(2) << 0.5, 1).finished().asDiagonal(), Vector::Zero(2));
  Matrix starts(2, 4);
  starts << 1, 2, 3, 1, 0, 1, 2, 1;
  const FixedPoints points = find_fixed_points(map, starts);
  expect_consistent(map, points, 4);
  ASSERT_EQ(points.states.cols(), 3);
  EXPECT_EQ(points.starts[0], (std::vector<Index>{1, 3}));
  for (Index p = 0; p < 3; ++p) EXPECT_NEAR(points.states(0, p), 0, 1e-11);
}

TEST(FixedPoints, ArePolishedBelowALooseTolerance) {
  const FixedPoints points =
      find_fixed_points(henon_map(), random_matrix(2, 30, 1.0, 1), {.tolerance = 1e-4});
  ASSERT_EQ(points.states.cols(), 2);
  EXPECT_LE(points.residuals.maxCoeff(), 1e-14);
}

TEST(FixedPoints, WithoutDerivativesAreFoundByFiniteDifferences) {
  const AnalyticMap henon = henon_map();
  const CallableMap map(2, [&](In<Vector> x) {
    Vector y(2);
    henon.step(x, y);
    return y;
  });
  const FixedPoints points = find_fixed_points(map, random_matrix(2, 30, 1.0, 1));
  expect_consistent(map, points, 30);
  EXPECT_EQ(points.states.cols(), 2);
  EXPECT_EQ(points.derivatives, Derivatives::finite_differences);
  EXPECT_EQ(find_fixed_points(henon, Matrix::Zero(2, 1)).derivatives, Derivatives::exact);
}

TEST(FixedPoints, AreTheSameBitsForAnyNumberOfThreads) {
  const Matrix W = random_matrix(25, 25, 2.5 / 5, 7);
  const AnalyticMap map = tanh_map(Matrix::Identity(25, 25), W.transpose(), Vector::Zero(25));
  const Matrix starts = random_matrix(25, 60, 0.5, 8);
  FixedPointOptions options{.slow_points = true};
  const FixedPoints reference = find_fixed_points(map, starts, options);
  expect_consistent(map, reference, 60);
  EXPECT_GE(reference.states.cols(), 3);
  for (const int threads : {2, 8}) {
    options.threads = {threads};
    const FixedPoints points = find_fixed_points(map, starts, options);
    EXPECT_EQ(points.states, reference.states);
    EXPECT_EQ(points.residuals, reference.residuals);
    EXPECT_EQ(points.status, reference.status);
    EXPECT_EQ(points.starts, reference.starts);
    EXPECT_EQ(points.iterations, reference.iterations);
    EXPECT_EQ(points.slow.states, reference.slow.states);
    EXPECT_EQ(points.slow.speeds, reference.slow.speeds);
  }
}

TEST(FixedPoints, OfAnOddMapComeInPairs) {
  const Matrix W = random_matrix(25, 25, 2.5 / 5, 7);
  const AnalyticMap map = tanh_map(Matrix::Identity(25, 25), W.transpose(), Vector::Zero(25));
  const Matrix half = random_matrix(25, 30, 0.5, 8);
  Matrix starts(25, 60);
  starts << half, -half;
  const FixedPoints points = find_fixed_points(map, starts);
  for (Index p = 0; p < points.states.cols(); ++p) {
    EXPECT_LE(distance_to(points, -points.states.col(p)), 1e-8);
  }
}

TEST(FixedPoints, HandOverToSlowPointsWhereThereIsNoRoot) {
  const AnalyticMap map = scalar_map([](double x) { return x + x * x + 0.01; },
                                     [](double x) { return 1 + 2 * x; }, [](double) { return 2; });
  const Matrix starts = (Matrix(1, 3) << -1, 0.5, 2).finished();
  const FixedPoints without = find_fixed_points(map, starts);
  EXPECT_EQ(without.states.cols(), 0);
  EXPECT_EQ(without.slow.states.cols(), 0);
  const FixedPoints points = find_fixed_points(map, starts, {.dt = 0.1, .slow_points = true});
  expect_consistent(map, points, 3);
  ASSERT_EQ(points.slow.states.cols(), 1);
  EXPECT_NEAR(points.slow.states(0, 0), 0, 1e-9);
  EXPECT_EQ(points.status, std::vector<SearchStatus>(3, SearchStatus::slow_point));
  EXPECT_EQ(points.slow.starts[0], (std::vector<Index>{0, 1, 2}));
  EXPECT_NEAR(points.slow.speeds(0), 1e-4 / (2 * 0.01), 1e-15);
}

TEST(FixedPoints, ReportProgressAndStopWhenAsked) {
  std::vector<double> seen;
  const FixedPoints all =
      find_fixed_points(henon_map(), random_matrix(2, 20, 1.0, 1), {.progress = [&](double done) {
                          seen.push_back(done);
                          return true;
                        }});
  ASSERT_EQ(seen.size(), 20u);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_EQ(seen.back(), 1.0);

  const FixedPoints some = find_fixed_points(henon_map(), random_matrix(2, 100, 1.0, 1),
                                             {.progress = [](double done) { return done < 0.3; }});
  const auto cancelled =
      std::count(some.status.begin(), some.status.end(), SearchStatus::cancelled);
  EXPECT_GT(cancelled, 0);
  EXPECT_EQ(std::accumulate(some.multiplicity.begin(), some.multiplicity.end(), Index{0}),
            100 - cancelled);
}

TEST(FixedPoints, OfABadStartAreReportedForThatStartAlone) {
  Matrix starts = random_matrix(2, 3, 1.0, 1);
  starts(0, 1) = std::numeric_limits<double>::quiet_NaN();
  const FixedPoints points = find_fixed_points(henon_map(), starts, {.slow_points = true});
  EXPECT_EQ(points.status[1], SearchStatus::not_finite);
  EXPECT_TRUE(is_fixed_point(points.status[0]) && is_fixed_point(points.status[2]));
}

TEST(FixedPoints, OfNoStartsAreNone) {
  const FixedPoints points = find_fixed_points(henon_map(), Matrix(2, 0));
  EXPECT_EQ(points.states.rows(), 2);
  EXPECT_EQ(points.states.cols(), 0);
}

TEST(FixedPoints, RejectBadArguments) {
  const AnalyticMap map = henon_map();
  const Matrix starts = Matrix::Zero(2, 1);
  EXPECT_THROW(find_fixed_points(map, Matrix::Zero(3, 1)), std::invalid_argument);
  EXPECT_THROW(find_fixed_points(map, starts, {.tolerance = 0}), std::invalid_argument);
  EXPECT_THROW(find_fixed_points(map, starts, {.dt = 0}), std::invalid_argument);
  EXPECT_THROW(find_fixed_points(map, starts, {.max_iterations = 0}), std::invalid_argument);
  EXPECT_THROW(find_fixed_points(map, starts, {.stall_iterations = 0}), std::invalid_argument);
  EXPECT_THROW(find_fixed_points(map, starts, {.escape_radius = -1}), std::invalid_argument);
  EXPECT_THROW(find_fixed_points(map, starts, {.merge_distance = -1}), std::invalid_argument);
  EXPECT_THROW(find_fixed_points(map, starts, {.descent = {.step_tolerance = 0}}),
               std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
