// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/detail/region_walk.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "nullcline/dynamics/points/detail/singular_region.hpp"

namespace nullcline::dynamics::detail {
namespace {

constexpr std::uint64_t run_length = 256;  ///< Regions between two fresh factorizations.
constexpr double small_pivot = 1e-2;       ///< Of 1 - delta P_kk, relative to its terms.
constexpr double drift = 1e-8;             ///< Of P and h over a run, relative.
constexpr double rough = 1e-6;             ///< Of h, relative, where a region is solved directly.

std::uint32_t gray(std::uint64_t i) { return static_cast<std::uint32_t>(i ^ (i >> 1)); }

Region region_of(std::uint32_t signs, Index K) {
  Region region(static_cast<std::size_t>(K));
  for (std::size_t k = 0; k < region.size(); ++k) region[k] = ((signs >> k) & 1U) != 0;
  return region;
}

std::uint32_t signs_of(const Region& region) {
  std::uint32_t signs = 0;
  for (std::size_t k = 0; k < region.size(); ++k) signs |= std::uint32_t{region[k]} << k;
  return signs;
}

/// P and h of one region after the other.
class Walk {
 public:
  explicit Walk(const PiecewiseLinearMap& map)
      : map_(map),
        bound_(1 + map.A().cwiseAbs().colwise().sum().maxCoeff() +
               (map.B().cwiseAbs() * map.C().cwiseAbs()).colwise().sum().maxCoeff()),
        bias_(map.c().lpNorm<Eigen::Infinity>()) {}

  /// Computes P and h afresh; false if I - J is singular to rounding.
  bool start_at(std::uint32_t signs) {
    signs_ = signs;
    const AffinePiece piece = map_.piece(region_of(signs, map_.kinks()));
    const Index n = map_.dim();
    const Matrix M = (Matrix::Identity(n, n) - piece.J).partialPivLu().inverse();
    const double rounding =
        8 * std::numeric_limits<double>::epsilon() * static_cast<double>(n + map_.kinks()) * bound_;
    valid_ = M.cwiseAbs().colwise().sum().maxCoeff() * rounding < 1;  // false for NaN
    if (!valid_) return false;
    const Matrix CM = map_.C() * M;
    P_ = CM * map_.B();
    h_ = CM * piece.d + map_.c();
    return true;
  }

  /// Flips unit k, by an update where that is safe.
  bool flip(Index k) {
    signs_ ^= std::uint32_t{1} << k;
    if (!valid_) return start_at(signs_);
    const double delta = ((signs_ >> k) & 1U) != 0 ? 1 - map_.below() : map_.below() - 1;
    const double along = delta * P_(k, k), pivot = 1 - along;
    if (!(std::abs(pivot) > small_pivot * (1 + std::abs(along)))) return start_at(signs_);
    column_ = (delta / pivot) * P_.col(k);
    row_ = P_.row(k);
    h_ += h_(k) * column_;
    P_.noalias() += column_ * row_;
    return true;
  }

  /// Whether all h have the signs of the region, roughly.
  bool consistent() const {
    const double slack = rough * (h_.lpNorm<Eigen::Infinity>() + bias_);
    for (Index k = 0; k < h_.size(); ++k) {
      if ((((signs_ >> k) & 1U) != 0 ? h_(k) : -h_(k)) < -slack) return false;
    }
    return true;
  }

  /// Whether P and h still are what a fresh start gives.
  bool is_accurate() const {
    if (!valid_) return true;  // nothing was updated since the last fresh start
    Walk fresh(map_);
    if (!fresh.start_at(signs_)) return false;
    const auto near = [](const auto& a, const auto& b, double size) {
      return a.size() == 0 || (a - b).cwiseAbs().maxCoeff() <= drift * size;  // false for NaN
    };
    return near(P_, fresh.P_, 1 + fresh.P_.norm()) && near(h_, fresh.h_, bias_ + fresh.h_.norm());
  }

  bool valid() const { return valid_; }
  std::uint32_t signs() const { return signs_; }

 private:
  const PiecewiseLinearMap& map_;
  double bound_, bias_;
  std::uint32_t signs_ = 0;
  bool valid_ = false;
  Matrix P_;
  Vector h_, column_;
  Eigen::RowVectorXd row_;
};

/// A known point on a border: the regions that it belongs to are those that agree with `signs`
/// but for the units of `border`.
struct BorderPoint {
  std::uint32_t signs, border;
  bool belongs_to(std::uint32_t region) const { return ((region ^ signs) & ~border) == 0; }
};

/// What becomes of the regions, one after the other.
class Collector {
 public:
  Collector(const PiecewiseLinearMap& map, Index max_continua, WalkedRegions& out)
      : map_(map), max_continua_(max_continua), out_(out) {}

  void singular(std::uint32_t signs) {
    ++out_.singular;
    auto continuum = continuum_in(map_, region_of(signs, map_.kinks()));
    if (!continuum) return;
    ++out_.singular_continua;
    if (static_cast<Index>(out_.continua.size()) < max_continua_) {
      out_.continua.push_back(std::move(*continuum));
    }
  }

  void candidate(std::uint32_t signs) {
    for (const BorderPoint& point : border_) {
      if (point.belongs_to(signs)) return;  // its equation has one solution, which is known
    }
    const RegionSequence regions{region_of(signs, map_.kinks())};
    AffineCycle system(map_.dim());
    push_sequence(map_, regions, system);
    if (!system.close()) return singular(signs);
    auto orbit = orbit_in(map_, regions, system, system.states());
    if (!orbit) return;
    if (orbit->on_border()) border_.push_back({signs, signs_of(orbit->border.front())});
    keep_distinct(std::move(*orbit), out_.points);
  }

 private:
  const PiecewiseLinearMap& map_;
  Index max_continua_;
  WalkedRegions& out_;
  std::vector<BorderPoint> border_;
};

/// One run; with `always_fresh` without updates. False if it drifted off.
bool walk_run(const PiecewiseLinearMap& map, std::uint64_t first, std::uint64_t end,
              bool always_fresh, std::vector<std::uint32_t>& singular,
              std::vector<std::uint32_t>& candidates) {
  Walk walk(map);
  singular.clear();
  candidates.clear();
  for (std::uint64_t i = first; i < end; ++i) {
    const bool regular =
        i == first || always_fresh ? walk.start_at(gray(i)) : walk.flip(std::countr_zero(i));
    if (!regular) {
      singular.push_back(walk.signs());
    } else if (walk.consistent()) {
      candidates.push_back(walk.signs());
    }
  }
  return always_fresh || walk.is_accurate();
}

}  // namespace

void keep_distinct(RegionOrbit orbit, std::vector<RegionOrbit>& kept) {
  if (orbit.on_border()) {
    for (const RegionOrbit& other : kept) {
      if (other.on_border() && same_orbit(orbit, other)) return;
    }
  }
  kept.push_back(std::move(orbit));
}

WalkedRegions walk_regions(const PiecewiseLinearMap& map, std::uint64_t first, std::uint64_t count,
                           Index max_continua, const std::function<bool()>& keep_going) {
  WalkedRegions out;
  Collector collector(map, max_continua, out);
  std::vector<std::uint32_t> singular, candidates;
  for (std::uint64_t at = first; at < first + count && keep_going(); at += run_length) {
    const std::uint64_t end = std::min(at + run_length, first + count);
    if (!walk_run(map, at, end, false, singular, candidates)) {
      walk_run(map, at, end, true, singular, candidates);
    }
    for (const std::uint32_t signs : singular) collector.singular(signs);
    for (const std::uint32_t signs : candidates) collector.candidate(signs);
    out.regions += end - at;
  }
  return out;
}

}  // namespace nullcline::dynamics::detail
