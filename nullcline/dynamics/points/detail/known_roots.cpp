// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/detail/known_roots.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/dynamics/points/damped_newton.hpp"
#include "nullcline/dynamics/points/detail/root_search.hpp"

namespace nullcline::dynamics::detail {
namespace {

constexpr Index inverse_entries = Index{1} << 23;  // kept in all: 64 MiB

/// From which distance on states are apart where the Jacobian does not tell.
double separable(double norm_of_state) {
  return std::sqrt(std::numeric_limits<double>::epsilon()) * (1 + norm_of_state);
}

}  // namespace

KnownRoots::Root KnownRoots::describe(In<Vector> x, double residual) const {
  const Index n = x.size();
  const Matrix A = jacobian_of_difference(map_, x);
  Root root;
  root.residual = residual;
  root.floor = rounding_floor(x.norm(), A.norm(), n);
  root.norm = x.norm();
  root.inverse_norm = std::numeric_limits<double>::infinity();
  if (!A.allFinite()) return root;
  const LuFactors factors = lu(A);
  auto C = nullcline::inverse(factors);
  if (!C || !C->allFinite()) return root;
  root.inverse_norm = C->norm();
  root.inverse.pack(*C);
  const bool odd = ((factors.factors.diagonal().array() < 0).count() + n) % 2 != 0;  // A = J - I
  root.degree = factors.permutation_sign() * (odd ? -1 : 1);
  return root;
}

double KnownRoots::reach(Index p, double residual) const {
  const Root& root = at(p);
  return std::min(separable(root.norm),
                  2 * root.inverse_norm * (residual + root.residual + root.floor));
}

bool KnownRoots::is_isolated(In<Vector> x, double residual) const {
  const Root root = describe(x, residual);
  return 2 * root.inverse_norm * (residual + root.floor) < separable(root.norm);
}

std::optional<Index> KnownRoots::same_as(In<Vector> x, double residual) const {
  std::optional<Index> same;
  double nearest = std::numeric_limits<double>::infinity();
  for (Index p = 0; p < size(); ++p) {
    const double distance = (states_.col(p) - x).norm();
    if (distance < nearest && distance <= reach(p, residual)) {
      same = p;
      nearest = distance;
    }
  }
  return same;
}

Index KnownRoots::add(In<Vector> x, double residual) {
  if (const auto same = same_as(x, residual)) return *same;
  const auto Newton_radius = [&](const Root& root) {
    return std::isfinite(root.inverse_norm) ? 2 * root.inverse_norm * (residual + root.floor) : 0;
  };
  Root root = describe(x, residual);
  const auto polished = polish_root(map_, x, Newton_radius(root));
  if (polished.residual < residual) {
    if (const auto same = same_as(polished.state, polished.residual)) return *same;
    root = describe(polished.state, polished.residual);
  }
  states_.conservativeResize(Eigen::NoChange, size() + 1);
  states_.rightCols(1) = polished.state;
  const auto kept = static_cast<Index>(with_inverse_.size()) + 1;
  const Index entries = root.inverse.rows() * root.inverse.cols();
  if (entries > 0 && kept * entries <= inverse_entries) {
    with_inverse_.push_back(size() - 1);
  } else {
    root.inverse = {};
  }
  roots_.push_back(std::move(root));
  return size() - 1;
}

Matrix KnownRoots::times_inverse(Index p, const Matrix& G) const {
  Matrix steps(G.rows(), G.cols());
  multiply_packed(at(p).inverse, G.data(), 1, G.rows(), G.cols(), steps.data(), G.rows(), false);
  return steps;
}

std::optional<Index> KnownRoots::nearest_with_inverse(In<Vector> x) const {
  std::optional<Index> nearest;
  double least = std::numeric_limits<double>::infinity();
  for (const Index p : with_inverse_) {
    const double squared = (states_.col(p) - x).squaredNorm();
    if (squared < least) {
      least = squared;
      nearest = p;
    }
  }
  return nearest;
}

}  // namespace nullcline::dynamics::detail
