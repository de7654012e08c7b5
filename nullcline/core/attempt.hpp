// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"

namespace nullcline {

/// An iteration of LAPACK gave up: what the functions of linear_algebra.hpp throw.
class NotConverged : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// algorithm(A), one of those of linear_algebra.hpp that take one matrix; nullopt where an entry of
/// A is not finite or the algorithm does not converge. For matrices that come of a computation, of
/// which one must not end the others.
template <class Result>
std::optional<Result> attempt(Result (*algorithm)(In<Matrix>), In<Matrix> A) {
  if (!A.allFinite()) return std::nullopt;
  try {
    return algorithm(A);
  } catch (const NotConverged&) {
    return std::nullopt;
  }
}

}  // namespace nullcline
