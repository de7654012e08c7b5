// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/similarity/similarity.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/representation/detail/trials.hpp"
#include "nullcline/representation/similarity/detail/metric.hpp"

namespace nullcline::representation {
namespace detail {
namespace {

const std::vector<Metric>& all_metrics() {
  static const std::vector<Metric> all = [] {
    std::vector<Metric> metrics;
    for (auto part : {cca_metrics(), cka_metrics(), sample_pair_metrics(), procrustes_metrics(),
                      matching_metrics(), dynamics_metrics()}) {
      std::move(part.begin(), part.end(), std::back_inserter(metrics));
    }
    return metrics;
  }();
  return all;
}

}  // namespace

const Metric& metric_named(const std::string& name) {
  std::vector<std::string> names;
  for (const Metric& metric : all_metrics()) {
    if (metric.info.name == name) return metric;
    names.push_back(metric.info.name);
  }
  std::string known;
  for (const std::string& other : names) known += (known.empty() ? "" : ", ") + other;
  const std::string nearest = nearest_word(name, names);
  throw std::invalid_argument("there is no metric '" + name + "'" +
                              (nearest.empty() ? ": one of " + known : ": '" + nearest + "'?"));
}

void check_options(const SimilarityOptions& options) {
  const auto fail = [](const std::string& message) {
    throw std::invalid_argument("compare: " + message);
  };
  if (!(options.variance >= 0 && options.variance <= 1)) {
    fail(fmt::format("variance is {}, must be in (0, 1], or 0 for the metric's own",
                     options.variance));
  }
  if (options.dim < 0) fail(fmt::format("dim is {}, must not be negative", options.dim));
  if (!(options.bandwidth > 0 && std::isfinite(options.bandwidth))) {
    fail(fmt::format("bandwidth is {}, must be positive", options.bandwidth));
  }
  if (options.dissimilarity != "euclidean" && options.dissimilarity != "squared_euclidean" &&
      options.dissimilarity != "correlation") {
    fail("dissimilarity is '" + options.dissimilarity +
         "', must be euclidean, squared_euclidean or correlation");
  }
}

Features prepare(const Metric& metric, In<Matrix> X, const SimilarityOptions& options,
                 const std::string& which, std::span<const Index> lengths) {
  if (X.rows() == 0 || X.cols() < metric.least_samples) {
    throw std::invalid_argument(
        fmt::format("compare: {} has {} units and {} samples, {} needs at least 1 and {}", which,
                    X.rows(), X.cols(), metric.info.name, metric.least_samples));
  }
  if (!X.allFinite()) throw std::invalid_argument("compare: " + which + " is not finite");
  Matrix centered = X.colwise() - X.rowwise().mean();
  // What is left of a unit that does not vary is rounding.
  const double eps = std::numeric_limits<double>::epsilon() * static_cast<double>(X.cols());
  for (Index i = 0; i < X.rows(); ++i) {
    if (centered.row(i).cwiseAbs().maxCoeff() <= eps * X.row(i).cwiseAbs().maxCoeff()) {
      centered.row(i).setZero();
    }
  }
  if (metric.prepare_trials == nullptr) return metric.prepare(std::move(centered), options);
  const Index all = X.cols();
  return metric.prepare_trials(
      std::move(centered), lengths.empty() ? std::span<const Index>(&all, 1) : lengths, options);
}

Similarity undefined_similarity(const Features& X, const Features& Y) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  return {nan, nan, {}, X.factor.cols(), Y.factor.cols(), {}, false};
}

Superposition superpose(In<Matrix> A, In<Matrix> B) {
  if (A.cols() > B.cols()) return superpose(B, A);
  if (A.cols() == 0) return {B.norm(), Vector()};
  // B R with R = V U', and what of B no unit of A is mapped to.
  const Svd cross = svd(multiply(A, B, true));
  const Matrix mapped = multiply(B, cross.V);
  const double matched = (A - multiply(mapped, cross.U, false, true)).squaredNorm();
  const double rest =
      B.cols() > A.cols() ? (B - multiply(mapped, cross.V, false, true)).squaredNorm() : 0;
  return {std::sqrt(matched + rest), cross.values};
}

double angle_of_chord(double chord) { return 2 * std::asin(std::min(1.0, chord / 2)); }

}  // namespace detail

std::vector<MetricInfo> similarity_metrics() {
  std::vector<MetricInfo> infos;
  for (const detail::Metric& metric : detail::all_metrics()) infos.push_back(metric.info);
  return infos;
}

namespace {

/// Trials one after the other.
struct Series {
  Matrix samples;
  std::vector<Index> lengths;
};

Series joined(std::span<const Matrix> trials, const char* which) {
  const detail::TrialShape shape = detail::check_trials(trials, which);
  Series series{Matrix(shape.dim, shape.samples), {}};
  Index at = 0;
  for (const Matrix& trial : trials) {
    series.samples.middleCols(at, trial.cols()) = trial;
    series.lengths.push_back(trial.cols());
    at += trial.cols();
  }
  return series;
}

Similarity compared(const detail::Metric& metric, In<Matrix> X, std::span<const Index> x,
                    In<Matrix> Y, std::span<const Index> y, const SimilarityOptions& options) {
  detail::check_options(options);
  const bool corresponds = std::equal(x.begin(), x.end(), y.begin(), y.end());
  if (metric.prepare_trials == nullptr && (X.cols() != Y.cols() || !corresponds)) {
    throw std::invalid_argument(
        X.cols() != Y.cols() || x.size() == y.size()
            ? fmt::format("compare: X has {} samples and Y {}{}: samples must correspond", X.cols(),
                          Y.cols(), X.cols() == Y.cols() ? ", in trials of other lengths" : "")
            : fmt::format("compare: X has {} trials and Y {}: samples must correspond", x.size(),
                          y.size()));
  }
  const detail::Features first = detail::prepare(metric, X, options, "X", x);
  const detail::Features second = detail::prepare(metric, Y, options, "Y", y);
  if (!first.defined || !second.defined) return detail::undefined_similarity(first, second);
  return metric.compare(first, second, options);
}

}  // namespace

Similarity compare(In<Matrix> X, In<Matrix> Y, const std::string& metric,
                   const SimilarityOptions& options) {
  return compared(detail::metric_named(metric), X, {}, Y, {}, options);
}

Similarity compare(std::span<const Matrix> X, std::span<const Matrix> Y, const std::string& metric,
                   const SimilarityOptions& options) {
  const detail::Metric& chosen = detail::metric_named(metric);
  const Series first = joined(X, "compare: X"), second = joined(Y, "compare: Y");
  return compared(chosen, first.samples, first.lengths, second.samples, second.lengths, options);
}

}  // namespace nullcline::representation
