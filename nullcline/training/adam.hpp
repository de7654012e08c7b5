// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>

#include "nullcline/core/types.hpp"

namespace nullcline::training {

struct AdamOptions {
  double learning_rate = 1e-3;  ///< > 0
  double beta1 = 0.9;           ///< In [0, 1)
  double beta2 = 0.999;         ///< In [0, 1)
  double epsilon = 1e-7;        ///< > 0; TensorFlow's default, as the note used TensorFlow.
};

/// The moments of one parameter.
template <std::floating_point Real>
struct AdamMoments {
  MatrixX<Real> first, second;
};

/// One step of Adam [Kingma & Ba 2015, algorithm 1], `step` = 1, 2, ...:
///
///     m <- beta1 m + (1 - beta1) g,  v <- beta2 v + (1 - beta2) g^2,
///     theta <- theta - lr m / (1 - beta1^step) / (sqrt(v / (1 - beta2^step)) + epsilon).
///
/// An entry whose gradients were all zero does not move.
template <std::floating_point Real>
void adam_step(const AdamOptions& options, Index step, const MatrixX<Real>& gradient,
               AdamMoments<Real>& moments, Eigen::Map<MatrixX<Real>> parameter);

}  // namespace nullcline::training
