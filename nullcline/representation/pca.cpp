// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/pca.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
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

}  // namespace

Pca pca(std::span<const Matrix> trials, const PcaOptions& options) {
  const detail::TrialShape shape = detail::check_trials(trials, "pca");
  const Index most = std::min(shape.dim, shape.samples);
  const Index dim = options.dim == 0 ? most : options.dim;
  if (dim < 1 || dim > most) {
    throw std::invalid_argument(
        fmt::format("pca: dim is {}, must be 0 .. {} for {} samples in {} dimensions", options.dim,
                    most, shape.samples, shape.dim));
  }

  Pca result;
  result.mean = detail::mean_of(trials, shape);
  const Matrix X = centered_samples(trials, result.mean, shape.samples);
  const double divisor = static_cast<double>(std::max<Index>(1, shape.samples - 1));
  result.total_variance = X.squaredNorm() / divisor;

  if (shape.samples > shape.dim) {
    const SymmetricEigen covariance = symmetric_eigen(multiply(X, X, false, true) / divisor);
    result.basis = covariance.vectors.rowwise().reverse().leftCols(dim);
    result.variances = covariance.values.reverse().head(dim).cwiseMax(0);
  } else {
    const Svd factors = svd(X);
    result.basis = factors.U.leftCols(dim);
    result.variances = factors.values.head(dim).array().square() / divisor;
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
