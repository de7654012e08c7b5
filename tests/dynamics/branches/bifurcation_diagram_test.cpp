// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/branches/bifurcation_diagram.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>

#include "tests/dynamics/analytic_families.hpp"
#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {
namespace {

DiagramOptions between(double low, double high, Index depth = 1) {
  DiagramOptions options;
  options.continuation.min_parameter = low;
  options.continuation.max_parameter = high;
  options.depth = depth;
  return options;
}

/// The distinct states at the ends of branches that have this parameter.
std::vector<Vector> ends_at(const Diagram& diagram, double p) {
  std::vector<Vector> ends;
  for (const Branch& branch : diagram.branches) {
    for (const Index j : {Index{0}, branch.states.cols() - 1}) {
      if (branch.parameters(j) == p) ends.push_back(branch.states.col(j));
    }
  }
  return ends;
}

bool all_distinct(const std::vector<Vector>& points) {
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if ((points[i] - points[j]).norm() < 1e-6) return false;
    }
  }
  return true;
}

TEST(BifurcationDiagram, SwitchesAtAPitchfork) {
  const Diagram diagram =
      bifurcation_diagram(pitchfork_family(), {{vector_of({0}), -0.8}}, between(-0.8, 0.8, 5));
  ASSERT_EQ(diagram.branches.size(), 2u);
  ASSERT_EQ(diagram.junctions.size(), 1u);
  EXPECT_TRUE(diagram.complete);
  EXPECT_NEAR(diagram.junctions[0].parameter, 0, 1e-12);
  EXPECT_EQ(diagram.junctions[0].branches, (std::vector<Index>{0, 1}));
  const Branch& parabola = diagram.branches[1];
  EXPECT_EQ(parabola.origin, 0);
  ASSERT_EQ(of_kind(parabola, SpecialKind::branch_point).size(), 1u);
  EXPECT_EQ(parabola.special[0].junction, 0);
  EXPECT_EQ(parabola.special[0].index, parabola.start);
  EXPECT_TRUE(of_kind(parabola, SpecialKind::fold).empty());
  for (Index j = 0; j < parabola.states.cols(); ++j) {
    EXPECT_NEAR(std::pow(parabola.states(0, j), 2), parabola.parameters(j), 1e-10);
  }
  const Index last = parabola.states.cols() - 1;
  EXPECT_EQ(parabola.parameters(0), 0.8);
  EXPECT_EQ(parabola.parameters(last), 0.8);
  EXPECT_NEAR(parabola.states(0, 0) * parabola.states(0, last), -0.8, 1e-12);
}

TEST(BifurcationDiagram, ComesToThePitchforkFromTheOtherBranch) {
  const Diagram diagram =
      bifurcation_diagram(pitchfork_family(), {{vector_of({0.7}), 0.49}}, between(-0.8, 0.8, 5));
  ASSERT_EQ(diagram.branches.size(), 2u);
  ASSERT_EQ(diagram.junctions.size(), 1u);
  EXPECT_NEAR(diagram.junctions[0].parameter, 0, 1e-12);
  EXPECT_TRUE(of_kind(diagram.branches[0], SpecialKind::fold).empty());
  EXPECT_EQ(diagram.branches[0].parameters(0), 0.8);
  EXPECT_LE(diagram.branches[1].states.cwiseAbs().maxCoeff(), 1e-10);
  EXPECT_EQ(ends_at(diagram, -0.8).size(), 1u);
  EXPECT_EQ(ends_at(diagram, 0.8).size(), 3u);
}

TEST(BifurcationDiagram, FollowsTwoCurvesThatCrossTwiceOnceEach) {
  // x = p^2 and x = -p - p^2 cross at p = 0 and p = -1/2.
  const auto family =
      scalar_family([](double x, double p) { return 0.3 * (x - p * p) * (x + p + p * p); },
                    [](double x, double p) { return 0.3 * (2 * x + p); },
                    [](double x, double p) {
                      return 0.3 * (-2 * p * (x + p + p * p) + (x - p * p) * (1 + 2 * p));
                    });
  const Diagram diagram =
      bifurcation_diagram(family, {{vector_of({0.49}), 0.7}}, between(-0.9, 0.9, 5));
  EXPECT_EQ(diagram.branches.size(), 2u);
  ASSERT_EQ(diagram.junctions.size(), 2u);
  for (const Junction& junction : diagram.junctions) EXPECT_EQ(junction.branches.size(), 2u);
  EXPECT_EQ(ends_at(diagram, -0.9).size(), 2u);
  EXPECT_EQ(ends_at(diagram, 0.9).size(), 2u);
  // A start on a branch that is known adds none.
  const Diagram again = bifurcation_diagram(
      family, {{vector_of({0.49}), 0.7}, {vector_of({0.04}), -0.2}, {vector_of({-0.24}), 0.2}},
      between(-0.9, 0.9, 5));
  EXPECT_EQ(again.branches.size(), 2u);
  EXPECT_EQ(again.branch_of_start, (std::vector<Index>{0, 0, 1}));
}

TEST(BifurcationDiagram, FollowsAVerticalBranch) {
  // x -> (1 + p) x: every x is fixed at p = 0.
  const auto family =
      scalar_family([](double x, double p) { return p * x; }, [](double, double p) { return p; },
                    [](double x, double) { return x; });
  DiagramOptions options = between(-1, 1);
  options.continuation.max_norm = 5;
  const Diagram diagram = bifurcation_diagram(family, {{vector_of({0}), -1}}, options);
  ASSERT_EQ(diagram.branches.size(), 2u);
  EXPECT_EQ(diagram.branches[1].first_end, BranchEnd::state_bound);
  EXPECT_EQ(diagram.branches[1].last_end, BranchEnd::state_bound);
  EXPECT_LE(diagram.branches[1].parameters.cwiseAbs().maxCoeff(), 1e-12);
  EXPECT_EQ(diagram.branches[1].special.size(), 1u);
}

TEST(BifurcationDiagram, FollowsTheCascadeOfTheLogisticMap) {
  const Diagram diagram =
      bifurcation_diagram(logistic_family(), {{vector_of({0.6}), 2.5}}, between(2, 3.55, 2));
  ASSERT_EQ(diagram.branches.size(), 3u);
  EXPECT_EQ(diagram.branches[0].period, 1);
  EXPECT_EQ(diagram.branches[1].period, 2);
  EXPECT_EQ(diagram.branches[2].period, 4);

  const auto first = of_kind(diagram.branches[0], SpecialKind::period_doubling);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_NEAR(first[0].parameter, 3, 1e-11);
  EXPECT_NEAR(first[0].state(0), 2.0 / 3, 1e-11);

  const Branch& two = diagram.branches[1];
  EXPECT_EQ(two.first_end, BranchEnd::branched);
  EXPECT_EQ(two.last_end, BranchEnd::parameter_bound);
  double sign = 0;  // one of the two points all along
  for (Index j = 1; j < two.states.cols(); ++j) {
    const double r = two.parameters(j), away = 2 * r * two.states(0, j) - (r + 1);
    if (j == 1) sign = away > 0 ? 1 : -1;
    EXPECT_NEAR(two.states(0, j), (r + 1 + sign * std::sqrt((r - 3) * (r + 1))) / (2 * r), 1e-10);
  }
  const auto second = of_kind(two, SpecialKind::period_doubling);
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(two.special.size(), 1u);
  EXPECT_NEAR(second[0].parameter, 1 + std::sqrt(6), 1e-11);
  // Stable between 3 and 1 + sqrt 6.
  for (Index j = 1; j < two.states.cols(); ++j) {
    EXPECT_EQ(two.unstable[static_cast<std::size_t>(j)],
              two.parameters(j) < 1 + std::sqrt(6) ? 0 : 1);
  }
  // 3.544090359..., where the 8-cycle is born [Weisstein, MathWorld, "Logistic Map"].
  const auto third = of_kind(diagram.branches[2], SpecialKind::period_doubling);
  ASSERT_EQ(third.size(), 1u);
  EXPECT_NEAR(third[0].parameter, 3.544090359, 1e-9);
  EXPECT_EQ(diagram.junctions[0].kind, SpecialKind::period_doubling);
  EXPECT_EQ(diagram.junctions[0].branches, (std::vector<Index>{0, 1}));
  EXPECT_EQ(diagram.junctions[1].branches, (std::vector<Index>{1, 2}));
}

/// x -> -(5/4 - p^2) x + x^3: x = 0 is unstable for |p| < 1/2, and x, -x with x^2 + p^2 = 1/4 are
/// the points of a 2-cycle.
AnalyticFamily bubble_family() {
  return scalar_family([](double x, double p) { return -(1.25 - p * p) * x + x * x * x - x; },
                       [](double x, double p) { return -(1.25 - p * p) + 3 * x * x - 1; },
                       [](double x, double p) { return 2 * p * x; });
}

TEST(BifurcationDiagram, EndsABubbleOfCyclesWhereItJoins) {
  const Diagram diagram =
      bifurcation_diagram(bubble_family(), {{vector_of({0}), -1}}, between(-1, 1, 3));
  ASSERT_EQ(diagram.branches.size(), 2u);
  ASSERT_EQ(diagram.junctions.size(), 2u);
  const Branch& bubble = diagram.branches[1];
  EXPECT_EQ(bubble.period, 2);
  EXPECT_EQ(bubble.first_end, BranchEnd::branched);
  EXPECT_EQ(bubble.last_end, BranchEnd::joined);
  EXPECT_NEAR(bubble.parameters(0), -0.5, 1e-10);
  EXPECT_NEAR(bubble.parameters(bubble.parameters.size() - 1), 0.5, 1e-10);
  for (Index j = 0; j < bubble.states.cols(); ++j) {
    EXPECT_NEAR(bubble.states.col(j).squaredNorm() + std::pow(bubble.parameters(j), 2), 0.25,
                1e-10);
  }
  for (const Junction& junction : diagram.junctions) {
    EXPECT_EQ(junction.kind, SpecialKind::period_doubling);
    EXPECT_EQ(junction.branches, (std::vector<Index>{0, 1}));
  }
}

TEST(BifurcationDiagram, FindsTheFixedPointsThatCyclesComeFrom) {
  const Diagram diagram = bifurcation_diagram(
      bubble_family(), {{vector_of({0.3}), 0.4, 2}, {vector_of({-0.3}), 0.4, 2}},
      between(-1, 1, 3));
  EXPECT_EQ(diagram.branch_of_start, (std::vector<Index>{0, 0}));  // one cycle, a step apart
  ASSERT_EQ(diagram.branches.size(), 2u);
  EXPECT_EQ(diagram.branches[0].period, 2);
  EXPECT_EQ(diagram.branches[0].first_end, BranchEnd::joined);
  EXPECT_EQ(diagram.branches[0].last_end, BranchEnd::joined);
  EXPECT_EQ(diagram.branches[1].period, 1);
  ASSERT_EQ(diagram.junctions.size(), 2u);
  for (const Junction& junction : diagram.junctions) EXPECT_EQ(junction.branches.size(), 2u);
}

TEST(BifurcationDiagram, FindsThe27PointsOfThreeBitsAlongTheGain) {
  // x = Q tanh(p D Q' x), three decoupled bits of gains p d in five dimensions: y = tanh(p d y) has
  // a pitchfork at p = 1 / d, so that at p = 2 all three have three values.
  const Index n = 5;
  const Vector d = vector_of({1, 1.15, 1.3});
  Matrix A = random_matrix(n, 3, 1, 3);
  for (Index j = 0; j < 3; ++j) {
    for (Index i = 0; i < j; ++i) A.col(j) -= A.col(i).dot(A.col(j)) * A.col(i);
    A.col(j).normalize();
  }
  const CallableFamily family(
      n,
      [&](double p) {
        return std::make_unique<AnalyticMap>(tanh_map(A, p * A * d.asDiagonal(), Vector::Zero(3)));
      },
      1);
  const Diagram diagram = bifurcation_diagram(family, {{Vector::Zero(n), 0.2}}, between(0.2, 2, 3));
  EXPECT_TRUE(diagram.complete);
  const auto ends = ends_at(diagram, 2);
  EXPECT_EQ(ends.size(), 27u);
  EXPECT_TRUE(all_distinct(ends));
  EXPECT_EQ(ends_at(diagram, 0.2).size(), 1u);
  // 1 + 3 + 9 pitchforks, each with its branch.
  EXPECT_EQ(diagram.branches.size(), 14u);
  ASSERT_EQ(diagram.junctions.size(), 13u);
  for (const Junction& junction : diagram.junctions) {
    EXPECT_EQ(junction.branches.size(), 2u);
    EXPECT_LE((d.array() * junction.parameter - 1).abs().minCoeff(), 1e-9);
  }
  // 8 stable, 12 + 6 saddles with 1 and 2 unstable directions, 1 with 3.
  std::vector<int> of_index(4, 0);
  for (const Branch& branch : diagram.branches) {
    for (const Index j : {Index{0}, branch.states.cols() - 1}) {
      if (branch.parameters(j) != 2) continue;
      ++of_index[static_cast<std::size_t>(branch.unstable[static_cast<std::size_t>(j)])];
    }
  }
  EXPECT_EQ(of_index, (std::vector<int>{8, 12, 6, 1}));
}

TEST(BifurcationDiagram, LocatesThePitchforkOfATanhUnitAlongItsGain) {
  const CallableFamily family(
      1,
      [](double p) {
        return std::make_unique<AnalyticMap>(
            tanh_map(Matrix::Identity(1, 1), Matrix::Constant(1, 1, p), Vector::Zero(1)));
      },
      1);
  const Diagram diagram = bifurcation_diagram(family, {{vector_of({0}), 0.5}}, between(0.5, 2));
  ASSERT_EQ(diagram.junctions.size(), 1u);
  EXPECT_NEAR(diagram.junctions[0].parameter, 1, 1e-9);
  // x = tanh(2 x) at x = 0.957504024077 (ground truth).
  const auto ends = ends_at(diagram, 2);
  ASSERT_EQ(ends.size(), 3u);
  for (const Vector& end : ends) {
    EXPECT_LE(std::min(std::abs(end(0)), std::abs(std::abs(end(0)) - 0.957504024077)), 1e-11);
  }
}

TEST(BifurcationDiagram, DoesNotSwitchAtDepthZero) {
  const Diagram diagram =
      bifurcation_diagram(pitchfork_family(), {{vector_of({0}), -1}}, between(-1, 1, 0));
  EXPECT_EQ(diagram.branches.size(), 1u);
  EXPECT_EQ(diagram.junctions.size(), 1u);
  EXPECT_TRUE(diagram.complete);
}

TEST(BifurcationDiagram, SaysWhenItIsNotComplete) {
  DiagramOptions options = between(-1, 1);
  options.max_branches = 1;
  const Diagram full = bifurcation_diagram(pitchfork_family(), {{vector_of({0}), -1}}, options);
  EXPECT_EQ(full.branches.size(), 1u);
  EXPECT_FALSE(full.complete);

  options = between(-1, 1);
  int calls = 0;
  options.continuation.progress = [&](double fraction) {
    EXPECT_GE(fraction, 0);
    EXPECT_LE(fraction, 1);
    return ++calls < 50;
  };
  const Diagram cancelled =
      bifurcation_diagram(pitchfork_family(), {{vector_of({0}), -1}}, options);
  EXPECT_FALSE(cancelled.complete);
  EXPECT_EQ(calls, 50);
  const Branch& last = cancelled.branches.back();
  EXPECT_EQ(last.last_end == BranchEnd::cancelled ? last.last_end : last.first_end,
            BranchEnd::cancelled);
}

TEST(BifurcationDiagram, HasNoBranchWhereThereIsNoStart) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto nowhere =
      scalar_family([=](double, double) { return nan; }, [=](double, double) { return nan; },
                    [=](double, double) { return nan; });
  const Diagram none = bifurcation_diagram(nowhere, {{vector_of({0}), 0}}, between(-1, 1));
  EXPECT_TRUE(none.branches.empty());
  EXPECT_EQ(none.branch_of_start, (std::vector<Index>{-1}));
  EXPECT_TRUE(bifurcation_diagram(pitchfork_family(), {}).branches.empty());
}

TEST(BifurcationDiagram, GivesTheSameBitsEachTime) {
  const auto run = [] {
    return bifurcation_diagram(logistic_family(), {{vector_of({0.6}), 2.5}}, between(2, 3.5, 2));
  };
  const Diagram first = run(), second = run();
  ASSERT_EQ(first.branches.size(), second.branches.size());
  for (std::size_t b = 0; b < first.branches.size(); ++b) {
    EXPECT_EQ(first.branches[b].states, second.branches[b].states);
    EXPECT_EQ(first.branches[b].parameters, second.branches[b].parameters);
  }
}

TEST(BifurcationDiagram, RefusesMisuse) {
  const auto family = pitchfork_family();
  const std::vector<DiagramStart> start{{vector_of({0}), 0}};
  EXPECT_THROW(bifurcation_diagram(family, {{vector_of({0, 0}), 0}}), std::invalid_argument);
  EXPECT_THROW(bifurcation_diagram(family, {{vector_of({0}), 0, 0}}), std::invalid_argument);
  DiagramOptions options;
  options.depth = -1;
  EXPECT_THROW(bifurcation_diagram(family, start, options), std::invalid_argument);
  options = {};
  options.max_branches = 0;
  EXPECT_THROW(bifurcation_diagram(family, start, options), std::invalid_argument);
  options = {};
  options.continuation.dt = 0;
  EXPECT_THROW(bifurcation_diagram(family, start, options), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
