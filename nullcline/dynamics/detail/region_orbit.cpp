// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/detail/region_orbit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nullcline::dynamics::detail {
namespace {

using LongVector = Eigen::Matrix<long double, Eigen::Dynamic, 1>;
using LongMatrix = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;

const double eps = std::numeric_limits<double>::epsilon();

/// F_s(x_t) - x_{t+1} with the slopes of each region, rounded once.                  (n, k)
Matrix shortfall(const PiecewiseLinearMap& map, const RegionSequence& regions, const Matrix& X) {
  const Index k = X.cols();
  const LongMatrix states = X.cast<long double>();
  LongMatrix inner = map.C().cast<long double>() * states;
  inner.colwise() += map.c().cast<long double>();
  for (Index t = 0; t < k; ++t) {
    const Region& region = regions[static_cast<std::size_t>(t)];
    for (Index i = 0; i < map.kinks(); ++i) {
      if (!region[static_cast<std::size_t>(i)]) inner(i, t) *= map.below();
    }
  }
  LongMatrix R = map.A().cast<long double>() * states + map.B().cast<long double>() * inner;
  R.colwise() += map.e().cast<long double>();
  for (Index t = 0; t < k; ++t) R.col(t) -= states.col((t + 1) % k);
  return R.cast<double>();
}

/// Whether every preactivation is on its side, up to a slack for the column and the unit.
template <class Slack>
bool within(const PiecewiseLinearMap& map, const RegionSequence& regions, const Matrix& X,
            const Slack& slack) {
  for (Index t = 0; t < X.cols(); ++t) {
    const Region& region = regions[static_cast<std::size_t>(t)];
    for (Index i = 0; i < map.kinks(); ++i) {
      const double m = map.C().row(i).dot(X.col(t)) + map.c()(i);
      const double inside = region[static_cast<std::size_t>(i)] ? m : -m;
      if (!(inside >= -slack(t, i))) return false;
    }
  }
  return true;
}

/// |C_i| |x| + |c_i|
double magnitude(const PiecewiseLinearMap& map, const Matrix& X, Index t, Index i) {
  return map.C().row(i).cwiseAbs().dot(X.col(t).cwiseAbs()) + std::abs(map.c()(i));
}

/// Newton corrections for as long as they halve; returns an estimate of the error that is left.
double refine(const PiecewiseLinearMap& map, const RegionSequence& regions,
              const AffineCycle& system, Matrix& X) {
  const double unit = 2 * eps * X.cwiseAbs().maxCoeff();
  double last = std::numeric_limits<double>::infinity();
  for (int round = 0; round < 10; ++round) {
    const Matrix correction = system.solve(shortfall(map, regions, X));
    const double size = correction.cwiseAbs().maxCoeff();
    if (!(size < last / 2)) break;
    X += correction;
    last = size;
    if (size <= unit) break;
  }
  return std::max(last, unit);
}

bool equal_but_at(const Region& a, const Region& b, const Region& border) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && !border[i]) return false;
  }
  return true;
}

}  // namespace

bool RegionOrbit::on_border() const {
  return std::any_of(border.begin(), border.end(), [](const Region& units) {
    return std::find(units.begin(), units.end(), true) != units.end();
  });
}

RegionSequence regions_of(const PiecewiseLinearMap& map, const Matrix& X) {
  RegionSequence regions;
  for (Index t = 0; t < X.cols(); ++t) regions.push_back(map.region(X.col(t)));
  return regions;
}

void push_sequence(const PiecewiseLinearMap& map, const RegionSequence& regions,
                   AffineCycle& system) {
  for (const Region& region : regions) {
    const AffinePiece piece = map.piece(region);
    system.push(piece.J, piece.d);
  }
}

std::optional<RegionOrbit> orbit_in(const PiecewiseLinearMap& map, const RegionSequence& regions,
                                    const AffineCycle& system, const Matrix& states) {
  if (!states.allFinite()) return std::nullopt;
  const double size = states.cwiseAbs().maxCoeff();
  const auto rough = [&](Index, Index i) {
    return 1e-6 * (size * map.C().row(i).cwiseAbs().sum() + std::abs(map.c()(i)));
  };
  if (!within(map, regions, states, rough)) return std::nullopt;

  RegionOrbit orbit{states, regions, {}, 0, 0};
  orbit.error = refine(map, regions, system, orbit.states);
  if (!orbit.states.allFinite() || !std::isfinite(orbit.error)) return std::nullopt;
  const Matrix& X = orbit.states;
  const double width = 4 * eps * static_cast<double>(map.dim() + 2);
  const auto rounding = [&](Index t, Index i) {
    return 4 * orbit.error * map.C().row(i).cwiseAbs().sum() + width * magnitude(map, X, t, i);
  };
  if (!within(map, regions, X, rounding)) return std::nullopt;

  Matrix next(X.rows(), X.cols());
  map.step(X, next);
  const Index k = X.cols();
  for (Index t = 0; t < k; ++t) {
    orbit.residual = std::max(orbit.residual, (next.col(t) - X.col((t + 1) % k)).norm());
    Region border(static_cast<std::size_t>(map.kinks()));
    for (Index i = 0; i < map.kinks(); ++i) {
      const double m = map.C().row(i).dot(X.col(t)) + map.c()(i);
      border[static_cast<std::size_t>(i)] = std::abs(m) <= rounding(t, i);
    }
    orbit.border.push_back(std::move(border));
  }
  return orbit;
}

bool same_orbit(const RegionOrbit& a, const RegionOrbit& b) {
  if (a.regions == b.regions) return true;
  for (std::size_t t = 0; t < a.regions.size(); ++t) {
    if (!equal_but_at(a.regions[t], b.regions[t], a.border[t])) return false;
    if (!equal_but_at(a.regions[t], b.regions[t], b.border[t])) return false;
  }
  const double distance = (a.states - b.states).cwiseAbs().maxCoeff();
  return distance <= 16 * (a.error + b.error);
}

}  // namespace nullcline::dynamics::detail
