// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>

#include "nullcline/core/types.hpp"
#include "nullcline/tasks/task.hpp"

namespace nullcline::training {

/// The loss of a batch is a weighted mean over its steps and trials, and its outputs o where each
/// stands for itself (z outputs, y targets, w >= 0 the task's weights, 0 where a step is masked or
/// behind the end of a short trial):
///
///     squared_error              sum w (z - y)^2 / (n_out sum w)
///     binary_cross_entropy       sum w (softplus(z) - y z) / (n_out sum w),    z a logit, nats
///     categorical_cross_entropy  sum w (Y log sum_o exp z_o - sum_o y_o z_o) / sum w,  Y = sum_o
///     y_o
///
/// A task may weight its outputs by v_o >= 0 (Trials::output_weights): the first two are then
/// sum w v_o l_o / (sum v sum w).
///
/// "At the last valid step" is a task that has w = 1 there alone. With all w = 0 the loss is NaN.
///
/// The weights as the loss takes them: w / sum w, over n_out where the loss is a mean over outputs.
template <std::floating_point Real>
void loss_shares(tasks::Loss loss, const tasks::Trials& trials, MatrixX<Real>& shares);

/// The loss of the outputs z (n_out, K) at K columns with shares (1, K); z becomes dL/dz. Sums are
/// taken in double over blocks of columns, so that neither T nor B costs digits.
template <std::floating_point Real>
double loss_and_gradient(tasks::Loss loss, In<MatrixX<Real>> targets, In<MatrixX<Real>> shares,
                         InOut<MatrixX<Real>> z, In<VectorX<Real>> of_outputs = VectorX<Real>());

/// The loss that a training asks for: the task's own, or one by name.
tasks::Loss loss_from(const std::string& name, const tasks::Task& task);

}  // namespace nullcline::training
