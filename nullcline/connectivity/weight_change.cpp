// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/weight_change.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "nullcline/connectivity/detail/participation.hpp"
#include "nullcline/core/attempt.hpp"

namespace nullcline::connectivity {
namespace {

using detail::participation;

void check(In<Matrix> before, In<Matrix> after, const WeightChangeOptions& options) {
  const Index n = before.rows();
  if (n < 1 || before.cols() != n || after.rows() != n || after.cols() != n) {
    throw std::invalid_argument(
        fmt::format("weight_change: before is {} x {} and after {} x {}; both must be n x n", n,
                    before.cols(), after.rows(), after.cols()));
  }
  if (!before.allFinite() || !after.allFinite()) {
    throw std::invalid_argument("weight_change: a weight is not finite");
  }
  if (options.bins < 1 || options.quantiles < 2) {
    throw std::invalid_argument(
        fmt::format("weight_change: bins ({}) must be >= 1 and quantiles ({}) >= 2", options.bins,
                    options.quantiles));
  }
  if (before.norm() == 0 && after.norm() != 0) {
    throw std::invalid_argument(
        fmt::format("weight_change: before is zero and after has norm {}, so there is no relative "
                    "change",
                    after.norm()));
  }
}

bool counts_diagonal(In<Matrix> before, In<Matrix> after, Diagonal diagonal) {
  if (diagonal != Diagonal::automatic) return diagonal == Diagonal::included;
  return (before.diagonal().array() != 0).any() || (after.diagonal().array() != 0).any() ||
         before.rows() == 1;
}

Vector counted_entries(In<Matrix> W, bool with_diagonal) {
  if (with_diagonal) return W.reshaped();
  const Index n = W.rows();
  Vector entries(n * (n - 1));
  Index k = 0;
  for (Index j = 0; j < n; ++j) {
    for (Index i = 0; i < n; ++i) {
      if (i != j) entries(k++) = W(i, j);
    }
  }
  return entries;
}

Vector edges_over(double low, double high, Index bins) {
  if (low == high) {
    low -= 0.5;
    high += 0.5;
  }
  return Vector::LinSpaced(bins + 1, low, high);
}

WeightSummary summarize(const Vector& entries, const Vector& edges) {
  WeightSummary summary;
  const double count = static_cast<double>(entries.size());
  summary.mean = entries.mean();
  summary.standard_deviation = std::sqrt((entries.array() - summary.mean).square().mean());
  summary.minimum = entries.minCoeff();
  summary.maximum = entries.maxCoeff();
  summary.positive_fraction = static_cast<double>((entries.array() > 0).count()) / count;
  const Index bins = edges.size() - 1;
  summary.histogram.assign(static_cast<std::size_t>(bins), 0);
  for (const double entry : entries) {
    const auto above = std::upper_bound(edges.begin(), edges.end(), entry) - edges.begin();
    const Index bin = std::clamp<Index>(above - 1, 0, bins - 1);
    ++summary.histogram[static_cast<std::size_t>(bin)];
  }
  return summary;
}

/// Quantiles of ascending values, linear between order statistics (R's type 7, NumPy's default).
Vector quantiles_of(const Vector& ascending, const Vector& probabilities) {
  Vector result(probabilities.size());
  const Index last = ascending.size() - 1;
  for (Index i = 0; i < probabilities.size(); ++i) {
    const double position = probabilities(i) * static_cast<double>(last);
    const Index below = std::min(static_cast<Index>(position), last);
    const Index above = std::min(below + 1, last);
    const double part = position - static_cast<double>(below);
    result(i) = ascending(below) + part * (ascending(above) - ascending(below));
  }
  return result;
}

}  // namespace

WeightSpectrum weight_spectrum(In<Matrix> W, double rank_fraction) {
  if (W.rows() != W.cols() || W.rows() < 1) {
    throw std::invalid_argument(
        fmt::format("weight_spectrum: the matrix is {} x {}, must be n x n", W.rows(), W.cols()));
  }
  if (!(rank_fraction >= 0 && rank_fraction <= 1)) {
    throw std::invalid_argument(
        fmt::format("weight_spectrum: rank_fraction is {}, must be 0 .. 1", rank_fraction));
  }
  WeightSpectrum spectrum;
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const auto values = attempt(eigenvalues, W);
  const auto singular = attempt(singular_values, W);
  if (!values || !singular) spectrum.known = false;
  spectrum.frobenius_norm = W.norm();
  spectrum.eigenvalues = values.value_or(ComplexVector::Constant(W.rows(), {nan, nan}));
  spectrum.singular_values = singular.value_or(Vector::Constant(W.rows(), nan));
  spectrum.participation_ratio = participation(spectrum.singular_values);
  const double threshold = rank_fraction * spectrum.singular_values(0);
  spectrum.effective_rank = (spectrum.singular_values.array() > threshold).count();
  return spectrum;
}

WeightChange weight_change(In<Matrix> before, In<Matrix> after,
                           const WeightChangeOptions& options) {
  check(before, after, options);
  WeightChange result;
  result.diagonal_included = counts_diagonal(before, after, options.diagonal);
  if (!result.diagonal_included && before.rows() < 2) {
    throw std::invalid_argument("weight_change: a 1 x 1 matrix has no entry off the diagonal");
  }
  const Matrix change = after - before;
  const Vector old_entries = counted_entries(before, result.diagonal_included);
  const Vector new_entries = counted_entries(after, result.diagonal_included);
  const Vector differences = counted_entries(change, result.diagonal_included);

  result.edges =
      edges_over(std::min({old_entries.minCoeff(), new_entries.minCoeff(), differences.minCoeff()}),
                 std::max({old_entries.maxCoeff(), new_entries.maxCoeff(), differences.maxCoeff()}),
                 options.bins);
  result.before = summarize(old_entries, result.edges);
  result.after = summarize(new_entries, result.edges);
  result.change = summarize(differences, result.edges);

  result.before_spectrum = weight_spectrum(before, options.rank_fraction);
  result.after_spectrum = weight_spectrum(after, options.rank_fraction);
  result.change_spectrum = weight_spectrum(change, options.rank_fraction);

  Vector magnitudes = differences.cwiseAbs();
  std::sort(magnitudes.begin(), magnitudes.end());
  result.probabilities = Vector::LinSpaced(options.quantiles, 0, 1);
  result.absolute_quantiles = quantiles_of(magnitudes, result.probabilities);
  result.changed_fraction = participation(differences) / static_cast<double>(differences.size());
  if (before.norm() > 0) result.relative_change = change.norm() / before.norm();
  return result;
}

}  // namespace nullcline::connectivity
