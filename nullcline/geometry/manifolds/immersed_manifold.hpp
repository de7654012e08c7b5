// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "nullcline/core/map.hpp"
#include "nullcline/core/types.hpp"
#include "nullcline/geometry/manifolds/domain.hpp"

namespace nullcline::geometry {

/// x(kappa) in R^n and its derivatives at B points kappa in R^m.
struct Jets {
  Matrix points;    ///< (n, B) x
  Matrix tangents;  ///< (n, B m) a_i = dx / dkappa_i, that of point b in b m + i; from order 1 on.
  /// (n, B m (m + 1) / 2) b_ij = d2x / dkappa_i dkappa_j, i <= j, 11 12 .. 22 ..; of order 2.
  Matrix second;
};

/// A map x: domain -> R^n of an m-dimensional manifold, smooth: all that geodesics, distances and
/// transport know of the states of a network, a surface in closed form, or a table of either.
class ImmersedManifold {
 public:
  virtual ~ImmersedManifold() = default;

  virtual const Domain& domain() const = 0;  ///< m = domain().size()
  virtual Index ambient_dim() const = 0;     ///< n

  /// Derivatives up to `order`, 0, 1 or 2, at the columns of kappa (m, B): all B at once, as matrix
  /// products. Periodic coordinates may have any value. May be called by several threads.
  virtual Jets jets(In<Matrix> kappa, int order) const = 0;

  virtual Derivatives derivatives() const { return Derivatives::exact; }

  Index dim() const { return static_cast<Index>(domain().size()); }
};

/// sum_ij b_ij v_i w_j of each point: how x bends along the directions V and W.
/// second (n, B m (m + 1) / 2)  V, W: (m, B)  result (n, B)
Matrix bend(In<Matrix> second, In<Matrix> V, In<Matrix> W);

/// A manifold by a function that writes x (n), with `order` >= 1 also a (n, m), with 2 also
/// b (n, m (m + 1) / 2), of one kappa; it must be callable by several threads.
class FunctionManifold final : public ImmersedManifold {
 public:
  using Function =
      std::function<void(In<Vector> kappa, int order, Out<Vector> x, Out<Matrix> a, Out<Matrix> b)>;

  FunctionManifold(Domain domain, Index ambient_dim, Function function);
  const Domain& domain() const override { return domain_; }
  Index ambient_dim() const override { return ambient_dim_; }
  Jets jets(In<Matrix> kappa, int order) const override;

 private:
  Domain domain_;
  Index ambient_dim_;
  Function function_;
};

}  // namespace nullcline::geometry
