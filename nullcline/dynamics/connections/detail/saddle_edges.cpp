// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/connections/detail/saddle_edges.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "nullcline/dynamics/connections/detail/aim.hpp"
#include "nullcline/dynamics/connections/detail/edge.hpp"
#include "nullcline/dynamics/connections/detail/edge_pairs.hpp"
#include "nullcline/dynamics/detail/merge.hpp"

namespace nullcline::dynamics::detail {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

constexpr std::size_t most_boundaries = 8;  // followed on one chord

/// Where the boundaries between the two directions of a pair lead, one after the other; of those
/// between ends that other pairs have, only the first.
std::vector<std::optional<Vector>> saddles_between(const Map& map, const Landmarks& landmarks,
                                                   const EdgePair& pair,
                                                   const EdgeOptions& options) {
  const Leaving& leaving = *pair.leaving;
  const auto state_of = [&](const Matrix& u) -> Matrix {
    return leaving.starts(u.colwise().normalized());
  };
  std::vector<std::optional<Vector>> saddles;
  Chord chord = pair.chord;
  for (std::size_t part = 0; chord.end_a != chord.end_b; ++part) {
    if (part == most_boundaries) {
      saddles.push_back(std::nullopt);
      break;
    }
    Edge edge = follow_edge(map, landmarks, chord, state_of, options);
    // An orbit so near the boundary that it stands at the saddle has an end of its own.
    const bool again = edge.saddle && !saddles.empty() && saddles.back() &&
                       (*saddles.back() - *edge.saddle).norm() <=
                           options.settle.match_distance * (1 + edge.saddle->norm());
    if (!again) saddles.push_back(std::move(edge.saddle));
    if (!edge.rest) break;
    chord = std::move(*edge.rest);
    if (pair.sampled && pair.sampled->contains(std::minmax(chord.end_a, chord.end_b))) break;
  }
  return saddles;
}

/// A saddle at the end of a boundary that leaves `node`.
struct Arrival {
  Index node;
  Vector saddle;
};

/// The edges to these saddles, and those saddles that were not given.
Matrix add_edges(const Map& map, const Landmarks& landmarks, const std::vector<Arrival>& arrivals,
                 Index nodes, const ConnectionOptions& options, Edges& edges) {
  const double same = options.settle.match_distance;
  const auto add = [&](Index from, Index to) {
    if (from != to) edges.emplace(std::pair(from, to), Connection{from, to, Found::edge, 0, 0, 0});
  };
  Matrix missed(map.dim(), std::ssize(arrivals));
  std::vector<Index> members;
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    Index q;
    const Vector& x = arrivals[i].saddle;
    if (landmarks.points.cols() > 0 &&
        (landmarks.points.colwise() - x).colwise().norm().minCoeff(&q) <= same * (1 + x.norm())) {
      add(arrivals[i].node, q);
    } else {
      missed.col(static_cast<Index>(i)) = x;
      members.push_back(static_cast<Index>(i));
    }
  }
  const auto clusters = merge_by_distance(missed, members, Vector::Zero(missed.cols()), same);
  Matrix new_saddles(map.dim(), std::ssize(clusters));
  for (Index c = 0; c < std::ssize(clusters); ++c) {
    new_saddles.col(c) = missed.col(clusters[at(c)].best);
    for (const Index i : clusters[at(c)].members) add(arrivals[at(i)].node, nodes + c);
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
    const Boundaries more = boundaries_of(leaving, ends);
    pairs.insert(pairs.end(), more.pairs.begin(), more.pairs.end());
    departures[at(leaving.node)].edges_skipped += more.skipped;
  }
  EdgeOptions following{.reach = options.aim_reach,
                        .budget = options.aim_budget,
                        .settle = options.settle,
                        .keep_going = [&] { return cancellation.keep_going(); }};
  following.settle.progress = {};
  following.settle.threads = {};
  std::vector<std::vector<std::optional<Vector>>> saddles(pairs.size());
  const auto progress = [&](double done) {
    return !options.settle.progress || options.settle.progress(0.5 + 0.25 * done);
  };
  over_items(std::ssize(pairs), options.settle.threads, progress, cancellation, [&](Index i) {
    EdgeOptions from_here = following;
    from_here.origin = pairs[at(i)].leaving->x;
    saddles[at(i)] = saddles_between(map, landmarks, pairs[at(i)], from_here);
  });
  std::vector<Arrival> arrivals;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const Index node = pairs[i].leaving->node;
    Departures& from = departures[at(node)];
    for (const auto& saddle : saddles[i]) {
      ++from.edges;
      from.edges_lost += !saddle.has_value();
      if (saddle) arrivals.push_back({node, *saddle});
    }
  }
  return add_edges(map, landmarks, arrivals, nodes, options, edges);
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
