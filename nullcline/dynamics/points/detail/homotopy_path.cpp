// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/detail/homotopy_path.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <limits>

namespace nullcline::dynamics::detail {
namespace {

constexpr Index fresh_every = 64;     ///< Updates between two factorizations.
constexpr double small_pivot = 1e-3;  ///< Of an update, relative to its terms.
constexpr double farthest = 1e9;      ///< |mu| at which the path is taken to run to infinity.

/// A state on the path, its region, and M = (J - I)^-1 there.
struct PathPoint {
  const PiecewiseLinearMap& map;
  Region region;
  Vector x;
  double mu = 1;
  Vector target = {};  // G(start)
  Matrix M = {};
  Index updates = 0;

  PathPoint(const PiecewiseLinearMap& of, In<Vector> start)
      : map(of), region(of.region(start)), x(start), target(start.size()) {
    map.step(start, target);
    target -= start;
  }

  /// M and x afresh; false if J - I is singular to rounding.
  bool refresh() {
    const AffinePiece piece = map.piece(region);
    const Index n = x.size();
    M = (piece.J - Matrix::Identity(n, n)).partialPivLu().inverse();
    const double size = (1 + piece.J.norm()) * static_cast<double>(n);
    if (!(M.norm() * size * std::numeric_limits<double>::epsilon() < 1)) return false;
    x = M * (mu * target - piece.d);
    updates = 0;
    return true;
  }

  /// dx / dmu
  Vector velocity() const { return M * target; }

  /// Goes over the kink of unit k.
  bool flip(Index k) {
    const auto unit = static_cast<std::size_t>(k);
    region[unit] = !region[unit];
    const double delta = region[unit] ? 1 - map.below() : map.below() - 1;
    const Vector column = M * map.B().col(k);
    const double along = delta * map.C().row(k).dot(column), pivot = 1 + along;
    const bool safe = std::abs(pivot) > small_pivot * (1 + std::abs(along));
    if (!safe || ++updates >= fresh_every) return refresh();
    const Eigen::RowVectorXd row = map.C().row(k) * M;
    M.noalias() -= (delta / pivot) * column * row;
    return true;
  }
};

/// The first unit to reach its kink, and when; -1 if none does.
struct Kink {
  Index unit = -1;
  double step = std::numeric_limits<double>::infinity();
};

Kink first_kink(const Vector& m, const Vector& rate, const Region& region) {
  Kink first;
  for (Index k = 0; k < m.size(); ++k) {
    const double sign = region[static_cast<std::size_t>(k)] ? 1 : -1;
    if (!(sign * rate(k) < 0)) continue;
    const double step = std::max(0.0, sign * m(k)) / (-sign * rate(k));
    if (step < first.step) first = {k, step};
  }
  return first;
}

}  // namespace

HomotopyPath follow_homotopy(const PiecewiseLinearMap& map, In<Vector> start, int direction,
                             Index max_crossings) {
  HomotopyPath path;
  PathPoint at(map, start);
  const Region first_region = at.region;
  if (!at.refresh()) return path;
  double sense = direction;
  for (; path.crossings < max_crossings; ++path.crossings) {
    const Vector v = at.velocity();
    if (!v.allFinite() || !at.x.allFinite()) return path;
    const Kink kink = first_kink(map.C() * at.x + map.c(), sense * (map.C() * v), at.region);
    const double next = at.mu + sense * kink.step;
    if (at.mu * next <= 0 || std::isinf(next)) {
      if (at.mu * sense <= 0) path.zeros.push_back(at.region);
    }
    const bool passes_start = (at.mu - 1) * (next - 1) < 0 && at.region == first_region;
    if (kink.unit < 0 || std::abs(next) > farthest || (path.crossings > 0 && passes_start)) break;
    at.x += sense * kink.step * v;
    at.mu = next;
    if (!at.flip(kink.unit)) break;
    const double entering = map.C().row(kink.unit).dot(at.velocity());
    sense = at.region[static_cast<std::size_t>(kink.unit)] == (entering > 0) ? 1 : -1;
  }
  return path;
}

}  // namespace nullcline::dynamics::detail
