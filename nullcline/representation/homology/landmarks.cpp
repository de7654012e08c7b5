// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/homology/landmarks.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/random.hpp"
#include "nullcline/representation/detail/distances.hpp"
#include "nullcline/representation/detail/trials.hpp"

namespace nullcline::representation {
namespace {

/// `to(i)`: the distances of all K points to point i.
Landmarks farthest(Index K, Index count, Index first, const std::function<Vector(Index)>& to) {
  if (K < 1 || count < 0 || first < 0 || first >= K) {
    throw std::invalid_argument(fmt::format(
        "farthest_points: {} points, count {}, first {}; needs a point, count >= 0 and a first "
        "among them",
        K, count, first));
  }
  const Index most = count == 0 ? K : std::min(count, K);
  Landmarks result{{first}, 0};
  Vector nearest = to(first);
  for (;;) {
    Index farthest = 0;
    result.covering_radius = nearest.maxCoeff(&farthest);
    if (!std::isfinite(result.covering_radius)) {
      throw std::invalid_argument("farthest_points: a distance is not finite");
    }
    if (result.covering_radius == 0 || static_cast<Index>(result.points.size()) == most) {
      return result;
    }
    result.points.push_back(farthest);
    nearest = nearest.cwiseMin(to(farthest));
  }
}

/// b of K numbers, by the first b steps of Fisher and Yates.
std::vector<Index> subset(Index K, Index b, RandomStream& stream) {
  std::vector<Index> all(static_cast<std::size_t>(K));
  std::iota(all.begin(), all.end(), Index{0});
  for (std::size_t i = 0; i < static_cast<std::size_t>(b); ++i) {
    std::swap(all[i], all[i + stream.below(all.size() - i)]);
  }
  all.resize(static_cast<std::size_t>(b));
  return all;
}

/// max over columns x of X of the distance to the nearest of X's columns in `chosen`.
double covering_radius(const Matrix& X, const Vector& squares, const std::vector<Index>& chosen) {
  const Matrix S = X(Eigen::all, chosen);
  Matrix distances = -2 * multiply(S, X, true);
  distances.colwise() += Vector(squares(chosen));
  const Vector nearest = distances.colwise().minCoeff().transpose() + squares;
  return std::sqrt(std::max(0.0, nearest.maxCoeff()));
}

}  // namespace

Matrix all_states(std::span<const Matrix> trials) {
  const detail::TrialShape shape = detail::check_trials(trials, "all_states");
  Matrix states(shape.dim, shape.samples);
  Index first = 0;
  for (const Matrix& trial : trials) {
    states.middleCols(first, trial.cols()) = trial;
    first += trial.cols();
  }
  return states;
}

Landmarks farthest_points(In<Matrix> X, Index count, Index first) {
  if (!X.allFinite()) {
    throw std::invalid_argument("farthest_points: an entry of the points is not finite");
  }
  return farthest(X.cols(), count, first,
                  [&](Index i) -> Vector { return (X.colwise() - X.col(i)).colwise().norm(); });
}

Landmarks farthest_points_by_distance(In<Matrix> distances, Index count, Index first) {
  const Matrix D = detail::checked_pairs(distances, 1, "farthest_points_by_distance: distances");
  return farthest(D.cols(), count, first, [&](Index i) -> Vector { return D.col(i); });
}

double sampling_radius(In<Matrix> given, const SamplingOptions& options) {
  const Index K = given.cols();
  if (K < 2 || !given.allFinite()) {
    throw std::invalid_argument(
        fmt::format("sampling_radius: {} points, needs 2 or more with finite coordinates", K));
  }
  const Index b = options.subsample_size == 0
                      ? static_cast<Index>(std::ceil(std::pow(static_cast<double>(K), 0.75)))
                      : options.subsample_size;
  if (!(options.confidence > 0 && options.confidence < 1) || options.subsamples < 1 || b < 1 ||
      b > K) {
    throw std::invalid_argument(
        fmt::format("sampling_radius: confidence ({}) must be within (0, 1), subsamples ({}) "
                    "positive, subsample_size ({}) 1 .. {}",
                    options.confidence, options.subsamples, b, K));
  }
  const Matrix X = given.colwise() - Vector(given.rowwise().mean());
  const Vector squares = X.colwise().squaredNorm();
  std::vector<double> radii(static_cast<std::size_t>(options.subsamples));
  parallel_for(options.subsamples, options.threads, [&](Index k) {
    RandomStream stream({.seed = options.seed,
                         .purpose = Purpose::analysis_noise,
                         .step = static_cast<std::uint64_t>(k)});
    radii[static_cast<std::size_t>(k)] = covering_radius(X, squares, subset(K, b, stream));
  });
  std::sort(radii.begin(), radii.end());
  const double place = std::ceil(options.confidence * static_cast<double>(options.subsamples));
  return 2 * radii[static_cast<std::size_t>(std::max(place, 1.0)) - 1];
}

}  // namespace nullcline::representation
