// SPDX-License-Identifier: Apache-2.0
// What becomes of results where LAPACK gives up: a status and NaN, never an exception.
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "nullcline/connectivity/alignment.hpp"
#include "nullcline/connectivity/centrality.hpp"
#include "nullcline/connectivity/change_rank.hpp"
#include "nullcline/connectivity/departure.hpp"
#include "nullcline/connectivity/kreiss.hpp"
#include "nullcline/connectivity/pseudospectrum.hpp"
#include "nullcline/connectivity/weight_change.hpp"
#include "tests/connectivity/random_weights.hpp"
#include "tests/failing_lapack.hpp"

namespace nullcline::connectivity {
namespace {

const Matrix W = testing::random_weights(6, 1), V = testing::random_weights(6, 2);

TEST(NotConverged, IsAStatusOfSpectraAndTheDeparture) {
  EXPECT_TRUE(departure_from_normality(W).known);
  EXPECT_TRUE(weight_spectrum(W).known);
  const Failing now;
  const Departure departure = departure_from_normality(W);
  EXPECT_FALSE(departure.known);
  EXPECT_TRUE(std::isnan(departure.frobenius) && std::isnan(departure.operator_norm) &&
              std::isnan(departure.real_frobenius) && std::isnan(departure.real_operator_norm));
  EXPECT_EQ(departure.matrix_frobenius, W.norm());
  const WeightChange change = weight_change(W, V);
  EXPECT_FALSE(change.before_spectrum.known);
  EXPECT_TRUE(change.before_spectrum.singular_values.array().isNaN().all());
  EXPECT_EQ(change.before_spectrum.eigenvalues.size(), 6);
  EXPECT_EQ(change.before_spectrum.effective_rank, 0);
  EXPECT_TRUE(std::isfinite(change.relative_change));
}

TEST(NotConverged, IsAStatusOfResolvents) {
  EXPECT_TRUE(kreiss_constant(0.1 * W).known);
  const Failing now;
  const Pseudospectrum found = pseudospectrum(W, {.resolution = 5});
  EXPECT_FALSE(found.known);
  EXPECT_EQ(found.distance.rows(), 5);
  EXPECT_TRUE(found.distance.array().isNaN().all() && std::isnan(found.norm));
  const Kreiss kreiss = kreiss_constant(0.1 * W);
  EXPECT_FALSE(kreiss.known);
  EXPECT_TRUE(std::isnan(kreiss.constant) && std::isnan(kreiss.spectral));
}

/// The Schur form is there, and with it eigenvalues and the norm; what Lanczos finds is not.
TEST(NotConverged, IsAStatusOfResolventsAtTheirPoints) {
  const Pseudospectrum known = pseudospectrum(W, {.resolution = 5});
  const Kreiss stable = kreiss_constant(0.1 * W);
  ASSERT_TRUE(known.known && stable.known);
  const Failing now("LAPACKE_dsyevd");
  const Pseudospectrum found = pseudospectrum(W, {.resolution = 5});
  EXPECT_FALSE(found.known || found.cancelled);
  EXPECT_TRUE(found.distance.array().isNaN().all());
  EXPECT_EQ(found.eigenvalues, known.eigenvalues);
  const Kreiss kreiss = kreiss_constant(0.1 * W);
  EXPECT_FALSE(kreiss.known);
  EXPECT_TRUE(std::isnan(kreiss.constant) && std::isnan(kreiss.upper_bound));
  EXPECT_EQ(kreiss.spectral, stable.spectral);
  EXPECT_EQ(kreiss.point, 0.0);
  // Wrong options are misuse, whatever LAPACK does.
  EXPECT_THROW(pseudospectrum(W, {.resolution = 1}), std::invalid_argument);
}

TEST(NotConverged, IsAStatusOfRanksAndAlignment) {
  EXPECT_TRUE(change_rank(W).known);
  EXPECT_TRUE(change_alignment(W, V.leftCols(2), V.topRows(1)).known);
  const auto loss = [](In<Matrix> M) { return M.norm(); };
  const Failing now;
  EXPECT_FALSE(change_rank(W).known);
  EXPECT_TRUE(change_rank(W).tests.empty());
  const FunctionalRank rank = functional_rank(W, V - W, loss, {.max_rank = 3});
  EXPECT_FALSE(rank.known);
  EXPECT_EQ(rank.rank, -1);
  EXPECT_TRUE(rank.losses.size() == 4 && rank.losses.array().isNaN().all());
  const Alignment alignment = change_alignment(W, V.leftCols(2), V.topRows(1));
  EXPECT_FALSE(alignment.known);
  EXPECT_EQ(alignment.writes_to_inputs.dim, 0);
}

TEST(NotConverged, LeavesTheCentralitiesThatNeedNoEigenvalue) {
  const Centralities known = centralities(W);
  const Failing now;
  const Centralities all = centralities(W);
  EXPECT_TRUE(std::isnan(all.spectral_radius));
  EXPECT_EQ(all.eigenvector.status, CentralityStatus::not_converged);
  EXPECT_EQ(all.eigenvector.scores.size(), 0);
  EXPECT_TRUE(all.katz.scores.array().isNaN().all() && std::isnan(all.katz.alpha));
  EXPECT_EQ(all.in_strength.scores, known.in_strength.scores);
  EXPECT_EQ(all.pagerank, known.pagerank);
}

}  // namespace
}  // namespace nullcline::connectivity
