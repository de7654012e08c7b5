// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "nullcline/cells/cell.hpp"
#include "nullcline/cells/network.hpp"

namespace nullcline::cells {

/// A network's states and features together with their m tangents along a manifold of inputs, of K
/// points at once, without noise and in double: what functions of the pullback metric
/// G_ij = a_i . a_j are made of, and their gradients by the network's parameters. Any cell, any
/// number of layers; see tangent_kernel.hpp for the equations and for the W = K (1 + m) columns
/// that a time step of an augmented sequence has.
class TangentCell {
 public:
  virtual ~TangentCell() = default;

  virtual Index state_dim() const = 0;    ///< S, all layers together
  virtual Index feature_dim() const = 0;  ///< F
  virtual Index input_dim() const = 0;    ///< m_in

  /// As `Cell` has them: those that can be trained, in the same order, without the readout.
  virtual std::vector<Parameter<double>> parameters() = 0;
  virtual void parameters_changed() = 0;

  /// Runs K points from the network's start, whose tangents are 0.       inputs: (m_in, T W)
  /// Throws std::invalid_argument where sizes do not fit.
  virtual void forward(Index points, In<Matrix> inputs) = 0;
  virtual Matrix states() const = 0;           ///< (S, T W)
  virtual const Matrix& features() const = 0;  ///< (F, T W)

  /// Adds to each gradient what the last `forward` gives of a function whose derivatives by states
  /// and features are these; either may be empty, and so may a gradient, which is left out.
  virtual void backward(In<Matrix> of_states, In<Matrix> of_features,
                        std::vector<Matrix>& gradients) = 0;
};

/// With m = `dim` tangents. Throws Error (field: vocabulary) for a network whose inputs are tokens.
std::unique_ptr<TangentCell> tangent_cell(const Network& network, Index dim);

}  // namespace nullcline::cells
