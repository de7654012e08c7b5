// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/map.hpp"

namespace nullcline::dynamics {

/// F^k = F o ... o F (k >= 1 times) as a Map. With x_i = F^i(x), J_i = DF(x_i), D_i = DF^i(x):
///
///     DF^k = J_{k-1} ... J_0,
///     sum_l w_l d2(F^k)_l = sum_i D_i' H_i D_i,  H_i = sum_l (w_{i+1})_l d2F_l(x_i),
///
/// where w_k = w, w_i = J_i' w_{i+1}. Holds a reference to `map`. A step costs k steps of it, a
/// Jacobian k Jacobians and k n^3. The product of many Jacobians loses the small singular values:
/// for the multipliers of a long cycle see cycles.hpp.
class IteratedMap final : public Map {
 public:
  IteratedMap(const Map& map, Index k);
  Index dim() const override { return map_.dim(); }
  void step(In<Matrix> X, Out<Matrix> Y) const override;
  void push_forward(In<Matrix> X, In<Matrix> V, Out<Matrix> W) const override;
  void pull_back(In<Matrix> X, In<Matrix> W, Out<Matrix> V) const override;
  Matrix jacobian(In<Vector> x) const override;
  Matrix second_derivative(In<Vector> x, In<Vector> w) const override;
  Derivatives derivatives() const override { return map_.derivatives(); }

  Index iterations() const { return k_; }

 private:
  const Map& map_;
  Index k_;
};

/// x, F(x), ..., F^{length-1}(x), (n, length): the orbit of one state.     x: (n)  length >= 1
Matrix orbit_of(const Map& map, In<Vector> x, Index length);

}  // namespace nullcline::dynamics
