// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/QR>
#include <limits>

#include "nullcline/core/types.hpp"

namespace nullcline::geometry::detail {

/// The span of the tangents A (n, m) at a point, by A P = Q R with column pivoting.
class TangentSpace {
 public:
  explicit TangentSpace(In<Matrix> A) : qr_(A) {
    qr_.setThreshold(static_cast<double>(A.rows()) * std::numeric_limits<double>::epsilon());
  }

  /// Whether the tangents are independent, to n eps.
  bool immersed() const { return qr_.rank() == qr_.cols(); }

  /// The w (m, any) with the least |A w - x|: coordinates of the part of x that is tangent,
  /// G^-1 A' x without G. Only where immersed.
  Matrix coordinates(In<Matrix> x) const { return qr_.solve(x); }

 private:
  Eigen::ColPivHouseholderQR<Matrix> qr_;
};

}  // namespace nullcline::geometry::detail
