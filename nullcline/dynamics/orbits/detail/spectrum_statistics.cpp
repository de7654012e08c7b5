// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/orbits/detail/spectrum_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "nullcline/dynamics/orbits/detail/block_statistics.hpp"

namespace nullcline::dynamics::detail {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

/// The orbits that were followed to their end; if there is none, those that were cancelled after
/// some blocks.
std::vector<Index> usable_orbits(const std::vector<OrbitStatus>& status,
                                 const std::vector<Index>& blocks_of) {
  for (const OrbitStatus wanted : {OrbitStatus::done, OrbitStatus::cancelled}) {
    std::vector<Index> orbits;
    for (std::size_t b = 0; b < status.size(); ++b) {
      if (status[b] == wanted && blocks_of[b] > 0) orbits.push_back(static_cast<Index>(b));
    }
    if (!orbits.empty()) return orbits;
  }
  return {};
}

/// Rows of A by descending means.
std::vector<Index> descending(const Vector& means) {
  std::vector<Index> order(at(means.size()));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](Index a, Index b) { return means(a) > means(b); });
  return order;
}

/// The series sum_i weights_i local_i, (T, U), and the standard error of its mean.
double error_of(In<Vector> weights, const Matrix& local, Index T) {
  const Vector series = local.topRows(weights.size()).transpose() * weights;
  return blocked_standard_error(series.reshaped(T, local.cols() / T));
}

void add_dimension(const Matrix& local, Index T, Index n, double error_bar,
                   LyapunovSpectrum& result) {
  const Vector& lambda = result.exponents;
  const Index k = lambda.size();
  Vector bars(k);
  for (Index j = 0; j < k; ++j) bars(j) = error_bar * error_of(Vector::Ones(j + 1), local, T);
  const Index j = last_expanding_volume(lambda, bars);
  const double volume = lambda.head(j).sum();
  if (j == k) {
    result.dimension = static_cast<double>(k);
    result.dimension_is_bound = k < n;
    return;
  }
  result.dimension = static_cast<double>(j) + volume / -lambda(j);
  if (j == 0 || !std::isfinite(lambda(j))) return;
  Vector gradient = Vector::Constant(j + 1, -1 / lambda(j));
  gradient(j) = volume / (lambda(j) * lambda(j));
  result.dimension_error = error_of(gradient, local, T);
}

void add_entropy(const Matrix& local, Index T, double error_bar, LyapunovSpectrum& result) {
  Vector weights(result.exponents.size());
  for (Index i = 0; i < weights.size(); ++i) {
    weights(i) = result.exponents(i) > error_bar * result.standard_errors(i) ? 1 : 0;
  }
  // From the first 0 on there may be -infinity, of which no multiple is taken.
  const Index positive = std::find(weights.begin(), weights.end(), 0.0) - weights.begin();
  result.entropy_rate = result.exponents.head(positive).sum();
  if (positive > 0) result.entropy_rate_error = error_of(weights.head(positive), local, T);
}

}  // namespace

Index last_expanding_volume(In<Vector> exponents, In<Vector> bars) {
  Index last = 0;
  double volume = 0;
  for (Index j = 0; j < exponents.size(); ++j) {
    volume += exponents(j);
    if (!std::isfinite(volume)) break;
    if (volume >= (std::isfinite(bars(j)) ? -bars(j) : 0)) last = j + 1;
  }
  return last;
}

void add_statistics(const Matrix& local, Index T, const std::vector<Index>& blocks_of,
                    double duration, Index n, double error_bar, LyapunovSpectrum& result) {
  result.orbits = usable_orbits(result.status, blocks_of);
  if (result.orbits.empty()) return;
  const auto U = static_cast<Index>(result.orbits.size());
  Index C = T;
  for (const Index b : result.orbits) C = std::min(C, blocks_of[at(b)]);

  Matrix used(local.rows(), U * C);
  for (Index u = 0; u < U; ++u) {
    used.middleCols(u * C, C) = local.middleCols(result.orbits[at(u)] * T, C);
  }
  const std::vector<Index> order = descending(used.rowwise().mean());
  used = used(order, Eigen::all).eval();

  const Index k = used.rows();
  result.exponents = used.rowwise().mean();
  result.standard_errors.resize(k);
  result.of_orbits.resize(k, U);
  for (Index i = 0; i < k; ++i) {
    result.standard_errors(i) = blocked_standard_error(used.row(i).transpose().reshaped(C, U));
  }
  result.times.resize(C);
  result.history = Matrix::Zero(k, C);
  for (Index u = 0; u < U; ++u) {
    result.of_orbits.col(u) = used.middleCols(u * C, C).rowwise().mean();
    result.history += used.middleCols(u * C, C);
  }
  Vector sum = Vector::Zero(k);
  for (Index c = 0; c < C; ++c) {
    sum += result.history.col(c);
    result.history.col(c) = sum / static_cast<double>((c + 1) * U);
    result.times(c) = duration * static_cast<double>(c + 1);
  }
  add_dimension(used, C, n, error_bar, result);
  add_entropy(used, C, error_bar, result);
}

}  // namespace nullcline::dynamics::detail
