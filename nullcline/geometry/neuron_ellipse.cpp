// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/neuron_ellipse.hpp"

#include <fmt/core.h>

#include <cmath>
#include <stdexcept>

namespace nullcline::geometry {

NeuronEllipse neuron_ellipse(In<Vector> a, In<Vector> b, double sigmas) {
  const Index n = a.size();
  if (n < 1 || b.size() != n || !a.allFinite() || !b.allFinite() || a.isZero(0) || b.isZero(0)) {
    throw std::invalid_argument(
        fmt::format("neuron_ellipse: tangents of {} and {} neurons, lengths {} and {}", n, b.size(),
                    a.norm(), b.norm()));
  }
  const auto N = static_cast<double>(n);
  NeuronEllipse result;
  result.points.resize(2, n);
  result.points.row(0) = a.transpose() * (std::sqrt(N) / a.norm());
  result.points.row(1) = b.transpose() * (std::sqrt(N) / b.norm());
  result.second_moment = result.points * result.points.transpose() / N;
  result.mean = result.points.rowwise().mean();
  const Matrix centered = result.points.colwise() - result.mean;
  result.covariance = centered * centered.transpose() / N;
  // Eigenvalues of [p q; q r]: (p + r) / 2 +- |((p - r) / 2, q)|.
  const double half = (result.covariance(0, 0) + result.covariance(1, 1)) / 2;
  const double difference = (result.covariance(0, 0) - result.covariance(1, 1)) / 2;
  const double q = result.covariance(0, 1), spread = std::hypot(difference, q);
  result.axes =
      Vector{{sigmas * std::sqrt(half + spread), sigmas * std::sqrt(std::fmax(half - spread, 0))}};
  result.angle = spread > 0 ? std::atan2(q, difference) / 2 : 0;
  return result;
}

}  // namespace nullcline::geometry
