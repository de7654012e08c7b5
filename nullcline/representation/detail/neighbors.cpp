// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/detail/neighbors.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::representation::detail {
namespace {

constexpr Index block = 256;    // Points whose distances are held together.
constexpr Index reserves = 16;  // Candidates beyond k: rounding may have misplaced some.

struct Candidate {
  double squared;
  Index point;
  bool operator<(const Candidate& other) const {
    return squared != other.squared ? squared < other.squared : point < other.point;
  }
};

}  // namespace

Neighbors nearest_neighbors(In<Matrix> X, Index k, Threads threads, std::span<const Index> times,
                            Index window) {
  const Index count = X.cols();
  if (k < 1 || k >= count) {
    throw std::invalid_argument(fmt::format("{} neighbors are wanted of {} points", k, count));
  }
  const Matrix Z = X.colwise() - X.rowwise().mean();  // Smaller norms cancel less.
  const Vector squares = Z.colwise().squaredNorm();
  Neighbors result{IndexMatrix(k, count), Matrix(k, count)};
  parallel_for((count + block - 1) / block, threads, [&](Index b) {
    const Index begin = b * block, size = std::min(block, count - begin);
    const Matrix products = multiply(Z, Z.middleCols(begin, size), true);  // (P, size)
    std::vector<Candidate> candidates;
    for (Index j = 0; j < size; ++j) {
      const Index point = begin + j;
      candidates.clear();
      for (Index i = 0; i < count; ++i) {
        const bool close = window > 0 && std::abs(times[static_cast<std::size_t>(i)] -
                                                  times[static_cast<std::size_t>(point)]) <= window;
        if (i != point && !close) candidates.push_back({squares(i) - 2 * products(i, j), i});
      }
      if (static_cast<Index>(candidates.size()) < k) {
        throw std::invalid_argument(
            fmt::format("point {} has {} neighbors further than {} steps away, {} are wanted",
                        point, candidates.size(), window, k));
      }
      const auto kept = std::min<Index>(k + reserves, static_cast<Index>(candidates.size()));
      std::nth_element(candidates.begin(), candidates.begin() + kept - 1, candidates.end());
      candidates.resize(static_cast<std::size_t>(kept));
      for (Candidate& each : candidates) {
        each.squared = (X.col(each.point) - X.col(point)).squaredNorm();
      }
      std::sort(candidates.begin(), candidates.end());
      for (Index i = 0; i < k; ++i) {
        const Candidate& each = candidates[static_cast<std::size_t>(i)];
        result.points(i, point) = each.point;
        result.distances(i, point) = std::sqrt(each.squared);
      }
    }
  });
  return result;
}

}  // namespace nullcline::representation::detail
