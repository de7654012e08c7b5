// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/detail/singular_region.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "nullcline/core/attempt.hpp"
#include "nullcline/dynamics/detail/simplex_minimum.hpp"

namespace nullcline::dynamics::detail {
namespace {

const double eps = std::numeric_limits<double>::epsilon();

/// A solution (n) of (I - J) x = d of least norm and the null space (n, r); nullopt if none.
struct SolutionSet {
  Vector point;
  Matrix directions;
};

std::optional<SolutionSet> solutions(const AffinePiece& piece, double size, Index kinks) {
  const Index n = piece.d.size();
  const auto decomposed = attempt(svd, Matrix::Identity(n, n) - piece.J);
  if (!decomposed) return std::nullopt;
  const Svd& G = *decomposed;
  const double cut = 32 * eps * static_cast<double>(n + kinks) * size;
  Index rank = 0;
  while (rank < n && G.values(rank) > cut) ++rank;
  if (rank == n) return std::nullopt;
  const Vector seen = G.U.transpose() * piece.d;
  const Vector inside = seen.head(rank).cwiseQuotient(G.values.head(rank));
  SolutionSet set{G.V.leftCols(rank) * inside, G.V.rightCols(n - rank)};
  const double rounding = cut * (set.point.norm() + piece.d.norm() / size);
  if (seen.tail(n - rank).norm() > rounding) return std::nullopt;
  return set;
}

/// The rows [s_i C_i N, s_i (C_i p + c_i) / scale] and [0, 1], each of length 1, without units that
/// are 0 on the whole set. The last column is in units of `scale`, the size of the point.
Matrix conditions(const PiecewiseLinearMap& map, const Region& region, const SolutionSet& set,
                  double scale) {
  const Index K = map.kinks(), r = set.directions.cols();
  Matrix rows(K + 1, r + 1);
  Index used = 0;
  for (Index i = 0; i < K; ++i) {
    const double sign = region[static_cast<std::size_t>(i)] ? 1 : -1;
    const auto C = map.C().row(i);
    rows.row(used).head(r) = sign * C * set.directions;
    rows(used, r) = sign * (C.dot(set.point) + map.c()(i)) / scale;
    const double length = rows.row(used).norm();
    const double magnitude =
        C.norm() * (1 + set.point.norm() / scale) + std::abs(map.c()(i)) / scale;
    if (length <= 1e-12 * magnitude) continue;  // a border that the whole set lies on
    rows.row(used++) /= length;
  }
  rows.row(used).setZero();
  rows(used++, r) = 1;
  return rows.topRows(used);
}

}  // namespace

std::optional<FixedContinuum> continuum_in(const PiecewiseLinearMap& map, const Region& region) {
  const AffinePiece piece = map.piece(region);
  if (!piece.J.allFinite() || !piece.d.allFinite()) return std::nullopt;
  const double size = 1 + map.A().norm() + map.B().norm() * map.C().norm();
  const auto set = solutions(piece, size, map.kinks());
  if (!set) return std::nullopt;

  const double norm = set->point.norm(), scale = norm > 0 ? norm : 1;
  const Matrix rows = conditions(map, region, *set, scale);
  const Vector weights = simplex_minimum(rows * rows.transpose(), Vector::Zero(rows.rows()));
  const Vector nearest = rows.transpose() * weights;
  if ((rows * nearest).minCoeff() <= 1e-12) return std::nullopt;
  const Index r = set->directions.cols();
  const Vector t = scale * nearest.head(r) / nearest(r);
  const bool on_border = rows.rows() < map.kinks() + 1;
  return FixedContinuum{region, set->point + set->directions * t, set->directions, on_border};
}

}  // namespace nullcline::dynamics::detail
