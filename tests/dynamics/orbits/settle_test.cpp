// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/orbits/settle.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/latent_bits.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

TEST(Settle, LeadsToTheSignsOfTheLatentBits) {
  const LatentBits bits(15, 3, 1.5);
  const Matrix starts = random_matrix(15, 300, 1.0, 5);
  const Settled settled = settle(bits.map, starts, bits.landmarks);
  for (Index b = 0; b < 300; ++b) {
    const auto i = static_cast<std::size_t>(b);
    ASSERT_EQ(settled.ends[i], OrbitEnd::fixed_point);
    const auto& label = bits.ideal.nodes[static_cast<std::size_t>(settled.landmark[i])].label;
    const Vector latent = bits.Q.transpose() * starts.col(b);
    for (Index k = 0; k < 3; ++k) {
      EXPECT_EQ(label[static_cast<std::size_t>(k)], latent(k) > 0 ? 1 : -1);
    }
    EXPECT_LE((settled.states.col(b) - bits.landmarks.points.col(settled.landmark[i])).norm(),
              0.03);
  }
}

TEST(Settle, FindsTheSameEndsAsIteratingToThePoint) {
  // The capture against its slow twin, which never captures early.
  const LatentBits bits(8, 2, 1.2);
  const Matrix starts = random_matrix(8, 100, 0.5, 6);
  const Settled quick = settle(bits.map, starts, bits.landmarks);
  const Settled slow = settle(bits.map, starts, bits.landmarks, {.capture_distance = 1e-300});
  EXPECT_EQ(quick.landmark, slow.landmark);
  for (std::size_t b = 0; b < 100; ++b) EXPECT_LT(quick.steps[b], slow.steps[b]);
}

TEST(Settle, IsCapturedWhereANonNormalMapContractsInItsOwnMetric) {
  // |J| = 30 but both eigenvalues are 1/2: distances grow before they shrink.
  const Matrix J = (Matrix(2, 2) << 0.5, 30, 0, 0.5).finished();
  const AnalyticMap map = linear_map(J, Vector::Zero(2));
  const Settled settled =
      settle(map, (Matrix(2, 1) << 0, 1e-3).finished(), landmarks_at(map, Matrix::Zero(2, 1)));
  EXPECT_EQ(settled.ends[0], OrbitEnd::fixed_point);
  EXPECT_EQ(settled.steps[0], 1);
}

TEST(Settle, IsNotCapturedByAStablePointWhoseBasinEndsNearby) {
  // x -> x - x (x - h)(1 - x) / 2 has sinks at 0 and, for the sign of (x - h), an unstable point at
  // h = 1e-3, well within the capture distance: beyond it orbits go to 1.
  const double h = 1e-3;
  const auto f = [=](double x) { return x + 0.5 * x * (x - h) * (1 - x); };
  const auto df = [=](double x) {
    return 1 + 0.5 * ((x - h) * (1 - x) + x * (1 - x) - x * (x - h));
  };
  const AnalyticMap map = scalar_map(f, df, [](double) { return 0; });
  const Matrix starts = (Matrix(1, 4) << 0.5 * h, 0.99 * h, 1.01 * h, 2 * h).finished();
  for (const bool saddle_given : {true, false}) {
    const Matrix points = saddle_given ? Matrix((Matrix(1, 3) << 0, 1, h).finished())
                                       : Matrix((Matrix(1, 2) << 0, 1).finished());
    const Settled settled = settle(map, starts, landmarks_at(map, points), {.max_steps = 200000});
    EXPECT_EQ(settled.landmark, (std::vector<Index>{0, 0, 1, 1}));
  }
}

TEST(Settle, AtASaddleWhenItStartsThere) {
  const LatentBits bits(5, 2, 2);
  const Settled settled = settle(bits.map, bits.landmarks.points, bits.landmarks);
  EXPECT_EQ(settled.landmark, (std::vector<Index>{0, 1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST(Settle, NumbersNewPointsAndCyclesAfterThoseGiven) {
  // x -> tanh(-2 x): the 2-cycle of +-b; y -> tanh(2 y): the points +-b.
  const Matrix I = Matrix::Identity(2, 2);
  const AnalyticMap map =
      tanh_map(I, (Vector(2) << -2, 2).finished().asDiagonal(), Vector::Zero(2));
  const double b = stored_bit(2);
  Matrix starts(2, 5);
  starts << 0.3, 0, -0.2, 0, 0.1, 0.5, 0.4, 0.1, -0.3, -0.2;
  const Settled settled = settle(map, starts, landmarks_at(map, Matrix::Zero(2, 1)));
  using enum OrbitEnd;
  EXPECT_EQ(settled.ends,
            (std::vector{new_cycle, new_fixed_point, new_cycle, new_fixed_point, new_cycle}));
  EXPECT_EQ(settled.landmark, (std::vector<Index>{3, 1, 3, 2, 4}));
  ASSERT_EQ(settled.new_points.cols(), 2);
  EXPECT_NEAR(settled.new_points(1, 0), b, 1e-11);
  EXPECT_NEAR(settled.new_points(1, 1), -b, 1e-11);
  ASSERT_EQ(settled.new_cycles.size(), 2u);
  EXPECT_EQ(settled.new_cycles[0].cols(), 2);
  EXPECT_NEAR(settled.new_cycles[1].cwiseAbs().minCoeff(), b, 1e-11);
  EXPECT_NEAR(settled.new_cycles[1](1, 0), -b, 1e-11);
}

TEST(Settle, EndsAtItsOwnPlaceOnALineOfFixedPoints) {
  const AnalyticMap map =
      linear_map((Vector(2) << 0.5, 1).finished().asDiagonal(), Vector::Zero(2));
  const Settled settled =
      settle(map, (Matrix(2, 2) << 1, 1, 0, 2).finished(), landmarks_at(map, Matrix::Zero(2, 1)));
  EXPECT_EQ(settled.landmark, (std::vector<Index>{0, 1}));
  EXPECT_NEAR(settled.new_points(1, 0), 2, 1e-15);
}

TEST(Settle, SaysHowOtherwiseItEnded) {
  const AnalyticMap map =
      scalar_map([](double x) { return x < 0   ? std::nan("")
                                       : x > 1 ? 2 * x
                                               : 4 * x * (1 - x); },
                 [](double) { return 1; }, [](double) { return 0; });
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Matrix starts = (Matrix(1, 4) << 0.3, 1.5, -1, nan).finished();
  const Settled settled = settle(map, starts, {Matrix(1, 0), {}, {}}, {.max_steps = 1000});
  using enum OrbitEnd;
  EXPECT_EQ(settled.ends, (std::vector{undecided, escaped, not_finite, not_finite}));
  EXPECT_EQ(settled.landmark, (std::vector<Index>{-1, -1, -1, -1}));
  EXPECT_EQ(settled.steps[0], 1000);
}

TEST(Settle, IsTheSameBitsForAnyNumberOfThreadsAndForEachStartAlone) {
  const LatentBits bits(10, 2, 1.3);
  const Matrix starts = random_matrix(10, 400, 1.0, 7);
  const Settled one = settle(bits.map, starts, bits.landmarks);
  const Settled two = settle(bits.map, starts, bits.landmarks, {.threads = {2}});
  EXPECT_EQ(one.states, two.states);
  EXPECT_EQ(one.landmark, two.landmark);
  EXPECT_EQ(one.steps, two.steps);
  for (const Index b : {0, 77, 399}) {
    const Settled alone = settle(bits.map, starts.col(b), bits.landmarks);
    EXPECT_EQ(alone.landmark[0], one.landmark[static_cast<std::size_t>(b)]);
    EXPECT_EQ(alone.steps[0], one.steps[static_cast<std::size_t>(b)]);
  }
}

TEST(Settle, ReportsProgressAndStopsWhenAsked) {
  const LatentBits bits(10, 2, 1.3);
  const Matrix starts = random_matrix(10, 400, 1.0, 7);
  std::vector<double> seen;
  SettleOptions options;
  options.progress = [&](double done) {
    seen.push_back(done);
    return true;
  };
  settle(bits.map, starts, bits.landmarks, options);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_EQ(seen.back(), 1.0);
  options.progress = [](double done) { return done < 0.2; };
  const Settled some = settle(bits.map, starts, bits.landmarks, options);
  EXPECT_GT(std::count(some.ends.begin(), some.ends.end(), OrbitEnd::cancelled), 100);
  EXPECT_GE(std::count(some.ends.begin(), some.ends.end(), OrbitEnd::fixed_point), 80);
}

TEST(Settle, RejectsBadArguments) {
  const AnalyticMap map = henon_map();
  const Landmarks none{Matrix(2, 0), {}, {}};
  const Matrix starts = Matrix::Zero(2, 1);
  EXPECT_EQ(settle(map, Matrix(2, 0), none).states.cols(), 0);
  EXPECT_THROW(settle(map, Matrix::Zero(3, 1), none), std::invalid_argument);
  EXPECT_THROW(settle(map, starts, {Matrix::Zero(2, 1), {}, {}}), std::invalid_argument);
  EXPECT_THROW(settle(map, starts, {Matrix(2, 0), {}, {{Matrix(2, 0)}}}), std::invalid_argument);
  EXPECT_THROW(settle(map, starts, none, {.max_steps = 0}), std::invalid_argument);
  EXPECT_THROW(settle(map, starts, none, {.capture_distance = 0}), std::invalid_argument);
  EXPECT_THROW(settle(map, starts, none, {.tolerance = 0}), std::invalid_argument);
  EXPECT_THROW(settle(map, starts, none, {.escape_radius = -1}), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
