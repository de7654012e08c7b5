// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/topology.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "nullcline/core/stepper.hpp"
#include "nullcline/geometry/geodesics/grid_distances.hpp"
#include "nullcline/geometry/manifolds/surfaces.hpp"
#include "tests/geometry/rate_flow.hpp"

namespace nullcline::geometry {
namespace {

constexpr double pi = std::numbers::pi;
using testing::random_matrix;

/// x = (sin 2a, sin a): a figure of eight, immersed but not injective: a = 0 and pi meet.
const FunctionManifold eight({{0, 2 * pi, true}}, 2,
                             [](In<Vector> k, int order, Out<Vector> x, Out<Matrix> a,
                                Out<Matrix> b) {
                               x << std::sin(2 * k(0)), std::sin(k(0));
                               if (order > 0) a << 2 * std::cos(2 * k(0)), std::cos(k(0));
                               if (order > 1) b << -4 * std::sin(2 * k(0)), -std::sin(k(0));
                             });

TEST(Immersion, FindsTheFlattestPoint) {
  // Of the ring torus, sigma are R + r cos v and r: the ratio is least at v = 0.
  const FunctionManifold ring = ring_torus(2, 0.5);
  const Grid grid = make_grid(ring.domain(), {6, 8});
  const Immersion found = immersion(ring.jets(grid.points(), 1).tangents, 2);
  EXPECT_NEAR(found.smallest, 0.5 / 2.5, 1e-14);
  EXPECT_EQ(grid.position(found.where)[1], 0);
  EXPECT_TRUE(found.immersed());
  Matrix broken = ring.jets(grid.points(), 1).tangents;
  broken.col(7) = 2 * broken.col(6);
  broken(0, 11) = std::nan("");
  const Immersion worse = immersion(broken, 2);
  EXPECT_EQ(worse.where, 3);
  EXPECT_EQ(worse.degenerate, 1);
  EXPECT_EQ(worse.not_finite, 1);
  EXPECT_FALSE(worse.immersed());
}

TEST(Injectivity, OfACircleIsTheChordOfItsDiameterAndOfAnEightZero) {
  const FunctionManifold circle(
      {{0, 2 * pi, true}}, 2,
      [](In<Vector> k, int order, Out<Vector> x, Out<Matrix> a, Out<Matrix> b) {
        x << std::cos(k(0)), std::sin(k(0));
        if (order > 0) a << -std::sin(k(0)), std::cos(k(0));
        if (order > 1) b << -std::cos(k(0)), -std::sin(k(0));
      });
  const Grid grid = make_grid(circle.domain(), {40});
  const auto of = [&](const ImmersedManifold& manifold) {
    const Matrix distances = grid_distances(manifold, grid, {.reach = 1}).lengths;
    return injectivity(manifold.jets(grid.points(), 0).points, distances, 0.5);
  };
  const Injectivity round = of(circle);
  EXPECT_NEAR(round.smallest, 2 / pi, 1e-5);  // edges are right to (2 pi / 40)^4 / 1920
  EXPECT_NEAR(round.distance, pi, 1e-5);
  const Injectivity crossed = of(eight);
  EXPECT_LT(crossed.smallest, 1e-15);
  EXPECT_EQ(crossed.first, 0);
  EXPECT_EQ(crossed.second, 20);
  EXPECT_TRUE(immersion(eight.jets(grid.points(), 1).tangents, 1).immersed());
  EXPECT_EQ(injectivity(Matrix::Ones(2, 3), Matrix::Zero(3, 3), 1).first, -1);
  EXPECT_THROW(injectivity(Matrix::Ones(2, 3), Matrix::Zero(2, 2), 1), std::invalid_argument);
}

/// Two angles, one after the other, then nothing. K points, T = 40 steps.
ManifoldInputs two_angles(In<Matrix> kappa) {
  const Index K = kappa.cols(), T = 40;
  ManifoldInputs inputs{K, 2, Matrix::Zero(2, T * K), Matrix::Zero(2, T * K * 2)};
  for (Index t = 0; t < 20; ++t) {
    for (Index k = 0; k < K; ++k) {
      const Index which = t < 10 ? 0 : 1;
      const double angle = kappa(which, k);
      inputs.inputs.col(t * K + k) << std::cos(angle), std::sin(angle);
      inputs.tangents.col((t * K + k) * 2 + which) << -std::sin(angle), std::cos(angle);
    }
  }
  return inputs;
}

TEST(RankHistory, IsConstantAfterTheLastInput) {
  const testing::RateFlow flow(random_matrix(10, 10, 1) / 3, random_matrix(10, 2, 2));
  const SteppedFlow F(flow, 0.1, Method::heun);
  const ManifoldInputs inputs = two_angles(3 * random_matrix(2, 5, 3));
  const RankHistory found =
      rank_history(sensitivities(F, inputs, {.steps = {0, 5, 10, 15, 20, 30, 40}}), inputs);
  EXPECT_EQ(found.last_input, 19);
  EXPECT_EQ(found.changes, 0);
  for (Index k = 0; k < 5; ++k) {
    EXPECT_EQ(found.ranks(k, 0), 0);
    EXPECT_EQ(found.ranks(k, 1), 1);
    EXPECT_EQ(found.ranks(k, 2), 1);
    for (Index s = 3; s < 7; ++s) EXPECT_EQ(found.ranks(k, s), 2);
    EXPECT_GT(found.conditions(k, 6), 1e-3);
  }
}

TEST(RankHistory, CountsWhereAMapThatIsNotInvertibleLosesIt) {
  // Euler steps of x' = -x of length 1 forget everything at once.
  const testing::RateFlow flow(Matrix::Zero(4, 4), random_matrix(4, 2, 2));
  const SteppedFlow F(flow, 1.0, Method::euler);
  const ManifoldInputs inputs = two_angles(random_matrix(2, 3, 3));
  const RankHistory found = rank_history(sensitivities(F, inputs, {.steps = {20, 21}}), inputs);
  EXPECT_EQ(found.ranks(0, 0), 1);
  EXPECT_EQ(found.ranks(0, 1), 0);
  EXPECT_EQ(found.changes, 3);
  EXPECT_THROW(
      rank_history(sensitivities(F, inputs, {.steps = {20}}), two_angles(Matrix::Ones(2, 2))),
      std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::geometry
