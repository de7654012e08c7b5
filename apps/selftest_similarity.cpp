// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>

#include "apps/selftest_cases.hpp"
#include "apps/selftest_systems.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/representation/similarity/compare_all.hpp"
#include "nullcline/representation/similarity/subspace_angles.hpp"

namespace nullcline::apps {
namespace {

using Checks = std::vector<SelftestCheck>;
using representation::compare;

/// Orthonormal rows of mean 0.
Matrix signals(Index count, Index samples, std::uint64_t seed) {
  Matrix all = normal_matrix(samples, count, 1, seed);
  const Eigen::RowVectorXd means = all.colwise().mean();
  all.rowwise() -= means;
  return orthonormal_basis(all).transpose();
}

Checks built_in_correlations() {
  const Matrix S = signals(8, 300, 1);
  const Vector rho{{0.95, 0.7, 0.4, 0.05}};
  const Vector rest = (1 - rho.array().square()).sqrt();
  const Matrix X = normal_matrix(6, 4, 1, 2) * S.topRows(4);
  const Matrix Y = normal_matrix(9, 4, 1, 3) *
                   (rho.asDiagonal() * S.topRows(4) + rest.asDiagonal() * S.bottomRows(4));
  const auto found = compare(X, Y, "cca", {.dim = 4});
  Checks checks;
  for (Index i = 0; i < 4; ++i) {
    checks.push_back({"canonical correlation " + std::to_string(i + 1), rho(i),
                      i < found.correlations.size() ? found.correlations(i) : NAN, 1e-12});
  }
  checks.push_back({"CCA distance", 1 - rho.mean(), found.distance, 1e-12});
  checks.push_back({"geodesic distance", rho.array().acos().matrix().norm(),
                    compare(X, Y, "subspace", {.dim = 4}).distance, 1e-12});
  const std::vector<Matrix> both = {X, Y};
  const auto all = representation::compare_all(representation::population_of(both), "cca",
                                               {.similarity = {.dim = 4}});
  checks.push_back(
      {"CCA distance of a population, in float", 1 - rho.mean(), all.distances(0, 1), 1e-6});
  return checks;
}

Checks equal_up_to_invariance() {
  const Matrix X = normal_matrix(7, 200, 1, 4);
  const Matrix Q = orthonormal_basis(normal_matrix(7, 7, 1, 5));
  const Matrix turned = 3 * (Q * X), mixed = normal_matrix(7, 7, 1, 6) * X;
  const double size = (X.colwise() - X.rowwise().mean()).norm();
  return {{"Procrustes of X and 3 Q X over |X|", 2,
           compare(X, turned, "procrustes").distance / size, 1e-12},
          {"its shape distance", 0, compare(X, turned, "procrustes_shape").distance, 1e-12},
          {"CKA of X and 3 Q X", 1, compare(X, turned, "cka").score, 1e-12},
          {"Gaussian CKA of X and 3 Q X", 1, compare(X, turned, "rbf_cka").score, 1e-12},
          {"RSA of X and 3 Q X", 1, compare(X, turned, "rsa").score, 1e-12},
          {"CCA of X and M X", 1, compare(X, mixed, "cca").score, 1e-12},
          {"matching of X and its units backwards", 0,
           compare(X, X.colwise().reverse(), "matching").distance, 1e-12}};
}

Checks random_lines() {
  const Matrix a{{1.0}, {0.0}}, b{{std::cos(0.3)}, {std::sin(0.3)}};
  const auto found = representation::subspace_angles(a, b, {.samples = 4000});
  const double quarter = std::numbers::pi / 4;
  return {{"angle", 0.3, found.angles(0), 1e-14},
          {"probability of one as small", 0.6 / std::numbers::pi, found.p_closer(0), 1e-12},
          {"mean angle of random lines", quarter, found.null_mean(0),
           4 * 2 * quarter / std::sqrt(12.0 * 4000)}};
}

}  // namespace

std::vector<SelftestCase> selftest_similarity() {
  return {{"signals with canonical correlations built in", "exact", built_in_correlations},
          {"data equal up to what a metric does not see", "exact", equal_up_to_invariance},
          {"two lines in the plane", "uniform angles, exact", random_lines}};
}

}  // namespace nullcline::apps
