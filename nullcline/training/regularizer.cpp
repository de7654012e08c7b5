// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/regularizer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/training/settings.hpp"

namespace nullcline::training {
namespace {

/// The nuclear norm of W; adds `weight` times its subgradient to `gradient`.
template <class Real>
double add_nuclear(double weight, const Eigen::Map<MatrixX<Real>>& W, MatrixX<Real>& gradient) {
  const Matrix A = W.template cast<double>();
  if (!A.allFinite()) return std::numeric_limits<double>::quiet_NaN();
  const Svd parts = svd(A);
  const double smallest = std::numeric_limits<Real>::epsilon() *
                          static_cast<double>(std::max(A.rows(), A.cols())) * parts.values(0);
  const auto rank = (parts.values.array() > smallest).count();
  const Matrix direction = multiply(parts.U.leftCols(rank), parts.V.leftCols(rank), false, true);
  gradient += (weight * direction).template cast<Real>();
  return weight * parts.values.sum();
}

}  // namespace

ParameterPenalty parameter_penalty_from(const Settings& training) {
  return {.l1 = training.number("l1"),
          .l2 = training.number("l2"),
          .nuclear = training.number("nuclear"),
          .proximal = training.text("l1_method") == "proximal",
          .penalized = training.texts("penalized"),
          .low_rank = training.texts("low_rank")};
}

ActivityPenalty activity_penalty_from(const Settings& training) {
  return {.l2 = training.number("activity"),
          .l1 = training.number("activity_l1"),
          .rate = training.number("rate_of_change")};
}

template <std::floating_point Real>
double add_penalty(const ParameterPenalty& penalty,
                   const std::vector<cells::Parameter<Real>>& parameters,
                   std::vector<MatrixX<Real>>& gradients) {
  double sum = 0;
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    MatrixX<Real>& gradient = gradients[p];
    if (gradient.size() == 0) continue;
    const auto& [name, theta] = parameters[p];
    if (penalty.l2 > 0 && has_name(penalty.penalized, name)) {
      sum += penalty.l2 * theta.template cast<double>().squaredNorm();
      gradient += static_cast<Real>(2 * penalty.l2) * theta;
    }
    if (penalty.l1 > 0 && has_name(penalty.penalized, name)) {
      sum += penalty.l1 * theta.template cast<double>().template lpNorm<1>();
      if (!penalty.proximal)
        gradient.array() += static_cast<Real>(penalty.l1) * theta.array().sign();
    }
    if (penalty.nuclear > 0 && has_name(penalty.low_rank, name)) {
      sum += add_nuclear(penalty.nuclear, theta, gradient);
    }
  }
  return sum;
}

template <std::floating_point Real>
void soft_threshold(const ParameterPenalty& penalty, double threshold,
                    const std::vector<MatrixX<Real>>& gradients,
                    std::vector<cells::Parameter<Real>>& parameters) {
  const auto width = static_cast<Real>(threshold);
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    if (gradients[p].size() == 0 || !has_name(penalty.penalized, parameters[p].name)) continue;
    auto theta = parameters[p].value.array();
    theta = theta.sign() * (theta.abs() - width).max(Real(0));
  }
}

template <std::floating_point Real>
MatrixX<Real> largest_entries(In<MatrixX<Real>> A, double density) {
  require(density > 0 && density <= 1, "largest_entries: density must be in (0, 1]");
  std::vector<Index> order(static_cast<std::size_t>(A.size()));
  std::iota(order.begin(), order.end(), Index{0});
  const auto magnitude = [&](Index i) { return std::abs(A(i % A.rows(), i / A.rows())); };
  std::stable_sort(order.begin(), order.end(),
                   [&](Index a, Index b) { return magnitude(a) > magnitude(b); });
  const auto kept = static_cast<std::size_t>(std::ceil(density * static_cast<double>(A.size())));
  MatrixX<Real> mask = MatrixX<Real>::Zero(A.rows(), A.cols());
  for (std::size_t i = 0; i < kept; ++i) mask(order[i] % A.rows(), order[i] / A.rows()) = 1;
  return mask;
}

template double add_penalty(const ParameterPenalty&, const std::vector<cells::Parameter<float>>&,
                            std::vector<MatrixX<float>>&);
template double add_penalty(const ParameterPenalty&, const std::vector<cells::Parameter<double>>&,
                            std::vector<MatrixX<double>>&);
template void soft_threshold(const ParameterPenalty&, double, const std::vector<MatrixX<float>>&,
                             std::vector<cells::Parameter<float>>&);
template void soft_threshold(const ParameterPenalty&, double, const std::vector<MatrixX<double>>&,
                             std::vector<cells::Parameter<double>>&);
template MatrixX<float> largest_entries<float>(In<MatrixX<float>>, double);
template MatrixX<double> largest_entries<double>(In<MatrixX<double>>, double);

}  // namespace nullcline::training
