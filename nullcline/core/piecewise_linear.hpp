// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/map.hpp"

namespace nullcline {

/// The sign pattern of K kinked units: entry k says whether unit k is above its kink,
/// (C x + c)_k > 0. At the kink itself the pattern is that of the negative side.
using Region = std::vector<bool>;

/// x -> J x + d.
struct AffinePiece {
  Matrix J;  ///< (n, n)
  Vector d;  ///< (n)
};

/// A continuous piecewise linear map of K kinked units,
///
///     F(x) = A x + B phi(C x + c) + e,   phi(m) = m for m > 0, below m else,
///
/// A (n, n), B (n, K), C (K, n), c (K), e (n). In each region, a sign pattern s of C x + c, it is
/// affine: J = A + B D C, d = B D c + e, D = diag(s_k ? 1 : below). `below` = 0 is ReLU, 1 leaves
/// an affine map. At a kink the Jacobian is that of the negative side, as in every cell of this
/// library; second derivatives are 0.
///
/// Throws std::invalid_argument on shapes that do not fit and on numbers that are not finite.
class PiecewiseLinearMap final : public Map {
 public:
  PiecewiseLinearMap(Matrix A, Matrix B, Matrix C, Vector c, Vector e, double below = 0);

  /// z' = a z + W phi(z) + h: the PLRNN [Durstewitz 2017]. a: (n), the diagonal. K = n.
  static PiecewiseLinearMap plrnn(In<Vector> a, In<Matrix> W, In<Vector> h, double below = 0);
  /// x' = phi(W x + c). K = n.
  static PiecewiseLinearMap vanilla(In<Matrix> W, In<Vector> c, double below = 0);
  /// x' = (1 - alpha) x + alpha phi(W x + c): an Euler step of the rate form. K = n.
  static PiecewiseLinearMap leaky_rate(double alpha, In<Matrix> W, In<Vector> c, double below = 0);
  /// x' = (1 - alpha) x + alpha (W phi(x) + c): an Euler step of the current form. K = n.
  static PiecewiseLinearMap leaky_current(double alpha, In<Matrix> W, In<Vector> c,
                                          double below = 0);

  Index dim() const override { return A_.rows(); }
  Index kinks() const { return C_.rows(); }  ///< K

  void step(In<Matrix> X, Out<Matrix> Y) const override;
  void push_forward(In<Matrix> X, In<Matrix> V, Out<Matrix> W) const override;
  void pull_back(In<Matrix> X, In<Matrix> W, Out<Matrix> V) const override;
  Matrix jacobian(In<Vector> x) const override;
  Matrix second_derivative(In<Vector> x, In<Vector> w) const override;
  /// Over a box that a kink crosses, the slope of that unit is anything between 1 and `below`.
  std::optional<Box> enclose(const Box& x) const override;
  std::optional<MatrixBall> enclose_jacobian(const Box& x) const override;
  Derivatives derivatives() const override { return Derivatives::exact; }

  Region region(In<Vector> x) const;
  AffinePiece piece(const Region& region) const;  ///< O(n K n).

  const Matrix& A() const { return A_; }
  const Matrix& B() const { return B_; }
  const Matrix& C() const { return C_; }
  const Vector& c() const { return c_; }
  const Vector& e() const { return e_; }
  double below() const { return below_; }

 private:
  Box preactivations(const Box& x) const;

  Matrix A_, B_, C_;
  Vector c_, e_;
  double below_;
};

}  // namespace nullcline
