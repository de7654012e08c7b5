// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/connections/detail/aim.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "nullcline/core/attempt.hpp"

namespace nullcline::dynamics::detail {
namespace {

constexpr double ratio = 0.01;  // of the unstable to the whole distance, and of the nonlinear part

struct Flight {
  Vector d;      // (n) from the target
  Vector c;      // (m) its unstable part
  Matrix slope;  // (m, k) dc / ds
  bool finite = false;
};

class Shooter {
 public:
  Shooter(const Map& map, const AimDeparture& departure, const AimTarget& target, Index budget)
      : map_(map), departure_(departure), target_(target), left_(budget) {}

  bool exhausted(Index steps) const { return left_ < steps; }

  Flight fly(const Vector& s, Index steps, bool tangents) {
    left_ -= steps;
    Flight flight;
    Matrix x = departure_.origin + departure_.E * s, next(x.rows(), 1);
    Matrix V = departure_.E, pushed(V.rows(), V.cols());
    for (Index t = 0; t < steps; ++t) {
      if (tangents) {
        map_.push_forward(x, V, pushed);
        V.swap(pushed);
      }
      map_.step(x, next);
      x.swap(next);
      if (!x.allFinite() || (tangents && !V.allFinite())) return flight;
    }
    flight.finite = true;
    flight.d = x - target_.point;
    flight.c = target_.unstable.transpose() * flight.d;
    if (tangents) flight.slope = target_.unstable.transpose() * V;
    return flight;
  }

  /// Gauss-Newton steps until the unstable part is small. Updates s and `flight`.
  bool solve_for(Vector& s, Index steps, Flight& flight) {
    for (int iteration = 0; iteration < 20 && !exhausted(steps); ++iteration) {
      flight = fly(s, steps, true);
      if (!flight.finite) return false;
      if (flight.c.norm() <= ratio * flight.d.norm()) return true;
      if (!improve(s, steps, flight)) return false;
    }
    return false;
  }

 private:
  bool improve(Vector& s, Index steps, const Flight& flight) {
    Vector ds = -(least_norm_solution(flight.slope, flight.c));
    if (!ds.allFinite()) return false;
    ds *= std::min(1.0, 0.25 / ds.norm());
    for (int halving = 0; halving < 12 && !exhausted(steps); ++halving, ds *= 0.5) {
      const Vector trial = s + ds;
      if (trial == s) return false;
      const double size = trial.norm();
      if (size < 0.2 || size > 2) continue;
      const Flight there = fly(trial, steps, false);
      if (!there.finite || there.c.norm() >= flight.c.norm()) continue;
      s = trial;
      return true;
    }
    return false;
  }

  static Vector least_norm_solution(const Matrix& A, const Vector& b) {
    const auto parts = attempt(svd, A);
    if (!parts) return Vector::Constant(A.cols(), std::numeric_limits<double>::quiet_NaN());
    Vector y = parts->U.transpose() * b;
    for (Index i = 0; i < y.size(); ++i) {
      y(i) = parts->values(i) > 1e-12 * parts->values(0) ? y(i) / parts->values(i) : 0;
    }
    return parts->V * y;
  }

  const Map& map_;
  const AimDeparture& departure_;
  const AimTarget& target_;
  Index left_;
};

bool nearly_linear(const Map& map, const AimTarget& target, const Vector& d) {
  const Matrix x = target.point + d;
  Matrix next(x.rows(), 1);
  map.step(x, next);
  return (next - target.point - target.jacobian * d).norm() <= ratio * d.norm();
}

}  // namespace

AimedShot aim(const Map& map, const AimDeparture& departure, const AimTarget& target, In<Vector> s,
              Index steps, Index budget) {
  Shooter shooter(map, departure, target, budget);
  const auto more = std::max<Index>(1, static_cast<Index>(std::log(10) / std::log(target.growth)));
  AimedShot shot;
  shot.s = s;
  Flight flight;
  bool solved = false;
  for (Index T = steps; !shooter.exhausted(T); T += more) {
    Vector next = shot.s;
    if (!shooter.solve_for(next, T, flight)) break;
    const double distance = flight.d.norm();
    if (solved && distance > shot.distance) break;
    solved = true;
    shot.s = next;
    shot.steps = T;
    shot.distance = distance;
    shot.arrived = distance <= target.reach;
    if (shot.arrived) return shot;
  }
  if (!solved) return shot;
  flight = shooter.fly(shot.s, shot.steps, false);
  shot.arrived = flight.finite && nearly_linear(map, target, flight.d);
  return shot;
}

}  // namespace nullcline::dynamics::detail
