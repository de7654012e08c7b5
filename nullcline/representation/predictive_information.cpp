// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/predictive_information.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/thin_product.hpp"
#include "nullcline/representation/detail/tall_products.hpp"
#include "nullcline/representation/detail/toeplitz.hpp"

namespace nullcline::representation {
namespace {

/// What one pass over the lags gives, each one beside the other: (n, 2T d).
struct Products {
  Matrix right;  ///< C(k) V
  Matrix left;   ///< C(k)' V
};

/// `lags`: C(k)' side by side, (n, 2T n), C(0) symmetric. Columns of V are taken a few at a time.
Products products(In<Matrix> V, const Matrix& lags) {
  const Index n = V.rows(), d = V.cols(), count = lags.cols() / n;
  Products result{Matrix(n, count * d), Matrix::Zero(n, count * d)};
  result.left.leftCols(d) = detail::transposed_times(V, lags.leftCols(n)).transpose();
  result.right.leftCols(d) = result.left.leftCols(d);
  for (Index first = 0; first < d; first += thin_rows) {
    const Index some = std::min(thin_rows, d - first);
    const Matrix rows = V.middleCols(first, some).transpose();
    for (Index k = 1; k < count; ++k) {
      const Index at = k * d + first;
      multiply_thin_both<double>(V.middleCols(first, some), rows.data(), lags.data() + k * n * n, n,
                                 n, result.right.middleCols(at, some),
                                 result.left.middleCols(at, some));
    }
  }
  return result;
}

/// P_k = V' C(k) V, one above the other: (2T d, d).
Matrix projected_lags(In<Matrix> V, const Products& products) {
  Matrix lags = detail::transposed_times(V, products.left).transpose();
  const Index d = V.cols();
  lags.topRows(d) = (0.5 * (lags.topRows(d) + lags.topRows(d).transpose())).eval();
  return lags;
}

/// sum_k C(k) V S_k' + C(k)' V S_k from the S_k, one above the other: (n, d).
Matrix sum_of_products(const Products& products, const Matrix& slopes) {
  const Index d = slopes.cols();
  Matrix transposed(slopes.rows(), d);  // S_k'
  for (Index first = 0; first < slopes.rows(); first += d) {
    transposed.middleRows(first, d) = slopes.middleRows(first, d).transpose();
  }
  Matrix sum = Matrix::Zero(products.left.rows(), d);
  detail::add_product(products.right, transposed, sum);
  detail::add_product(products.left, slopes, sum);
  return sum;
}

void check_projection(In<Matrix> V, Index dim) {
  if (V.rows() != dim || V.cols() < 1 || V.cols() > dim) {
    throw std::invalid_argument(
        fmt::format("predictive_information: the projection is {} x {}, must be {} x d with "
                    "1 <= d <= {}",
                    V.rows(), V.cols(), dim, dim));
  }
}

/// V' C(k) V for k = 0 .. 2T - 1.
std::vector<Matrix> projected_process(const CrossCovariances& covariances, In<Matrix> V, Index T) {
  check_projection(V, covariances.dim());
  const auto lag_count = static_cast<Index>(covariances.lags.size());
  if (T < 1 || 2 * T > lag_count) {
    throw std::invalid_argument(
        fmt::format("predictive_information: window is {}, must be 1 .. {} with {} lags", T,
                    lag_count / 2, lag_count));
  }
  std::vector<Matrix> lags;
  for (std::size_t k = 0; k < static_cast<std::size_t>(2 * T); ++k) {
    lags.push_back(multiply(V, multiply(covariances.lags[k], V), true));
  }
  lags[0] = (0.5 * (lags[0] + lags[0].transpose())).eval();
  return lags;
}

Matrix stacked(const std::vector<Matrix>& lags) {
  const Index d = lags[0].rows();
  Matrix result(static_cast<Index>(lags.size()) * d, d);
  for (std::size_t k = 0; k < lags.size(); ++k) {
    result.middleRows(static_cast<Index>(k) * d, d) = lags[k];
  }
  return result;
}

}  // namespace

PredictiveInformation::PredictiveInformation(const CrossCovariances& covariances, Index window,
                                             LogDeterminant method)
    : dim_(covariances.dim()), method_(method) {
  const Index lag_count = static_cast<Index>(covariances.lags.size());
  if (window < 1 || 2 * window > lag_count) {
    throw std::invalid_argument(fmt::format(
        "predictive_information: window is {}, must be 1 .. {} with {} lags (two windows of lags)",
        window, lag_count / 2, lag_count));
  }
  lags_.resize(dim_, 2 * window * dim_);
  for (Index k = 0; k < 2 * window; ++k) {
    const Matrix& C = covariances.lags[static_cast<std::size_t>(k)];
    if (C.rows() != dim_ || C.cols() != dim_ || !C.allFinite()) {
      throw std::invalid_argument(
          fmt::format("predictive_information: the covariance at lag {} is {} x {}, must be a "
                      "finite {} x {}",
                      k, C.rows(), C.cols(), dim_, dim_));
    }
    lags_.middleCols(k * dim_, dim_) = C.transpose();
  }
}

std::optional<double> PredictiveInformation::value(In<Matrix> V) const {
  check_projection(V, dim_);
  const auto information =
      detail::toeplitz_information(projected_lags(V, products(V, lags_)), method_, false);
  if (!information) return std::nullopt;
  return information->value;
}

std::optional<double> PredictiveInformation::value_and_gradient(In<Matrix> V,
                                                                Matrix& gradient) const {
  check_projection(V, dim_);
  const Products all = products(V, lags_);
  const auto information = detail::toeplitz_information(projected_lags(V, all), method_, true);
  if (!information) return std::nullopt;
  gradient = 2 * sum_of_products(all, information->slopes);
  return information->value;
}

std::optional<double> predictive_information(const CrossCovariances& covariances, In<Matrix> V,
                                             Index window) {
  return PredictiveInformation(covariances, window).value(V);
}

std::optional<Vector> predictive_information_curve(const CrossCovariances& covariances,
                                                   In<Matrix> V, Index max_window,
                                                   LogDeterminant method) {
  const auto logs =
      toeplitz_log_determinants(projected_process(covariances, V, max_window), method);
  if (!logs) return std::nullopt;
  Vector curve(max_window);
  for (Index T = 1; T <= max_window; ++T) curve(T - 1) = (*logs)(T - 1) - 0.5 * (*logs)(2 * T - 1);
  return curve;
}

std::optional<double> held_out_information(const CrossCovariances& model,
                                           const CrossCovariances& data, In<Matrix> V,
                                           Index window) {
  const Matrix P = stacked(projected_process(model, V, window));
  const auto information = detail::toeplitz_information(P, LogDeterminant::automatic, true);
  if (!information) return std::nullopt;
  const Matrix Q = stacked(projected_process(data, V, window));
  return information->value + 2 * information->slopes.cwiseProduct(Q).sum();
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
