// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline::geometry::detail {

/// Of the products w_i . w_j of vectors that transport keeps, before and after: the largest change,
/// relative to |w_i| |w_j| before; 0 of vectors that are and stay 0.
inline double largest_change(In<Matrix> before, In<Matrix> after) {
  const Vector lengths = before.diagonal().cwiseSqrt().cwiseMax(1e-150);
  return ((after - before).array().abs() / (lengths * lengths.transpose()).array()).maxCoeff();
}

}  // namespace nullcline::geometry::detail
