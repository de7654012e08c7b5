// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/orbits/covariant_vectors.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/orbits/detail/tangent_bundle.hpp"

namespace nullcline::dynamics {
namespace {

using detail::TangentBundle;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

/// What the way forwards leaves: Q_t of the T times, and R of each interval after them.
struct Forward {
  std::vector<Matrix> Q;  // T x (n, k)
  std::vector<Matrix> R;  // (T + backward transient) x (k, k)
};

/// R_m .. R_1 of the steps of one interval.
Matrix advance_interval(TangentBundle& bundle, Index steps, Matrix& growth) {
  Matrix R;
  for (Index i = 0; i < steps && !bundle.empty(); ++i) {
    bundle.advance(1, growth, false);
    R = i == 0 ? bundle.last_R() : Matrix(bundle.last_R() * R);
  }
  return R;
}

/// False if it was asked to stop; the bundle is empty if the orbit failed.
bool go_forwards(TangentBundle& bundle, const CovariantOptions& options, Index k, Forward& forward,
                 CovariantVectors& result) {
  const Index T = options.times, all = T + options.backward_transient;
  const auto total = static_cast<double>(options.transient + all * options.interval);
  const auto keep_going = [&](Index steps) {
    return !options.progress || options.progress(static_cast<double>(steps) / total);
  };
  Matrix growth = Matrix::Zero(k, 1);
  for (Index t = 0; t < options.transient && !bundle.empty(); ++t) {
    bundle.advance(1, growth, false);
    if (t % 64 == 0 && !keep_going(t)) return false;
  }
  bundle.begin_measurement();
  for (Index t = 0; t < all && !bundle.empty(); ++t) {
    if (t < T) {
      result.states.col(t) = bundle.states().col(0);
      forward.Q.push_back(bundle.tangents());
    }
    forward.R.push_back(advance_interval(bundle, options.interval, growth));
    if (t % 16 == 0 && !keep_going(options.transient + t * options.interval)) return false;
  }
  return true;
}

/// C <- R^-1 C for its first r columns, of length 1 again; ln of the growth from old to new C.
Vector step_back(const Matrix& R, Index r, Matrix& C) {
  auto corner = C.topLeftCorner(r, r);
  R.topLeftCorner(r, r).triangularView<Eigen::Upper>().solveInPlace(corner);
  const Vector lengths = corner.colwise().norm();
  corner.array().rowwise() /= lengths.transpose().array();
  return -lengths.array().log();
}

/// Of the first r columns; 0 for the pairs with others.
Vector angles_between(const Matrix& V, Index r) {
  const Index k = V.cols();
  Vector angles = Vector::Zero(k * (k - 1) / 2);
  Index pair = 0;
  for (Index i = 0; i < k; ++i) {
    for (Index j = i + 1; j < k; ++j, ++pair) {
      if (j >= r) continue;
      // Accurate at both ends [Kahan].
      const double difference = (V.col(i) - V.col(j)).norm(), sum = (V.col(i) + V.col(j)).norm();
      const double angle = 2 * std::atan2(difference, sum);
      angles(pair) = std::min(angle, std::numbers::pi - angle);
    }
  }
  return angles;
}

void go_backwards(const Forward& forward, double duration, Index T, CovariantVectors& result) {
  const Index k = result.local_exponents.rows(), r = result.resolved;
  Matrix C = Matrix::Identity(k, k);
  // Not the identity, each of whose columns may stay what it is.
  C.triangularView<Eigen::StrictlyUpper>().setConstant(0.5);
  C.colwise().normalize();
  for (Index t = static_cast<Index>(forward.R.size()) - 1; t >= 0; --t) {
    const Vector growth = step_back(forward.R[at(t)], r, C);
    if (t >= T) continue;
    auto V = result.vectors.middleCols(t * k, r);
    V = forward.Q[at(t)].leftCols(r) * C.topLeftCorner(r, r);
    result.local_exponents.col(t).head(r) = growth / duration;
    result.angles.col(t) = angles_between(result.vectors.middleCols(t * k, k), r);
  }
}

void check(const Map& map, In<Vector> start, const CovariantOptions& options) {
  require(start.size() == map.dim() && map.dim() > 0,
          "covariant_vectors: start must have the dimension of the map");
  require(std::isfinite(options.dt) && options.dt > 0, "covariant_vectors: need dt > 0");
  require(options.vectors >= 0 && options.vectors <= map.dim(),
          "covariant_vectors: vectors must be 0 .. dimension of map");
  require(options.interval > 0 && options.times > 0 && options.transient >= 0 &&
              options.backward_transient >= 0 && options.escape_radius > 0,
          "covariant_vectors: need interval, times, escape_radius > 0 and transients >= 0");
}

}  // namespace

CovariantVectors covariant_vectors(const Map& map, In<Vector> start,
                                   const CovariantOptions& options) {
  check(map, start, options);
  const Index n = map.dim(), k = options.vectors > 0 ? options.vectors : n, T = options.times;
  const LyapunovOptions settings = {.dt = options.dt,
                                    .longest_interval = 1,
                                    .escape_radius = options.escape_radius,
                                    .seed = options.seed,
                                    .network = options.network};
  TangentBundle bundle(detail::make_stepper(map), start, 0, k, settings);
  CovariantVectors result;
  result.derivatives = map.derivatives();
  result.states.resize(n, T);
  Forward forward;
  const bool finished = go_forwards(bundle, options, k, forward, result);
  result.status = bundle.empty() ? bundle.status()[0]
                  : finished     ? OrbitStatus::done
                                 : OrbitStatus::cancelled;
  if (result.status != OrbitStatus::done) {
    result.states.resize(n, 0);
    return result;
  }
  result.resolved = bundle.resolved();
  result.vectors = Matrix::Zero(n, T * k);
  result.local_exponents = Matrix::Zero(k, T);
  result.angles = Matrix::Zero(k * (k - 1) / 2, T);
  go_backwards(forward, static_cast<double>(options.interval) * options.dt, T, result);
  if (options.progress) options.progress(1);
  return result;
}

}  // namespace nullcline::dynamics
