// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/random_angles.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/quantile.hpp"
#include "nullcline/core/random.hpp"

namespace nullcline::representation {
namespace {

/// Apart from those of random starts, which are subspaces too.
constexpr std::uint64_t stream_of_subspaces = 0x616e676c6573;  // "angles"

}  // namespace

Matrix draw_principal_angles(Index n, Index p, Index q, Index draws, std::uint64_t seed) {
  if (p < 1 || q < 1 || p > n || q > n || draws < 1) {
    throw std::invalid_argument(
        fmt::format("random_principal_angles: dimensions {} and {} of R^{}, must be 1 .. n; {} "
                    "draws, must be > 0",
                    p, q, n, draws));
  }
  const Matrix fixed = Matrix::Identity(n, p);
  Matrix angles(std::min(p, q), draws), normals(n, q);
  for (Index draw = 0; draw < draws; ++draw) {
    RandomStream stream({.seed = seed,
                         .network = stream_of_subspaces,
                         .purpose = Purpose::optimizer_starts,
                         .step = static_cast<std::uint64_t>(draw)});
    stream.fill_normal({normals.data(), static_cast<std::size_t>(normals.size())});
    angles.col(draw) = principal_angles(fixed, normals);
  }
  return angles;
}

RandomAngles random_principal_angles(Index n, Index p, Index q,
                                     const RandomAnglesOptions& options) {
  const auto& wanted = options.probabilities;
  if (!(wanted.array() >= 0).all() || !(wanted.array() <= 1).all()) {
    throw std::invalid_argument("random_principal_angles: probabilities must be 0 .. 1");
  }
  const Matrix angles = draw_principal_angles(n, p, q, options.draws, options.seed);
  RandomAngles result{angles.rowwise().mean(), Matrix(angles.rows(), wanted.size())};
  for (Index k = 0; k < angles.rows(); ++k) {
    Vector sorted = angles.row(k).transpose();
    std::sort(sorted.begin(), sorted.end());
    for (Index i = 0; i < wanted.size(); ++i) result.quantiles(k, i) = quantile(sorted, wanted(i));
  }
  return result;
}

}  // namespace nullcline::representation
