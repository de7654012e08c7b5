// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/detail/ascents.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/random.hpp"

namespace nullcline::representation::detail {
namespace {

constexpr Index most_dimensions = 32;
constexpr double same_direction = 0.1;  // sine of an angle

/// Apart from the random starts in the whole space.
constexpr std::uint64_t stream_of_combinations = 0x636f6d62696e65;  // "combine"

/// An orthonormal basis of the span of all maxima, the best first.
Matrix span_of(const std::vector<GrassmannMaximum>& maxima) {
  std::vector<const GrassmannMaximum*> order;
  for (const GrassmannMaximum& maximum : maxima) {
    if (maximum.status != GrassmannStatus::undefined) order.push_back(&maximum);
  }
  std::stable_sort(order.begin(), order.end(),
                   [](const auto* one, const auto* other) { return one->value > other->value; });
  Matrix W(order.front()->point.rows(), 0);
  for (const GrassmannMaximum* maximum : order) {
    const Svd rest = svd(maximum->point - W * (W.transpose() * maximum->point));
    const Index room = std::min(most_dimensions, W.rows()) - W.cols();
    const Index more = std::min<Index>((rest.values.array() > same_direction).count(), room);
    W.conservativeResize(Eigen::NoChange, W.cols() + more);
    W.rightCols(more) = rest.U.leftCols(more);
  }
  return orthonormal_basis(W);
}

}  // namespace

GrassmannMaximum climb(const PredictiveInformation& information, In<Matrix> U, double tolerance,
                       Index max_iterations) {
  const SubspaceFunction f = [&](In<Matrix> at, Matrix& gradient) {
    return information.value_and_gradient(at, gradient);
  };
  return maximize_on_grassmann(f, U,
                               {.max_iterations = max_iterations, .gradient_tolerance = tolerance});
}

Index best_of(const std::vector<GrassmannMaximum>& maxima) {
  Index best = -1;
  for (std::size_t i = 0; i < maxima.size(); ++i) {
    if (maxima[i].status == GrassmannStatus::undefined) continue;
    if (best < 0 || maxima[i].value > maxima[static_cast<std::size_t>(best)].value) {
      best = static_cast<Index>(i);
    }
  }
  return best;
}

std::optional<Matrix> combined_start(const std::vector<GrassmannMaximum>& maxima,
                                     const CrossCovariances& covariances,
                                     const DcaOptions& options) {
  const Index whole = best_of(maxima), d = options.dim;
  if (whole < 0) return std::nullopt;
  const GrassmannMaximum& best = maxima[static_cast<std::size_t>(whole)];
  const Matrix W = span_of(maxima);
  if (W.cols() <= d) return std::nullopt;

  CrossCovariances within{Vector::Zero(W.cols()), {}};
  for (const Matrix& C : covariances.lags) {
    within.lags.push_back(multiply(W, multiply(C, W), true));
  }
  const PredictiveInformation information(within, options.window, options.log_determinant);
  const double tolerance = std::max(options.start_tolerance, options.gradient_tolerance);
  std::vector<GrassmannMaximum> found(static_cast<std::size_t>(options.starts) + 1);
  parallel_for(options.starts + 1, options.threads, [&](Index i) {
    Matrix U = multiply(W, best.point, true);
    if (i > 0) {
      RandomStream stream({.seed = options.seed,
                           .network = stream_of_combinations,
                           .purpose = Purpose::optimizer_starts,
                           .step = static_cast<std::uint64_t>(i)});
      stream.fill_normal({U.data(), static_cast<std::size_t>(U.size())});
    }
    found[static_cast<std::size_t>(i)] = climb(information, U, tolerance, options.max_iterations);
  });
  const Index chosen = best_of(found);
  if (chosen < 0) return std::nullopt;
  const GrassmannMaximum& combined = found[static_cast<std::size_t>(chosen)];
  // What is left to climb from a gradient within the tolerance is no other maximum.
  if (combined.value <= best.value + tolerance) return std::nullopt;
  return multiply(W, combined.point);
}

}  // namespace nullcline::representation::detail
