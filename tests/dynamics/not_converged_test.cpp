// SPDX-License-Identifier: Apache-2.0
// What becomes of results where LAPACK gives up, or where a Jacobian is not finite: a status of the
// item, never an exception that ends a batch.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "nullcline/core/attempt.hpp"
#include "nullcline/dynamics/branches/continuation.hpp"
#include "nullcline/dynamics/connections/connections.hpp"
#include "nullcline/dynamics/cycles/cycles.hpp"
#include "nullcline/dynamics/cycles/invariant_circle.hpp"
#include "nullcline/dynamics/linear/linear_fit.hpp"
#include "nullcline/dynamics/linear/modes.hpp"
#include "nullcline/dynamics/linear/non_normality.hpp"
#include "nullcline/dynamics/linear/reversibility.hpp"
#include "nullcline/dynamics/orbits/line_attractor.hpp"
#include "nullcline/dynamics/points/certificate.hpp"
#include "nullcline/dynamics/points/complete_search.hpp"
#include "nullcline/dynamics/points/slow_points.hpp"
#include "nullcline/dynamics/points/slow_time_scales.hpp"
#include "nullcline/dynamics/points/spectrum_bounds.hpp"
#include "nullcline/dynamics/points/speed.hpp"
#include "tests/dynamics/analytic_families.hpp"
#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/latent_bits.hpp"
#include "tests/dynamics/random_matrix.hpp"
#include "tests/failing_lapack.hpp"

namespace nullcline::dynamics {
namespace {

/// 0.5 x, with a Jacobian that is not finite where x_0 > 1.
AnalyticMap steep_map() {
  return AnalyticMap(
      2, [](const Vector& x) -> Vector { return 0.5 * x; },
      [](const Vector& x) -> Matrix {
        const double steep = x(0) > 1 ? std::numeric_limits<double>::infinity() : 0;
        return 0.5 * Matrix::Identity(2, 2) + Matrix::Constant(2, 2, steep);
      });
}

TEST(Attempt, IsEmptyWhereLapackGivesUpOrTheMatrixIsNotFinite) {
  const Matrix A = random_matrix(5, 5, 1.0, 1);
  EXPECT_EQ(*attempt(eigenvalues, A), eigenvalues(A));
  EXPECT_EQ(*attempt(singular_values, A), singular_values(A));
  EXPECT_FALSE(attempt(eigen, std::nan("") * A).has_value());
  const Failing now;
  EXPECT_THROW(eigenvalues(A), NotConverged);
  EXPECT_FALSE(attempt(eigenvalues, A) || attempt(eigen, A) || attempt(svd, A) ||
               attempt(singular_values, A) || attempt(symmetric_eigen, A) ||
               attempt(complex_schur, A) || attempt(unit_circle_schur, A));
}

TEST(NotConverged, IsAStatusOfEachLinearization) {
  const AnalyticMap map = steep_map();
  const Matrix states = (Matrix(2, 3) << 0, 2, 0.5, 0, 0, 0).finished();
  for (const bool vectors : {false, true}) {
    const auto points = linearize_all(map, states, 0.1, {.eigenvectors = vectors}, {2});
    EXPECT_EQ(points[0].status, SpectrumStatus::known);
    EXPECT_EQ(points[0].stability, Stability::stable);
    EXPECT_EQ(points[1].status, SpectrumStatus::not_finite);
    EXPECT_EQ(points[2].eigenvalues, points[0].eigenvalues);
    const Failing now;
    const Linearization failed = linearize(map, states.col(0), 0.1, {.eigenvectors = vectors});
    EXPECT_EQ(failed.status, SpectrumStatus::not_converged);
    for (const Linearization* at : {&points[1], &failed}) {
      EXPECT_EQ(at->stability, Stability::unknown);
      EXPECT_EQ(at->unstable + at->marginal, 0);
      EXPECT_EQ(at->degree, 0);
      ASSERT_EQ(at->eigenvalues.size(), 2);
      EXPECT_TRUE(at->eigenvalues.real().array().isNaN().all());
      EXPECT_TRUE(at->time_constants.array().isNaN().all());
      EXPECT_EQ(at->eigenvectors.size(), vectors ? 4 : 0);
    }
  }
  const auto all = linearize_all(map, states, 0.1, {.eigenvectors = true});
  const auto found = modes_all(all, 0.1);
  EXPECT_EQ(found[0].status, ModesStatus::complete);
  EXPECT_EQ(found[1].status, ModesStatus::unknown);
  EXPECT_FALSE(found[1].has_left(0) || found[1].has_left(1));
  EXPECT_EQ(found[1].right.cols(), 2);
  // A mode is read off the linearization; only the condition of all needs LAPACK again.
  const Failing now;
  EXPECT_TRUE(std::isinf(modes(all[0], 0.1).eigenvector_condition));
}

TEST(NotConverged, IsAStatusOfWhatFollowsFromAMatrix) {
  const Matrix J = 0.5 * random_matrix(4, 4, 0.5, 2), Q = Matrix::Identity(4, 4);
  const Matrix X = random_matrix(4, 20, 1.0, 3), Y = J * X;
  const LinearFit fit = fit_linear_model(X, Y, Vector::Zero(4));
  EXPECT_EQ(fit.status, SpectrumStatus::known);
  const Failing now;
  EXPECT_EQ(non_normality(J).status, SpectrumStatus::not_converged);
  EXPECT_EQ(stationary_covariance(J, Q).status, GaussianStatus::not_converged);
  EXPECT_EQ(predictive_information(J, Q).status, GaussianStatus::not_converged);
  EXPECT_EQ(entropy_production(J, Q).status, GaussianStatus::not_converged);
  EXPECT_EQ(fit_linear_model(X, Y, Vector::Zero(4)).status, SpectrumStatus::not_converged);
  EXPECT_EQ(compare_fit(fit, J).status, SpectrumStatus::not_converged);
  const Contraction along = contraction_along(linear_map(J, Vector::Zero(4)), X, 1);
  EXPECT_EQ(along.finite, std::vector<std::uint8_t>(20, 0));
  EXPECT_FALSE(eigenvalues_outside_unit_circle(MatrixBall(J)).has_value());
  EXPECT_FALSE(negative_eigenvalues(MatrixBall(Q)).has_value());
}

TEST(NotConverged, LeavesTheOtherPointsOfASearchAlone) {
  const LatentBits bits(3, 2, 2);
  const Matrix starts = random_matrix(3, 40, 1.0, 4);
  const Failing now;
  const CompleteSearch found = find_all_fixed_points(bits.map, starts, {.max_starts = 512});
  EXPECT_EQ(found.points.states.cols(), 9);  // LU needs no eigenvalues
  EXPECT_EQ(found.completeness, Completeness::degenerate);
  for (const Linearization& at : found.linearizations) {
    EXPECT_EQ(at.status, SpectrumStatus::not_converged);
  }
  // Saddles without eigenvalues are neither left nor do they capture.
  const Landmarks landmarks = landmarks_at(bits.map, bits.landmarks.points);
  const Connections none = find_connections(bits.map, landmarks);
  EXPECT_TRUE(none.connections.empty());
  EXPECT_EQ(none.departures.size(), 9u);
}

TEST(NotConverged, IsAStatusOfSpeedsAndSlowPoints) {
  // x -> x + 0.1 (x^2 + 0.01), the ghost of a saddle-node.
  const AnalyticMap ghost =
      scalar_map([](double x) { return x + 0.1 * (x * x + 0.01); },
                 [](double x) { return 1 + 0.2 * x; }, [](double) { return 0.2; });
  const Matrix starts = (Matrix(1, 2) << 0.01, -0.02).finished();
  const SlowPoints slow = find_slow_points(ghost, starts);
  ASSERT_EQ(slow.states.cols(), 1);
  {
    const Failing now;
    const auto scales = slow_time_scales(ghost, slow);
    EXPECT_EQ(scales[0].grade, SlowGrade::unknown);
    EXPECT_TRUE(std::isnan(scales[0].passage) && std::isnan(scales[0].escape));
    const TrajectorySpeeds along = speeds_along(ghost, starts, {.gradient_tolerance = 1});
    EXPECT_TRUE(along.smallest_eigenvalues.array().isNaN().all());
    EXPECT_EQ(along.slow, std::vector<std::uint8_t>(2, 0));
    EXPECT_TRUE(along.speeds.allFinite());
    for (const SearchStatus status : find_slow_points(ghost, starts).status) {
      EXPECT_FALSE(is_fixed_point(status) || status == SearchStatus::slow_point);
    }
  }
  // One state of a trajectory that is not finite, and one at which the Jacobian is not.
  const AnalyticMap steep = steep_map();
  Matrix states = (Matrix(2, 4) << 0.5, 2, 0.25, 0.125, 0, 0, 0, 0).finished();
  states(1, 2) = std::nan("");
  const TrajectorySpeeds along = speeds_along(steep, states, {.gradient_tolerance = 1});
  EXPECT_NEAR(along.speeds(0), 0.03125, 1e-15);
  EXPECT_NEAR(along.smallest_eigenvalues(0), 0.25, 1e-15);
  EXPECT_TRUE(std::isnan(along.smallest_eigenvalues(1)) && std::isnan(along.speeds(2)));
  EXPECT_EQ(along.slow, (std::vector<std::uint8_t>{1, 0, 0, 1}));
}

TEST(NotConverged, IsAStatusOfCyclesBranchesAndLines) {
  const AnalyticMap flip = scalar_map([](double x) { return -std::tanh(2 * x); },
                                      [](double x) { return -2 / std::pow(std::cosh(2 * x), 2); },
                                      [](double) { return 0.0; });
  const std::vector<Matrix> guess = {Matrix::Constant(1, 1, 0.1)};  // longer ones need no LAPACK
  EXPECT_EQ(find_cycles(flip, guess).cycles.at(0).stability, Stability::repelling);
  const Matrix line = Matrix::Identity(2, 1) * Matrix(Vector::LinSpaced(20, -1, 1).transpose());
  const AnalyticMap still = linear_map((Matrix(2, 2) << 1, 0, 0, 0.5).finished(), Vector::Zero(2));
  EXPECT_EQ(find_line_attractor(still, line).verdict, LineVerdict::line);
  const TanhUnit unit(2);
  const InputLine family(unit, Vector::Zero(1), Vector::Ones(1));
  const Failing now;
  const Cycles found = find_cycles(flip, guess);
  ASSERT_EQ(found.cycles.size(), 1u);
  EXPECT_EQ(found.cycles[0].stability, Stability::unknown);
  EXPECT_TRUE(std::isnan(found.cycles[0].multipliers(0).real()));
  EXPECT_EQ(find_line_attractor(still, line).status, LineStatus::not_converged);
  const Branch branch = continue_point(family, Vector::Constant(1, 0.9), 0);
  EXPECT_EQ(branch.states.cols(), 0);
  EXPECT_EQ(branch.last_end, BranchEnd::no_start);
  EXPECT_NE(find_invariant_circle(flip, Vector::Constant(1, 0.5)).verdict,
            OrbitVerdict::invariant_circle);
}

}  // namespace
}  // namespace nullcline::dynamics
