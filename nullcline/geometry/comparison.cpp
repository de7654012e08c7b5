// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/comparison.hpp"

#include <fmt/core.h>

#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace nullcline::geometry {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

struct Distance {
  Vector ratios;  // mu, descending
  double affine_invariant, spectral_ratio;
};

/// From the factors, G = R'R: G_1^-1 G_2 has the squares of the singular values of R_2 R_1^-1.
Distance distance(In<Matrix> R1, In<Matrix> R2) {
  const Matrix quotient =
      R1.transpose().triangularView<Eigen::Lower>().solve(Matrix(R2.transpose()));
  const Vector sigma = Eigen::JacobiSVD<Matrix>(quotient).singularValues();
  return {sigma.array().square(), (2 * sigma.array().log()).matrix().norm(),
          1 - sigma(sigma.size() - 1) / sigma(0)};
}

/// Linear between order statistics, as NumPy has it. `sorted` is not empty.
double quantile(const std::vector<double>& sorted, double q) {
  const double place = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double part = place - static_cast<double>(below);
  return sorted[below] + part * (sorted[above] - sorted[below]);
}

/// 0 / 0 and a sum of nothing are not a number.
double ratio_of_means(double sum, Index count, double other_sum, Index other_count) {
  if (count == 0 || other_count == 0 || !(other_sum > 0)) return none;
  return sum / static_cast<double>(count) / (other_sum / static_cast<double>(other_count));
}

}  // namespace

MetricDistances metric_distances(const PullbackMetric& first, const PullbackMetric& second) {
  const Index C = first.metric.cols(), m = first.dim;
  if (second.dim != m || second.metric.cols() != C) {
    throw std::invalid_argument(
        fmt::format("metric_distances: {} metrics of {} dimensions and {} of {}", C, m,
                    second.metric.cols(), second.dim));
  }
  MetricDistances result{
      Matrix::Constant(m, C, none), Vector::Constant(C, none), Vector::Constant(C, none), {}};
  for (Index c = 0; c < C; ++c) {
    const auto place = static_cast<std::size_t>(c);
    result.status.push_back(std::max(first.status[place], second.status[place]));
    if (result.status.back() != MetricStatus::immersed) continue;
    const Distance found = distance(first.factor_at(c), second.factor_at(c));
    result.ratios.col(c) = found.ratios;
    result.affine_invariant(c) = found.affine_invariant;
    result.spectral_ratio(c) = found.spectral_ratio;
  }
  return result;
}

namespace {

Index steps_of(const PullbackMetric& metric, Index points) {
  if (points < 1 || metric.metric.cols() % points != 0) {
    throw std::invalid_argument(
        fmt::format("distances_over_time: {} metrics are not those of {} points",
                    metric.metric.cols(), points));
  }
  return metric.metric.cols() / points;
}

/// Medians over the points of both distances, step r of one and s of the other.
Vector median_distances(const PullbackMetric& first, const PullbackMetric& second, Index points,
                        Index r, Index s) {
  Matrix values = Matrix::Constant(2, points, none);
  for (Index k = 0; k < points; ++k) {
    const Index a = r * points + k, b = s * points + k;
    if (first.status[static_cast<std::size_t>(a)] != MetricStatus::immersed ||
        second.status[static_cast<std::size_t>(b)] != MetricStatus::immersed) {
      continue;
    }
    const Distance found = distance(first.factor_at(a), second.factor_at(b));
    values.col(k) << found.affine_invariant, found.spectral_ratio;
  }
  return over_points(values, points, {0.5}).quantiles;
}

}  // namespace

DistancesOverTime distances_over_time(const PullbackMetric& metric, Index points) {
  const Index S = steps_of(metric, points);
  DistancesOverTime result{Matrix::Zero(S, S), Matrix::Zero(S, S)};
  for (Index s = 0; s < S; ++s) {
    for (Index r = 0; r < s; ++r) {
      const Vector medians = median_distances(metric, metric, points, r, s);
      result.affine_invariant(r, s) = result.affine_invariant(s, r) = medians(0);
      result.spectral_ratio(r, s) = result.spectral_ratio(s, r) = medians(1);
    }
  }
  return result;
}

DistancesOverTime distances_over_time(const PullbackMetric& first, const PullbackMetric& second,
                                      Index points) {
  const Index R = steps_of(first, points), S = steps_of(second, points);
  if (first.dim != second.dim) {
    throw std::invalid_argument(
        fmt::format("distances_over_time: metrics of {} and {} dimensions", first.dim, second.dim));
  }
  DistancesOverTime result{Matrix(R, S), Matrix(R, S)};
  for (Index s = 0; s < S; ++s) {
    for (Index r = 0; r < R; ++r) {
      const Vector medians = median_distances(first, second, points, r, s);
      result.affine_invariant(r, s) = medians(0);
      result.spectral_ratio(r, s) = medians(1);
    }
  }
  return result;
}

OverPoints over_points(In<Matrix> values, Index points, const std::vector<double>& quantiles) {
  if (points < 1 || values.cols() % points != 0) {
    throw std::invalid_argument(
        fmt::format("over_points: {} columns are not those of {} points", values.cols(), points));
  }
  for (const double q : quantiles) {
    if (!(q >= 0 && q <= 1)) {
      throw std::invalid_argument(fmt::format("over_points: quantile {} is not in [0, 1]", q));
    }
  }
  const Index S = values.cols() / points, r = values.rows();
  OverPoints result{Matrix::Constant(r * static_cast<Index>(quantiles.size()), S, none),
                    Matrix::Zero(r, S)};
  std::vector<double> sorted;
  for (Index s = 0; s < S; ++s) {
    for (Index i = 0; i < r; ++i) {
      sorted.clear();
      for (Index k = 0; k < points; ++k) {
        const double value = values(i, s * points + k);
        if (!std::isnan(value)) sorted.push_back(value);
      }
      result.counted(i, s) = static_cast<double>(sorted.size());
      if (sorted.empty()) continue;
      std::sort(sorted.begin(), sorted.end());
      for (std::size_t q = 0; q < quantiles.size(); ++q) {
        result.quantiles(static_cast<Index>(q) * r + i, s) = quantile(sorted, quantiles[q]);
      }
    }
  }
  return result;
}

Matrix normalized_spectra(const PullbackMetric& metric) {
  Matrix result = metric.eigenvalues;
  for (Index c = 0; c < result.cols(); ++c) {
    const double sum = result.col(c).sum();
    result.col(c) *= sum > 0 ? 1 / sum : none;
  }
  return result;
}

WarpIndices warp_indices(const PullbackMetric& metric, In<Vector> distance,
                         const WarpIndexOptions& options) {
  const Index K = distance.size(), m = metric.dim, r = options.relevant;
  const Index near = (distance.array().abs() <= options.near).count();
  const Index far = (distance.array().abs() >= options.far).count();
  const bool two = m > 1;
  if (K < 1 || metric.metric.cols() % K != 0 || near == 0 || far == 0 || r < 0 || r >= m ||
      (two && (options.irrelevant < 0 || options.irrelevant >= m || options.irrelevant == r))) {
    throw std::invalid_argument(fmt::format(
        "warp_indices: {} metrics of {} dimensions, {} points of which {} are near the boundary "
        "and {} far, relevant {} and irrelevant {}",
        metric.metric.cols(), m, K, near, far, r, options.irrelevant));
  }
  const Index S = metric.metric.cols() / K;
  WarpIndices result{Vector::Constant(S, none), Vector::Constant(S, none)};
  for (Index s = 0; s < S; ++s) {
    double sum_near = 0, sum_far = 0, ratios = 0;
    Index counted = 0, finite_near = 0, finite_far = 0;
    for (Index k = 0; k < K; ++k) {
      const double stretch = metric.stretch(r, s * K + k), d = std::abs(distance(k));
      if (!std::isfinite(stretch)) continue;
      if (d <= options.near) sum_near += stretch, ++finite_near;
      if (d >= options.far) sum_far += stretch, ++finite_far;
      if (two && stretch > 0) {
        const double quotient = metric.stretch(options.irrelevant, s * K + k) / stretch;
        ratios += quotient * quotient;
        ++counted;
      }
    }
    result.boundary_stretch(s) = ratio_of_means(sum_near, finite_near, sum_far, finite_far);
    if (counted > 0) result.compression(s) = ratios / static_cast<double>(counted);
  }
  return result;
}

Index settling_step(In<Vector> course, double fraction) {
  if (!(fraction >= 0 && fraction <= 1)) {
    throw std::invalid_argument(
        fmt::format("settling_step: fraction is {}, must be 0 .. 1", fraction));
  }
  Index first = 0, last = course.size() - 1;
  while (first < course.size() && !std::isfinite(course(first))) ++first;
  while (last >= 0 && !std::isfinite(course(last))) --last;
  if (first >= last || course(first) == course(last)) return -1;
  const double allowed = (1 - fraction) * std::abs(course(first) - course(last));
  Index step = last;
  while (step > first && std::abs(course(step - 1) - course(last)) <= allowed) --step;
  return step;
}

}  // namespace nullcline::geometry
