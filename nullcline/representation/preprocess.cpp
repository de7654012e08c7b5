// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/preprocess.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "nullcline/representation/detail/trials.hpp"

namespace nullcline::representation {
namespace {

constexpr double kernel_reach = 4;  // Standard deviations: 6e-5 of the kernel lie beyond.

/// k(0) .. k(reach), no longer than the trial.
Vector half_kernel(double deviation, Index steps) {
  const double reach =
      std::min(std::floor(kernel_reach * deviation), static_cast<double>(steps - 1));
  const auto count = static_cast<Index>(reach) + 1;
  const Vector r = Vector::LinSpaced(count, 0, reach) / deviation;
  return (-0.5 * r.array().square()).exp();
}

Matrix smoothed(const Matrix& X, double deviation) {
  const Index steps = X.cols();
  const Vector kernel = half_kernel(deviation, steps);
  Matrix sum = kernel(0) * X;
  Vector weight = Vector::Constant(steps, kernel(0));
  for (Index r = 1; r < kernel.size(); ++r) {
    const Index count = steps - r;
    sum.rightCols(count) += kernel(r) * X.leftCols(count);
    sum.leftCols(count) += kernel(r) * X.rightCols(count);
    weight.tail(count).array() += kernel(r);
    weight.head(count).array() += kernel(r);
  }
  return sum * weight.cwiseInverse().asDiagonal();
}

Matrix binned(const Matrix& X, Index bin, BinValue value) {
  const Index bins = X.cols() / bin;
  Matrix result(X.rows(), bins);
  for (Index b = 0; b < bins; ++b) result.col(b) = X.middleCols(b * bin, bin).rowwise().sum();
  if (value == BinValue::mean) result /= static_cast<double>(bin);
  return result;
}

/// What is taken off each unit, and what it is multiplied by then.
struct Affine {
  Vector offset, factor;
};

Affine zscore_of(std::span<const Matrix> trials, const detail::TrialShape& shape) {
  Affine map{detail::mean_of(trials, shape), Vector::Zero(shape.dim)};
  Vector squares = Vector::Zero(shape.dim), largest = Vector::Zero(shape.dim);
  for (const Matrix& trial : trials) {
    squares += (trial.colwise() - map.offset).rowwise().squaredNorm();
    largest = largest.cwiseMax(trial.cwiseAbs().rowwise().maxCoeff());
  }
  for (Index i = 0; i < shape.dim; ++i) {
    const double deviation =
        std::sqrt(squares(i) / static_cast<double>(std::max<Index>(1, shape.samples - 1)));
    // The mean of a constant unit is the constant to rounding.
    if (deviation > 1e-14 * largest(i)) map.factor(i) = 1 / deviation;
  }
  return map;
}

Affine soft_of(std::span<const Matrix> trials, const detail::TrialShape& shape, double softness) {
  Vector low = trials[0].col(0), high = low;
  for (const Matrix& trial : trials) {
    low = low.cwiseMin(trial.rowwise().minCoeff());
    high = high.cwiseMax(trial.rowwise().maxCoeff());
  }
  const Vector range = (high - low).array() + softness;
  Index unit;
  if (range.minCoeff(&unit) <= 0) {
    throw std::invalid_argument(
        fmt::format("preprocess: unit {} is constant, its softness must be positive", unit));
  }
  return {Vector::Zero(shape.dim), range.cwiseInverse()};
}

Affine normalizer(std::span<const Matrix> trials, const PreprocessOptions& options) {
  const detail::TrialShape shape = detail::check_trials(trials, "preprocess");
  switch (options.normalization) {
    case Normalization::zscore:
      return zscore_of(trials, shape);
    case Normalization::soft:
      return soft_of(trials, shape, options.softness);
    default:
      return {detail::mean_of(trials, shape), Vector::Ones(shape.dim)};
  }
}

void check(const PreprocessOptions& options) {
  if (!(options.smooth >= 0) || !std::isfinite(options.smooth) || options.rebin < 1 ||
      !(options.softness >= 0)) {
    throw std::invalid_argument(
        fmt::format("preprocess: smooth is {}, rebin {}, softness {}; must be >= 0, >= 1 and >= 0",
                    options.smooth, options.rebin, options.softness));
  }
}

}  // namespace

const char* name_of(Normalization normalization) {
  static constexpr const char* names[] = {"none", "center", "zscore", "soft"};
  return names[static_cast<int>(normalization)];
}

std::vector<Matrix> preprocess(std::span<const Matrix> trials, const PreprocessOptions& options) {
  check(options);
  (void)detail::check_trials(trials, "preprocess");
  std::vector<Matrix> result(trials.begin(), trials.end());
  for (std::size_t i = 0; i < result.size(); ++i) {
    Matrix& trial = result[i];
    if (trial.cols() < options.rebin) {
      throw std::invalid_argument(
          fmt::format("preprocess: trial {} has {} steps, fewer than a bin of {}", i, trial.cols(),
                      options.rebin));
    }
    if (options.smooth > 0) trial = smoothed(trial, options.smooth);
    if (options.rebin > 1) trial = binned(trial, options.rebin, options.bin_value);
  }
  if (options.normalization == Normalization::none) return result;
  const Affine map = normalizer(result, options);
  for (Matrix& trial : result) trial = map.factor.asDiagonal() * (trial.colwise() - map.offset);
  return result;
}

}  // namespace nullcline::representation
