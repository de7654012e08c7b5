// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/random_angles.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/random.hpp"

namespace nullcline::representation {
namespace {

/// Apart from those of random starts, which are subspaces too.
constexpr std::uint64_t stream_of_subspaces = 0x616e676c6573;  // "angles"

/// Linear between order statistics (R's type 7, NumPy's default).
double quantile(In<Vector> ascending, double probability) {
  const double position = probability * static_cast<double>(ascending.size() - 1);
  const Index below = static_cast<Index>(position);
  const Index above = std::min(below + 1, ascending.size() - 1);
  return std::lerp(ascending(below), ascending(above), position - static_cast<double>(below));
}

}  // namespace

RandomAngles random_principal_angles(Index n, Index p, Index q,
                                     const RandomAnglesOptions& options) {
  if (p < 1 || q < 1 || p > n || q > n) {
    throw std::invalid_argument(fmt::format(
        "random_principal_angles: dimensions {} and {} of R^{}; must be 1 .. n", p, q, n));
  }
  const bool in_range =
      (options.probabilities.array() >= 0).all() && (options.probabilities.array() <= 1).all();
  if (options.draws < 1 || !in_range) {
    throw std::invalid_argument(fmt::format(
        "random_principal_angles: {} draws, must be > 0, of probabilities 0 .. 1", options.draws));
  }
  const Matrix fixed = Matrix::Identity(n, p);
  const Index count = std::min(p, q);
  Matrix angles(options.draws, count);
  Matrix normals(n, q);
  for (Index draw = 0; draw < options.draws; ++draw) {
    RandomStream stream({.seed = options.seed,
                         .network = stream_of_subspaces,
                         .purpose = Purpose::optimizer_starts,
                         .step = static_cast<std::uint64_t>(draw)});
    stream.fill_normal({normals.data(), static_cast<std::size_t>(normals.size())});
    angles.row(draw) = principal_angles(fixed, normals).transpose();
  }
  RandomAngles result{angles.colwise().mean(), Matrix(count, options.probabilities.size())};
  for (Index k = 0; k < count; ++k) {
    std::sort(angles.col(k).begin(), angles.col(k).end());
    for (Index i = 0; i < options.probabilities.size(); ++i) {
      result.quantiles(k, i) = quantile(angles.col(k), options.probabilities(i));
    }
  }
  return result;
}

}  // namespace nullcline::representation
