// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "nullcline/cells/sequence.hpp"

namespace nullcline::cells {

/// A parameter of a cell as training sees it: a view of its entries.
template <std::floating_point Real>
struct Parameter {
  std::string name;
  Eigen::Map<MatrixX<Real>> value;
};

/// A recurrent cell s_t = F(s_{t-1}, u_t) with features r_t = R(s_t), as training sees it: whole
/// sequences of whole batches. (Analysis sees the same cell as a DrivenMap in double, see
/// registry.hpp.) A cell is used by one thread at a time; its memory is kept from call to call.
template <std::floating_point Real>
class Cell {
 public:
  virtual ~Cell() = default;

  virtual Index state_dim() const = 0;                       ///< S
  virtual Index input_dim() const = 0;                       ///< m
  virtual Index feature_dim() const { return state_dim(); }  ///< F

  /// Every parameter that can be trained, always in the same order.
  virtual std::vector<Parameter<Real>> parameters() = 0;

  /// To be called after parameters have changed: the cell packs its matrices again.
  virtual void parameters_changed() = 0;

  /// Runs a batch, from drive.start or, where that has no columns, from the parameter
  /// `initial_state` or 0; only then has this parameter a gradient. What it leaves is seen through
  /// `states` and `features` until the next call.
  virtual void forward(const Drive<Real>& drive) = 0;
  virtual View<Real> states() const = 0;    ///< (S, (T + 1) B), the start first
  virtual View<Real> features() const = 0;  ///< (F, T B)

  /// Backpropagation through time of the last `forward`. The gradient of an entry that is
  /// structurally zero (a masked weight) is zero.
  virtual void backward(const OutputGradient<Real>& output, Gradients<Real>& gradients) = 0;
};

}  // namespace nullcline::cells
