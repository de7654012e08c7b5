// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/connections/detail/leaving.hpp"

#include <algorithm>
#include <numbers>
#include <span>
#include <utility>

#include "nullcline/core/attempt.hpp"
#include "nullcline/core/random.hpp"

namespace nullcline::dynamics::detail {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

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

Matrix iterate(const Map& map, Matrix X, Index steps) {
  Matrix next(X.rows(), X.cols());
  for (Index t = 0; t < steps; ++t) {
    map.step(X, next);
    X.swap(next);
  }
  return X;
}

/// The largest distance, of 0.1 (1 + |x|) and its quarters, at which F^period is linear.
void choose_distance(const Map& map, const Matrix& J, Index period, double allowed,
                     Leaving& leaving) {
  const double size = 1 + leaving.x.norm();
  const Matrix Ju = J * (leaving.E * leaving.u);
  for (leaving.distance = 0.1 * size;; leaving.distance /= 4) {
    const Matrix next = iterate(map, leaving.starts(), period);
    const Matrix error = (next.colwise() - leaving.x) - leaving.distance * Ju;
    leaving.nonlinearity =
        (error.colwise().norm().array() / (leaving.distance * Ju.colwise().norm().array()))
            .maxCoeff();
    if (leaving.nonlinearity <= allowed || leaving.distance / 4 < 1e-7 * size) return;
  }
}

/// DF^k at the first state of a cycle; empty where the states are not a cycle of the map, or the
/// product is not finite.
Matrix return_jacobian(const Map& map, const Matrix& states) {
  const Index k = states.cols();
  Matrix next(states.rows(), k);
  map.step(states, next);
  Matrix J = Matrix::Identity(states.rows(), states.rows());
  for (Index i = 0; i < k; ++i) {
    const auto follower = states.col((i + 1) % k);
    if (!((next.col(i) - follower).norm() <= 1e-6 * (1 + follower.norm()))) return {};
    const Matrix Ji = map.jacobian(states.col(i));
    if (!Ji.allFinite()) return {};
    J = multiply(Ji, J);
  }
  return J.allFinite() ? J : Matrix();
}

}  // namespace

UnstableSpaces unstable_space(const Linearization& point) {
  if (point.unstable == 0) return {};
  if (point.eigenvectors.size() > 0) {
    return {real_basis(point.eigenvectors, point.eigenvalues, point.unstable),
            real_basis(point.left_eigenvectors, point.eigenvalues, point.unstable)};
  }
  const auto system = attempt(eigen, point.jacobian);
  if (!system) return {};
  return {real_basis(system->vectors, system->values, point.unstable),
          real_basis(system->left_vectors, system->values, point.unstable)};
}

std::vector<UnstableSpaces> unstable_spaces(const Landmarks& landmarks, Threads threads) {
  std::vector<UnstableSpaces> spaces(landmarks.linearizations.size());
  parallel_for(std::ssize(spaces), threads,
               [&](Index p) { spaces[at(p)] = unstable_space(landmarks.linearizations[at(p)]); });
  return spaces;
}

std::vector<Leaving> leave_all(const Map& map, const Landmarks& landmarks,
                               const std::vector<UnstableSpaces>& spaces,
                               const ConnectionOptions& options) {
  std::vector<Leaving> all;
  const auto leave = [&](Index node, const Vector& x, const Matrix& E, const Matrix& J,
                         Index period) {
    const Index first = all.empty() ? 0 : all.back().first + all.back().u.cols();
    Leaving leaving{
        .node = node, .x = x, .E = E, .u = directions(E.cols(), options, node), .first = first};
    choose_distance(map, J, period, options.nonlinearity, leaving);
    all.push_back(std::move(leaving));
  };
  const Index P = landmarks.points.cols();
  for (Index p = 0; p < P; ++p) {
    const Linearization& point = landmarks.linearizations[at(p)];
    if (spaces[at(p)].right.cols() == 0) continue;
    leave(p, landmarks.points.col(p), spaces[at(p)].right, point.jacobian, 1);
  }
  for (Index c = 0; c < std::ssize(landmarks.cycles); ++c) {
    const CycleStates& cycle = landmarks.cycles[at(c)];
    if (cycle.unstable == 0) continue;
    const Matrix J = return_jacobian(map, cycle.states);
    if (J.size() == 0) continue;
    const auto system = attempt(eigen, J);
    if (!system) continue;
    const Index k = std::min(cycle.unstable, J.rows());
    leave(P + c, cycle.states.col(0), real_basis(system->vectors, system->values, k), J,
          cycle.states.cols());
  }
  return all;
}

Matrix all_starts(const std::vector<Leaving>& leavings, Index n) {
  const Index count = leavings.empty() ? 0 : leavings.back().first + leavings.back().u.cols();
  Matrix starts(n, count);
  for (const Leaving& leaving : leavings) {
    starts.middleCols(leaving.first, leaving.u.cols()) = leaving.starts();
  }
  return starts;
}

}  // namespace nullcline::dynamics::detail
