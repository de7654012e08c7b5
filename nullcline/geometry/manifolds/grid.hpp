// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/types.hpp"
#include "nullcline/geometry/manifolds/domain.hpp"

namespace nullcline::geometry {

/// Where the nodes of a coordinate that is not periodic stand; those of a circle are equally far
/// apart, its `lowest` being the first.
enum class Spacing {
  uniform,    ///< Equally far apart, both ends included.
  chebyshev,  ///< (1 - cos(pi k / (N - 1))) / 2 of the way: what interpolation wants.
};

/// A product of nodes, one vector a coordinate. Points are numbered with the last coordinate
/// fastest, as the entries of a C-order array (N_1, .., N_m).
struct Grid {
  Domain domain;
  std::vector<Vector> nodes;    ///< m of (N_i), ascending
  std::vector<Vector> weights;  ///< The same, of quadrature: each adds up to the extent.

  Index dim() const { return static_cast<Index>(nodes.size()); }
  Index size() const;                              ///< K = N_1 .. N_m
  std::vector<Index> position(Index point) const;  ///< Its node of each coordinate.
  Index number(const std::vector<Index>& position) const;
  Vector at(Index point) const;  ///< kappa (m)
  Matrix points() const;         ///< (m, K)
  Vector quadrature() const;     ///< (K) products of weights
};

/// Weights are those of the trapezoid rule on circles (exact up to the Nyquist frequency) and on
/// uniform intervals (error N^-2), of Clenshaw and Curtis's on Chebyshev nodes (exact for
/// polynomials of degree N - 1).
///
/// Throws std::invalid_argument on a domain that is none, counts of another number, or one below
/// 1 (circle) or 2 (interval).
Grid make_grid(const Domain& domain, const std::vector<Index>& counts,
               Spacing spacing = Spacing::uniform);

/// sum_k w_k f_k volume_k, the integral of f over the manifold; volume (K) is sqrt(det G). With
/// f the Gaussian curvature of a closed surface it is 2 pi times the Euler characteristic [Gauss,
/// Bonnet]: 0 of a torus, 4 pi of a sphere. Throws std::invalid_argument on other sizes.
double integrate(const Grid& grid, In<Vector> f, In<Vector> volume);

}  // namespace nullcline::geometry
