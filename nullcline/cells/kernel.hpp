// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/cells/sequence.hpp"

namespace nullcline::cells {

/// A recurrent layer without the names of its parameters: what a `Cell` is made of, and where the
/// time of training goes.
///
/// A step has one or more stages. Stage k has a matrix M_k (G_k n, c_k + m + 1) that acts on the
/// column [q_k; u_t; 1]: recurrent weights, input weights and biases side by side, the rows of
/// gate g being g n .. (g + 1) n - 1. What the operand q_k (c_k) is and what becomes of the
/// products, unit by unit, is the cell's.
template <std::floating_point Real>
class Kernel {
 public:
  virtual ~Kernel() = default;

  virtual Index state_dim() const = 0;
  virtual Index input_dim() const = 0;
  virtual Index feature_dim() const = 0;

  /// New values of all M_k, of the shapes that the kernel was made with.
  virtual void set_matrices(const std::vector<MatrixX<Real>>& M) = 0;

  virtual void forward(const Drive<Real>& drive) = 0;
  virtual View<Real> states() const = 0;    ///< (S, (T + 1) B), the start first
  virtual View<Real> features() const = 0;  ///< (F, T B)

  /// Gradients::parameters are those of the M_k.
  virtual void backward(const OutputGradient<Real>& output, Gradients<Real>& gradients) = 0;
};

}  // namespace nullcline::cells
