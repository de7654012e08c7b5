// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "nullcline/core/map.hpp"

namespace nullcline::dynamics {

/// A smooth map that depends on one parameter, x -> F(x; p), x in R^n.
///
/// Only `step` must be given. What is not overridden is done by central differences: the first
/// derivatives of `step` with steps eps^(1/3) max(1, |z_j|), the second of the first ones, so that
/// they are as good as eps^(2/3) where those are exact.
class MapFamily {
 public:
  virtual ~MapFamily() = default;

  virtual Index dim() const = 0;  ///< n

  /// Y = F(X; p), one p for all columns.        X, Y: (n, B)
  virtual void step(In<Matrix> X, double p, Out<Matrix> Y) const = 0;

  /// J_ij = dF_i / dx_j.                         x: (n)
  virtual Matrix jacobian(In<Vector> x, double p) const;

  /// dF / dp (n).                                x: (n)
  virtual Vector parameter_derivative(In<Vector> x, double p) const;

  /// H = sum_k w_k d2F_k / dz dz', z = (x, p).   w: (n)  H: (n + 1, n + 1), symmetric
  virtual Matrix second_derivative(In<Vector> x, double p, In<Vector> w) const;

  /// Of the Jacobian.
  virtual Derivatives derivatives() const { return Derivatives::finite_differences; }
};

/// The map x -> F(x; p) of one p. Holds a reference to `family`.
class FamilyMember final : public Map {
 public:
  FamilyMember(const MapFamily& family, double p) : family_(family), p_(p) {}
  Index dim() const override { return family_.dim(); }
  void step(In<Matrix> X, Out<Matrix> Y) const override { family_.step(X, p_, Y); }
  void push_forward(In<Matrix> X, In<Matrix> V, Out<Matrix> W) const override;
  Matrix jacobian(In<Vector> x) const override { return family_.jacobian(x, p_); }
  Matrix second_derivative(In<Vector> x, In<Vector> w) const override;
  Derivatives derivatives() const override { return family_.derivatives(); }

 private:
  const MapFamily& family_;
  double p_;
};

/// F(x; p) = F(x, u0 + p (u1 - u0)): along a line of constant inputs, as exact as `driven`, to
/// which it holds a reference. u0, u1: (m), else std::invalid_argument.
class InputLine final : public MapFamily {
 public:
  InputLine(const DrivenMap& driven, In<Vector> u0, In<Vector> u1);
  Index dim() const override { return driven_.state_dim(); }
  void step(In<Matrix> X, double p, Out<Matrix> Y) const override;
  Matrix jacobian(In<Vector> x, double p) const override;
  Vector parameter_derivative(In<Vector> x, double p) const override;
  Matrix second_derivative(In<Vector> x, double p, In<Vector> w) const override;
  Derivatives derivatives() const override { return driven_.derivatives(); }

 private:
  Vector input(double p) const { return start_ + p * direction_; }
  const DrivenMap& driven_;
  Vector start_, direction_;
};

/// F(x; p) = (1 - p) F0(x) + p F1(x), a homotopy: from a map whose fixed points are known to one
/// whose are not, or between two networks of one dimension. A map between them is in general not a
/// network of their kind (CallableFamily follows the line between weights). Holds references; a
/// difference in dimension is std::invalid_argument.
class Blend final : public MapFamily {
 public:
  Blend(const Map& F0, const Map& F1);
  Index dim() const override { return F0_.dim(); }
  void step(In<Matrix> X, double p, Out<Matrix> Y) const override;
  Matrix jacobian(In<Vector> x, double p) const override;
  Vector parameter_derivative(In<Vector> x, double p) const override;
  Matrix second_derivative(In<Vector> x, double p, In<Vector> w) const override;
  Derivatives derivatives() const override;

 private:
  const Map& F0_;
  const Map& F1_;
};

/// A user's function p -> Map, all of dimension `dim`: a gain, the line between the weights of two
/// networks. Derivatives in x are those of the maps, those in p central differences between maps.
/// `map_at` is called anew for each evaluation, with p a little beyond the bounds of a continuation
/// too; null or a map of another dimension is std::invalid_argument.
class CallableFamily final : public MapFamily {
 public:
  using MapAt = std::function<std::unique_ptr<Map>(double p)>;
  CallableFamily(Index dim, MapAt map_at, double p);  ///< p: one where it can be asked what it is.
  Index dim() const override { return dim_; }
  void step(In<Matrix> X, double p, Out<Matrix> Y) const override;
  Matrix jacobian(In<Vector> x, double p) const override;
  Derivatives derivatives() const override { return derivatives_; }

 private:
  std::unique_ptr<Map> at(double p) const;
  Index dim_;
  MapAt map_at_;
  Derivatives derivatives_;
};

/// The k-th iterate x -> F(F(...F(x; p)...; p); p), whose fixed points are the points of k-cycles.
/// With z_j = (x_j, p) and Z_j = dz_j / dz_0, the derivatives are those of the chain:
///
///     J = J_{k-1} ... J_0,   d_{j+1} = J_j d_j + dF/dp(x_j),
///     H(w) = sum_j Z_j' H_j(w_{j+1}) Z_j,   w_k = w,   w_j = J_j' w_{j+1}.
///
/// Holds a reference. k > 0, else std::invalid_argument.
class IteratedFamily final : public MapFamily {
 public:
  IteratedFamily(const MapFamily& family, Index k);
  Index dim() const override { return family_.dim(); }
  void step(In<Matrix> X, double p, Out<Matrix> Y) const override;
  Matrix jacobian(In<Vector> x, double p) const override;
  Vector parameter_derivative(In<Vector> x, double p) const override;
  Matrix second_derivative(In<Vector> x, double p, In<Vector> w) const override;
  Derivatives derivatives() const override { return family_.derivatives(); }

 private:
  const MapFamily& family_;
  Index k_;
};

}  // namespace nullcline::dynamics
