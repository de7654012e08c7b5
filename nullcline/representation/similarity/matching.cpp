// SPDX-License-Identifier: Apache-2.0
// One-to-one matching of units [Li et al. 2015; Williams et al. 2021]: with z a unit's activity,
// centered and of norm 1 (0 if silent), the permutation that makes sum |z_i - z'_pi(i)|^2 least, an
// assignment problem. For equal numbers of units its root is a metric: a distance minimized over a
// group of isometries. Units that are too many on one side stay without a partner.
#include <algorithm>
#include <cmath>

#include "nullcline/core/assignment.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/representation/similarity/detail/metric.hpp"

namespace nullcline::representation::detail {
namespace {

/// Columns are units.
Features unit_columns(Matrix X, const SimilarityOptions&) {
  Features features;
  features.factor = X.transpose();
  for (Index i = 0; i < X.rows(); ++i) features.factor.col(i).stableNormalize();
  features.defined = X.cwiseAbs().maxCoeff() > 0;
  return features;
}

Similarity matching(const Features& X, const Features& Y, const SimilarityOptions& options) {
  if (X.factor.cols() > Y.factor.cols()) {
    Similarity result = matching(Y, X, options);
    std::vector<Index> inverse(static_cast<std::size_t>(X.factor.cols()), -1);
    for (std::size_t j = 0; j < result.matches.size(); ++j) {
      inverse[static_cast<std::size_t>(result.matches[j])] = static_cast<Index>(j);
    }
    result.matches = std::move(inverse);
    std::swap(result.dim_x, result.dim_y);
    return result;
  }
  const Matrix correlations = multiply(X.factor, Y.factor, true);
  const Vector squares = Y.factor.colwise().squaredNorm();  // 0 of silent units, else 1
  Similarity result;
  result.matches = minimum_assignment((-2 * correlations).rowwise() + squares.transpose());
  double sum = 0;
  const Index units = X.factor.cols();
  result.correlations.resize(units);
  for (Index i = 0; i < units; ++i) {
    const Index j = result.matches[static_cast<std::size_t>(i)];
    sum += (X.factor.col(i) - Y.factor.col(j)).squaredNorm();
    result.correlations(i) = correlations(i, j);
  }
  result.distance = std::sqrt(sum / static_cast<double>(units));
  result.score = result.correlations.mean();
  std::sort(result.correlations.begin(), result.correlations.end(), std::greater<>());
  result.dim_x = units;
  result.dim_y = Y.factor.cols();
  return result;
}

}  // namespace

std::vector<Metric> matching_metrics() {
  return {{{"matching", "one-to-one matching of units", "sqrt(mean |z_i - z'_match(i)|^2)",
            "mean correlation of matched units", "permutations, and scale of each unit", 2, true,
            "for equal numbers of units", true},
           unit_columns,
           matching}};
}

}  // namespace nullcline::representation::detail
