// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/curvature.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/stepper.hpp"
#include "nullcline/geometry/pullback_metric.hpp"
#include "tests/geometry/rate_flow.hpp"
#include "tests/geometry/wave.hpp"

namespace nullcline::geometry {
namespace {

using testing::random_matrix;
using testing::RateFlow;

/// Tangents (2) and second derivatives (11, 12, 22) of a surface in R^3 at (u, v).
struct Surface {
  Matrix tangents = Matrix(3, 2), second = Matrix(3, 3);
};

Surface torus(double R, double r, double u, double v) {
  const double cu = std::cos(u), su = std::sin(u), cv = std::cos(v), sv = std::sin(v);
  const double ring = R + r * cv;
  Surface s;
  s.tangents << -ring * su, -r * sv * cu, ring * cu, -r * sv * su, 0, r * cv;
  s.second << -ring * cu, r * sv * su, -r * cv * cu,  //
      -ring * su, -r * sv * cu, -r * cv * su,         //
      0, 0, -r * sv;
  return s;
}

/// z = f(u, v) with the derivatives of f.
Surface graph(double fu, double fv, double fuu, double fuv, double fvv) {
  Surface s;
  s.tangents << 1, 0, 0, 1, fu, fv;
  s.second << 0, 0, 0, 0, 0, 0, fuu, fuv, fvv;
  return s;
}

TEST(Curvature, OfATorusHasAClosedForm) {
  const double R = 1.5, r = 0.5;
  for (int k = 0; k < 12; ++k) {
    const double u = 0.7 * k, v = 0.52 * k;
    const Surface s = torus(R, r, u, v);
    const Curvature found = curvature(s.tangents, s.second, 2);
    const double ring = R + r * std::cos(v), expected = std::cos(v) / (r * ring);
    EXPECT_NEAR(found.gaussian(0), expected, 1e-13);
    EXPECT_NEAR(found.scalar(0), 2 * expected, 1e-13);
    EXPECT_NEAR(found.sectional(0, 0), expected, 1e-13);
    // The mean of the principal curvatures 1 / r and cos v / (R + r cos v).
    EXPECT_NEAR(found.mean_curvature.norm(), std::abs(1 / r + std::cos(v) / ring) / 2, 1e-13);
    // Brioschi: E = (R + r cos v)^2, F = 0, G = r^2.
    const double E_v = -2 * r * std::sin(v) * ring;
    const double E_vv = 2 * r * r * std::sin(v) * std::sin(v) - 2 * r * std::cos(v) * ring;
    EXPECT_NEAR(brioschi_curvature({.E = ring * ring,
                                    .F = 0,
                                    .G = r * r,
                                    .E_u = 0,
                                    .E_v = E_v,
                                    .F_u = 0,
                                    .F_v = 0,
                                    .G_u = 0,
                                    .G_v = 0,
                                    .E_vv = E_vv,
                                    .F_uv = 0,
                                    .G_uu = 0}),
                expected, 1e-12);
  }
}

TEST(Curvature, OfAGraphDoesNotNeedOrthogonalCoordinates) {
  // z = sin x cos y: K = (f_xx f_yy - f_xy^2) / (1 + f_x^2 + f_y^2)^2.
  for (int k = 1; k < 8; ++k) {
    const double x = 0.4 * k, y = 1.1 * k;
    const double sx = std::sin(x), cx = std::cos(x), sy = std::sin(y), cy = std::cos(y);
    const Surface s = graph(cx * cy, -sx * sy, -sx * cy, -cx * sy, -sx * cy);
    const double slope = 1 + cx * cx * cy * cy + sx * sx * sy * sy;
    const double expected = (sx * sx * cy * cy - cx * cx * sy * sy) / (slope * slope);
    EXPECT_NEAR(curvature(s.tangents, s.second, 2).gaussian(0), expected, 1e-14);
    EXPECT_NEAR(brioschi_curvature(testing::wave_metric(x, y)), expected, 1e-13);
  }
}

TEST(Curvature, OfAThreeSphereIsThatOfARoundSpace) {
  // x = r (cos a, sin a cos b, sin a sin b cos c, sin a sin b sin c): sectional 1 / r^2, Ricci
  // (m - 1) / r^2 G, scalar m (m - 1) / r^2, mean curvature 1 / r.
  const double r = 2.5, a = 0.9, b = 1.3, c = 0.4;
  const double ca = std::cos(a), sa = std::sin(a), cb = std::cos(b), sb = std::sin(b),
               cc = std::cos(c), sc = std::sin(c);
  Matrix A(4, 3), B(4, 6);
  A << -sa, 0, 0, ca * cb, -sa * sb, 0, ca * sb * cc, sa * cb * cc, -sa * sb * sc, ca * sb * sc,
      sa * cb * sc, sa * sb * cc;
  B << -ca, 0, 0, 0, 0, 0,                                                                      //
      -sa * cb, -ca * sb, 0, -sa * cb, 0, 0,                                                    //
      -sa * sb * cc, ca * cb * cc, -ca * sb * sc, -sa * sb * cc, -sa * cb * sc, -sa * sb * cc,  //
      -sa * sb * sc, ca * cb * sc, ca * sb * cc, -sa * sb * sc, sa * cb * cc, -sa * sb * sc;
  A *= r;
  B *= r;
  const Curvature found = curvature(A, B, 3);
  EXPECT_LT((found.sectional.array() - 1 / (r * r)).abs().maxCoeff(), 1e-13);
  EXPECT_NEAR(found.scalar(0), 6 / (r * r), 1e-13);
  const Matrix G = A.transpose() * A;
  EXPECT_LT((found.ricci.col(0).reshaped(3, 3) - 2 / (r * r) * G).norm(), 1e-12);
  EXPECT_NEAR(found.mean_curvature.norm(), 1 / r, 1e-13);
  EXPECT_EQ(found.gaussian.size(), 0);
}

TEST(Curvature, OfThePseudosphereIsThatOfTheHyperbolicPlane) {
  // (sech u cos v, sech u sin v, u - tanh u): K = -1.
  for (const double u : {0.3, 1.0, 2.5}) {
    const double v = 0.8, s = 1 / std::cosh(u), t = std::tanh(u);
    const double ds = -s * t, dds = s * t * t - s * s * s;
    const double cv = std::cos(v), sv = std::sin(v);
    Matrix A(3, 2), B(3, 3);
    A << ds * cv, -s * sv, ds * sv, s * cv, t * t, 0;
    B << dds * cv, -ds * sv, -s * cv, dds * sv, ds * cv, -s * sv, 2 * t * s * s, 0, 0;
    EXPECT_NEAR(curvature(A, B, 2).gaussian(0), -1, 1e-12);
  }
}

TEST(Curvature, IsTheSameInOtherCoordinatesAndRotatedStates) {
  const Matrix A = random_matrix(10, 2, 1), B = random_matrix(10, 3, 2);
  const double K = curvature(A, B, 2).gaussian(0);
  const Matrix Q = orthonormal_basis(random_matrix(10, 10, 3));
  EXPECT_NEAR(curvature(Q * A, Q * B, 2).gaussian(0), K, 1e-12 * std::abs(K));
  // kappa = L k': a' = A L, b'_ij = L_pi L_qj b_pq.
  const Matrix L{{2, 1}, {-0.5, 1.5}};
  Matrix C(10, 3);
  const auto b = [&](Index p, Index q) { return B.col(p + q); };
  for (Index pair = 0; pair < 3; ++pair) {
    const Index i = pair == 2 ? 1 : 0, j = pair == 0 ? 0 : 1;
    C.col(pair).setZero();
    for (Index p = 0; p < 2; ++p) {
      for (Index q = 0; q < 2; ++q) C.col(pair) += L(p, i) * L(q, j) * b(p, q);
    }
  }
  EXPECT_NEAR(curvature(A * L, C, 2).gaussian(0), K, 1e-12 * std::abs(K));
}

TEST(Curvature, IntegratesToZeroOverTheTorusOfANetwork) {
  // Gauss-Bonnet: two angles shown one after the other leave the states on a torus.
  const Index side = 48, T = 20, n = 10;
  const double step = 2 * std::numbers::pi / static_cast<double>(side);
  const Index K = side * side;
  ManifoldInputs inputs{K, 2, Matrix::Zero(2, T * K), Matrix::Zero(2, T * K * 2),
                        Matrix::Zero(2, T * K * 3)};
  for (Index t = 0; t < T; ++t) {
    for (Index k = 0; k < K; ++k) {
      const Index which = t < 8 ? 0 : 1;
      if (t >= 16) continue;
      const double angle = step * static_cast<double>(which == 0 ? k / side : k % side);
      const Index c = t * K + k;
      inputs.inputs.col(c) << std::cos(angle), std::sin(angle);
      inputs.tangents.col(2 * c + which) << -std::sin(angle), std::cos(angle);
      inputs.second.col(3 * c + 2 * which) << -std::cos(angle), -std::sin(angle);
    }
  }
  const RateFlow flow(random_matrix(n, n, 4) / 4, random_matrix(n, 2, 5));
  const SteppedFlow F(flow, 0.1, Method::heun);
  const Sensitivities found = sensitivities(F, inputs, {.second = true, .steps = {T}});
  const Vector gaussian = curvature(found.tangents, found.second, 2).gaussian;
  const Vector area = pullback_metric(found.tangents, 2).volume;
  const double total = gaussian.dot(area) * step * step;
  const double absolute = gaussian.cwiseAbs().dot(area) * step * step;
  EXPECT_GT(absolute, 0.1);  // it is curved
  // The trapezoid rule of a periodic analytic function: what is left falls exponentially.
  EXPECT_LT(std::abs(total), 1e-4 * absolute);
}

TEST(Curvature, OfWhatIsNotImmersedIsNotANumber) {
  Matrix A = random_matrix(5, 6, 6), B = random_matrix(5, 9, 7);
  A.col(3) = 2 * A.col(2);
  A(0, 4) = std::nan("");
  const Curvature found = curvature(A, B, 2);
  EXPECT_TRUE(std::isfinite(found.gaussian(0)));
  EXPECT_TRUE(std::isnan(found.gaussian(1)));
  EXPECT_TRUE(std::isnan(found.mean_curvature(0, 2)));
  EXPECT_EQ(curvature(random_matrix(5, 1, 8), random_matrix(5, 1, 9), 1).scalar(0), 0);
  EXPECT_THROW(curvature(A, B, 3), std::invalid_argument);
  EXPECT_THROW(curvature(A, B.leftCols(8), 2), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::geometry
