// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "nullcline/core/map.hpp"
#include "nullcline/core/parallel.hpp"
#include "nullcline/core/progress.hpp"

namespace nullcline::dynamics {

/// A linear model of a driven map around (x*, u*):
///
///     x_{t+1} = F(x*, u*) + J (x_t - x*) + J_inp (u_t - u*).
///
/// F(x*, u*) is x* at a fixed point, and where a slow point drifts to in one step.
struct AffineModel {
  Vector state;           ///< x* (n)
  Vector input;           ///< u* (m)
  Vector next;            ///< F(x*, u*) (n)
  Matrix jacobian;        ///< J (n, n)
  Matrix input_jacobian;  ///< J_inp (n, m)
  bool finite = true;     ///< Else the map or a Jacobian was not, and the model is not used.
};

/// The models at each column of points (n, P), all at the input u* (m). Throws
/// std::invalid_argument on a wrong size.
std::vector<AffineModel> affine_models(const DrivenMap& map, In<Matrix> points, In<Vector> input,
                                       Threads threads = {});

struct LinearErrorOptions {
  Index trials = 1;   ///< B > 0; column t B + b of states and inputs is time t of trial b.
  Index horizon = 1;  ///< M >= 1 steps ahead.
  Threads threads = {};
  Progress progress = {};
};

/// Errors of the prediction m = 1 .. M steps ahead from the true state x_t, each with the inputs
/// u_t .. u_{t+m-1}, over all t with t + m <= T in a trial:
///
///     e_m = |x_NL - x_lin| / |x_NL|,
///
/// x_NL by m steps of the map, x_lin by m of the model of the point nearest to x_t. Errors of the
/// order of 0.1 for m = 1 are what [Maheswaranathan et al. 2019] find in trained networks.
struct LinearErrors {
  std::vector<Index> nearest;  ///< (T B) the finite model nearest to each state; -1 if the state
                               ///< is not finite, or no model.
  Vector one_step;             ///< (T B) e_1 at each state; -1 where it is not defined.
  Vector mean;                 ///< (M) of e_m
  Vector median;               ///< (M)
  Vector upper;                ///< (M) the 90 % quantile
  Vector persistence;          ///< (M) mean of |x_NL - x_t| / |x_NL|: the error of a model without
                               ///< dynamics, to compare with.
  std::vector<Index> counts;   ///< (M) predictions that these are about: e_m finite.
  std::vector<Index> lost;     ///< (M) predictions left out: a state, map or model not finite, or
                               ///< x_NL = 0.
  bool cancelled = false;      ///< Then of the horizon only the steps that were done are there.
};

/// states (n, T B), inputs (m, T B), at least one model. Costs M (2 n^2 + n m) T B and M steps of
/// the map. Throws std::invalid_argument on a wrong size or option.
LinearErrors linear_errors(const DrivenMap& map, std::span<const AffineModel> models,
                           In<Matrix> states, In<Matrix> inputs,
                           const LinearErrorOptions& options = {});

}  // namespace nullcline::dynamics
