// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "nullcline/cells/staged.hpp"
#include "nullcline/core/enclosure.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::cells {

/// The features y = R(s) of a staged step's states.
class FeatureFunction {
 public:
  FeatureFunction(StagedStep<double> step, Index n) : step_(std::move(step)), n_(n) {}
  Index state_dim() const { return step_.state * n_; }            // S
  Index feature_dim() const { return step_.feature_count * n_; }  // F

  Matrix evaluate(In<Matrix> X) const;                     ///< (S, K) -> (F, K)
  Matrix push_forward(In<Matrix> X, In<Matrix> VX) const;  ///< (S, K), (S, K k) -> (F, K k)
  /// d2R (v, w), tangent by tangent: (S, K), (S, K k), (S, K k) -> (F, K k)
  Matrix second_push_forward(In<Matrix> X, In<Matrix> VX, In<Matrix> WX) const;
  Matrix pull_back(In<Matrix> X, In<Matrix> W) const;          ///< (S, K), (F, K k) -> (S, K k)
  Matrix jacobian(In<Vector> x) const;                         ///< (F, S)
  Matrix second_derivative(In<Vector> x, In<Vector> w) const;  ///< sum_k w_k d2y_k, (S, S)

  Box enclose(const Box& x) const;                                        ///< Over a box of states.
  MatrixBall push_forward_ball(const Box& x, const MatrixBall& V) const;  ///< (S, k) -> (F, k)

 private:
  Matrix local_jacobian(In<Matrix> X) const;
  StagedStep<double> step_;
  Index n_;
};

}  // namespace nullcline::cells
