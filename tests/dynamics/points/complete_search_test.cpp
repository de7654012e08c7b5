// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/complete_search.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/dynamics/points/deflation.hpp"
#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

/// tanh_map with L and R such that |F_i| <= sum_j |L_ij|: that is its box.
class BoundedTanhMap final : public Map {
 public:
  BoundedTanhMap(const Matrix& L, const Matrix& R, const Vector& c)
      : BoundedTanhMap(L, R, c, L.cwiseAbs().rowwise().sum()) {}
  BoundedTanhMap(const Matrix& L, const Matrix& R, const Vector& c, Vector bound)
      : map_(tanh_map(L, R, c)), bound_(std::move(bound)) {}
  Index dim() const override { return map_.dim(); }
  void step(In<Matrix> X, Out<Matrix> Y) const override { map_.step(X, Y); }
  void pull_back(In<Matrix> X, In<Matrix> W, Out<Matrix> V) const override {
    map_.pull_back(X, W, V);
  }
  Matrix jacobian(In<Vector> x) const override { return map_.jacobian(x); }
  Matrix second_derivative(In<Vector> x, In<Vector> w) const override {
    return map_.second_derivative(x, w);
  }
  Derivatives derivatives() const override { return Derivatives::exact; }
  Vector state_bound() const override { return bound_; }

 private:
  AnalyticMap map_;
  Vector bound_;
};

BoundedTanhMap latent_bits(Index n, Index bits, double w) {
  const Matrix Q = orthonormal_basis(random_matrix(n, bits, 1.0, 2));
  return {Q, w * Q, Vector::Zero(bits)};
}

TEST(CompleteSearch, FindsThe27OfThreeLatentBitsAndSaysThatAllAgrees) {
  const BoundedTanhMap map = latent_bits(20, 3, 2);
  const CompleteSearch found = find_all_fixed_points(map, random_matrix(20, 100, 0.5, 3));
  EXPECT_EQ(found.points.states.cols(), 27);
  EXPECT_EQ(found.degree, 1);
  EXPECT_TRUE(found.bounded);
  EXPECT_EQ(found.completeness, Completeness::agree);
  EXPECT_LT(found.unseen.upper, 0.5);
  EXPECT_EQ(found.starts, static_cast<Index>(found.points.status.size()));
}

TEST(CompleteSearch, GoesOnWhileTheDegreeProvesThatPointsAreMissing) {
  // Four bits, 81 points: one round of 32 starts cannot have met them all.
  const BoundedTanhMap map = latent_bits(12, 4, 2);
  const Matrix states = random_matrix(12, 100, 0.8, 3);
  CompleteSearchOptions options{.starts_a_round = 32, .max_starts = 32, .deflated = 0};
  const CompleteSearch once = find_all_fixed_points(map, states, options);
  EXPECT_LT(once.points.states.cols(), 81);
  EXPECT_TRUE(once.completeness == Completeness::points_missing ||
              once.completeness == Completeness::likely_missing);
  options.max_starts = 1 << 14;
  const CompleteSearch found = find_all_fixed_points(map, states, options);
  EXPECT_EQ(found.points.states.cols(), 81);
  EXPECT_EQ(found.completeness, Completeness::agree);
  EXPECT_GT(found.rounds, 1);
}

TEST(CompleteSearch, SaysWhereNothingIsKnownOfTheDegree) {
  const CompleteSearch found = find_all_fixed_points(henon_map(), random_matrix(2, 50, 1.0, 1));
  EXPECT_EQ(found.points.states.cols(), 2);
  EXPECT_FALSE(found.bounded);
  EXPECT_EQ(found.completeness, Completeness::no_degree);
}

/// A tanh map without a bound of its own that encloses its values: F takes the box of |x| <= 1 into
/// itself, and what that proves is for the search to find out.
class EnclosingTanhMap final : public Map {
 public:
  explicit EnclosingTanhMap(Matrix W) : W_(std::move(W)) {}
  Index dim() const override { return W_.rows(); }
  void step(In<Matrix> X, Out<Matrix> Y) const override { Y = (W_ * X).array().tanh(); }
  Matrix jacobian(In<Vector> x) const override {
    const Vector slope = 1 - (W_ * x).array().tanh().square();
    return slope.asDiagonal() * W_;
  }
  std::optional<Box> enclose(const Box& x) const override {
    return box_around(Vector::Zero(static_cast<Index>(x.size())), 1);
  }
  Derivatives derivatives() const override { return Derivatives::exact; }

 private:
  Matrix W_;
};

TEST(CompleteSearch, ProvesItselfThatTheDegreeMustBeOne) {
  const EnclosingTanhMap map(2 * Matrix::Identity(3, 3));
  const Matrix states = random_matrix(3, 100, 0.5, 3);
  const CompleteSearch found = find_all_fixed_points(map, states);
  EXPECT_EQ(found.points.states.cols(), 27);
  EXPECT_TRUE(found.bounded);
  EXPECT_EQ(found.completeness, Completeness::agree);
  // With too few starts the degree of those found tells that points are missing.
  const CompleteSearch few =
      find_all_fixed_points(map, states, {.starts_a_round = 4, .max_starts = 4, .deflated = 0});
  ASSERT_NE(few.degree, 1);
  EXPECT_EQ(few.completeness, Completeness::points_missing);
}

TEST(CompleteSearch, CountsWhatRoundingPutsOutsideOfTheBoxAsInside) {
  // Saturated: tanh(400) = 1, so that the points are 0 and, of a step that rounds upwards, +-(1 +
  // eps).
  const Matrix one = Matrix::Identity(1, 1);
  const double up = 1 + std::numeric_limits<double>::epsilon();
  const BoundedTanhMap map(up * one, 400 * one, Vector::Zero(1), Vector::Ones(1));
  const Matrix states = (Matrix(1, 2) << -1, 1).finished();
  const CompleteSearch few =
      find_all_fixed_points(map, states, {.starts_a_round = 8, .max_starts = 8, .deflated = 0});
  ASSERT_EQ(few.degree, 2);  // the saddle is missing
  ASSERT_EQ(few.points.states.cwiseAbs().maxCoeff(), up);
  EXPECT_TRUE(few.bounded);
  EXPECT_EQ(few.completeness, Completeness::points_missing);
  const CompleteSearch all = find_all_fixed_points(map, states);
  EXPECT_EQ(all.points.states.cols(), 3);
  EXPECT_EQ(all.completeness, Completeness::agree);
}

TEST(CompleteSearch, AsksASecondLawOfStarts) {
  // x - x (x - 0.6) (x - 0.8): up to 0.226, where the slope of the cubic turns, all starts lead to
  // 0. Those drawn from states within 0.12 lie there, and the degree of 0 alone is that of all.
  const AnalyticMap map = scalar_map([](double x) { return x - x * (x - 0.6) * (x - 0.8); },
                                     [](double x) { return 1 - (3 * x * x - 2.8 * x + 0.48); },
                                     [](double) { return 0.0; });
  const Matrix states = Matrix(Vector::LinSpaced(101, -0.12, 0.12).transpose());
  CompleteSearchOptions options{.max_starts = 1 << 15, .deflated = 0, .confirming = 0};
  const CompleteSearch one = find_all_fixed_points(map, states, options);
  EXPECT_EQ(one.completeness, Completeness::no_degree);
  EXPECT_EQ(one.points.states.cols(), 1);
  EXPECT_EQ(one.confirmations, 0);
  options.confirming = 4096;  // of which some 14 lie beyond
  const CompleteSearch two = find_all_fixed_points(map, states, options);
  EXPECT_EQ(two.completeness, Completeness::no_degree);
  EXPECT_EQ(two.points.states.cols(), 3);
  EXPECT_GE(two.confirmations, 2);  // the last found nothing
  EXPECT_EQ(two.starts, static_cast<Index>(two.points.status.size()));
  // Without a budget for it nothing is said.
  const CompleteSearch few = find_all_fixed_points(map, states, {.max_starts = 256});
  EXPECT_EQ(few.completeness, Completeness::likely_missing);
  EXPECT_THROW(find_all_fixed_points(map, states, {.confirming = -1}), std::invalid_argument);
}

TEST(CompleteSearch, OfALineOfFixedPointsIsDegenerate) {
  const AnalyticMap map =
      linear_map((Vector(2) << 0.5, 1).finished().asDiagonal(), Vector::Zero(2));
  const CompleteSearch found =
      find_all_fixed_points(map, random_matrix(2, 50, 1.0, 1), {.max_starts = 256});
  EXPECT_EQ(found.completeness, Completeness::degenerate);
}

TEST(CompleteSearch, OfAMapWithoutFixedPointsEndsWithItsBudget) {
  const AnalyticMap map = scalar_map([](double x) { return x + x * x + 0.01; },
                                     [](double x) { return 1 + 2 * x; }, [](double) { return 2; });
  const CompleteSearch found = find_all_fixed_points(map, random_matrix(1, 50, 1.0, 1),
                                                     {.starts_a_round = 32, .max_starts = 64});
  EXPECT_EQ(found.points.states.cols(), 0);
  EXPECT_EQ(found.starts, 64);
  EXPECT_EQ(found.completeness, Completeness::likely_missing);
}

TEST(CompleteSearch, OfAMapThatIsNotANumberEnds) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const AnalyticMap map = scalar_map([=](double) { return nan; }, [=](double) { return nan; },
                                     [=](double) { return nan; });
  const CompleteSearch found = find_all_fixed_points(map, random_matrix(1, 50, 1.0, 1),
                                                     {.starts_a_round = 32, .max_starts = 64});
  EXPECT_EQ(found.points.states.cols(), 0);
  for (const SearchStatus status : found.points.status) {
    EXPECT_EQ(status, SearchStatus::not_finite);
  }
}

TEST(CompleteSearch, IsTheSameForAnyNumberOfThreads) {
  const BoundedTanhMap map = latent_bits(12, 4, 1.5);
  const Matrix states = random_matrix(12, 100, 0.8, 3);
  CompleteSearchOptions options{.starts_a_round = 64};
  const CompleteSearch one = find_all_fixed_points(map, states, options);
  options.search.threads = {2};
  const CompleteSearch two = find_all_fixed_points(map, states, options);
  EXPECT_EQ(one.points.states, two.points.states);
  EXPECT_EQ(one.points.multiplicity, two.points.multiplicity);
  EXPECT_EQ(one.starts, two.starts);
}

TEST(CompleteSearch, StopsWhenAsked) {
  const CompleteSearch found =
      find_all_fixed_points(latent_bits(20, 3, 2), random_matrix(20, 100, 0.5, 3),
                            {.search = {.progress = [](double) { return false; }}});
  EXPECT_EQ(found.completeness, Completeness::cancelled);
}

TEST(CompleteSearch, RejectsBadArguments) {
  const Matrix states = random_matrix(2, 5, 1.0, 1);
  EXPECT_THROW(find_all_fixed_points(henon_map(), random_matrix(3, 5, 1.0, 1)),
               std::invalid_argument);
  EXPECT_THROW(find_all_fixed_points(henon_map(), states, {.starts_a_round = 0}),
               std::invalid_argument);
  EXPECT_THROW(find_all_fixed_points(henon_map(), states, {.unseen = 0}), std::invalid_argument);
}

TEST(Deflation, LeadsFromOneRootOfHenonToTheOther) {
  const AnalyticMap map = henon_map();
  const Root first = find_root(map, Vector::Zero(2));
  ASSERT_EQ(first.status, SearchStatus::fixed_point);
  const Root second = find_root_deflated(map, Vector::Zero(2), first.state);
  ASSERT_EQ(second.status, SearchStatus::fixed_point);
  EXPECT_GT((second.state - first.state).norm(), 1);
}

TEST(Deflation, OfTheOnlyRootFindsNone) {
  const Matrix A = 0.5 * Matrix::Identity(3, 3);
  const Root root = find_root_deflated(linear_map(A, Vector::Ones(3)), Vector::Zero(3),
                                       Vector::Constant(3, 2.0), {.escape_radius = 100});
  EXPECT_FALSE(is_fixed_point(root.status));
}

TEST(Deflation, FindsAllRootsOfAPolynomialFromOneStart) {
  // x + (x^2 - 1)(x^2 - 4) / 10: roots of G at +-1, +-2.
  const auto g = [](double x) { return (x * x - 1) * (x * x - 4) / 10; };
  const AnalyticMap map = scalar_map([=](double x) { return x + g(x); },
                                     [](double x) { return 1 + (4 * x * x * x - 10 * x) / 10; },
                                     [](double x) { return (12 * x * x - 10) / 10; });
  Matrix known(1, 0);
  for (int i = 0; i < 4; ++i) {
    const Root root = find_root_deflated(map, Vector::Constant(1, 0.7), known);
    ASSERT_EQ(root.status, SearchStatus::fixed_point) << i;
    EXPECT_NEAR(g(root.state(0)), 0, 1e-12);
    for (Index k = 0; k < known.cols(); ++k) {
      EXPECT_GT(std::abs(known(0, k) - root.state(0)), 0.5);
    }
    known.conservativeResize(1, known.cols() + 1);
    known.rightCols(1) = root.state;
  }
}

}  // namespace
}  // namespace nullcline::dynamics
