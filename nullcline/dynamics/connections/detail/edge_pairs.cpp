// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/connections/detail/edge_pairs.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace nullcline::dynamics::detail {
namespace {

constexpr std::size_t most_pairs = 64;        // of one point
constexpr std::size_t pairs_of_two_ends = 4;  // of three directions and more
constexpr double widest = 1.5;                // the chord between unit vectors must keep off 0
constexpr double near = 0.8;   // about twice what 64 directions in three dimensions are apart
constexpr double apart = 0.5;  // middles of chords between the same two ends

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

EdgePair pair_of(const Leaving& leaving, Index a, Index b) {
  return {&leaving, a, b, (leaving.u.col(a) - leaving.u.col(b)).norm()};
}

void take_chord(const std::vector<Index>& ends, EdgePair& pair) {
  const Matrix& u = pair.leaving->u;
  pair.chord = {u.col(pair.a), u.col(pair.b), ends[at(pair.a)], ends[at(pair.b)]};
}

/// Neighbors on the circle of two unstable directions.
Boundaries boundaries_on_circle(const Leaving& leaving, const std::vector<Index>& ends) {
  Boundaries all;
  const Index M = leaving.u.cols();
  for (Index a = 0; a < M; ++a) {
    const Index b = (a + 1) % M;
    if (ends[at(a)] == ends[at(b)]) continue;
    EdgePair pair = pair_of(leaving, a, b);
    if (ends[at(a)] == unknown_end || ends[at(b)] == unknown_end || pair.distance > widest) {
      ++all.skipped;
      continue;
    }
    take_chord(ends, pair);
    all.pairs.push_back(std::move(pair));
  }
  return all;
}

/// Of pairs of the same two ends, which may have more than one boundary in common: the nearest one,
/// then those between which there is most room, up to `most`.
std::vector<EdgePair> spread_out(std::vector<EdgePair> pairs, std::size_t most) {
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const EdgePair& a, const EdgePair& b) { return a.distance < b.distance; });
  const double reach = std::max(2 * pairs.front().distance, near);
  std::erase_if(pairs, [&](const EdgePair& pair) { return pair.distance > reach; });
  std::vector<EdgePair> chosen = {pairs.front()};
  while (chosen.size() < most) {
    double widest_gap = apart;
    const EdgePair* next = nullptr;
    for (const EdgePair& pair : pairs) {
      double gap = 2;
      for (const EdgePair& other : chosen) {
        gap = std::min(gap, (pair.middle() - other.middle()).norm());
      }
      if (gap > widest_gap) {
        widest_gap = gap;
        next = &pair;
      }
    }
    if (next == nullptr) break;
    chosen.push_back(*next);
  }
  return chosen;
}

/// Of three directions and more: between each two ends.
Boundaries boundaries_on_sphere(const Leaving& leaving, const std::vector<Index>& ends) {
  std::map<Ends, std::vector<EdgePair>> between;
  for (Index a = 0; a < leaving.u.cols(); ++a) {
    for (Index b = a + 1; b < leaving.u.cols(); ++b) {
      const Index end_a = ends[at(a)], end_b = ends[at(b)];
      if (end_a == end_b || end_a == unknown_end || end_b == unknown_end) continue;
      EdgePair pair = pair_of(leaving, a, b);
      if (pair.distance <= widest) between[std::minmax(end_a, end_b)].push_back(std::move(pair));
    }
  }
  auto sampled = std::make_shared<std::set<Ends>>();
  std::vector<std::vector<EdgePair>> by_rank(pairs_of_two_ends);
  Boundaries all;
  for (auto& [two, pairs] : between) {
    sampled->insert(two);
    const auto chosen = spread_out(std::move(pairs), pairs_of_two_ends);
    for (std::size_t r = 0; r < chosen.size(); ++r) by_rank[r].push_back(chosen[r]);
  }
  for (auto& pairs : by_rank) {
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](const EdgePair& a, const EdgePair& b) { return a.distance < b.distance; });
    for (EdgePair& pair : pairs) {
      if (all.pairs.size() == most_pairs) {
        ++all.skipped;
        continue;
      }
      take_chord(ends, pair);
      pair.sampled = sampled;
      all.pairs.push_back(std::move(pair));
    }
  }
  return all;
}

}  // namespace

EdgeOptions edge_options(const ConnectionOptions& options, const Leaving& leaving,
                         const Cancellation& cancellation) {
  EdgeOptions following{.reach = options.aim_reach,
                        .budget = options.aim_budget,
                        .origin = leaving.x,
                        .settle = options.settle,
                        .keep_going = [&] { return cancellation.keep_going(); }};
  following.settle.progress = {};
  following.settle.threads = {};
  return following;
}

Boundaries boundaries_of(const Leaving& leaving, const std::vector<Index>& ends) {
  if (leaving.u.rows() < 2) return {};
  return leaving.u.rows() == 2 ? boundaries_on_circle(leaving, ends)
                               : boundaries_on_sphere(leaving, ends);
}

}  // namespace nullcline::dynamics::detail
