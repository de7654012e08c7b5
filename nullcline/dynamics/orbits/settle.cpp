// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/orbits/settle.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <numeric>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/dynamics/detail/collect.hpp"
#include "nullcline/dynamics/detail/merge.hpp"
#include "nullcline/dynamics/detail/over_items.hpp"

namespace nullcline::dynamics {
namespace {

constexpr Index block_size = 128;  // columns of a batch, whatever the number of threads

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

void check(const Map& map, In<Matrix> starts, const Landmarks& landmarks,
           const SettleOptions& options) {
  const Index n = map.dim();
  require(starts.rows() == n, "settle: starts must be (dimension of map, B)");
  require(landmarks.points.cols() == 0 || landmarks.points.rows() == n,
          "settle: points must be (dimension of map, P)");
  require(std::ssize(landmarks.linearizations) == landmarks.points.cols(),
          "settle: need one linearization for each point");
  for (const Linearization& point : landmarks.linearizations) {
    require(point.jacobian.rows() == n && point.jacobian.cols() == n,
            "settle: a Jacobian has not the dimension of the map");
  }
  require(landmarks.metrics.empty() || std::ssize(landmarks.metrics) == landmarks.points.cols(),
          "settle: need one metric for each point, or none");
  for (const CycleStates& cycle : landmarks.cycles) {
    require(cycle.states.rows() == n && cycle.states.cols() > 0,
            "settle: a cycle must be (dimension of map, k), k > 0");
    require(cycle.reach >= 0 && cycle.unstable >= 0,
            "settle: need reach >= 0 and unstable >= 0 of a cycle");
  }
  require(options.max_steps > 0 && options.escape_radius >= 0,
          "settle: need max_steps > 0 and escape_radius >= 0");
  require(options.capture_distance > 0 && options.tolerance > 0 && options.match_distance > 0,
          "settle: need capture_distance > 0, tolerance > 0, match_distance > 0");
}

double escape_radius(In<Matrix> starts, const Landmarks& landmarks, double radius) {
  if (radius > 0) return radius;
  radius = std::max(detail::escape_radius(starts, 0), detail::escape_radius(landmarks.points, 0));
  for (const CycleStates& cycle : landmarks.cycles) {
    radius = std::max(radius, detail::escape_radius(cycle.states, 0));
  }
  return radius;
}

/// P = sum_k J'^k J^k by doubling; empty where it does not converge in double precision.
Matrix contraction_metric(const Matrix& J) {
  Matrix A = J;
  Matrix P = Matrix::Identity(J.rows(), J.cols());
  for (int doubling = 0; doubling < 48 && A.allFinite() && P.allFinite(); ++doubling) {
    const Matrix more = multiply(A, multiply(P, A), true);
    P += more;
    if (more.norm() <= 1e-15 * P.norm()) return P;
    A = multiply(A, A);
  }
  return {};
}

/// The neighborhood in which one stable point captures orbits.
class Sink {
 public:
  Sink(const Landmarks& landmarks, Index point, Matrix metric, double capture_distance)
      : point_(point), x_(landmarks.points.col(point)), P_(std::move(metric)) {
    reach_ = capture_distance * (1 + x_.norm());
    const Matrix& J = landmarks.linearizations[at(point)].jacobian;
    speed_limit_ = 2 * reach_ * (J - Matrix::Identity(J.rows(), J.cols())).norm();
    for (Index q = 0; q < landmarks.points.cols(); ++q) {
      if (q == point) continue;
      const Vector d = landmarks.points.col(q) - x_;
      limit_ = std::min(limit_, d.dot(P_ * d) / 4);
    }
  }

  Index point() const { return point_; }

  bool captures(In<Vector> x, In<Vector> next, double move) const {
    if (move > speed_limit_) return false;
    const Vector d = x - x_;
    const double squared = d.squaredNorm();
    if (!(squared <= reach_ * reach_)) return false;
    const Vector d1 = next - x_;
    const double size = d.dot(P_ * d);
    return size < limit_ && d1.dot(P_ * d1) <= size - squared / 2;
  }

 private:
  Index point_;
  Vector x_;
  Matrix P_;
  double reach_;
  double speed_limit_;  // beyond it no state within reach moves, but for the nonlinear part
  double limit_ = std::numeric_limits<double>::infinity();
};

std::vector<Sink> sinks_of(const Landmarks& landmarks, const SettleOptions& options) {
  std::vector<Matrix> metrics = landmarks.metrics;
  if (metrics.empty()) metrics = contraction_metrics(landmarks.linearizations, options.threads);
  std::vector<Sink> sinks;
  for (Index p = 0; p < std::ssize(metrics); ++p) {
    if (metrics[at(p)].size() == 0) continue;
    sinks.emplace_back(landmarks, p, std::move(metrics[at(p)]), options.capture_distance);
  }
  return sinks;
}

/// The nearest column of `states` within distance (1 + |column|) of x, or -1.
Index nearest_within(const Matrix& states, In<Vector> x, double distance) {
  Index nearest = -1;
  double least = std::numeric_limits<double>::infinity();
  for (Index q = 0; q < states.cols(); ++q) {
    const double squared = (states.col(q) - x).squaredNorm();
    const double reach = distance * (1 + states.col(q).norm());
    if (squared > reach * reach || squared >= least) continue;
    nearest = q;
    least = squared;
  }
  return nearest;
}

/// Calls the progress callback with the fraction of the orbits ended.
class Reporter {
 public:
  Reporter(Index orbits, const Progress& progress) : orbits_(orbits), progress_(progress) {}

  bool keep_going() const { return cancellation_.keep_going(); }
  void report(Index ended) {
    if (!progress_) return;
    const std::lock_guard lock(mutex_);
    done_ += ended;
    if (!keep_going()) return;
    const double fraction = static_cast<double>(done_) / static_cast<double>(orbits_);
    if (!progress_(fraction) && done_ < orbits_) cancellation_.cancel();
  }

 private:
  Index orbits_;
  const Progress& progress_;
  std::mutex mutex_;
  Index done_ = 0;
  detail::Cancellation cancellation_;
};

class Follower {
 public:
  Follower(const Map& map, const Landmarks& landmarks, const SettleOptions& options, double radius)
      : map_(map),
        landmarks_(landmarks),
        options_(options),
        radius_(radius),
        sinks_(sinks_of(landmarks, options)) {}

  /// Follows the columns first .. first + count - 1 of `starts`; their results are `settled`'s.
  void follow(In<Matrix> starts, Index first, Index count, Settled& settled,
              std::vector<Index>& periods, Reporter& reporter) const;

 private:
  struct Orbit {
    Index column = 0;
    Index anchored = 0;                // the step of the state in `anchors`
    Index near_cycle = -1, dwell = 0;  // within reach of this cycle for so many steps
    OrbitEnd end = OrbitEnd::undecided;
    Index landmark = -1;
    Index period = 0;
    bool ended = false;
  };

  void classify(In<Vector> x, In<Vector> next, In<Vector> anchor, Index step, Orbit& orbit) const;
  void look_for_cycle(In<Vector> next, Orbit& orbit) const;
  static void finish(Orbit& orbit, OrbitEnd end, Index landmark = -1) {
    orbit.end = end;
    orbit.landmark = landmark;
    orbit.ended = true;
  }

  const Map& map_;
  const Landmarks& landmarks_;
  const SettleOptions& options_;
  double radius_;
  std::vector<Sink> sinks_;
};

void Follower::classify(In<Vector> x, In<Vector> next, In<Vector> anchor, Index step,
                        Orbit& orbit) const {
  const double size = next.norm();
  if (!std::isfinite(size)) return finish(orbit, OrbitEnd::not_finite);
  if (size > radius_) return finish(orbit, OrbitEnd::escaped);
  const double move = (next - x).norm();
  for (const Sink& sink : sinks_) {
    if (sink.captures(x, next, move)) return finish(orbit, OrbitEnd::fixed_point, sink.point());
  }
  const double same = options_.tolerance * (1 + size);
  if (move <= same) {
    const Index point = nearest_within(landmarks_.points, next, options_.match_distance);
    return finish(orbit, point >= 0 ? OrbitEnd::fixed_point : OrbitEnd::new_fixed_point, point);
  }
  look_for_cycle(next, orbit);
  if (orbit.ended || (next - anchor).norm() > same) return;
  orbit.period = step - orbit.anchored;
  for (std::size_t c = 0; c < landmarks_.cycles.size(); ++c) {
    if (nearest_within(landmarks_.cycles[c].states, next, options_.match_distance) < 0) continue;
    return finish(orbit, OrbitEnd::cycle, landmarks_.points.cols() + static_cast<Index>(c));
  }
  finish(orbit, OrbitEnd::new_cycle);
}

void Follower::look_for_cycle(In<Vector> next, Orbit& orbit) const {
  for (std::size_t c = 0; c < landmarks_.cycles.size(); ++c) {
    const CycleStates& cycle = landmarks_.cycles[c];
    if (cycle.unstable > 0) continue;
    const double nearest =
        std::sqrt((cycle.states.colwise() - next).colwise().squaredNorm().minCoeff());
    if (nearest > (cycle.reach > 0 ? cycle.reach : 1e-6 * (1 + next.norm()))) continue;
    const auto number = static_cast<Index>(c);
    orbit.dwell = orbit.near_cycle == number ? orbit.dwell + 1 : 1;
    orbit.near_cycle = number;
    if (orbit.dwell > 2 * cycle.states.cols()) {
      finish(orbit, OrbitEnd::cycle, landmarks_.points.cols() + number);
    }
    return;
  }
  orbit.near_cycle = -1;
}

void Follower::follow(In<Matrix> starts, Index first, Index count, Settled& settled,
                      std::vector<Index>& periods, Reporter& reporter) const {
  Matrix X = starts.middleCols(first, count), next(X.rows(), count), anchors = X;
  std::vector<Orbit> orbits(at(count));
  for (Index j = 0; j < count; ++j) orbits[at(j)].column = first + j;
  Index active = count;
  for (Index step = 1; active > 0; ++step) {
    map_.step(X.leftCols(active), next.leftCols(active));
    const bool stop = step == options_.max_steps || !reporter.keep_going();
    Index kept = 0;
    for (Index j = 0; j < active; ++j) {
      Orbit& orbit = orbits[at(j)];
      classify(X.col(j), next.col(j), anchors.col(j), step, orbit);
      if (!orbit.ended && stop) {
        finish(orbit, reporter.keep_going() ? OrbitEnd::undecided : OrbitEnd::cancelled);
      }
      if (orbit.ended) {
        settled.ends[at(orbit.column)] = orbit.end;
        settled.landmark[at(orbit.column)] = orbit.landmark;
        settled.steps[at(orbit.column)] = step;
        settled.states.col(orbit.column) = next.col(j);
        periods[at(orbit.column)] = orbit.period;
        continue;
      }
      X.col(kept) = next.col(j);
      if ((step & (step - 1)) == 0) {
        anchors.col(kept) = next.col(j);
        orbit.anchored = step;
      } else if (kept < j) {
        anchors.col(kept) = anchors.col(j);
      }
      orbits[at(kept++)] = orbit;
    }
    if (kept < active || step % 256 == 0) reporter.report(active - kept);
    active = kept;
  }
}

Matrix cycle_through(const Map& map, In<Vector> x, Index period) {
  Matrix states(x.size(), period);
  states.col(0) = x;
  for (Index i = 1; i < period; ++i) {
    Matrix next(x.size(), 1);
    map.step(states.col(i - 1), next);
    states.col(i) = next;
  }
  return states;
}

/// Gives the orbits that ended at no landmark the numbers of new ones.
void number_new_landmarks(const Map& map, const Landmarks& landmarks, double distance,
                          const std::vector<Index>& periods, Settled& settled) {
  const Index known = landmarks.points.cols() + std::ssize(landmarks.cycles);
  std::vector<Index> standing;
  for (Index b = 0; b < std::ssize(settled.ends); ++b) {
    if (settled.ends[at(b)] == OrbitEnd::new_fixed_point) standing.push_back(b);
  }
  const auto clusters = detail::merge_by_distance(settled.states, standing,
                                                  Vector::Zero(settled.states.cols()), distance);
  settled.new_points.resize(map.dim(), std::ssize(clusters));
  for (Index u = 0; u < std::ssize(clusters); ++u) {
    settled.new_points.col(u) = settled.states.col(clusters[at(u)].best);
    for (const Index b : clusters[at(u)].members) settled.landmark[at(b)] = known + u;
  }
  const Index before_cycles = known + std::ssize(clusters);
  for (Index b = 0; b < std::ssize(settled.ends); ++b) {
    if (settled.ends[at(b)] != OrbitEnd::new_cycle) continue;
    const auto same = [&](const Matrix& cycle) {
      return nearest_within(cycle, settled.states.col(b), distance) >= 0;
    };
    auto cycle = std::find_if(settled.new_cycles.begin(), settled.new_cycles.end(), same);
    if (cycle == settled.new_cycles.end()) {
      settled.new_cycles.push_back(cycle_through(map, settled.states.col(b), periods[at(b)]));
      cycle = std::prev(settled.new_cycles.end());
    }
    settled.landmark[at(b)] = before_cycles + (cycle - settled.new_cycles.begin());
  }
}

}  // namespace

const char* name_of(OrbitEnd end) {
  switch (end) {
    case OrbitEnd::fixed_point:
      return "fixed_point";
    case OrbitEnd::cycle:
      return "cycle";
    case OrbitEnd::new_fixed_point:
      return "new_fixed_point";
    case OrbitEnd::new_cycle:
      return "new_cycle";
    case OrbitEnd::escaped:
      return "escaped";
    case OrbitEnd::undecided:
      return "undecided";
    case OrbitEnd::not_finite:
      return "not_finite";
    case OrbitEnd::cancelled:
      return "cancelled";
  }
  return "";
}

std::vector<Matrix> contraction_metrics(const std::vector<Linearization>& points, Threads threads) {
  std::vector<Matrix> metrics(points.size());
  parallel_for(std::ssize(points), threads, [&](Index p) {
    const Linearization& point = points[at(p)];
    if (point.stability == Stability::stable) metrics[at(p)] = contraction_metric(point.jacobian);
  });
  return metrics;
}

Settled settle(const Map& map, In<Matrix> starts, const Landmarks& landmarks,
               const SettleOptions& options) {
  check(map, starts, landmarks, options);
  const Index B = starts.cols();
  const double radius = escape_radius(starts, landmarks, options.escape_radius);
  const Follower follower(map, landmarks, options, radius);
  Settled settled;
  settled.ends.assign(at(B), OrbitEnd::cancelled);
  settled.landmark.assign(at(B), -1);
  settled.steps.assign(at(B), 0);
  settled.states = starts;
  std::vector<Index> periods(at(B), 0);
  Reporter reporter(B, options.progress);
  parallel_for((B + block_size - 1) / block_size, options.threads, [&](Index block) {
    if (!reporter.keep_going()) return;
    const Index first = block * block_size;
    follower.follow(starts, first, std::min(block_size, B - first), settled, periods, reporter);
  });
  number_new_landmarks(map, landmarks, options.match_distance, periods, settled);
  return settled;
}

Landmarks landmarks_at(const Map& map, In<Matrix> points, Threads threads) {
  Landmarks landmarks{points, linearize_all(map, points, 1, {.eigenvectors = true}, threads), {}};
  landmarks.metrics = contraction_metrics(landmarks.linearizations, threads);
  return landmarks;
}

}  // namespace nullcline::dynamics
