// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/geometry/manifolds/grid.hpp"
#include "nullcline/geometry/manifolds/immersed_manifold.hpp"

namespace nullcline::geometry {

/// A manifold by its points on a grid: the function that passes through them of the form
///
///     x(kappa) = sum_k c_k prod_i phi_{k_i}(kappa_i),
///
/// phi = 1, cos j theta, sin j theta on circles (of an even number of nodes the highest frequency
/// is a cosine), Chebyshev's T_j on intervals. Of an analytic x the error falls exponentially with
/// the number of nodes, also that of the derivatives, which are exact ones of the interpolant:
/// thousands of geodesics cost no more runs of a network.
class GridInterpolant final : public ImmersedManifold {
 public:
  /// values (n, K): x at the points of `grid`. Intervals need their nodes spaced as Chebyshev's:
  /// through many equally spaced ones polynomials swing wildly [Runge 1901], and this is refused
  /// from 11 nodes on. Throws std::invalid_argument on that, other sizes or values not finite.
  GridInterpolant(const Grid& grid, In<Matrix> values);

  const Domain& domain() const override { return domain_; }
  Index ambient_dim() const override { return coefficients_.rows(); }
  Jets jets(In<Matrix> kappa, int order) const override;

  /// How much the grid may leave out: the largest over the coordinates of the norm of the
  /// coefficients of the highest frequency (the two highest degrees), over that of all but the
  /// constant. About the relative error where coefficients fall steadily; 1e-15 is all there is.
  double tail() const { return tail_; }

 private:
  Matrix products(In<Matrix> kappa, Index tangents, Index pairs) const;

  Domain domain_;
  std::vector<Index> counts_;
  Matrix coefficients_;  // (n, K), as points of a grid
  double tail_ = 0;
};

/// The interpolant of another manifold through a grid of counts_i nodes, Chebyshev's on intervals.
GridInterpolant interpolate(const ImmersedManifold& manifold, const std::vector<Index>& counts);

}  // namespace nullcline::geometry
