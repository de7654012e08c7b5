// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/connections/detail/edge.hpp"

#include <algorithm>
#include <utility>

#include "nullcline/dynamics/points/damped_newton.hpp"

namespace nullcline::dynamics::detail {
namespace {

constexpr Index inner = 15;  // points of a bisection in one batch: four halvings
constexpr double narrow = 1e-10, wide = 1e-5;
constexpr std::size_t most_pauses = 16;

/// Two columns whose orbits have different ends: `end` and `other`.
struct Bracket {
  Matrix ends;
  Index end, other;
};

double width(const Matrix& states) {
  return (states.col(1) - states.col(0)).norm() / (1 + states.col(0).norm());
}

/// Whether the orbit came to rest at a saddle that was not given: then its start lies on a boundary
/// to rounding, as the middle of two that are images of each other does.
bool at_new_saddle(const Map& map, const Settled& settled, Index orbit) {
  return settled.ends[static_cast<std::size_t>(orbit)] == OrbitEnd::new_fixed_point &&
         linearize(map, settled.states.col(orbit), 1).unstable > 0;
}

/// Narrows the bracket. False where an inner end is unknown.
bool bisect(const Map& map, const Landmarks& landmarks,
            const std::function<Matrix(const Matrix&)>& state_of, const EdgeOptions& options,
            Bracket& bracket) {
  const Index known = landmarks.points.cols() + std::ssize(landmarks.cycles);
  for (int round = 0; round < 20 && width(state_of(bracket.ends)) > narrow; ++round) {
    Matrix points(bracket.ends.rows(), inner + 2);
    for (Index j = 0; j < inner + 2; ++j) {
      const double w = static_cast<double>(j) / static_cast<double>(inner + 1);
      points.col(j) = (1 - w) * bracket.ends.col(0) + w * bracket.ends.col(1);
    }
    const Settled settled =
        settle(map, state_of(points.middleCols(1, inner)), landmarks, options.settle);
    Index same = -1, j = 0;  // the last inner point with the end, the first with another one
    for (; j < inner; ++j) {
      if (end_of(settled, j, known) == bracket.end) {
        same = j;
      } else if (!at_new_saddle(map, settled, j)) {
        break;
      }
    }
    if (j < inner) bracket.other = end_of(settled, j, known);
    if (bracket.other == unknown_end) return false;
    bracket.ends << points.col(same + 1), points.col(j + 1);
  }
  return true;
}

/// The fixed point within reach of x, if there is one, other than the origin.
std::optional<Vector> point_near(const Map& map, const Vector& x, const EdgeOptions& options) {
  if (!map.jacobian(x).allFinite()) return std::nullopt;
  const Root root = find_root(map, x, {.max_iterations = 20});
  if (!is_fixed_point(root.status)) return std::nullopt;
  const double size = 1 + root.state.norm();
  if ((root.state - x).norm() > options.reach * size) return std::nullopt;
  if ((root.state - options.origin).norm() <= options.settle.match_distance * size) {
    return std::nullopt;
  }
  return root.state;
}

}  // namespace

Index end_of(const Settled& settled, Index orbit, Index landmarks) {
  const auto i = static_cast<std::size_t>(orbit);
  if (settled.ends[i] == OrbitEnd::escaped) return escaped_end;
  return settled.landmark[i] < landmarks ? settled.landmark[i] : unknown_end;
}

namespace {

void keep_slowest(std::vector<Pause>& pauses, Pause pause) {
  pauses.push_back(std::move(pause));
  if (pauses.size() <= most_pauses) return;
  pauses.erase(std::max_element(pauses.begin(), pauses.end(),
                                [](const Pause& a, const Pause& b) { return a.speed < b.speed; }));
}

/// Where the boundary within the bracket leads, and where it paused before.
std::optional<Vector> follow(const Map& map, const Landmarks& landmarks, Bracket bracket,
                             const EdgeOptions& options, std::vector<Pause>* pauses) {
  const std::function<Matrix(const Matrix&)> as_they_are = [](const Matrix& X) { return X; };
  double speed = 0;
  bool slowing = false;
  for (Index steps = 0; steps < options.budget;) {
    if (options.keep_going && !options.keep_going()) return std::nullopt;
    Matrix next = bracket.ends;
    const Index before = steps;
    for (; steps < options.budget && width(bracket.ends) <= wide; ++steps) {
      map.step(bracket.ends, next);
      const double now = (next.col(0) - bracket.ends.col(0)).norm();
      if (pauses != nullptr && slowing && now > speed) {
        keep_slowest(*pauses, {bracket.ends.col(0), steps, speed});
      }
      if (now != speed) slowing = now < speed;  // a plateau changes nothing
      speed = now;
      bracket.ends.swap(next);
      if (!bracket.ends.allFinite()) return std::nullopt;
    }
    if (steps == before) return std::nullopt;  // bisection could not narrow it
    const auto point = point_near(map, bracket.ends.col(0), options);
    if (point) return point;
    if (!bisect(map, landmarks, as_they_are, options, bracket)) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

Edge follow_edge(const Map& map, const Landmarks& landmarks, const Chord& chord,
                 const std::function<Matrix(const Matrix&)>& state_of, const EdgeOptions& options,
                 bool with_pauses) {
  Bracket bracket{Matrix(chord.a.size(), 2), chord.end_a, chord.end_b};
  bracket.ends << chord.a, chord.b;
  if (!bisect(map, landmarks, state_of, options, bracket)) return {};
  Edge edge;
  edge.rest = Chord{bracket.ends.col(1), chord.b, bracket.other, chord.end_b};
  bracket.ends = state_of(bracket.ends);
  edge.saddle =
      follow(map, landmarks, std::move(bracket), options, with_pauses ? &edge.pauses : nullptr);
  return edge;
}

}  // namespace nullcline::dynamics::detail
