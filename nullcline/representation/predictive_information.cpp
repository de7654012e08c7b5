// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/predictive_information.hpp"

#include <fmt/core.h>

#include <Eigen/Cholesky>
#include <stdexcept>
#include <vector>

#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::representation {
namespace {

/// P_k = V' C(k) V from the stack CV of all C(k) V.
std::vector<Matrix> projected_lags(In<Matrix> V, In<Matrix> CV, Index lag_count) {
  std::vector<Matrix> lags;
  lags.reserve(static_cast<std::size_t>(lag_count));
  for (Index k = 0; k < lag_count; ++k) {
    lags.emplace_back(V.transpose() * CV.middleRows(k * V.rows(), V.rows()));
  }
  lags[0] = (0.5 * (lags[0] + lags[0].transpose())).eval();
  return lags;
}

/// L of C_2T = L L', lower triangular; nullopt if C_2T is not positive definite. The upper left
/// quarter of L is the factor of C_T.
std::optional<Matrix> toeplitz_factor(const std::vector<Matrix>& lags) {
  const Eigen::LLT<Matrix> llt(block_toeplitz(lags, static_cast<Index>(lags.size())));
  if (llt.info() != Eigen::Success) return std::nullopt;
  Matrix L = llt.matrixL();
  if (!L.allFinite()) return std::nullopt;
  return L;
}

/// log det C_T - 1/2 log det C_2T with log det C = 2 sum log L_ii.
double information_from(const Matrix& L) {
  const Index half = L.rows() / 2;
  const auto logs = L.diagonal().array().log();
  return logs.head(half).sum() - logs.tail(half).sum();
}

/// S_0 / 2, S_1, ..., S_{2T-1} of the header.
std::vector<Matrix> gradient_blocks(const Matrix& L, Index d) {
  const Index size = L.rows(), half = size / 2, steps = size / d;
  const Matrix L_inverse = L.triangularView<Eigen::Lower>().solve(Matrix::Identity(size, size));
  const Matrix first = L_inverse.topLeftCorner(half, half);
  Matrix inverses = -0.5 * L_inverse.transpose() * L_inverse;
  inverses.topLeftCorner(half, half) += first.transpose() * first;

  std::vector<Matrix> blocks(static_cast<std::size_t>(steps), Matrix::Zero(d, d));
  for (Index i = 0; i < steps; ++i) {
    for (Index j = 0; j <= i; ++j) {
      blocks[static_cast<std::size_t>(i - j)] += inverses.block(i * d, j * d, d, d);
    }
  }
  blocks[0] *= 0.5;
  return blocks;
}

void check_projection(In<Matrix> V, Index dim) {
  if (V.rows() != dim || V.cols() < 1 || V.cols() > dim) {
    throw std::invalid_argument(
        fmt::format("predictive_information: the projection is {} x {}, must be {} x d with "
                    "1 <= d <= {}",
                    V.rows(), V.cols(), dim, dim));
  }
}

}  // namespace

PredictiveInformation::PredictiveInformation(const CrossCovariances& covariances, Index window)
    : dim_(covariances.dim()), window_(window) {
  const Index lag_count = static_cast<Index>(covariances.lags.size());
  if (window < 1 || 2 * window > lag_count) {
    throw std::invalid_argument(fmt::format(
        "predictive_information: window is {}, must be 1 .. {} with {} lags (two windows of lags)",
        window, lag_count / 2, lag_count));
  }
  stacked_.resize(2 * window * dim_, dim_);
  for (Index k = 0; k < 2 * window; ++k) {
    const Matrix& C = covariances.lags[static_cast<std::size_t>(k)];
    if (C.rows() != dim_ || C.cols() != dim_ || !C.allFinite()) {
      throw std::invalid_argument(
          fmt::format("predictive_information: the covariance at lag {} is {} x {}, must be a "
                      "finite {} x {}",
                      k, C.rows(), C.cols(), dim_, dim_));
    }
    stacked_.middleRows(k * dim_, dim_) = C;
  }
}

std::optional<double> PredictiveInformation::value(In<Matrix> V) const {
  check_projection(V, dim_);
  const auto L = toeplitz_factor(projected_lags(V, multiply(stacked_, V), 2 * window_));
  if (!L) return std::nullopt;
  return information_from(*L);
}

std::optional<double> PredictiveInformation::value_and_gradient(In<Matrix> V,
                                                                Matrix& gradient) const {
  check_projection(V, dim_);
  const Matrix CV = multiply(stacked_, V);
  const auto L = toeplitz_factor(projected_lags(V, CV, 2 * window_));
  if (!L) return std::nullopt;

  const std::vector<Matrix> S = gradient_blocks(*L, V.cols());
  Matrix VS(stacked_.rows(), V.cols());
  Matrix sum = Matrix::Zero(dim_, V.cols());
  for (Index k = 0; k < 2 * window_; ++k) {
    const Matrix& S_k = S[static_cast<std::size_t>(k)];
    VS.middleRows(k * dim_, dim_).noalias() = V * S_k;
    sum.noalias() += CV.middleRows(k * dim_, dim_) * S_k.transpose();
  }
  gradient = 2 * (sum + multiply(stacked_, VS, true));
  return information_from(*L);
}

std::optional<double> predictive_information(const CrossCovariances& covariances, In<Matrix> V,
                                             Index window) {
  return PredictiveInformation(covariances, window).value(V);
}

std::optional<double> predictive_information(std::span<const Matrix> trials, In<Matrix> V,
                                             Index window) {
  // The lags of the few projected dimensions are enough.
  check_projection(V, trials.empty() ? 0 : trials[0].rows());
  std::vector<Matrix> projected;
  projected.reserve(trials.size());
  for (const Matrix& trial : trials) projected.push_back(multiply(V, trial, true));
  const CrossCovariances covariances = cross_covariances(projected, {.count = 2 * window});
  return predictive_information(covariances, Matrix::Identity(V.cols(), V.cols()), window);
}

}  // namespace nullcline::representation
