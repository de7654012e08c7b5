// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/connections/detail/junctions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <set>
#include <utility>

#include "nullcline/dynamics/connections/detail/aim.hpp"
#include "nullcline/dynamics/connections/detail/edge.hpp"
#include "nullcline/dynamics/connections/detail/edge_pairs.hpp"
#include "nullcline/dynamics/points/damped_newton.hpp"

namespace nullcline::dynamics::detail {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

constexpr Index most_pairs = 64;   // of one point
constexpr int most_splits = 4;     // of the way between two walls
constexpr int most_halvings = 40;  // of one way
constexpr double narrow = 1e-10;   // between two directions
constexpr Index glances = 15;      // along a great circle, before the boundary is bisected
constexpr double farthest = 0.9 * std::numbers::pi;

struct Side {
  Vector tangent;  // (k) unit vector, at `inside` of the sphere
  Vector saddle;   // (n) where the boundary on that great circle leads
};

/// A fixed point near which the boundary paused, and how often it was aimed at.
struct Tried {
  Vector root;
  Index aims = 0;
};

class JunctionSearch {
 public:
  JunctionSearch(const Map& map, const Landmarks& landmarks, const WallPair& pair,
                 const ConnectionOptions& options, const Cancellation& cancellation)
      : map_(map), landmarks_(landmarks), pair_(pair), leaving_(*pair.leaving), options_(options) {
    following_ = edge_options(options, leaving_, cancellation);
  }

  std::vector<Junction> find() {
    const Side left{tangent_to(pair_.u), pair_.at_u}, right{tangent_to(pair_.v), pair_.at_v};
    if (left.tangent.size() == 0 || right.tangent.size() == 0) return {Junction{}};
    bisect(left, right, most_splits);
    if (!split_) return std::move(found_);
    // The walls may be neighbors on the other way around.
    Side behind{-(left.tangent + right.tangent).normalized(), {}};
    Edge edge = look_along(behind.tangent);
    if (edge.saddle) {
      behind.saddle = std::move(*edge.saddle);
      bisect(left, behind, most_splits);
      bisect(std::move(behind), right, most_splits);
    }
    return std::move(found_);
  }

 private:
  Vector tangent_to(const Vector& u) const {
    const Vector across = u - pair_.inside.dot(u) * pair_.inside;
    return across.norm() < 1e-12 ? Vector() : across.normalized();
  }

  void bisect(Side left, Side right, int splits) {
    if (same(left.saddle, right.saddle)) return;
    for (int i = 0; i < most_halvings && (left.tangent - right.tangent).norm() > narrow; ++i) {
      const Vector sum = left.tangent + right.tangent;
      if (sum.norm() < 0.1) break;
      Side middle{sum.normalized(), {}};
      Edge edge = look_along(middle.tangent);
      if (!edge.saddle) break;
      if (arrive_at_pause(edge)) return;
      middle.saddle = std::move(*edge.saddle);
      if (same(middle.saddle, left.saddle)) {
        left = std::move(middle);
      } else if (same(middle.saddle, right.saddle)) {
        right = std::move(middle);
      } else if (linearize(map_, middle.saddle, 1).unstable >= 2) {
        found_.push_back({std::move(middle.saddle)});
        return;
      } else if (splits > 0) {
        split_ = true;
        bisect(std::move(left), middle, splits - 1);
        bisect(std::move(middle), std::move(right), splits - 1);
        return;
      } else {
        break;
      }
    }
    found_.push_back({});
  }

  /// Where the first boundary on the great circle from inside the basin leads.
  Edge look_along(const Vector& tangent) const {
    Matrix circle(tangent.size(), glances + 1);
    for (Index j = 0; j <= glances; ++j) {
      const double angle = farthest * static_cast<double>(j) / static_cast<double>(glances);
      circle.col(j) = std::cos(angle) * pair_.inside + std::sin(angle) * tangent;
    }
    const Index known = landmarks_.points.cols() + std::ssize(landmarks_.cycles);
    const Settled settled =
        settle(map_, leaving_.starts(circle.rightCols(glances)), landmarks_, following_.settle);
    Index j = 0;
    while (j < glances && end_of(settled, j, known) == pair_.end) ++j;
    if (j == glances || end_of(settled, j, known) == unknown_end) return {};
    const Chord chord{circle.col(j), circle.col(j + 1), pair_.end, end_of(settled, j, known)};
    return follow_edge(
        map_, landmarks_, chord, [&](const Matrix& v) { return leaving_.towards(v); }, following_,
        true);
  }

  /// Whether an orbit in the direction of this boundary arrives at a saddle near which it paused.
  bool arrive_at_pause(const Edge& edge) {
    if (!edge.rest) return false;
    for (const Pause& pause : edge.pauses) {
      if (!following_.keep_going()) return false;
      const Root root = find_root(map_, pause.state, {.max_iterations = 20}, following_.keep_going);
      if (!is_fixed_point(root.status) || same(root.state, leaving_.x)) continue;
      auto tried = std::find_if(tried_.begin(), tried_.end(),
                                [&](const Tried& one) { return same(root.state, one.root); });
      if (tried == tried_.end()) tried = tried_.insert(tried, {root.state});
      if (tried->aims >= options_.aim_tries) continue;
      const Linearization saddle = linearize(map_, root.state, 1, {.eigenvectors = true});
      if (saddle.unstable < 2 || saddle.unstable >= leaving_.u.rows()) {
        tried->aims = options_.aim_tries;  // none will do
        continue;
      }
      const AimTarget target{root.state, saddle.jacobian, unstable_space(saddle).left,
                             std::abs(saddle.eigenvalues(0)),
                             options_.aim_reach * (1 + root.state.norm())};
      const AimedShot shot = aim(map_, {leaving_.x, leaving_.distance * leaving_.E}, target,
                                 edge.rest->a.normalized(), pause.steps, options_.aim_budget / 8);
      ++tried->aims;
      if (!shot.arrived) continue;
      found_.push_back({root.state, shot.distance});
      return true;
    }
    return false;
  }

  bool same(const Vector& x, const Vector& y) const {
    return same_state(x, y, options_.settle.match_distance);
  }

  const Map& map_;
  const Landmarks& landmarks_;
  const WallPair& pair_;
  const Leaving& leaving_;
  const ConnectionOptions& options_;
  EdgeOptions following_;
  std::vector<Tried> tried_;
  bool split_ = false;  // the way between the walls leads past a third one
  std::vector<Junction> found_;
};

/// The direction of an orbit with this end that is farthest from those with other ends; empty if
/// there is none.
Vector innermost(const Leaving& leaving, const std::vector<Index>& ends, Index end) {
  Vector inside;
  double widest = 0;
  for (Index b = 0; b < leaving.u.cols(); ++b) {
    if (ends[at(b)] != end) continue;
    double gap = std::numeric_limits<double>::infinity();
    for (Index c = 0; c < leaving.u.cols(); ++c) {
      if (ends[at(c)] != end) gap = std::min(gap, (leaving.u.col(b) - leaving.u.col(c)).norm());
    }
    if (gap <= widest) continue;
    widest = gap;
    inside = leaving.u.col(b);
  }
  return inside;
}

bool is_explained(const Landmarks& landmarks, Index p, Index r, Index s, const Edges& edges) {
  for (Index q = 0; q < landmarks.points.cols(); ++q) {
    if (landmarks.linearizations[at(q)].unstable < 2) continue;
    if (edges.contains({p, q}) && edges.contains({q, r}) && edges.contains({q, s})) return true;
  }
  return false;
}

}  // namespace

std::vector<Junction> find_junctions(const Map& map, const Landmarks& landmarks,
                                     const WallPair& pair, const ConnectionOptions& options,
                                     const Cancellation& cancellation) {
  return JunctionSearch(map, landmarks, pair, options, cancellation).find();
}

std::vector<WallPair> unexplained_pairs(const Landmarks& landmarks, const Leaving& leaving,
                                        const std::vector<Index>& ends,
                                        const std::vector<Wall>& walls, const SaddleNodes& nodes,
                                        const Edges& edges, Index& skipped) {
  struct Candidate {
    double distance;
    const Wall *a, *b;
  };
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < walls.size(); ++i) {
    for (std::size_t j = i + 1; j < walls.size(); ++j) {
      const Wall &a = walls[i], &b = walls[j];
      if (a.end != b.end || a.saddle == b.saddle) continue;
      candidates.push_back({(a.u - b.u).norm(), &a, &b});
    }
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const auto& a, const auto& b) { return a.distance < b.distance; });
  // Of the walls between the same saddles the nearest two.
  std::vector<WallPair> pairs;
  std::set<std::pair<Index, std::pair<Index, Index>>> seen;
  for (const auto& [distance, a, b] : candidates) {
    const std::pair<Index, Index> saddles = std::minmax(a->saddle, b->saddle);
    if (!seen.emplace(a->end, saddles).second) continue;
    if (is_explained(landmarks, leaving.node, a->saddle, b->saddle, edges)) continue;
    const Vector inside = innermost(leaving, ends, a->end);
    if (inside.size() == 0) continue;
    pairs.push_back(
        {&leaving, a->end, inside, a->u, b->u, nodes.state(a->saddle), nodes.state(b->saddle)});
  }
  const Index kept = std::min(std::ssize(pairs), most_pairs);
  skipped += std::ssize(pairs) - kept;
  pairs.resize(at(kept));
  return pairs;
}

}  // namespace nullcline::dynamics::detail
