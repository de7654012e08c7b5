// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <vector>

#include "nullcline/core/random.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::cells {

/// A parameter of a cell as training sees it: a view of its entries, and which stay at zero.
template <std::floating_point Real>
struct Parameter {
  std::string name;
  Eigen::Map<MatrixX<Real>> value;
  bool zero_diagonal = false;  ///< Structurally zero: gradient and update leave the diagonal.
};

/// What the forward pass leaves for the backward pass. Time-major: step t of a batch of B trials
/// is the columns t B .. (t + 1) B - 1. Memory is kept from call to call.
template <std::floating_point Real>
struct Tape {
  Index steps = 0, batch = 0;
  MatrixX<Real> inputs;   ///< (n_in, T B)
  MatrixX<Real> states;   ///< (n, (T + 1) B), the start first
  MatrixX<Real> saved;    ///< (what the cell needs, T B)
  MatrixX<Real> scratch;  ///< For the cell.
};

/// A recurrent cell x_t = F(x_{t-1}, u_t) as training sees it: whole sequences of whole batches.
/// (Analysis sees the same cell as a DrivenMap in double, see registry.hpp.)
template <std::floating_point Real>
class Cell {
 public:
  virtual ~Cell() = default;

  virtual Index state_dim() const = 0;
  virtual Index input_dim() const = 0;

  /// Every parameter that can be trained, always in the same order.
  virtual std::vector<Parameter<Real>> parameters() = 0;

  /// To be called after parameters have changed: the cell packs its matrices again.
  virtual void parameters_changed() = 0;

  /// Runs `tape.steps` steps from the first B columns of `tape.states` under `tape.inputs`, and
  /// fills the rest of the tape. Recurrent noise is drawn from `noise`, or left out when null.
  virtual void forward(Tape<Real>& tape, RandomStream* noise) const = 0;

  /// Backpropagation through time. `add_gradient(t, G)` must add dL/dx_t (t = 1 .. T) by the paths
  /// that do not go through later states to G, (n, B). Adds dL/dtheta to gradients[p] for each
  /// parameter p (in the order of `parameters`) whose matrix there is not empty.
  using AddGradient = std::function<void(Index t, Out<MatrixX<Real>> G)>;
  virtual void backward(Tape<Real>& tape, const AddGradient& add_gradient,
                        std::vector<MatrixX<Real>>& gradients) const = 0;
};

}  // namespace nullcline::cells
