// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/pca.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/representation/detail/randomized_range.hpp"
#include "nullcline/representation/detail/trials.hpp"

namespace nullcline::representation {
namespace {

Matrix centered_samples(std::span<const Matrix> trials, In<Vector> mean, Index samples) {
  Matrix X(mean.size(), samples);
  Index column = 0;
  for (const Matrix& trial : trials) {
    X.middleCols(column, trial.cols()) = trial.colwise() - mean;
    column += trial.cols();
  }
  return X;
}

constexpr Index large = 1000, part = 10;
constexpr Index probes = 10;  // A bound that fails once in 1e10.

Index searched(Index dim, Index most, const PcaOptions& options) {
  return std::min(most, dim + options.oversampling);
}

PcaMethod chosen(Index dim, Index most, const PcaOptions& options) {
  if (options.method != PcaMethod::automatic) return options.method;
  return most >= large && most >= part * searched(dim, most, options) ? PcaMethod::randomized
                                                                      : PcaMethod::exact;
}

void put_exact(Pca& result, In<Matrix> X, Index dim, double divisor) {
  if (X.cols() > X.rows()) {
    const SymmetricEigen covariance = symmetric_eigen(multiply(X, X, false, true) / divisor);
    result.basis = covariance.vectors.rowwise().reverse().leftCols(dim);
    result.variances = covariance.values.reverse().head(dim).cwiseMax(0);
  } else {
    const Svd factors = svd(X);
    result.basis = factors.U.leftCols(dim);
    result.variances = factors.values.head(dim).array().square() / divisor;
  }
}

void put_randomized(Pca& result, In<Matrix> X, Index dim, double divisor,
                    const PcaOptions& options) {
  const Index l = searched(dim, std::min(X.rows(), X.cols()), options);
  const Matrix Q = detail::randomized_range(X, l, options.power_iterations, options.seed);
  const Matrix B = multiply(Q, X, true);
  const SymmetricEigen within = symmetric_eigen(multiply(B, B, false, true) / divisor);
  result.basis = multiply(Q, within.vectors.rowwise().reverse().leftCols(dim));
  result.variances = within.values.reverse().head(dim).cwiseMax(0);
  const double bound = detail::residual_bound(X, Q, probes, options.seed);
  result.unseen_variance = bound * bound / divisor;
}

}  // namespace

const char* name_of(PcaMethod method) {
  static constexpr const char* names[] = {"automatic", "exact", "randomized"};
  return names[static_cast<int>(method)];
}

Pca pca(std::span<const Matrix> trials, const PcaOptions& options) {
  const detail::TrialShape shape = detail::check_trials(trials, "pca");
  const Index most = std::min(shape.dim, shape.samples);
  const Index dim = options.dim == 0 ? most : options.dim;
  if (dim < 1 || dim > most) {
    throw std::invalid_argument(
        fmt::format("pca: dim is {}, must be 0 .. {} for {} samples in {} dimensions", options.dim,
                    most, shape.samples, shape.dim));
  }
  require(options.oversampling >= 0 && options.power_iterations >= 0,
          "pca: oversampling and power_iterations must be at least 0");

  Pca result;
  result.mean = detail::mean_of(trials, shape);
  const Matrix X = centered_samples(trials, result.mean, shape.samples);
  const double divisor = static_cast<double>(std::max<Index>(1, shape.samples - 1));
  result.total_variance = X.squaredNorm() / divisor;

  result.method = chosen(dim, most, options);
  if (result.method == PcaMethod::randomized) {
    put_randomized(result, X, dim, divisor, options);
  } else {
    put_exact(result, X, dim, divisor);
  }
  detail::orient_columns(result.basis);
  result.explained = Vector::Zero(dim);
  if (result.total_variance > 0) result.explained = result.variances / result.total_variance;
  return result;
}

Matrix project(In<Matrix> X, In<Vector> mean, In<Matrix> basis) {
  if (X.rows() != mean.size() || X.rows() != basis.rows()) {
    throw std::invalid_argument(
        fmt::format("project: data of {} dimensions, a mean of {} and a basis of {} must agree",
                    X.rows(), mean.size(), basis.rows()));
  }
  return multiply(basis, X.colwise() - mean, true);
}

}  // namespace nullcline::representation
