// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/cycles/detail/sequence_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <tuple>
#include <utility>

namespace nullcline::dynamics::detail {
namespace {

Region random_region(Index K, RandomStream& random) {
  Region region(static_cast<std::size_t>(K));
  for (auto&& unit : region) unit = (random.word() & 1U) != 0;
  return region;
}

/// x, F(x), .., (n, steps); fewer where it leaves the range of doubles.
Matrix orbit_from(const PiecewiseLinearMap& map, const Vector& start, Index steps) {
  Matrix X(map.dim(), steps);
  Vector x = start, next(map.dim());
  for (Index t = 0; t < steps; ++t) {
    X.col(t) = x;
    map.step(x, next);
    x.swap(next);
    if (!x.allFinite() || x.norm() > 1e100) return X.leftCols(t + 1);
  }
  return X;
}

/// A column of `starts`, or a random state of the size of the solution in a random region.
Vector trajectory_start(const PiecewiseLinearMap& map, const Matrix& starts, RandomStream& random) {
  if (starts.cols() > 0) {
    return starts.col(static_cast<Index>(random.below(static_cast<std::uint64_t>(starts.cols()))));
  }
  const Index n = map.dim();
  Vector x = Vector::Zero(n);
  AffineCycle system(n);
  push_sequence(map, {random_region(map.kinks(), random)}, system);
  if (system.close()) x = system.states().col(0);
  if (!x.allFinite()) x.setZero();
  const double size = x.norm() > 0 ? x.norm() / std::sqrt(static_cast<double>(n)) : 1.0;
  for (double& entry : x) entry += 0.3 * size * random.normal();
  return x;
}

/// The k states that return nearest to the first of them.
Index nearest_return(const Matrix& X, Index k) {
  Index best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (Index t = 0; t + k < X.cols(); ++t) {
    const double distance = (X.col(t + k) - X.col(t)).squaredNorm();
    if (distance < least) {
      least = distance;
      best = t;
    }
  }
  return best;
}

/// k states of X in pieces of random lengths from random times.
RegionSequence spliced(const PiecewiseLinearMap& map, const Matrix& X, Index k,
                       RandomStream& random) {
  RegionSequence regions;
  while (static_cast<Index>(regions.size()) < k) {
    auto t = static_cast<Index>(random.below(static_cast<std::uint64_t>(X.cols())));
    auto length = 1 + static_cast<Index>(random.below(static_cast<std::uint64_t>(k)));
    for (; length > 0 && t < X.cols() && static_cast<Index>(regions.size()) < k; --length, ++t) {
      regions.push_back(map.region(X.col(t)));
    }
  }
  return regions;
}

}  // namespace

SequenceSearch search_sequences(const PiecewiseLinearMap& map, RegionSequence regions,
                                Index max_moves) {
  SequenceSearch search;
  std::set<RegionSequence> seen{regions};
  AffineCycle system(map.dim());
  for (Index move = 0; move < max_moves; ++move) {
    system.truncate(0);
    push_sequence(map, regions, system);
    ++search.solved;
    if (!system.close()) return search;
    const Matrix X = system.states();
    search.orbit = orbit_in(map, regions, system, X);
    if (search.orbit || !X.allFinite()) return search;
    regions = regions_of(map, X);
    if (seen.insert(regions).second) continue;
    const Matrix orbit = orbit_from(map, X.col(0), X.cols());
    if (orbit.cols() < X.cols()) return search;
    regions = regions_of(map, orbit);
    if (!seen.insert(regions).second) return search;
  }
  return search;
}

RegionSequence first_sequence(const PiecewiseLinearMap& map, const SequenceStart& from,
                              Index attempt, RandomStream random) {
  const Index k = from.period, kind = attempt % 3;
  if (kind < 2) {
    const Vector start = trajectory_start(map, from.starts, random);
    const auto skip =
        static_cast<Index>(random.below(static_cast<std::uint64_t>(from.transient + 1)));
    const Index look = 2 * k + 32;
    const Matrix X = orbit_from(map, start, skip + look);
    if (X.cols() == skip + look) {
      const Matrix seen = X.rightCols(look);
      if (kind == 1) return spliced(map, seen, k, random);
      return regions_of(map, seen.middleCols(nearest_return(seen, k), k));
    }
  }
  RegionSequence regions;
  for (Index t = 0; t < k; ++t) regions.push_back(random_region(map.kinks(), random));
  return regions;
}

std::vector<RegionSequence> neighbors(const PiecewiseLinearMap& map, const RegionOrbit& orbit,
                                      Index at_most) {
  std::vector<std::tuple<double, std::size_t, std::size_t>> flips;  // distance, time, unit
  const Vector lengths = map.C().rowwise().norm();
  for (Index t = 0; t < orbit.states.cols(); ++t) {
    const Vector m = map.C() * orbit.states.col(t) + map.c();
    for (Index i = 0; i < map.kinks(); ++i) {
      if (lengths(i) > 0) flips.emplace_back(std::abs(m(i)) / lengths(i), t, i);
    }
  }
  std::sort(flips.begin(), flips.end());
  std::vector<RegionSequence> made;
  for (const auto& [distance, t, i] : flips) {
    if (static_cast<Index>(made.size()) == at_most) break;
    RegionSequence regions = orbit.regions;
    regions[t][i] = !regions[t][i];
    made.push_back(std::move(regions));
  }
  return made;
}

bool has_smaller_period(const RegionOrbit& orbit) {
  const Index k = orbit.states.cols();
  for (Index p = 1; p <= k / 2; ++p) {
    if (k % p != 0) continue;
    const RegionOrbit shifted = rotated(orbit, p);
    if ((shifted.states - orbit.states).cwiseAbs().maxCoeff() <= 32 * orbit.error) return true;
  }
  return false;
}

RegionOrbit rotated(const RegionOrbit& orbit, Index first) {
  const Index k = orbit.states.cols();
  RegionOrbit turned = orbit;
  turned.states << orbit.states.rightCols(k - first), orbit.states.leftCols(first);
  std::rotate(turned.regions.begin(), turned.regions.begin() + first, turned.regions.end());
  std::rotate(turned.border.begin(), turned.border.begin() + first, turned.border.end());
  return turned;
}

}  // namespace nullcline::dynamics::detail
