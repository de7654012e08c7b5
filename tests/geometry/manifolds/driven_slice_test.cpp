// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/manifolds/driven_slice.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "nullcline/core/stepper.hpp"
#include "nullcline/geometry/geodesics/geodesic.hpp"
#include "nullcline/geometry/geodesics/rays.hpp"
#include "nullcline/geometry/manifolds/grid_interpolant.hpp"
#include "tests/geometry/rate_flow.hpp"

namespace nullcline::geometry {
namespace {

constexpr double pi = std::numbers::pi;
using testing::random_matrix;
using testing::RateFlow;

/// Two angles shown one after the other, six steps each.
InputFunctions two_angles() {
  return {{{0, 2 * pi, true}, {0, 2 * pi, true}}, [](In<Matrix> kappa, int order) {
            const Index K = kappa.cols(), T = 14;
            ManifoldInputs inputs{K, 2, Matrix::Zero(2, T * K), Matrix::Zero(2, T * K * 2),
                                  Matrix::Zero(2, order >= 2 ? T * K * 3 : 0)};
            for (Index t = 0; t < 12; ++t) {
              for (Index k = 0; k < K; ++k) {
                const Index which = t < 6 ? 0 : 1, c = t * K + k;
                const double angle = kappa(which, k), cos = std::cos(angle), sin = std::sin(angle);
                inputs.inputs.col(c) << cos, sin;
                inputs.tangents.col(2 * c + which) << -sin, cos;
                if (order >= 2) inputs.second.col(3 * c + 2 * which) << -cos, -sin;
              }
            }
            return inputs;
          }};
}

const RateFlow flow(random_matrix(8, 8, 4) / 3, random_matrix(8, 2, 5));
const SteppedFlow F(flow, 0.15, Method::heun);
const DrivenSlice slice(F, two_angles(), {.step = 14});

TEST(DrivenSlice, HasTheDerivativesOfItsStates) {
  const double h = 1e-5;
  const Matrix at{{0.7, 3.0}, {5.0, 1.2}};
  const Jets jets = slice.jets(at, 2);
  for (Index i = 0; i < 2; ++i) {
    Matrix up = at, down = at;
    up.row(i).array() += h;
    down.row(i).array() -= h;
    const Jets above = slice.jets(up, 1), below = slice.jets(down, 1);
    for (Index k = 0; k < 2; ++k) {
      const Vector a = (above.points.col(k) - below.points.col(k)) / (2 * h);
      EXPECT_LT((jets.tangents.col(2 * k + i) - a).norm(), 1e-9);
      const Vector b = (above.tangents.col(2 * k + 1) - below.tangents.col(2 * k + 1)) / (2 * h);
      EXPECT_LT((jets.second.col(3 * k + 1 + i) - b).norm(), 1e-9);
    }
  }
}

TEST(DrivenSlice, HasGeodesicsThatKeepTheirSpeedAndEndWhereTheyShould) {
  const Vector p{{0.3, 1.0}}, q{{2.0, 2.2}};
  const GeodesicSearch found = geodesics_between(slice, p, q, {.tolerance = 1e-7, .windings = 0});
  ASSERT_EQ(found.shortest, 0);
  const Rays ray = geodesic_rays(slice, p, found.best().start_velocity, {.tolerance = 1e-9});
  EXPECT_LT(ray.error(0), 1e-7);
  EXPECT_LT((ray.end(0) - q).norm(), 1e-5);
  const Matrix A = slice.jets(p, 1).tangents;
  EXPECT_NEAR((A * found.best().start_velocity).norm(), found.best().length, 1e-6);
}

TEST(DrivenSlice, AndItsInterpolantAgree) {
  // Exponential convergence: of twice the frequencies the error is about that of half, squared.
  const GridInterpolant coarse = interpolate(slice, {14, 14}), table = interpolate(slice, {28, 28});
  const Matrix kappa = 3 * random_matrix(2, 10, 6), x = slice.jets(kappa, 0).points;
  const double half = (coarse.jets(kappa, 0).points - x).norm() / x.norm();
  const double error = (table.jets(kappa, 0).points - x).norm() / x.norm();
  EXPECT_LT(error, 10 * half * half);
  EXPECT_LT(error, 10 * table.tail());
  const Vector p{{0.3, 1.0}}, q{{2.0, 2.2}};
  const GeodesicOptions options{.tolerance = 1e-6, .windings = 0};
  EXPECT_NEAR(geodesics_between(table, p, q, options).best().length,
              geodesics_between(slice, p, q, options).best().length, 1e-5);
}

TEST(DrivenSlice, RefusesInputsOfOtherPoints) {
  EXPECT_THROW(DrivenSlice(F, two_angles(), {.step = 0}), std::invalid_argument);
  const DrivenSlice wrong(F, {{{0, 1}, {0, 1}, {0, 1}}, two_angles().at}, {.step = 1});
  EXPECT_THROW(wrong.jets(Matrix::Zero(3, 3), 1), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::geometry
