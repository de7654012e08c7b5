// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/connections.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <span>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/random.hpp"
#include "nullcline/dynamics/detail/aim.hpp"
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
    return !options.settle.progress || options.settle.progress(0.5 + 0.5 * done);
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
                                const ConnectionOptions& options) {
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
  for (Index u = 0; u < settled.new_points.cols(); ++u) {
    const Vector x = settled.new_points.col(u);
    const bool smooth = map.jacobian(x).allFinite();
    nodes.push_back({false, smooth ? linearize(map, x, 1).unstable : 0, label(x)});
  }
  for (const Matrix& cycle : settled.new_cycles) nodes.push_back({true, 0, label(cycle)});
  return nodes;
}

}  // namespace

const char* name_of(Found found) {
  switch (found) {
    case Found::branch:
      return "branch";
    case Found::sampled:
      return "sampled";
    case Found::aimed:
      return "aimed";
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
  if (options.aim && !result.cancelled) {
    detail::Cancellation cancellation;
    aim_at_saddles(map, landmarks, spaces, leavings, settled, options, cancellation, edges);
    result.cancelled = !cancellation.keep_going();
  }
  result.graph.nodes = nodes_of(map, landmarks, settled, options);
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
