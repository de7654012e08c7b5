// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/detail/trials.hpp"

#include <fmt/core.h>

#include <cmath>
#include <stdexcept>

namespace nullcline::representation::detail {

TrialShape check_trials(std::span<const Matrix> trials, const char* caller) {
  if (trials.empty()) throw std::invalid_argument(fmt::format("{}: there is no trial", caller));
  TrialShape shape{trials[0].rows(), 0};
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const Matrix& trial = trials[i];
    if (trial.size() == 0 || trial.rows() != shape.dim) {
      throw std::invalid_argument(
          fmt::format("{}: trial {} has {} dimensions and {} steps; every trial needs {} "
                      "dimensions, as the first one has, and at least 1 step",
                      caller, i, trial.rows(), trial.cols(), shape.dim));
    }
    if (!trial.allFinite()) {
      throw std::invalid_argument(fmt::format("{}: trial {} is not finite", caller, i));
    }
    shape.samples += trial.cols();
  }
  return shape;
}

Vector mean_of(std::span<const Matrix> trials, const TrialShape& shape) {
  Vector sum = Vector::Zero(shape.dim);
  for (const Matrix& trial : trials) sum += trial.rowwise().sum();
  return sum / static_cast<double>(shape.samples);
}

void orient_columns(InOut<Matrix> V) {
  for (Index j = 0; j < V.cols(); ++j) {
    const double nearly_largest = (1 - 1e-10) * V.col(j).cwiseAbs().maxCoeff();
    Index i = 0;
    while (std::abs(V(i, j)) < nearly_largest) ++i;
    if (V(i, j) < 0) V.col(j) *= -1;
  }
}

}  // namespace nullcline::representation::detail
