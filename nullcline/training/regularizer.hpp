// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <string>
#include <vector>

#include "nullcline/cells/cell.hpp"
#include "nullcline/core/settings.hpp"

namespace nullcline::training {

/// What is added to the loss for the parameters that are trained:
///
///     l1 sum |theta|  +  l2 sum theta^2  +  nuclear sum_i sigma_i(W)
///
/// The first two over the parameters named in `penalized`, biases too where they are among them [as
/// Maheswaranathan et al. 2019 have it]; the last, the nuclear norm, over the matrices named in
/// `low_rank`. Subgradients: sign(theta) with sign(0) = 0, and U V' of W = U S V' over the singular
/// values above eps max(m, n) sigma_1, which is the one of least norm.
struct ParameterPenalty {
  double l1 = 0, l2 = 0, nuclear = 0;  ///< >= 0
  bool proximal =
      false;  ///< L1 by soft thresholds after each step (below) and not by its gradient.
  std::vector<std::string> penalized = {"all"};
  std::vector<std::string> low_rank = {"recurrent"};
};

ParameterPenalty parameter_penalty_from(const Settings& training);

/// The penalty; adds its gradient to `gradients`, whose empty matrices are not trained.
template <std::floating_point Real>
double add_penalty(const ParameterPenalty& penalty,
                   const std::vector<cells::Parameter<Real>>& parameters,
                   std::vector<MatrixX<Real>>& gradients);

/// The proximal step of L1 [Parikh & Boyd 2014, section 6.5.2]: each penalized entry moves by
/// `threshold` towards zero and stays there when it would pass it, so that entries become exactly
/// zero. With rate l1 as threshold and plain gradient steps this is ISTA; with others it is a rule
/// of its own, as their steps have other lengths.
template <std::floating_point Real>
void soft_threshold(const ParameterPenalty& penalty, double threshold,
                    const std::vector<MatrixX<Real>>& gradients,
                    std::vector<cells::Parameter<Real>>& parameters);

/// What is added to the loss for the features r (F, of each step and trial), as means over features
/// and over the steps of each trial up to the last that has a weight in the loss:
///
///     (l2 sum r_t^2  +  l1 sum |r_t|  +  rate sum_{t >= 2} (r_t - r_{t-1})^2) / (F steps)
struct ActivityPenalty {
  double l2 = 0, l1 = 0, rate = 0;  ///< >= 0
  bool any() const { return l2 > 0 || l1 > 0 || rate > 0; }
};

ActivityPenalty activity_penalty_from(const Settings& training);

/// Magnitude pruning: a mask with 1 where the ceil(density size) largest entries of A in magnitude
/// are, 0 elsewhere; of equal ones the first in memory stay.
template <std::floating_point Real>
MatrixX<Real> largest_entries(In<MatrixX<Real>> A, double density);

}  // namespace nullcline::training
