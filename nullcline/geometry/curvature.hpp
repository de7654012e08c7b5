// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline::geometry {

/// Curvature of an m-dimensional manifold in R^n from its tangents a_i and second derivatives b_ij,
/// by the equation of Gauss: with the normal parts
///
///     n_ij = b_ij - A (A'A)^-1 A' b_ij,    A = (a_1 .. a_m),
///     R_ijkl = n_ik . n_jl - n_il . n_jk
///
/// [do Carmo 1992, "Riemannian geometry", chapter 6]. No metric is differentiated.
struct Curvature {
  /// (C) of surfaces, m = 2: K = R_1212 / det G = (n_11 . n_22 - |n_12|^2) / det G; empty else.
  Vector gaussian;
  /// (C) scalar curvature, g^ik g^jl R_ijkl: 2 K of a surface, m (m - 1) / r^2 of a sphere; 0 of a
  /// curve.
  Vector scalar;
  /// (m (m - 1) / 2, C) sectional curvatures of the coordinate planes 12 13 .. 23 ..,
  /// R_ijij / (G_ii G_jj - G_ij^2).
  Matrix sectional;
  Matrix ricci;           ///< (m m, C) R_jl = g^ik R_ijkl, column by column.
  Matrix mean_curvature;  ///< (n, C) the vector g^ij n_ij / m, normal to the manifold.
};

/// tangents (n, C m) and second (n, C m (m + 1) / 2) as in Sensitivities. Where the tangents depend
/// on each other to rounding, sigma_m <= n eps sigma_1, or something is not finite, all is NaN.
/// Throws std::invalid_argument on other sizes, or m < 1.
Curvature curvature(In<Matrix> tangents, In<Matrix> second, Index m);

/// K of a surface from its metric E, F, G on a grid, by the formula of Brioschi, which needs first
/// and second derivatives of the metric: the cross-check of the above.
///
///     K = (det M_1 - det M_2) / (E G - F^2)^2,
///     M_1 = [-E_vv/2 + F_uv - G_uu/2, E_u/2, F_u - E_v/2; F_v - G_u/2, E, F; G_v/2, F, G],
///     M_2 = [0, E_v/2, G_u/2; E_v/2, E, F; G_u/2, F, G].
struct MetricDerivatives {
  double E, F, G;
  double E_u, E_v, F_u, F_v, G_u, G_v;
  double E_vv, F_uv, G_uu;
};
double brioschi_curvature(const MetricDerivatives& metric);

}  // namespace nullcline::geometry
