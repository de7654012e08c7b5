// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dimension.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/random.hpp"
#include "nullcline/representation/detail/neighbors.hpp"
#include "nullcline/representation/detail/trials.hpp"
#include "nullcline/representation/pca.hpp"

namespace nullcline::representation {
namespace {

using detail::Neighbors;

Matrix joined(std::span<const Matrix> trials, const detail::TrialShape& shape) {
  Matrix X(shape.dim, shape.samples);
  Index column = 0;
  for (const Matrix& trial : trials) {
    X.middleCols(column, trial.cols()) = trial;
    column += trial.cols();
  }
  return X;
}

/// Each row turned round by a random number of columns.
Matrix surrogate(const Matrix& X, std::uint64_t seed, Index number) {
  RandomStream stream({.seed = seed,
                       .purpose = Purpose::analysis_noise,
                       .step = static_cast<std::uint64_t>(number)});
  Matrix Y(X.rows(), X.cols());
  for (Index i = 0; i < X.rows(); ++i) {
    const auto by = static_cast<Index>(stream.below(static_cast<std::uint64_t>(X.cols())));
    Y.row(i) << X.row(i).tail(X.cols() - by), X.row(i).head(by);
  }
  return Y;
}

void put_parallel(Dimension& result, const Matrix& X, const DimensionOptions& options) {
  const Index most = result.variances.size();
  Matrix variances(most, options.surrogates);
  parallel_for(options.surrogates, options.threads, [&](Index s) {
    const Matrix Y = surrogate(X, options.seed, s);
    variances.col(s) = pca(std::span(&Y, 1), {.dim = most, .method = PcaMethod::exact}).variances;
  });
  const auto rank =
      static_cast<Index>(std::ceil(options.quantile * static_cast<double>(options.surrogates)) - 1);
  result.null_variances.resize(most);
  for (Index i = 0; i < most; ++i) {
    Vector sorted = variances.row(i);
    std::sort(sorted.begin(), sorted.end());
    result.null_variances(i) = sorted(std::max<Index>(0, rank));
  }
  result.parallel = 0;
  while (result.parallel < most &&
         result.variances(result.parallel) > result.null_variances(result.parallel)) {
    ++result.parallel;
  }
}

/// Quantile of the standard normal distribution, by bisection of erfc.
double normal_quantile(double p) {
  double low = -40, high = 40;
  for (int i = 0; i < 200; ++i) {
    const double z = (low + high) / 2;
    (0.5 * std::erfc(-z / std::sqrt(2.0)) < p ? low : high) = z;
  }
  return (low + high) / 2;
}

/// Quantile of chi-squared over its degrees of freedom [Wilson & Hilferty 1931].
double relative_chi_squared(double p, double freedom) {
  const double a = 2 / (9 * freedom);
  const double root = 1 - a + normal_quantile(p) * std::sqrt(a);
  return root * root * root;
}

DimensionEstimate two_nn(const Neighbors& neighbors, const DimensionOptions& options) {
  std::vector<double> logarithms;
  for (Index i = 0; i < neighbors.distances.cols(); ++i) {
    logarithms.push_back(std::log(neighbors.distances(1, i) / neighbors.distances(0, i)));
  }
  std::sort(logarithms.begin(), logarithms.end());
  const auto count = logarithms.size();
  const auto kept = static_cast<std::size_t>(
      std::max(1.0, std::floor(options.two_nn_kept * static_cast<double>(count))));
  double sum =
      std::accumulate(logarithms.begin(), logarithms.begin() + static_cast<long>(kept), 0.0);
  sum += static_cast<double>(count - kept) * logarithms[kept - 1];
  if (!(sum > 0)) return {};
  const double r = static_cast<double>(kept), tail = (1 - options.confidence) / 2;
  return {r / sum, r / sum * relative_chi_squared(tail, 2 * r),
          r / sum * relative_chi_squared(1 - tail, 2 * r), static_cast<Index>(count)};
}

DimensionEstimate maximum_likelihood(const Neighbors& neighbors, const DimensionOptions& options) {
  double inverse = 0;
  const Index count = neighbors.distances.cols();
  for (Index i = 0; i < count; ++i) {
    const Vector logarithms = neighbors.distances.col(i).array().log();
    for (Index k = options.mle_first; k <= options.mle_last; ++k) {
      inverse += logarithms(k - 1) - logarithms.head(k - 1).mean();
    }
  }
  inverse /= static_cast<double>(count * (options.mle_last - options.mle_first + 1));
  if (!(inverse > 0)) return {};
  const double width =
      normal_quantile(0.5 + options.confidence / 2) / std::sqrt(static_cast<double>(count));
  return {1 / inverse, std::max(0.0, 1 - width) / inverse, (1 + width) / inverse, count};
}

/// Points for the neighbor estimates: every sample, equal ones once, at most max_points of them.
struct Points {
  Matrix X;                  // (n, P)
  std::vector<Index> times;  // (P) far apart from trial to trial.
};

bool column_before(const Matrix& X, Index a, Index b) {
  return std::lexicographical_compare(X.col(a).begin(), X.col(a).end(), X.col(b).begin(),
                                      X.col(b).end());
}

Points points_of(const Matrix& X, std::span<const Matrix> trials, const DimensionOptions& options) {
  std::vector<Index> times, order(static_cast<std::size_t>(X.cols()));
  Index time = 0;
  for (const Matrix& trial : trials) {
    for (Index t = 0; t < trial.cols(); ++t) times.push_back(time++);
    time += options.exclude + 1;
  }
  std::iota(order.begin(), order.end(), Index{0});
  std::sort(order.begin(), order.end(), [&](Index a, Index b) {
    return column_before(X, a, b) || (!column_before(X, b, a) && a < b);
  });
  order.erase(std::unique(order.begin(), order.end(),
                          [&](Index a, Index b) { return X.col(a) == X.col(b); }),
              order.end());
  std::sort(order.begin(), order.end());  // As they came: the draw does not depend on values.
  RandomStream stream({.seed = options.seed, .purpose = Purpose::analysis_starts, .step = 2});
  const auto count = std::min(order.size(), static_cast<std::size_t>(options.max_points));
  for (std::size_t i = 0; i < count && count < order.size(); ++i) {
    std::swap(order[i], order[i + stream.below(order.size() - i)]);
  }
  Points points{Matrix(X.rows(), static_cast<Index>(count)), {}};
  for (std::size_t i = 0; i < count; ++i) {
    points.X.col(static_cast<Index>(i)) = X.col(order[i]);
    points.times.push_back(times[static_cast<std::size_t>(order[i])]);
  }
  return points;
}

void put_neighbor_estimates(Dimension& result, const Points& points,
                            const DimensionOptions& options) {
  const Index count = points.X.cols();
  if (count <= options.mle_last) return;
  const Neighbors neighbors = detail::nearest_neighbors(points.X, options.mle_last, options.threads,
                                                        points.times, options.exclude);
  result.two_nn = two_nn(neighbors, options);
  result.mle = maximum_likelihood(neighbors, options);
}

void check(const DimensionOptions& options) {
  for (const double part : options.thresholds) {
    require(part > 0 && part <= 1, "dimension: thresholds must be in (0, 1]");
  }
  require(options.surrogates >= 0 && options.quantile > 0 && options.quantile < 1,
          "dimension: surrogates must be >= 0, quantile in (0, 1)");
  require(options.max_points >= 0 && options.exclude >= 0,
          "dimension: max_points and exclude must be >= 0");
  require(options.two_nn_kept > 0 && options.two_nn_kept <= 1 && options.confidence > 0 &&
              options.confidence < 1,
          "dimension: two_nn_kept must be in (0, 1], confidence in (0, 1)");
  require(options.mle_first >= 2 && options.mle_last >= options.mle_first,
          "dimension: 2 <= mle_first <= mle_last is needed");
}

}  // namespace

double participation_ratio(In<Vector> variances) {
  const double sum = variances.sum(), squares = variances.squaredNorm();
  return squares > 0 ? sum * sum / squares : 0;
}

Dimension dimension(std::span<const Matrix> trials, const DimensionOptions& options) {
  check(options);
  const Pca components = pca(trials, {.method = PcaMethod::exact});
  const detail::TrialShape shape = detail::check_trials(trials, "dimension");
  Dimension result;
  result.variances = components.variances;
  result.participation_ratio = participation_ratio(components.variances);
  const double rounding = 1e-12;  // Or the sum of all parts would miss a threshold of 1.
  for (const double part : options.thresholds) {
    Index count = 0;
    double sum = 0;
    while (count < components.explained.size() && sum < part - rounding) {
      sum += components.explained(count++);
    }
    result.at_threshold.push_back(count);
  }
  const Matrix X = joined(trials, shape);
  if (options.surrogates > 0) put_parallel(result, X, options);
  if (options.max_points > 0) {
    put_neighbor_estimates(result, points_of(X, trials, options), options);
  }
  return result;
}

}  // namespace nullcline::representation
