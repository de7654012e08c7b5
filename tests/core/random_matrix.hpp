// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <span>

#include "nullcline/core/random.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline {

/// Entries N(0, 1).
template <class Real>
MatrixX<Real> random_matrix(Index rows, Index cols, std::uint64_t step) {
  MatrixX<Real> A(rows, cols);
  RandomStream({1, 1, Purpose::trials, step})
      .fill_normal(std::span<Real>(A.data(), static_cast<std::size_t>(A.size())));
  return A;
}

/// |error| <= k eps sum |a| |b| for any order of a sum of k products of such entries.
template <class Real>
double tolerance(Index k) {
  const auto terms = static_cast<double>(k + 1);
  return terms * std::numeric_limits<Real>::epsilon() * terms;
}

}  // namespace nullcline
