// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline::geometry {

/// How two tangents a, b lie over the n neurons: the cloud of points (a_k, b_k), k = 1 .. n, of the
/// tangents in units of sqrt(n) / |a|, sqrt(n) / |b|, so that their second moment is
///
///     1/n sum_k (a_k, b_k)' (a_k, b_k) = G / n of the scaled tangents = [1, cos; cos, 1],
///
/// the covariance where the means are 0. If neurons are independent draws of a Gaussian the metric
/// is n times the covariance of the change in activity [Pellegrino & Chadwick 2025, figure 4i].
struct NeuronEllipse {
  Matrix points;         ///< (2, n), scaled.
  Matrix second_moment;  ///< (2, 2)
  Vector mean;           ///< (2)
  Matrix covariance;     ///< (2, 2) second_moment - mean mean'
  Vector axes;           ///< (2) `sigmas` standard deviations along the principal axes, descending.
  double angle;          ///< Of the first axis, radians in (-pi/2, pi/2]; 0 of a circle.
};

/// Throws std::invalid_argument unless both have the same n >= 1 entries, all finite, and neither
/// is 0.
NeuronEllipse neuron_ellipse(In<Vector> a, In<Vector> b, double sigmas = 2);

}  // namespace nullcline::geometry
