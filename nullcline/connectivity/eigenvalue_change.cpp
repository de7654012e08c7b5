// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/eigenvalue_change.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "nullcline/connectivity/detail/participation.hpp"
#include "nullcline/core/assignment.hpp"

namespace nullcline::connectivity {
namespace {

EigenvalueChange unknown(const ComplexVector& before, const ComplexVector& after) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  EigenvalueChange result{before, after, Vector::Constant(before.size(), nan)};
  result.radius = result.participation = nan;
  result.known = false;
  return result;
}

}  // namespace

EigenvalueChange eigenvalue_change(const ComplexVector& before, const ComplexVector& after,
                                   const EigenvalueChangeOptions& options) {
  const Index n = before.size();
  if (n == 0 || after.size() != n) {
    throw std::invalid_argument(
        fmt::format("eigenvalue_change: {} eigenvalues before and {} after; both must be n >= 1", n,
                    after.size()));
  }
  if (!(options.moved_fraction >= 0)) {
    throw std::invalid_argument(fmt::format("eigenvalue_change: moved_fraction is {}, must be >= 0",
                                            options.moved_fraction));
  }
  if (!before.allFinite() || !after.allFinite()) return unknown(before, after);
  Matrix costs(n, n);
  for (Index i = 0; i < n; ++i) costs.row(i) = (after.array() - before(i)).abs().transpose();
  const std::vector<Index> match = minimum_assignment(costs);
  const auto distance = [&](Index i) { return costs(i, match[static_cast<std::size_t>(i)]); };

  std::vector<Index> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](Index i, Index j) { return distance(i) > distance(j); });
  EigenvalueChange result{ComplexVector(n), ComplexVector(n), Vector(n)};
  for (Index k = 0; k < n; ++k) {
    const Index i = order[static_cast<std::size_t>(k)];
    result.before(k) = before(i);
    result.after(k) = after(match[static_cast<std::size_t>(i)]);
    result.distances(k) = distance(i);
  }
  result.radius = before.cwiseAbs().maxCoeff();
  result.moved = (result.distances.array() > options.moved_fraction * result.radius).count();
  result.outside = (after.array().abs() > result.radius).count();
  result.participation = detail::participation(result.distances);
  return result;
}

}  // namespace nullcline::connectivity
