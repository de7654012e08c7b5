// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/branches/continuation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/stepper.hpp"
#include "nullcline/dynamics/points/speed.hpp"
#include "tests/dynamics/analytic_families.hpp"
#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/random_matrix.hpp"
#include "tests/dynamics/test_flows.hpp"

namespace nullcline::dynamics {
namespace {

const double nan = std::numeric_limits<double>::quiet_NaN();

ContinuationOptions between(double low, double high) {
  ContinuationOptions options;
  options.min_parameter = low;
  options.max_parameter = high;
  return options;
}

double largest_residual(const MapFamily& family, const Branch& branch) {
  double largest = 0;
  Vector image(family.dim());
  for (Index j = 0; j < branch.states.cols(); ++j) {
    family.step(branch.states.col(j), branch.parameters(j), image);
    largest = std::max(largest, (image - branch.states.col(j)).norm());
  }
  return largest;
}

/// Every special point lies between its two neighbors on the branch.
void expect_in_order(const Branch& branch) {
  for (const SpecialPoint& special : branch.special) {
    ASSERT_GE(special.index, 0);
    ASSERT_LT(special.index + 1, branch.states.cols());
    EXPECT_GE(special.arclength, branch.arclength(special.index) - 1e-9);
    EXPECT_LE(special.arclength, branch.arclength(special.index + 1) + 1e-3);
  }
}

TEST(Continuation, FollowsAStraightBranchExactly) {
  // x = A x + p b: x = p (I - A)^-1 b.
  const Matrix A = random_matrix(4, 4, 0.2, 1);
  const Vector b = random_matrix(4, 1, 1, 2);
  const AnalyticFamily family(
      4, [&](const Vector& x, double p) -> Vector { return A * x + p * b; },
      [&](const Vector&, double) { return A; }, [&](const Vector&, double) { return b; });
  const Vector direction = *solve(Matrix::Identity(4, 4) - A, b);
  const Branch branch = continue_point(family, 0.5 * direction, 0.5, between(-1, 2));
  EXPECT_EQ(branch.first_end, BranchEnd::parameter_bound);
  EXPECT_EQ(branch.last_end, BranchEnd::parameter_bound);
  EXPECT_TRUE(branch.special.empty());
  const Index last = branch.states.cols() - 1;
  EXPECT_EQ(branch.parameters(0), -1);
  EXPECT_EQ(branch.parameters(last), 2);
  EXPECT_EQ(branch.parameters(branch.start), 0.5);
  EXPECT_LE((branch.states - direction * branch.parameters.transpose()).norm(), 1e-11);
  EXPECT_NEAR(branch.arclength(last) - branch.arclength(0),
              3 * std::sqrt(1 + direction.squaredNorm()), 1e-10);
  for (Index j = 0; j <= last; ++j) {
    EXPECT_LE((branch.eigenvalues.col(j) - eigenvalues(A)).norm(), 1e-12);
  }
}

TEST(Continuation, FindsTheFoldOfTheNormalForm) {
  const auto family =
      scalar_family([](double x, double p) { return p + x * x; },
                    [](double x, double) { return 2 * x; }, [](double, double) { return 1.0; });
  const Branch branch = continue_point(family, vector_of({-0.7}), -0.5, between(-2, 2));
  ASSERT_EQ(branch.special.size(), 2u);
  const SpecialPoint& doubling = branch.special[branch.special[0].kind == SpecialKind::fold];
  EXPECT_EQ(doubling.kind, SpecialKind::period_doubling);  // 1 + 2 x = -1
  EXPECT_NEAR(doubling.state(0), -1, 1e-11);
  EXPECT_NEAR(doubling.parameter, -1, 1e-11);
  const SpecialPoint& fold = branch.special[branch.special[0].kind != SpecialKind::fold];
  EXPECT_NEAR(fold.parameter, 0, 1e-12);  // the tolerance of the corrector
  EXPECT_NEAR(fold.state(0), 0, 1e-10);
  EXPECT_NEAR(fold.curvature, -2, 1e-7);  // p = -x^2, s = x there
  EXPECT_NEAR(fold.eigenvalue.real(), 1, 1e-9);
  EXPECT_EQ(branch.parameters(0), -2);
  EXPECT_EQ(branch.parameters(branch.parameters.size() - 1), -2);
  EXPECT_LE(largest_residual(family, branch), 1e-12);
  expect_in_order(branch);
  for (Index j = 0; j < branch.states.cols(); ++j) {
    EXPECT_EQ(branch.unstable[static_cast<std::size_t>(j)],
              std::abs(1 + 2 * branch.states(0, j)) > 1 ? 1 : 0);
  }
}

TEST(Continuation, LocatesAPitchforkAndItsSecondTangent) {
  const Branch branch = continue_point(pitchfork_family(), vector_of({0}), -1, between(-1, 1));
  ASSERT_EQ(branch.special.size(), 1u);
  const SpecialPoint& point = branch.special[0];
  EXPECT_EQ(point.kind, SpecialKind::branch_point);
  EXPECT_EQ(point.crossing, Crossing::pitchfork);
  EXPECT_NEAR(point.parameter, 0, 1e-12);
  EXPECT_NEAR(point.state(0), 0, 1e-12);
  EXPECT_NEAR(std::abs(point.second_tangent(0)), 1, 1e-8);
  EXPECT_NEAR(point.tangent(1), 1, 1e-8);
}

TEST(Continuation, LocatesATranscriticalPointOnCurvedBranches) {
  // (x - p^2)(x + p + p^2): the curves x = p^2 and x = -p - p^2 cross at p = 0 and p = -1/2.
  const auto family = scalar_family(
      [](double x, double p) { return (x - p * p) * (x + p + p * p); },
      [](double x, double p) { return 2 * x + p; },
      [](double x, double p) { return -2 * p * (x + p + p * p) + (x - p * p) * (1 + 2 * p); });
  const Branch branch = continue_point(family, vector_of({0.49}), 0.7, between(-0.9, 0.9));
  const auto points = of_kind(branch, SpecialKind::branch_point);
  ASSERT_EQ(points.size(), 2u);
  EXPECT_NEAR(points[0].parameter, -0.5, 1e-10);
  EXPECT_NEAR(points[0].state(0), 0.25, 1e-10);
  EXPECT_NEAR(points[1].parameter, 0, 1e-10);
  EXPECT_NEAR(points[1].state(0), 0, 1e-10);
  EXPECT_EQ(points[1].crossing, Crossing::transcritical);
  EXPECT_NEAR(points[1].second_tangent(0) / points[1].second_tangent(1), -1, 1e-7);
  EXPECT_NEAR(points[0].second_tangent(0) / points[0].second_tangent(1), 0, 1e-7);
  EXPECT_NEAR(points[0].tangent(0) / points[0].tangent(1), -1, 1e-7);
  EXPECT_TRUE(of_kind(branch, SpecialKind::fold).empty());
  // It stays on its curve through both.
  for (Index j = 0; j < branch.states.cols(); ++j) {
    EXPECT_NEAR(branch.states(0, j), std::pow(branch.parameters(j), 2), 1e-9);
  }
}

TEST(Continuation, FindsTheFoldAndThePeriodDoublingOfHenon) {
  const double b = 0.3;
  // The saddle of a = 1.4 (ground truth of the map: 0.6313544771, 0.1894063431).
  const auto family = henon_family(b);
  ContinuationOptions options = between(-1, 1.4);
  options.max_norm = 20;
  const Branch branch =
      continue_point(family, vector_of({0.6313544771, 0.1894063431}), 1.4, options);
  EXPECT_EQ(branch.last_end, BranchEnd::parameter_bound);
  EXPECT_EQ(branch.first_end, BranchEnd::state_bound);  // x -> infinity as a -> 0
  const auto folds = of_kind(branch, SpecialKind::fold);
  const auto doublings = of_kind(branch, SpecialKind::period_doubling);
  ASSERT_EQ(folds.size(), 1u);
  ASSERT_EQ(doublings.size(), 1u);
  EXPECT_EQ(branch.special.size(), 2u);
  EXPECT_NEAR(folds[0].parameter, -(1 - b) * (1 - b) / 4, 1e-12);
  EXPECT_NEAR(folds[0].state(0), 2 / (1 - b), 1e-8);
  EXPECT_GT(folds[0].curvature, 0);
  EXPECT_NEAR(doublings[0].parameter, 3 * (1 - b) * (1 - b) / 4, 1e-11);
  EXPECT_NEAR(doublings[0].eigenvalue.real(), -1, 1e-11);
  // J v = -v
  const Vector v = doublings[0].second_tangent.head(2);
  EXPECT_LE((family.jacobian(doublings[0].state, doublings[0].parameter) * v + v).norm(), 1e-10);
  EXPECT_EQ(doublings[0].second_tangent(2), 0);
  expect_in_order(branch);
}

TEST(Continuation, FindsTheNeimarkSackerPointOfTheDelayedLogisticMap) {
  // The multipliers of x = 1 - 1/p are the roots of l^2 - l + p - 1.
  const Branch branch = continue_point(delayed_logistic_family(), vector_of({1.0 / 3, 1.0 / 3}),
                                       1.5, between(0.5, 3));
  const auto circles = of_kind(branch, SpecialKind::neimark_sacker);
  ASSERT_EQ(circles.size(), 1u);
  EXPECT_NEAR(circles[0].parameter, 2, 1e-11);
  EXPECT_NEAR(circles[0].frequency, 1.0 / 6, 1e-11);
  EXPECT_NEAR(std::abs(circles[0].eigenvalue), 1, 1e-11);
  // And the transcritical point with x = 0 at p = 1. Nothing where the pair is born at p = 5/4.
  ASSERT_EQ(branch.special.size(), 2u);
  EXPECT_EQ(branch.special[0].crossing, Crossing::transcritical);
  EXPECT_NEAR(branch.special[0].parameter, 1, 1e-10);
}

TEST(Continuation, TellsTwoPairsThatCrossInOneStepApart) {
  // Two delayed logistic maps side by side, with p and 1.001 p.
  const auto one = delayed_logistic_family();
  const double ratio = 1.001;
  const AnalyticFamily family(
      4,
      [&](const Vector& x, double p) {
        Vector y(4);
        one.step(x.head(2), p, y.head(2));
        one.step(x.tail(2), ratio * p, y.tail(2));
        return y;
      },
      [&](const Vector& x, double p) {
        Matrix J = Matrix::Zero(4, 4);
        J.topLeftCorner(2, 2) = one.jacobian(x.head(2), p);
        J.bottomRightCorner(2, 2) = one.jacobian(x.tail(2), ratio * p);
        return J;
      },
      [&](const Vector& x, double p) {
        Vector d(4);
        d << one.parameter_derivative(x.head(2), p),
            ratio * one.parameter_derivative(x.tail(2), ratio * p);
        return d;
      });
  const double q = 1.7 * ratio;
  const Branch branch = continue_point(
      family, vector_of({1 - 1 / 1.7, 1 - 1 / 1.7, 1 - 1 / q, 1 - 1 / q}), 1.7, between(1.5, 3));
  ASSERT_EQ(branch.special.size(), 2u);
  EXPECT_NEAR(branch.special[0].parameter, 2 / ratio, 1e-11);
  EXPECT_NEAR(branch.special[1].parameter, 2, 1e-11);
  EXPECT_EQ(branch.special[0].index, branch.special[1].index);
}

TEST(Continuation, FindsNoNeimarkSackerPointsWhereTheMapKeepsAreas) {
  // The standard map y' = y + p sin x, x' = x + y' at x = pi: multipliers of product 1 and sum
  // 2 - p, on the unit circle for 0 < p < 4 and real beyond.
  const AnalyticFamily family(
      2,
      [](const Vector& x, double p) {
        const double y = x(1) + p * std::sin(x(0));
        return vector_of({x(0) + y, y});
      },
      [](const Vector& x, double p) {
        const double c = p * std::cos(x(0));
        return Matrix((Matrix(2, 2) << 1 + c, 1, c, 1).finished());
      },
      [](const Vector& x, double) {
        return vector_of({std::sin(x(0)), std::sin(x(0))});
      });
  const Branch branch =
      continue_point(family, vector_of({std::numbers::pi, 0}), 1, between(0.5, 5));
  ASSERT_EQ(branch.special.size(), 1u);
  EXPECT_EQ(branch.special[0].kind, SpecialKind::period_doubling);
  EXPECT_NEAR(branch.special[0].parameter, 4, 1e-11);
}

TEST(Continuation, ChangesStabilityOnlyAtSpecialPoints) {
  const Index n = 12;
  const Matrix W = random_matrix(n, n, 2 / std::sqrt(12.0), 21);
  const Vector u = random_matrix(n, 1, 1, 22);
  const auto slope = [=](const Vector& x, double p) -> Vector {
    return 1 - (W * x + p * u).array().tanh().square();
  };
  const AnalyticFamily family(
      n, [=](const Vector& x, double p) -> Vector { return (W * x + p * u).array().tanh(); },
      [=](const Vector& x, double p) -> Matrix { return slope(x, p).asDiagonal() * W; },
      [=](const Vector& x, double p) -> Vector { return slope(x, p).cwiseProduct(u); });
  const Branch branch = continue_point(family, Vector::Zero(n), 0, between(-3, 3));
  EXPECT_EQ(branch.last_end, BranchEnd::parameter_bound);
  EXPECT_GE(branch.special.size(), 4u);
  EXPECT_LE(largest_residual(family, branch), 1e-11);
  expect_in_order(branch);
  for (std::size_t j = 0; j + 1 < branch.unstable.size(); ++j) {
    Index possible = 0;
    for (const SpecialPoint& special : branch.special) {
      if (special.index != static_cast<Index>(j)) continue;
      possible += special.kind == SpecialKind::neimark_sacker ? 2 : 1;
    }
    const Index change = branch.unstable[j + 1] - branch.unstable[j];
    EXPECT_LE(std::abs(change), possible);
    EXPECT_EQ((possible - change) % 2, 0);
  }
  for (const SpecialPoint& special : branch.special) {
    const Matrix J = family.jacobian(special.state, special.parameter);
    Vector image(n);
    family.step(special.state, special.parameter, image);
    EXPECT_LE((image - special.state).norm(), 1e-11);
    const double off =
        special.kind == SpecialKind::neimark_sacker
            ? std::abs(std::abs(special.eigenvalue) - 1)
            : std::abs(special.eigenvalue - (special.kind == SpecialKind::fold ? 1.0 : -1.0));
    EXPECT_LE(off, 1e-8);
    EXPECT_LE((eigenvalues(J).array() - special.eigenvalue).abs().minCoeff(), 1e-12);
  }
}

/// Lorenz' flow with rho as its input.
class LorenzOfRho final : public Flow {
 public:
  Index state_dim() const override { return 3; }
  Index input_dim() const override { return 1; }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override {
    for (Index c = 0; c < X.cols(); ++c) {
      LorenzFlow(U(0, c)).evaluate(X.col(c), Matrix(0, 1), Y.col(c));
    }
  }
  Jacobians jacobians(In<Vector> x, In<Vector> u) const override {
    Matrix in_rho = Matrix::Zero(3, 1);
    in_rho(1) = x(0);
    return {LorenzFlow(u(0)).jacobians(x, Vector(0)).state, in_rho};
  }
  void push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                    Out<Matrix> W) const override {
    const Index k = X.cols() > 0 ? VX.cols() / X.cols() : 0;
    for (Index c = 0; c < VX.cols(); ++c) {
      const Jacobians at = jacobians(X.col(c / k), U.col(c / k));
      W.col(c) = at.state * VX.col(c) + at.input * VU.col(c);
    }
  }
};

TEST(Continuation, FindsTheHopfPointOfLorenzInItsRungeKuttaStep) {
  // At a fixed point the multipliers of the step are R(h l), R(z) = 1 + z + z^2/2 + z^3/6 + z^4/24,
  // |R(i y)|^2 = 1 - y^6/72 + y^8/576. With y = h w the circle is crossed where h Re l = y^6/144:
  // for h = 0.002, w = 9.62 and d Re l / d rho = 0.03 this shifts rho by 6e-9.
  const double h = 0.002, sigma = LorenzFlow::sigma, beta = LorenzFlow::beta;
  const LorenzOfRho flow;
  const SteppedFlow step(flow, h, Method::rk4);
  const InputLine family(step, vector_of({0}), vector_of({1}));
  const double x = std::sqrt(beta * 21);
  ContinuationOptions options = between(0.5, 30);
  options.max_step = 1;
  const Branch branch = continue_point(family, vector_of({x, x, 21}), 22, options);
  // The branch turns back at the pitchfork at rho = 1, and has a Hopf point on either side.
  const auto circles = of_kind(branch, SpecialKind::neimark_sacker);
  ASSERT_EQ(circles.size(), 2u);
  ASSERT_EQ(branch.special.size(), 3u);
  // w^2 = 2 sigma beta (sigma + 1) / (sigma - beta - 1) there; the step turns by h w to (h w)^5.
  const double omega = std::sqrt(2 * sigma * beta * (sigma + 1) / (sigma - beta - 1));
  for (const SpecialPoint& circle : circles) {
    EXPECT_NEAR(circle.parameter, sigma * (sigma + beta + 3) / (sigma - beta - 1), 2e-8);
    EXPECT_NEAR(circle.frequency / h, omega / (2 * std::numbers::pi), 1e-6);
  }
  EXPECT_EQ(branch.special[1].crossing, Crossing::pitchfork);
  EXPECT_NEAR(branch.special[1].parameter, 1, 1e-9);
  EXPECT_LE(branch.special[1].state.norm(), 1e-6);
}

TEST(Continuation, FindsTheHysteresisOfATanhUnit) {
  const double w = 2;
  const TanhUnit unit(w);
  const InputLine family(unit, vector_of({0}), vector_of({1}));
  const Branch branch = continue_point(family, vector_of({-0.9}), -1.5, between(-1.5, 1.5));
  const auto folds = of_kind(branch, SpecialKind::fold);
  ASSERT_EQ(folds.size(), 2u);
  EXPECT_EQ(branch.special.size(), 2u);
  // 1 = w (1 - x^2), p = atanh x - w x.
  const double x = std::sqrt(1 - 1 / w), p = std::atanh(x) - w * x;
  EXPECT_NEAR(folds[0].state(0), -x, 1e-9);
  EXPECT_NEAR(folds[0].parameter, -p, 1e-12);
  EXPECT_NEAR(folds[1].state(0), x, 1e-9);
  EXPECT_NEAR(folds[1].parameter, p, 1e-12);
  EXPECT_LT(folds[0].curvature, 0);
  EXPECT_GT(folds[1].curvature, 0);
  for (Index j = 0; j < branch.states.cols(); ++j) {
    EXPECT_NEAR(branch.parameters(j), std::atanh(branch.states(0, j)) - w * branch.states(0, j),
                1e-10);
  }
}

TEST(Continuation, ClosesAnIsola) {
  const auto family =
      scalar_family([](double x, double p) { return x * x + p * p - 1; },
                    [](double x, double) { return 2 * x; }, [](double, double p) { return 2 * p; });
  const Branch branch = continue_point(family, vector_of({0.8}), 0.6);
  EXPECT_EQ(branch.first_end, BranchEnd::closed);
  EXPECT_EQ(branch.last_end, BranchEnd::closed);
  EXPECT_EQ(branch.start, 0);
  const Index last = branch.states.cols() - 1;
  EXPECT_NEAR(branch.states(0, last), 0.8, 1e-15);
  EXPECT_NEAR(branch.parameters(last), 0.6, 1e-15);
  // Chords of length c fall short of the circle by c^2/24 of their length, c <= max_step = 0.1.
  EXPECT_NEAR(branch.arclength(last), 2 * std::numbers::pi, 2 * std::numbers::pi * 0.01 / 24);
  const auto folds = of_kind(branch, SpecialKind::fold);
  ASSERT_EQ(folds.size(), 2u);
  EXPECT_NEAR(std::abs(folds[0].parameter), 1, 1e-12);
  EXPECT_NEAR(folds[0].parameter + folds[1].parameter, 0, 1e-12);
}

TEST(Continuation, TellsTheHessianOfTheSpeed) {
  const TanhUnit unit(2);
  const InputLine family(unit, vector_of({0}), vector_of({1}));
  ContinuationOptions options = between(-1, 1);
  options.speed_hessians = true;
  options.dt = 0.1;
  const Branch branch = continue_point(family, vector_of({-0.9}), -0.8, options);
  ASSERT_EQ(branch.smallest_hessian.size(), branch.states.cols());
  for (Index j = 0; j < branch.states.cols(); j += 7) {
    const FamilyMember map(family, branch.parameters(j));
    const Matrix hessian = speed_derivatives(map, branch.states.col(j), options.dt).hessian;
    EXPECT_NEAR(branch.smallest_hessian(j), symmetric_eigen(hessian).values(0), 1e-8);
  }

  // Two units that hear nothing of each other: q has the Hessian diag((df_i / dx_i)^2).
  const Matrix W = (Matrix(2, 2) << 1.5, 0, 0, 0.5).finished();
  const CallableFamily two(
      2,
      [&](double p) -> std::unique_ptr<Map> {
        return std::make_unique<AnalyticMap>(
            tanh_map(Matrix::Identity(2, 2), W, Vector::Constant(2, p)));
      },
      0);
  const Branch pair = continue_point(two, vector_of({-0.9, 0}), -0.5, options);
  ASSERT_EQ(pair.hessian_eigenvalues.rows(), 2);
  ASSERT_EQ(pair.hessian_eigenvalues.cols(), pair.states.cols());
  ASSERT_GT(pair.states.cols(), 5);
  for (Index j = 0; j < pair.states.cols(); ++j) {
    const auto x = pair.states.col(j).array();  // at a fixed point tanh' = 1 - x^2
    Vector known = ((W.diagonal().array() * (1 - x.square()) - 1) / options.dt).square();
    std::sort(known.begin(), known.end());
    EXPECT_LE((pair.hessian_eigenvalues.col(j) - known).norm(), 1e-8 * known.norm());
    EXPECT_EQ(pair.smallest_hessian(j), pair.hessian_eigenvalues(0, j));
  }
}

TEST(Continuation, ReportsABorderCollisionAsACornerAndTurnsThere) {
  // x -> a x + p for x > 0, b x + p else: x = p / (1 - a), x = p / (1 - b). With a = 0.5, b = 2 the
  // second exists for p < ... x < 0 asks p > 0: both for p > 0, none for p < 0, a fold without +1.
  const auto slope = [](double x) { return x > 0 ? 0.5 : 2.0; };
  const auto family = scalar_family([=](double x, double p) { return slope(x) * x + p - x; },
                                    [=](double x, double) { return slope(x) - 1; },
                                    [](double, double) { return 1.0; });
  const Branch branch = continue_point(family, vector_of({1}), 0.5, between(-1, 1));
  ASSERT_EQ(branch.special.size(), 1u);
  EXPECT_EQ(branch.special[0].kind, SpecialKind::corner);
  EXPECT_NEAR(branch.special[0].parameter, 0, 1e-12);
  EXPECT_NEAR(branch.special[0].state(0), 0, 1e-12);
  EXPECT_EQ(branch.parameters(0), 1);
  EXPECT_NEAR(branch.states(0, 0), -1, 1e-10);
  EXPECT_NEAR(branch.states(0, branch.states.cols() - 1), 2, 1e-10);
  EXPECT_EQ(branch.first_end, BranchEnd::parameter_bound);
}

TEST(Continuation, GoesOnThroughCornersOfAReluNetwork) {
  // A contracting network has one fixed point for each p; every corner on the way is mild or sharp.
  const Index n = 6;
  const Matrix W = random_matrix(n, n, 0.35 / std::sqrt(6.0), 5);
  const Vector u = 2 * random_matrix(n, 1, 1, 6), c = random_matrix(n, 1, 1, 7);
  const AnalyticFamily family(
      n, [&](const Vector& x, double p) -> Vector { return (W * x + c + p * u).cwiseMax(0.0); },
      [&](const Vector& x, double p) -> Matrix {
        const Vector on = ((W * x + c + p * u).array() > 0).cast<double>();
        return on.asDiagonal() * W;
      },
      [&](const Vector& x, double p) -> Vector {
        return ((W * x + c + p * u).array() > 0).cast<double>() * u.array();
      });
  const Branch branch = continue_point(family, Vector::Zero(n), 0, between(-2, 2));
  EXPECT_EQ(branch.first_end, BranchEnd::parameter_bound);
  EXPECT_EQ(branch.last_end, BranchEnd::parameter_bound);
  EXPECT_LE(largest_residual(family, branch), 1e-11);
  EXPECT_TRUE(of_kind(branch, SpecialKind::fold).empty());
  EXPECT_TRUE(of_kind(branch, SpecialKind::branch_point).empty());
  EXPECT_FALSE(of_kind(branch, SpecialKind::corner).empty());
  for (Index j = 0; j + 1 < branch.parameters.size(); ++j) {
    EXPECT_LT(branch.parameters(j), branch.parameters(j + 1));
  }
}

TEST(Continuation, TakesNoCornerForAFoldWhereDerivativesAreDifferences) {
  const CallableFamily family(
      1,
      [](double p) {
        return std::make_unique<AnalyticMap>(
            scalar_map([p](double x) { return (x > 0 ? 0.5 : 2.0) * x + p; },
                       [](double x) { return x > 0 ? 0.5 : 2.0; }, [](double) { return 0.0; }));
      },
      0);
  const Branch branch = continue_point(family, vector_of({1}), 0.5, between(-1, 1));
  ASSERT_EQ(branch.special.size(), 1u);
  EXPECT_EQ(branch.special[0].kind, SpecialKind::corner);
  EXPECT_EQ(branch.parameters(0), 1);
  EXPECT_EQ(branch.parameters(branch.parameters.size() - 1), 1);
  EXPECT_NEAR(branch.states(0, 0), -1, 1e-10);

  const Index n = 6;
  const Matrix W = random_matrix(n, n, 0.35 / std::sqrt(6.0), 5);
  const Vector u = 2 * random_matrix(n, 1, 1, 6), c = random_matrix(n, 1, 1, 7);
  const CallableFamily network(
      n, [&](double p) { return std::make_unique<AnalyticMap>(relu_rate_map(1, W, c + p * u)); },
      0);
  const Branch through = continue_point(network, Vector::Zero(n), 0, between(-2, 2));
  EXPECT_EQ(through.first_end, BranchEnd::parameter_bound);
  EXPECT_EQ(through.last_end, BranchEnd::parameter_bound);
  EXPECT_EQ(of_kind(through, SpecialKind::corner).size(), through.special.size());
}

TEST(Continuation, WithoutEigenvaluesFindsFoldsOnly) {
  ContinuationOptions options = between(-1, 1.4);
  options.max_norm = 20;
  options.eigenvalues = false;
  const Branch branch =
      continue_point(henon_family(0.3), vector_of({0.63135, 0.18941}), 1.4, options);
  EXPECT_EQ(branch.eigenvalues.size(), 0);
  EXPECT_TRUE(branch.unstable.empty());
  ASSERT_EQ(branch.special.size(), 1u);
  EXPECT_NEAR(branch.special[0].parameter, -0.49 / 4, 1e-12);
}

TEST(Continuation, EndsInAStatusWhereTheFamilyIsNotFinite) {
  // The fixed point x = p / 2 of x -> x / 2 + p / 4, but no number beyond p = 1.
  const auto family =
      scalar_family([](double x, double p) { return p > 1 ? nan : p / 4 - x / 2; },
                    [](double, double) { return -0.5; }, [](double, double) { return 0.25; });
  const Branch branch = continue_point(family, vector_of({0}), 0, between(-1, 2));
  EXPECT_EQ(branch.first_end, BranchEnd::parameter_bound);
  EXPECT_EQ(branch.last_end, BranchEnd::not_finite);
  EXPECT_NEAR(branch.parameters(branch.parameters.size() - 1), 1, 1e-6);

  const auto nowhere =
      scalar_family([](double, double) { return nan; }, [](double, double) { return nan; },
                    [](double, double) { return nan; });
  const Branch none = continue_point(nowhere, vector_of({0}), 0, between(-1, 2));
  EXPECT_EQ(none.states.cols(), 0);
  EXPECT_EQ(none.first_end, BranchEnd::not_finite);

  const auto blind =
      scalar_family([](double x, double p) { return p - x; }, [](double, double) { return -1.0; },
                    [](double, double) { return nan; });
  EXPECT_EQ(continue_point(blind, vector_of({0}), 0, between(-1, 2)).last_end,
            BranchEnd::not_finite);
}

TEST(Continuation, EndsInAStatusWhereThereIsNoFixedPoint) {
  const auto family =
      scalar_family([](double x, double p) { return 1 + x * x + p * p; },
                    [](double x, double) { return 2 * x; }, [](double, double p) { return 2 * p; });
  const Branch none = continue_point(family, vector_of({0.3}), 0);
  EXPECT_EQ(none.states.cols(), 0);
  EXPECT_EQ(none.last_end, BranchEnd::no_start);
}

TEST(Continuation, EndsOnAPlaneOfFixedPoints) {
  // (x, y) -> (x, y / 2 + p): for each p a line of fixed points, [A; t'] is singular everywhere.
  const AnalyticFamily family(
      2,
      [](const Vector& x, double p) {
        return vector_of({x(0), x(1) / 2 + p});
      },
      [](const Vector&, double) {
        return Matrix(vector_of({1, 0.5}).asDiagonal());
      },
      [](const Vector&, double) {
        return vector_of({0, 1});
      });
  const Branch branch = continue_point(family, vector_of({0.3, 0}), 0, between(-1, 1));
  EXPECT_LE(largest_residual(family, branch), 1e-11);
  EXPECT_TRUE(branch.special.empty());
}

TEST(Continuation, StopsAtItsBudgetAndWhenAsked) {
  ContinuationOptions options = between(-10, 10);
  options.max_steps = 5;
  const Branch brief = continue_point(pitchfork_family(), vector_of({0}), -1, options);
  EXPECT_EQ(brief.last_end, BranchEnd::max_steps);
  EXPECT_EQ(brief.steps, 10);
  options.max_steps = 1000;
  double last = -1;
  options.progress = [&](double fraction) {
    EXPECT_GT(fraction, last);
    EXPECT_LE(fraction, 1);
    last = fraction;
    return fraction < 0.002;
  };
  const Branch stopped = continue_point(pitchfork_family(), vector_of({0}), -1, options);
  EXPECT_EQ(stopped.last_end, BranchEnd::cancelled);
  EXPECT_EQ(stopped.first_end, BranchEnd::cancelled);
  EXPECT_EQ(stopped.states.cols(), 5);
}

TEST(Continuation, GivesTheSameBitsEachTime) {
  const TanhUnit unit(3);
  const InputLine family(unit, vector_of({0}), vector_of({1}));
  const auto run = [&] { return continue_point(family, vector_of({-0.9}), -1.5, between(-2, 2)); };
  const Branch first = run(), second = run();
  EXPECT_EQ(first.states, second.states);
  EXPECT_EQ(first.parameters, second.parameters);
}

TEST(Continuation, RefusesMisuse) {
  const auto family = pitchfork_family();
  EXPECT_THROW(continue_point(family, vector_of({0, 0}), 0), std::invalid_argument);
  EXPECT_THROW(continue_point(family, vector_of({0}), 3, between(-1, 1)), std::invalid_argument);
  EXPECT_THROW(continue_point(family, vector_of({0}), 0, between(1, -1)), std::invalid_argument);
  EXPECT_THROW(continue_point(family, vector_of({0}), nan), std::invalid_argument);
  ContinuationOptions options;
  options.min_step = 1;
  EXPECT_THROW(continue_point(family, vector_of({0}), 0, options), std::invalid_argument);
  options = {};
  options.tolerance = 0;
  EXPECT_THROW(continue_point(family, vector_of({0}), 0, options), std::invalid_argument);
  options = {};
  options.max_steps = 0;
  EXPECT_THROW(continue_point(family, vector_of({0}), 0, options), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
