// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/slow_features.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/representation/detail/trials.hpp"

namespace nullcline::representation {
namespace {

constexpr Index most_functions = 4000;

Matrix expanded(In<Matrix> X, const SlowFeatures& features) {
  const Matrix Z = (X.colwise() - features.center) / features.scale;
  return features.degree == 1 ? Z : quadratic_expansion(Z);
}

/// C = <(z - mean)(z - mean)'> over samples and D = <dz dz'> over successive ones within trials.
struct Moments {
  Matrix C, D;
};

Moments moments_of(std::span<const Matrix> trials, SlowFeatures& features, Index samples) {
  Matrix sum = expanded(trials[0].leftCols(1), features);
  const Index m = sum.rows();
  sum.setZero();
  for (const Matrix& trial : trials) sum += expanded(trial, features).rowwise().sum();
  features.mean = sum / static_cast<double>(samples);
  Moments moments{Matrix::Zero(m, m), Matrix::Zero(m, m)};
  Index pairs = 0;
  for (const Matrix& trial : trials) {
    const Matrix Z = expanded(trial, features).colwise() - features.mean;
    const Index steps = Z.cols() - 1;
    const Matrix dZ = Z.rightCols(steps) - Z.leftCols(steps);
    moments.C += multiply(Z, Z, false, true);
    if (steps > 0) moments.D += multiply(dZ, dZ, false, true);
    pairs += steps;
  }
  require(pairs > 0, "slow_features: no trial has two steps");
  moments.C /= static_cast<double>(samples);
  moments.D /= static_cast<double>(pairs);
  return moments;
}

void put_scale(SlowFeatures& features, std::span<const Matrix> trials,
               const detail::TrialShape& shape) {
  features.center = detail::mean_of(trials, shape);
  if (features.degree == 1) return;
  double squares = 0;
  for (const Matrix& trial : trials) squares += (trial.colwise() - features.center).squaredNorm();
  const double size = std::sqrt(squares / static_cast<double>(shape.dim * shape.samples));
  if (size > 0) features.scale = size;
}

}  // namespace

Matrix quadratic_expansion(In<Matrix> X) {
  const Index n = X.rows();
  Matrix result(n + n * (n + 1) / 2, X.cols());
  result.topRows(n) = X;
  Index row = n;
  for (Index i = 0; i < n; ++i) {
    for (Index j = i; j < n; ++j) result.row(row++) = X.row(i).cwiseProduct(X.row(j));
  }
  return result;
}

SlowFeatures slow_features(std::span<const Matrix> trials, const SlowFeatureOptions& options) {
  const detail::TrialShape shape = detail::check_trials(trials, "slow_features");
  require(options.degree == 1 || options.degree == 2, "slow_features: degree must be 1 or 2");
  const Index n = shape.dim;
  if (options.degree == 2 && (n > most_functions || n + n * (n + 1) / 2 > most_functions)) {
    throw std::invalid_argument(
        fmt::format("slow_features: {} units have more than {} products; reduce them first (pca)",
                    n, most_functions));
  }
  SlowFeatures result;
  result.degree = options.degree;
  put_scale(result, trials, shape);
  const Moments moments = moments_of(trials, result, shape.samples);

  const SymmetricEigen C = symmetric_eigen(moments.C);
  const Index m = C.values.size();
  const double floor = static_cast<double>(std::max(m, shape.samples)) *
                       std::numeric_limits<double>::epsilon() * std::max(0.0, C.values(m - 1));
  result.rank = (C.values.array() > floor).count();
  const Index dim = options.dim == 0 ? result.rank : options.dim;
  if (dim < 1 || dim > result.rank) {
    throw std::invalid_argument(fmt::format(
        "slow_features: dim is {}, the data vary in {} directions", options.dim, result.rank));
  }
  const Matrix whitener = C.vectors.rightCols(result.rank) *
                          C.values.tail(result.rank).cwiseSqrt().cwiseInverse().asDiagonal();
  const SymmetricEigen slow =
      symmetric_eigen(multiply(whitener, multiply(moments.D, whitener), true));
  result.deltas = slow.values.head(dim).cwiseMax(0);
  result.weights = multiply(whitener, slow.vectors.leftCols(dim));
  detail::orient_columns(result.weights);
  return result;
}

Matrix project(In<Matrix> X, const SlowFeatures& features) {
  if (X.rows() != features.center.size()) {
    throw std::invalid_argument(fmt::format("project: data of {} dimensions, features of {}",
                                            X.rows(), features.center.size()));
  }
  return multiply(features.weights, expanded(X, features).colwise() - features.mean, true);
}

}  // namespace nullcline::representation
