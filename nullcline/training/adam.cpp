// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/adam.hpp"

#include <cmath>

namespace nullcline::training {

template <std::floating_point Real>
void adam_step(const AdamOptions& options, Index step, const MatrixX<Real>& gradient,
               AdamMoments<Real>& moments, Eigen::Map<MatrixX<Real>> parameter) {
  const auto beta1 = static_cast<Real>(options.beta1), beta2 = static_cast<Real>(options.beta2);
  const auto epsilon = static_cast<Real>(options.epsilon);
  const double exponent = static_cast<double>(step);
  const auto rate =
      static_cast<Real>(options.learning_rate / (1 - std::pow(options.beta1, exponent)));
  const auto second_scale = static_cast<Real>(1 / (1 - std::pow(options.beta2, exponent)));
  const auto g = gradient.array();
  moments.first.array() = beta1 * moments.first.array() + (1 - beta1) * g;
  moments.second.array() = beta2 * moments.second.array() + (1 - beta2) * g * g;
  parameter.array() -=
      rate * moments.first.array() / ((moments.second.array() * second_scale).sqrt() + epsilon);
}

template void adam_step(const AdamOptions&, Index, const MatrixX<float>&, AdamMoments<float>&,
                        Eigen::Map<MatrixX<float>>);
template void adam_step(const AdamOptions&, Index, const MatrixX<double>&, AdamMoments<double>&,
                        Eigen::Map<MatrixX<double>>);

}  // namespace nullcline::training
