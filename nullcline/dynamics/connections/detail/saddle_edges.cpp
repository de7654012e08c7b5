// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/connections/detail/saddle_edges.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "nullcline/dynamics/connections/detail/aim.hpp"
#include "nullcline/dynamics/connections/detail/edge.hpp"
#include "nullcline/dynamics/detail/merge.hpp"

namespace nullcline::dynamics::detail {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

/// Two sampled orbits of one point with different ends.
struct EdgePair {
  const Leaving* leaving;
  Index a, b;           // columns of its u
  double distance = 0;  // between these
};

/// Those between which boundaries are followed.
std::vector<EdgePair> edge_pairs(const Leaving& leaving, const std::vector<Index>& ends) {
  constexpr std::size_t most = 64;
  constexpr double widest = 1.5;  // the chord between unit vectors must keep off 0
  const Index M = leaving.u.cols();
  const auto differ = [&](Index a, Index b) {
    return ends[at(a)] != ends[at(b)] && ends[at(a)] != unknown_end && ends[at(b)] != unknown_end;
  };
  const auto pair_of = [&](Index a, Index b) {
    return EdgePair{&leaving, a, b, (leaving.u.col(a) - leaving.u.col(b)).norm()};
  };
  std::vector<EdgePair> pairs;
  if (leaving.u.rows() == 2) {
    for (Index a = 0; a < M; ++a) {
      if (differ(a, (a + 1) % M)) pairs.push_back(pair_of(a, (a + 1) % M));
    }
  } else if (leaving.u.rows() > 2) {
    std::map<std::pair<Index, Index>, EdgePair> nearest;
    for (Index a = 0; a < M; ++a) {
      for (Index b = a + 1; b < M; ++b) {
        if (!differ(a, b)) continue;
        const EdgePair pair = pair_of(a, b);
        const auto [entry, added] = nearest.emplace(std::minmax(ends[at(a)], ends[at(b)]), pair);
        if (!added && pair.distance < entry->second.distance) entry->second = pair;
      }
    }
    for (const auto& entry : nearest) pairs.push_back(entry.second);
  }
  std::erase_if(pairs, [&](const EdgePair& pair) { return pair.distance > widest; });
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const EdgePair& a, const EdgePair& b) { return a.distance < b.distance; });
  if (pairs.size() > most) pairs.erase(pairs.begin() + most, pairs.end());
  return pairs;
}

/// The edges to these saddles, and those saddles that were not given.
Matrix add_edges(const Map& map, const Landmarks& landmarks, const std::vector<EdgePair>& pairs,
                 const std::vector<std::optional<Vector>>& saddles, Index nodes,
                 const ConnectionOptions& options, Edges& edges) {
  const double same = options.settle.match_distance;
  const auto add = [&](Index from, Index to) {
    if (from != to) edges.emplace(std::pair(from, to), Connection{from, to, Found::edge, 0, 0, 0});
  };
  Matrix missed(map.dim(), std::ssize(pairs));
  std::vector<Index> members;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (!saddles[i]) continue;
    Index q;
    const Vector& x = *saddles[i];
    if (landmarks.points.cols() > 0 &&
        (landmarks.points.colwise() - x).colwise().norm().minCoeff(&q) <= same * (1 + x.norm())) {
      add(pairs[i].leaving->node, q);
    } else {
      missed.col(static_cast<Index>(i)) = x;
      members.push_back(static_cast<Index>(i));
    }
  }
  const auto clusters = merge_by_distance(missed, members, Vector::Zero(missed.cols()), same);
  Matrix new_saddles(map.dim(), std::ssize(clusters));
  for (Index c = 0; c < std::ssize(clusters); ++c) {
    new_saddles.col(c) = missed.col(clusters[at(c)].best);
    for (const Index i : clusters[at(c)].members) add(pairs[at(i)].leaving->node, nodes + c);
  }
  return new_saddles;
}

/// The sampled orbits that come nearest to a saddle.
struct Approach {
  Index to = 0;
  Vector distances;          // (M) of each orbit at its nearest
  std::vector<Index> steps;  // (M) then
};

std::vector<Approach> nearest_approaches(const Map& map, const Landmarks& landmarks,
                                         const Leaving& leaving, Index steps,
                                         const Cancellation& cancellation) {
  std::vector<Approach> approaches;
  for (Index q = 0; q < landmarks.points.cols(); ++q) {
    const Index k = landmarks.linearizations[at(q)].unstable;
    if (k == 0 || k >= leaving.u.rows()) continue;
    approaches.push_back(
        {q, Vector::Constant(leaving.u.cols(), std::numeric_limits<double>::infinity()),
         std::vector<Index>(at(leaving.u.cols()))});
  }
  if (approaches.empty()) return approaches;
  Matrix X = leaving.starts(), next(X.rows(), X.cols());
  for (Index t = 1; t <= steps && cancellation.keep_going(); ++t) {
    map.step(X, next);
    X.swap(next);
    for (Approach& approach : approaches) {
      const Vector distance =
          (X.colwise() - landmarks.points.col(approach.to)).colwise().norm().transpose();
      for (Index b = 0; b < X.cols(); ++b) {
        if (!(distance(b) < approach.distances(b))) continue;
        approach.distances(b) = distance(b);
        approach.steps[at(b)] = t;
      }
    }
  }
  return approaches;
}

/// The connection from the point to the saddle of `approach`, if one is found.
bool aim_at(const Map& map, const Landmarks& landmarks, const Leaving& leaving,
            const UnstableSpaces& space, const ConnectionOptions& options, Approach approach,
            Connection& edge) {
  const Vector &from = leaving.x, to = landmarks.points.col(approach.to);
  const Linearization& saddle = landmarks.linearizations[at(approach.to)];
  const AimDeparture departure{from, leaving.distance * leaving.E};
  const AimTarget target{to, saddle.jacobian, space.left, std::abs(saddle.eigenvalues(0)),
                         options.aim_reach * (1 + to.norm())};
  for (Index attempt = 0; attempt < std::min(options.aim_tries, leaving.u.cols()); ++attempt) {
    Index b;
    // An orbit that never comes much nearer than its start is on its way elsewhere.
    if (!(approach.distances.minCoeff(&b) < 0.75 * (to - from).norm())) return false;
    const AimedShot shot =
        aim(map, departure, target, leaving.u.col(b), approach.steps[at(b)], options.aim_budget);
    if (shot.arrived) {
      edge = {leaving.node, approach.to, Found::aimed, 0, 0, shot.distance};
      return true;
    }
    approach.distances(b) = std::numeric_limits<double>::infinity();
  }
  return false;
}

}  // namespace

Matrix follow_edges(const Map& map, const Landmarks& landmarks,
                    const std::vector<Leaving>& leavings, const Settled& settled, Index nodes,
                    const ConnectionOptions& options, Cancellation& cancellation,
                    std::vector<Departures>& departures, Edges& edges) {
  std::vector<EdgePair> pairs;
  const Index known = landmarks.points.cols() + std::ssize(landmarks.cycles);
  for (const Leaving& leaving : leavings) {
    std::vector<Index> ends;
    for (Index b = 0; b < leaving.u.cols(); ++b) {
      ends.push_back(end_of(settled, leaving.first + b, known));
    }
    const auto more = edge_pairs(leaving, ends);
    pairs.insert(pairs.end(), more.begin(), more.end());
  }
  EdgeOptions following{.reach = options.aim_reach,
                        .budget = options.aim_budget,
                        .settle = options.settle,
                        .keep_going = [&] { return cancellation.keep_going(); }};
  following.settle.progress = {};
  following.settle.threads = {};
  std::vector<std::optional<Vector>> saddles(pairs.size());
  const auto progress = [&](double done) {
    return !options.settle.progress || options.settle.progress(0.5 + 0.25 * done);
  };
  over_items(std::ssize(pairs), options.settle.threads, progress, cancellation, [&](Index i) {
    const EdgePair& pair = pairs[at(i)];
    const Leaving& leaving = *pair.leaving;
    const Index end = end_of(settled, leaving.first + pair.a, known);
    const auto state_of = [&](const Matrix& u) -> Matrix {
      return leaving.starts(u.colwise().normalized());
    };
    EdgeOptions from_here = following;
    from_here.origin = leaving.x;
    saddles[at(i)] = follow_edge(map, landmarks, leaving.u.col(pair.a), leaving.u.col(pair.b), end,
                                 state_of, from_here);
  });
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    Departures& from = departures[at(pairs[i].leaving->node)];
    ++from.edges;
    from.edges_lost += !saddles[i].has_value();
  }
  return add_edges(map, landmarks, pairs, saddles, nodes, options, edges);
}

void aim_at_saddles(const Map& map, const Landmarks& landmarks,
                    const std::vector<UnstableSpaces>& spaces, const std::vector<Leaving>& leavings,
                    const Settled& settled, const ConnectionOptions& options,
                    Cancellation& cancellation, Edges& edges) {
  struct Pair {
    const Leaving* leaving;
    Approach approach;
    bool found = false;
    Connection edge = {};
  };
  std::vector<std::vector<Approach>> approaches(leavings.size());
  parallel_for(std::ssize(leavings), options.settle.threads, [&](Index i) {
    const Leaving& leaving = leavings[at(i)];
    if (leaving.u.rows() < 2) return;
    const auto first = settled.steps.begin() + leaving.first;
    // An aim that begins later has too few shots.
    const Index longest =
        std::min(*std::max_element(first, first + leaving.u.cols()), 1 + options.aim_budget / 8);
    approaches[at(i)] = nearest_approaches(map, landmarks, leaving, longest, cancellation);
  });
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < leavings.size(); ++i) {
    for (Approach& approach : approaches[i]) {
      if (edges.contains({leavings[i].node, approach.to})) continue;
      pairs.push_back({&leavings[i], std::move(approach)});
    }
  }
  const auto progress = [&](double done) {
    return !options.settle.progress || options.settle.progress(0.75 + 0.25 * done);
  };
  over_items(std::ssize(pairs), options.settle.threads, progress, cancellation, [&](Index i) {
    Pair& pair = pairs[at(i)];
    pair.found = aim_at(map, landmarks, *pair.leaving, spaces[at(pair.approach.to)], options,
                        std::move(pair.approach), pair.edge);
  });
  for (const Pair& pair : pairs) {
    if (pair.found) edges[{pair.edge.from, pair.edge.to}] = pair.edge;
  }
}

}  // namespace nullcline::dynamics::detail
