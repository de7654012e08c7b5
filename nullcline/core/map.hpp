// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "nullcline/core/enclosure.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline {

/// Where the derivatives of an operator come from. Results that used finite differences say so.
enum class Derivatives { exact, finite_differences };

/// Both Jacobians of (x, u) -> y at one point: state (n, n) = dy/dx, input (n, m) = dy/du.
struct Jacobians {
  Matrix state;
  Matrix input;
};

/// Balls that hold both Jacobians at every point of a box.
struct JacobianBalls {
  MatrixBall state;  // (n, n)
  MatrixBall input;  // (n, m)
};

/// A smooth function (x, u) -> y of a state x in R^n and an input u in R^m, y in R^n, on batches.
///
/// All that `dynamics` and `geometry` know of a network. Columns are states: X is (n, B), U is
/// (m, B), and no output is aliased with an input. Tangents come in blocks: the k tangents of
/// column b are the columns b k .. (b + 1) k - 1 of a matrix with B k columns.
///
/// Only `evaluate` must be given. What is not overridden is done by finite differences, with an
/// error of about eps^(2/3) (first derivatives) and eps^(1/2) (second), and `derivatives()` says
/// so: the tangents by differences of `evaluate`, `jacobians` by the tangents of the unit vectors,
/// `pull_back` by `jacobians`, the second derivative by second differences of `evaluate`, the
/// second tangents by differences of `push_forward`.
///
/// Enclosures are for proofs: bounds of the function of real numbers that `evaluate` rounds, its
/// parameters being exactly these doubles, over a box of states and one of inputs. Where the
/// function has kinks, the Jacobians are those of all its secants in the box. There is none by
/// default: nothing can be proved of a function that is only evaluated.
class DrivenFunction {
 public:
  virtual ~DrivenFunction() = default;

  virtual Index state_dim() const = 0;  ///< n
  virtual Index input_dim() const = 0;  ///< m, may be 0

  /// Y = f(X, U).                                          X, Y: (n, B)  U: (m, B)
  virtual void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const = 0;

  /// W = df/dx VX + df/du VU, block by block.              VX, W: (n, B k)  VU: (m, B k)
  virtual void push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                            Out<Matrix> W) const;

  /// D = d2f((VX, VU), (WX, WU)), tangent by tangent: how the push-forward of the first changes
  /// along the second, symmetric in both.                  VX, WX, D: (n, B k)  VU, WU: (m, B k)
  virtual void second_push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                                   In<Matrix> WX, In<Matrix> WU, Out<Matrix> D) const;

  /// VX = (df/dx)' W and VU = (df/du)' W, block by block.  W, VX: (n, B k)  VU: (m, B k)
  virtual void pull_back(In<Matrix> X, In<Matrix> U, In<Matrix> W, Out<Matrix> VX,
                         Out<Matrix> VU) const;

  /// df/dx and df/du at one point.                         x: (n)  u: (m)
  virtual Jacobians jacobians(In<Vector> x, In<Vector> u) const;

  /// H = sum_k w_k d2f_k / dz dz' with z = (x, u).         w: (n)  H: (n + m, n + m), symmetric
  virtual Matrix second_derivative(In<Vector> x, In<Vector> u, In<Vector> w) const;

  /// A box that contains f(x, u) for all members x of `x` (n) and u of `u` (m).
  virtual std::optional<Box> enclose(const Box& x, const Box& u) const;
  virtual std::optional<JacobianBalls> enclose_jacobians(const Box& x, const Box& u) const;

  virtual Derivatives derivatives() const { return Derivatives::finite_differences; }

  /// b (n): as a map at a constant input it takes the box |x_i| <= b_i into itself and has all its
  /// fixed points there, whatever the input. Infinite where no bound follows from its form.
  virtual Vector state_bound() const;
};

/// A driven map in discrete time, (x_t, u_t) -> x_{t+1}: gated cells, stepped flows.
class DrivenMap : public DrivenFunction {};

/// A flow in continuous time: `evaluate` gives dx/dt = f(x, u), per second.
class Flow : public DrivenFunction {};

/// A smooth map F : R^n -> R^n, the same as a DrivenMap without an input.
class Map {
 public:
  virtual ~Map() = default;

  virtual Index dim() const = 0;  ///< n

  /// Y = F(X).                                   X, Y: (n, B)
  virtual void step(In<Matrix> X, Out<Matrix> Y) const = 0;

  /// W = J(x) V, block by block.                 V, W: (n, B k)
  virtual void push_forward(In<Matrix> X, In<Matrix> V, Out<Matrix> W) const;

  /// V = J(x)' W, block by block.                W, V: (n, B k)
  virtual void pull_back(In<Matrix> X, In<Matrix> W, Out<Matrix> V) const;

  /// J_ij = dF_i / dx_j at one state.            x: (n)
  virtual Matrix jacobian(In<Vector> x) const;

  /// H = sum_k w_k d2F_k / dx dx'.               w: (n)  H: (n, n), symmetric
  virtual Matrix second_derivative(In<Vector> x, In<Vector> w) const;

  /// The same bounds as a DrivenFunction gives, without an input.
  virtual std::optional<Box> enclose(const Box& x) const;
  virtual std::optional<MatrixBall> enclose_jacobian(const Box& x) const;

  virtual Derivatives derivatives() const { return Derivatives::finite_differences; }

  /// b (n): F takes the box |x_i| <= b_i into itself and has all its fixed points there. Infinite
  /// where no bound follows from its form.
  virtual Vector state_bound() const;
};

/// The map x -> F(x, u) at a constant input u. Holds a reference to `driven`.
class FrozenMap final : public Map {
 public:
  FrozenMap(const DrivenMap& driven, In<Vector> u);
  Index dim() const override { return driven_.state_dim(); }
  void step(In<Matrix> X, Out<Matrix> Y) const override;
  void push_forward(In<Matrix> X, In<Matrix> V, Out<Matrix> W) const override;
  void pull_back(In<Matrix> X, In<Matrix> W, Out<Matrix> V) const override;
  Matrix jacobian(In<Vector> x) const override;
  Matrix second_derivative(In<Vector> x, In<Vector> w) const override;
  std::optional<Box> enclose(const Box& x) const override;
  std::optional<MatrixBall> enclose_jacobian(const Box& x) const override;
  Derivatives derivatives() const override { return driven_.derivatives(); }
  Vector state_bound() const override { return driven_.state_bound(); }

 private:
  const DrivenMap& driven_;
  Vector u_;
};

/// A user's function of one state as a Map; derivatives by finite differences. A value of another
/// size than `dim` is std::invalid_argument.
class CallableMap final : public Map {
 public:
  CallableMap(Index dim, std::function<Vector(In<Vector>)> f) : dim_(dim), f_(std::move(f)) {}
  Index dim() const override { return dim_; }
  void step(In<Matrix> X, Out<Matrix> Y) const override;

 private:
  Index dim_;
  std::function<Vector(In<Vector>)> f_;
};

}  // namespace nullcline
