// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/connections.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <numeric>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/random.hpp"
#include "nullcline/dynamics/detail/aim.hpp"
#include "nullcline/dynamics/detail/edge.hpp"
#include "nullcline/dynamics/detail/merge.hpp"
#include "nullcline/dynamics/detail/over_items.hpp"

namespace nullcline::dynamics {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

void check(const ConnectionOptions& options) {
  require(options.samples > 0 && options.nonlinearity > 0,
          "find_connections: need samples > 0 and nonlinearity > 0");
  require(options.aim_tries > 0 && options.aim_budget > 0 && options.aim_reach > 0,
          "find_connections: need aim_tries > 0, aim_budget > 0, aim_reach > 0");
  require(options.label_limit > 0, "find_connections: need label_limit > 0");
}

/// An orthonormal basis of the real and imaginary parts of the first `count` eigenvectors, which
/// come in pairs.
Matrix real_basis(const ComplexMatrix& vectors, const ComplexVector& values, Index count) {
  Matrix basis(vectors.rows(), count);
  for (Index i = 0; i < count; ++i) {
    const bool second = values(i).imag() < 0;
    basis.col(i) = second ? Vector(vectors.col(i).imag()) : Vector(vectors.col(i).real());
  }
  return count > 0 ? orthonormal_basis(basis) : basis;
}

struct UnstableSpaces {
  Matrix right, left;  // (n, k)
};

UnstableSpaces unstable_spaces(const Linearization& point) {
  if (point.unstable == 0) return {};
  if (point.eigenvectors.size() > 0) {
    return {real_basis(point.eigenvectors, point.eigenvalues, point.unstable),
            real_basis(point.left_eigenvectors, point.eigenvalues, point.unstable)};
  }
  const GeneralEigen system = eigen(point.jacobian);
  return {real_basis(system.vectors, system.values, point.unstable),
          real_basis(system.left_vectors, system.values, point.unstable)};
}

/// Unit vectors (k, count): both signs, equal angles, or random.
Matrix directions(Index k, const ConnectionOptions& options, Index point) {
  if (k == 1) return (Matrix(1, 2) << 1, -1).finished();
  const Index count = options.samples;
  Matrix u(k, count);
  if (k == 2) {
    // Half a step off the basis, on which symmetric maps have their saddles.
    const Vector angle =
        (Vector::LinSpaced(count, 0, static_cast<double>(count - 1)).array() + 0.5) *
        (2 * std::numbers::pi / static_cast<double>(count));
    u.row(0) = angle.array().cos();
    u.row(1) = angle.array().sin();
    return u;
  }
  RandomStream random(
      {options.seed, options.network, Purpose::connections, static_cast<std::uint64_t>(point)});
  random.fill_normal(std::span<double>(u.data(), at(u.size())));
  return u.colwise().normalized();
}

/// How one point is left.
struct Leaving {
  Index point = 0;
  Matrix E;         // (n, k) orthonormal
  Matrix u;         // (k, M) unit vectors
  Index first = 0;  // column of the first of its starts among all
  double distance = 0;
  double nonlinearity = 0;

  Matrix starts(const Vector& x) const { return (distance * (E * u)).colwise() + x; }
};

/// The largest distance, of 0.1 (1 + |x|) and its quarters, at which the map is linear.
void choose_distance(const Map& map, const Landmarks& landmarks, double allowed, Leaving& leaving) {
  const Vector x = landmarks.points.col(leaving.point);
  const Matrix& J = landmarks.linearizations[at(leaving.point)].jacobian;
  const double least = 1e-7 * (1 + x.norm());
  const Matrix Ju = J * (leaving.E * leaving.u);
  Matrix next(x.size(), leaving.u.cols());
  for (leaving.distance = 0.1 * (1 + x.norm());; leaving.distance /= 4) {
    map.step(leaving.starts(x), next);
    const Matrix error = (next.colwise() - x) - leaving.distance * Ju;
    leaving.nonlinearity =
        (error.colwise().norm().array() / (leaving.distance * Ju.colwise().norm().array()))
            .maxCoeff();
    if (leaving.nonlinearity <= allowed || leaving.distance / 4 < least) return;
  }
}

std::vector<Leaving> leave(const Map& map, const Landmarks& landmarks,
                           const std::vector<UnstableSpaces>& spaces,
                           const ConnectionOptions& options) {
  std::vector<Leaving> all;
  Index first = 0;
  for (Index p = 0; p < landmarks.points.cols(); ++p) {
    const Index k = landmarks.linearizations[at(p)].unstable;
    if (k == 0) continue;
    Leaving leaving{
        .point = p, .E = spaces[at(p)].right, .u = directions(k, options, p), .first = first};
    choose_distance(map, landmarks, options.nonlinearity, leaving);
    first += leaving.u.cols();
    all.push_back(std::move(leaving));
  }
  return all;
}

Matrix all_starts(const Landmarks& landmarks, const std::vector<Leaving>& leavings, Index n) {
  const Index count = leavings.empty() ? 0 : leavings.back().first + leavings.back().u.cols();
  Matrix starts(n, count);
  for (const Leaving& leaving : leavings) {
    starts.middleCols(leaving.first, leaving.u.cols()) =
        leaving.starts(landmarks.points.col(leaving.point));
  }
  return starts;
}

using Edges = std::map<std::pair<Index, Index>, Connection>;

void count_ends(const Leaving& leaving, const Settled& settled, Departures& departures,
                Edges& edges) {
  departures.orbits = leaving.u.cols();
  departures.distance = leaving.distance;
  departures.nonlinearity = leaving.nonlinearity;
  for (Index b = leaving.first; b < leaving.first + leaving.u.cols(); ++b) {
    const OrbitEnd end = settled.ends[at(b)];
    departures.escaped += end == OrbitEnd::escaped;
    departures.undecided += end == OrbitEnd::undecided;
    departures.not_finite += end == OrbitEnd::not_finite;
    departures.cancelled += end == OrbitEnd::cancelled;
    const Index to = settled.landmark[at(b)];
    if (to < 0) continue;
    Connection& edge = edges[{leaving.point, to}];
    edge.from = leaving.point;
    edge.to = to;
    edge.found = leaving.u.rows() == 1 ? Found::branch : Found::sampled;
    ++edge.orbits;
    edge.fraction = static_cast<double>(edge.orbits) / static_cast<double>(departures.orbits);
  }
}

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
    return ends[at(a)] != ends[at(b)] && ends[at(a)] != detail::unknown_end &&
           ends[at(b)] != detail::unknown_end;
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
    const double distance = (landmarks.points.colwise() - x).colwise().norm().minCoeff(&q);
    if (distance <= same * (1 + x.norm())) {
      add(pairs[i].leaving->point, q);
    } else {
      missed.col(static_cast<Index>(i)) = x;
      members.push_back(static_cast<Index>(i));
    }
  }
  const auto clusters =
      detail::merge_by_distance(missed, members, Vector::Zero(missed.cols()), same);
  Matrix new_saddles(map.dim(), std::ssize(clusters));
  for (Index c = 0; c < std::ssize(clusters); ++c) {
    new_saddles.col(c) = missed.col(clusters[at(c)].best);
    for (const Index i : clusters[at(c)].members) add(pairs[at(i)].leaving->point, nodes + c);
  }
  return new_saddles;
}

/// Follows the boundaries between sampled orbits with different ends. Returns the saddles found
/// that were not given, which are numbered from `nodes` on.
Matrix follow_edges(const Map& map, const Landmarks& landmarks,
                    const std::vector<Leaving>& leavings, const Settled& settled, Index nodes,
                    const ConnectionOptions& options, detail::Cancellation& cancellation,
                    Edges& edges) {
  std::vector<EdgePair> pairs;
  const Index known = landmarks.points.cols() + std::ssize(landmarks.cycles);
  for (const Leaving& leaving : leavings) {
    std::vector<Index> ends;
    for (Index b = 0; b < leaving.u.cols(); ++b) {
      ends.push_back(detail::end_of(settled, leaving.first + b, known));
    }
    const auto more = edge_pairs(leaving, ends);
    pairs.insert(pairs.end(), more.begin(), more.end());
  }
  detail::EdgeOptions following{.reach = options.aim_reach,
                                .budget = options.aim_budget,
                                .settle = options.settle,
                                .keep_going = [&] { return cancellation.keep_going(); }};
  following.settle.progress = {};
  following.settle.threads = {};
  std::vector<std::optional<Vector>> saddles(pairs.size());
  const auto progress = [&](double done) {
    return !options.settle.progress || options.settle.progress(0.5 + 0.25 * done);
  };
  detail::over_items(
      std::ssize(pairs), options.settle.threads, progress, cancellation, [&](Index i) {
        const EdgePair& pair = pairs[at(i)];
        const Leaving& leaving = *pair.leaving;
        const Vector x = landmarks.points.col(leaving.point);
        const Index end = detail::end_of(settled, leaving.first + pair.a, known);
        const auto state_of = [&](const Matrix& u) -> Matrix {
          return (leaving.distance * (leaving.E * u.colwise().normalized())).colwise() + x;
        };
        detail::EdgeOptions from_here = following;
        from_here.origin = x;
        saddles[at(i)] = detail::follow_edge(map, landmarks, leaving.u.col(pair.a),
                                             leaving.u.col(pair.b), end, state_of, from_here);
      });
  return add_edges(map, landmarks, pairs, saddles, nodes, options, edges);
}

/// The sampled orbits that come nearest to a saddle.
struct Approach {
  Index to = 0;
  Vector distances;          // (M) of each orbit at its nearest
  std::vector<Index> steps;  // (M) then
};

std::vector<Approach> nearest_approaches(const Map& map, const Landmarks& landmarks,
                                         const Leaving& leaving, Index steps,
                                         const detail::Cancellation& cancellation) {
  std::vector<Approach> approaches;
  for (Index q = 0; q < landmarks.points.cols(); ++q) {
    const Index k = landmarks.linearizations[at(q)].unstable;
    if (k == 0 || k >= leaving.u.rows()) continue;
    approaches.push_back(
        {q, Vector::Constant(leaving.u.cols(), std::numeric_limits<double>::infinity()),
         std::vector<Index>(at(leaving.u.cols()))});
  }
  if (approaches.empty()) return approaches;
  Matrix X = leaving.starts(landmarks.points.col(leaving.point)), next(X.rows(), X.cols());
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
  const Vector from = landmarks.points.col(leaving.point), to = landmarks.points.col(approach.to);
  const Linearization& saddle = landmarks.linearizations[at(approach.to)];
  const detail::Departure departure{from, leaving.distance * leaving.E};
  const detail::Target target{to, saddle.jacobian, space.left, std::abs(saddle.eigenvalues(0)),
                              options.aim_reach * (1 + to.norm())};
  for (Index attempt = 0; attempt < std::min(options.aim_tries, leaving.u.cols()); ++attempt) {
    Index b;
    // An orbit that never comes much nearer than its start is on its way elsewhere.
    if (!(approach.distances.minCoeff(&b) < 0.75 * (to - from).norm())) return false;
    const detail::Shot shot = detail::aim(map, departure, target, leaving.u.col(b),
                                          approach.steps[at(b)], options.aim_budget);
    if (shot.arrived) {
      edge = {leaving.point, approach.to, Found::aimed, 0, 0, shot.distance};
      return true;
    }
    approach.distances(b) = std::numeric_limits<double>::infinity();
  }
  return false;
}

void aim_at_saddles(const Map& map, const Landmarks& landmarks,
                    const std::vector<UnstableSpaces>& spaces, const std::vector<Leaving>& leavings,
                    const Settled& settled, const ConnectionOptions& options,
                    detail::Cancellation& cancellation, Edges& edges) {
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
    const Index longest = *std::max_element(first, first + leaving.u.cols());
    approaches[at(i)] = nearest_approaches(map, landmarks, leaving, longest, cancellation);
  });
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < leavings.size(); ++i) {
    for (Approach& approach : approaches[i]) {
      if (edges.contains({leavings[i].point, approach.to})) continue;
      pairs.push_back({&leavings[i], std::move(approach)});
    }
  }
  const auto progress = [&](double done) {
    return !options.settle.progress || options.settle.progress(0.75 + 0.25 * done);
  };
  detail::over_items(
      std::ssize(pairs), options.settle.threads, progress, cancellation, [&](Index i) {
        Pair& pair = pairs[at(i)];
        pair.found = aim_at(map, landmarks, *pair.leaving, spaces[at(pair.approach.to)], options,
                            std::move(pair.approach), pair.edge);
      });
  for (const Pair& pair : pairs) {
    if (pair.found) edges[{pair.edge.from, pair.edge.to}] = pair.edge;
  }
}

std::vector<GraphNode> nodes_of(const Map& map, const Landmarks& landmarks, const Settled& settled,
                                const Matrix& new_saddles, const ConnectionOptions& options) {
  std::vector<GraphNode> nodes;
  const auto label = [&](const Matrix& states) -> std::vector<int> {
    if (!options.readout) return {};
    const Matrix outputs = options.readout(states).rowwise().mean();
    return rounded_labels(outputs, options.label_limit).front();
  };
  for (Index p = 0; p < landmarks.points.cols(); ++p) {
    nodes.push_back(
        {false, landmarks.linearizations[at(p)].unstable, label(landmarks.points.col(p))});
  }
  for (const CycleStates& cycle : landmarks.cycles) {
    nodes.push_back({true, cycle.unstable, label(cycle.states)});
  }
  const auto add_points = [&](const Matrix& points) {
    for (Index u = 0; u < points.cols(); ++u) {
      const Vector x = points.col(u);
      const bool smooth = map.jacobian(x).allFinite();
      nodes.push_back({false, smooth ? linearize(map, x, 1).unstable : 0, label(x)});
    }
  };
  add_points(settled.new_points);
  for (const Matrix& cycle : settled.new_cycles) nodes.push_back({true, 0, label(cycle)});
  add_points(new_saddles);
  return nodes;
}

/// Adds p -> r where p -> q -> r and the index falls from p to q.
void add_implied(const std::vector<GraphNode>& nodes, Edges& edges) {
  std::vector<std::set<Index>> successors(nodes.size());
  for (const auto& entry : edges) successors[at(entry.first.first)].insert(entry.first.second);
  std::vector<Index> by_index(nodes.size());
  std::iota(by_index.begin(), by_index.end(), Index{0});
  std::stable_sort(by_index.begin(), by_index.end(),
                   [&](Index p, Index q) { return nodes[at(p)].unstable < nodes[at(q)].unstable; });
  for (const Index p : by_index) {
    std::set<Index> all = successors[at(p)];
    for (const Index q : successors[at(p)]) {
      if (nodes[at(q)].unstable >= nodes[at(p)].unstable) continue;
      all.insert(successors[at(q)].begin(), successors[at(q)].end());
    }
    all.erase(p);
    for (const Index r : all) {
      edges.emplace(std::pair(p, r), Connection{p, r, Found::implied, 0, 0, 0});
    }
    successors[at(p)] = std::move(all);
  }
}

}  // namespace

const char* name_of(Found found) {
  switch (found) {
    case Found::branch:
      return "branch";
    case Found::sampled:
      return "sampled";
    case Found::edge:
      return "edge";
    case Found::aimed:
      return "aimed";
    case Found::implied:
      return "implied";
  }
  return "";
}

Connections find_connections(const Map& map, const Landmarks& landmarks,
                             const ConnectionOptions& options) {
  check(options);
  const Index P = landmarks.points.cols();
  SettleOptions following = options.settle;
  if (options.settle.progress && options.aim) {
    following.progress = [&](double done) { return options.settle.progress(0.5 * done); };
  }
  // Tells a wrong size before anything is computed.
  static_cast<void>(settle(map, Matrix(map.dim(), 0), landmarks, following));

  std::vector<UnstableSpaces> spaces(at(P));
  parallel_for(P, options.settle.threads,
               [&](Index p) { spaces[at(p)] = unstable_spaces(landmarks.linearizations[at(p)]); });
  const std::vector<Leaving> leavings = leave(map, landmarks, spaces, options);
  const Settled settled =
      settle(map, all_starts(landmarks, leavings, map.dim()), landmarks, following);

  Connections result;
  result.departures.resize(at(P));
  Edges edges;
  for (const Leaving& leaving : leavings) {
    count_ends(leaving, settled, result.departures[at(leaving.point)], edges);
  }
  result.cancelled = std::find(settled.ends.begin(), settled.ends.end(), OrbitEnd::cancelled) !=
                     settled.ends.end();
  const Index nodes =
      P + std::ssize(landmarks.cycles) + settled.new_points.cols() + std::ssize(settled.new_cycles);
  result.new_saddles.resize(map.dim(), 0);
  if (options.aim && !result.cancelled) {
    detail::Cancellation cancellation;
    result.new_saddles =
        follow_edges(map, landmarks, leavings, settled, nodes, options, cancellation, edges);
    aim_at_saddles(map, landmarks, spaces, leavings, settled, options, cancellation, edges);
    result.cancelled = !cancellation.keep_going();
  }
  result.graph.nodes = nodes_of(map, landmarks, settled, result.new_saddles, options);
  if (options.implied) add_implied(result.graph.nodes, edges);
  for (const auto& [ends, edge] : edges) {
    result.connections.push_back(edge);
    result.graph.edges.push_back({edge.from, edge.to, edge.fraction});
  }
  result.new_points = settled.new_points;
  result.new_cycles = settled.new_cycles;
  return result;
}

std::vector<std::vector<int>> rounded_labels(In<Matrix> outputs, int limit) {
  require(limit > 0, "rounded_labels: need limit > 0");
  std::vector<std::vector<int>> labels;
  for (Index b = 0; b < outputs.cols(); ++b) {
    auto& label = labels.emplace_back();
    for (const double y : outputs.col(b)) {
      const double clipped = std::clamp(y, -1.0 * limit, 1.0 * limit);
      label.push_back(std::isfinite(y) ? static_cast<int>(std::lround(clipped)) : 0);
    }
  }
  return labels;
}

}  // namespace nullcline::dynamics
