// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/connections/detail/saddle_edges.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <utility>

#include "nullcline/dynamics/connections/detail/aim.hpp"
#include "nullcline/dynamics/connections/detail/edge.hpp"
#include "nullcline/dynamics/connections/detail/edge_pairs.hpp"

namespace nullcline::dynamics::detail {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

constexpr std::size_t most_boundaries = 8;  // followed on one chord

/// One boundary between the two directions of a pair.
struct Met {
  std::optional<Vector> saddle;  // where it leads, if that is known
  Vector u;                      // direction; empty if it was not reached
  Ends sides;                    // the ends of the orbits before and behind it
};

/// The boundaries between the two directions of a pair, one after the other; of those between ends
/// that other pairs have, only the first.
std::vector<Met> boundaries_between(const Map& map, const Landmarks& landmarks,
                                    const EdgePair& pair, const EdgeOptions& options) {
  const Leaving& leaving = *pair.leaving;
  std::vector<Met> met;
  Chord chord = pair.chord;
  for (std::size_t part = 0; chord.end_a != chord.end_b; ++part) {
    if (part == most_boundaries) {
      met.push_back({});
      break;
    }
    Edge edge = follow_edge(
        map, landmarks, chord, [&](const Matrix& u) { return leaving.towards(u); }, options);
    // An orbit so near the boundary that it stands at the saddle has an end of its own.
    const bool again = edge.saddle && !met.empty() && met.back().saddle &&
                       same_state(*met.back().saddle, *edge.saddle, options.settle.match_distance);
    if (!again) {
      met.push_back({std::move(edge.saddle), {}, {}});
      if (edge.rest) {
        met.back().u = edge.rest->a.normalized();
        met.back().sides = {chord.end_a, edge.rest->end_a};
      }
    }
    if (!edge.rest) break;
    chord = std::move(*edge.rest);
    if (pair.sampled && pair.sampled->contains(std::minmax(chord.end_a, chord.end_b))) break;
  }
  return met;
}

void add_edge(Index from, Index to, double distance, Edges& edges) {
  const Found found = distance < 0 ? Found::edge : Found::aimed;
  if (from == to) return;
  edges.emplace(std::pair(from, to), Connection{from, to, found, 0, 0, std::max(0.0, distance)});
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

std::vector<Index> ends_of(const SaddleSearch& search, const Leaving& leaving) {
  const Index known = search.landmarks.points.cols() + std::ssize(search.landmarks.cycles);
  std::vector<Index> ends;
  for (Index b = 0; b < leaving.u.cols(); ++b) {
    ends.push_back(end_of(search.settled, leaving.first + b, known));
  }
  return ends;
}

/// body(i) for i = 0 .. n - 1, between the fractions `from` and `to` of all that is to do.
void over_part(const SaddleSearch& search, Index n, double from, double to,
               const std::function<void(Index)>& body) {
  const SettleOptions& settle = search.options.settle;
  const auto progress = [&](double done) {
    return !settle.progress || settle.progress(from + (to - from) * done);
  };
  over_items(n, settle.threads, progress, search.cancellation, body);
}

}  // namespace

std::vector<std::vector<Wall>> follow_edges(SaddleSearch& search) {
  std::vector<EdgePair> pairs;
  for (const Leaving& leaving : search.leavings) {
    const Boundaries more = boundaries_of(leaving, ends_of(search, leaving));
    pairs.insert(pairs.end(), more.pairs.begin(), more.pairs.end());
    search.departures[at(leaving.node)].edges_skipped += more.skipped;
  }
  std::vector<std::vector<Met>> met(pairs.size());
  over_part(search, std::ssize(pairs), 0.5, 0.7, [&](Index i) {
    const EdgePair& pair = pairs[at(i)];
    met[at(i)] =
        boundaries_between(search.map, search.landmarks, pair,
                           edge_options(search.options, *pair.leaving, search.cancellation));
  });
  std::vector<std::vector<Wall>> walls(search.leavings.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const Leaving& leaving = *pairs[i].leaving;
    Departures& from = search.departures[at(leaving.node)];
    for (const Met& boundary : met[i]) {
      ++from.edges;
      from.edges_lost += !boundary.saddle.has_value();
      if (!boundary.saddle) continue;
      const Index q = search.nodes.node_of(*boundary.saddle);
      add_edge(leaving.node, q, -1, search.edges);
      if (boundary.u.size() == 0) continue;
      const auto l = static_cast<std::size_t>(&leaving - search.leavings.data());
      walls[l].push_back({boundary.sides.first, q, boundary.u});
      walls[l].push_back({boundary.sides.second, q, boundary.u});
    }
  }
  return walls;
}

void follow_junctions(SaddleSearch& search, const std::vector<std::vector<Wall>>& walls) {
  std::vector<WallPair> pairs;
  for (std::size_t l = 0; l < walls.size(); ++l) {
    const Leaving& leaving = search.leavings[l];
    if (leaving.u.rows() < 3) continue;
    const auto more = unexplained_pairs(search.landmarks, leaving, ends_of(search, leaving),
                                        walls[l], search.nodes, search.edges,
                                        search.departures[at(leaving.node)].edges_skipped);
    pairs.insert(pairs.end(), more.begin(), more.end());
  }
  std::vector<std::vector<Junction>> junctions(pairs.size());
  over_part(search, std::ssize(pairs), 0.85, 1, [&](Index i) {
    junctions[at(i)] = find_junctions(search.map, search.landmarks, pairs[at(i)], search.options,
                                      search.cancellation);
  });
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const Index node = pairs[i].leaving->node;
    for (const Junction& junction : junctions[i]) {
      ++search.departures[at(node)].junctions;
      search.departures[at(node)].junctions_lost += !junction.saddle.has_value();
      if (!junction.saddle) continue;
      add_edge(node, search.nodes.node_of(*junction.saddle), junction.distance, search.edges);
    }
  }
}

void aim_at_saddles(SaddleSearch& search, const std::vector<UnstableSpaces>& spaces) {
  const Map& map = search.map;
  const Landmarks& landmarks = search.landmarks;
  const std::vector<Leaving>& leavings = search.leavings;
  const ConnectionOptions& options = search.options;
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
    const auto first = search.settled.steps.begin() + leaving.first;
    // An aim that begins later has too few shots.
    const Index longest =
        std::min(*std::max_element(first, first + leaving.u.cols()), 1 + options.aim_budget / 8);
    approaches[at(i)] = nearest_approaches(map, landmarks, leaving, longest, search.cancellation);
  });
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < leavings.size(); ++i) {
    for (Approach& approach : approaches[i]) {
      if (search.edges.contains({leavings[i].node, approach.to})) continue;
      pairs.push_back({&leavings[i], std::move(approach)});
    }
  }
  over_part(search, std::ssize(pairs), 0.7, 0.85, [&](Index i) {
    Pair& pair = pairs[at(i)];
    pair.found = aim_at(map, landmarks, *pair.leaving, spaces[at(pair.approach.to)], options,
                        std::move(pair.approach), pair.edge);
  });
  for (const Pair& pair : pairs) {
    if (pair.found) search.edges[{pair.edge.from, pair.edge.to}] = pair.edge;
  }
}

}  // namespace nullcline::dynamics::detail
