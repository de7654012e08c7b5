// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/types.hpp"
#include "nullcline/geometry/manifolds/grid.hpp"

namespace nullcline::geometry {

/// How lines of the input grid are drawn at the lengths that states give them.
enum class GridlineMethod {
  arc_length,  ///< X_i = integral of sqrt(G_ii) dkappa_i from the center, by the trapezoid rule.
  /// As the supplement of the paper has it, version A: the cumulative sum of sqrt(G_ii) without the
  /// step of the grid, minus that at the center.
  legacy_absolute,
  /// Version B, where the square root is missing: the cumulative sum of G_ii, an energy and no
  /// length, minus that at the center, each half scaled to end where the coordinate does.
  legacy_normalized,
};
const char* name_of(GridlineMethod method);

struct GridlineOptions {
  GridlineMethod method = GridlineMethod::arc_length;
  /// Of arc_length: each half is scaled to end where the coordinate does, as in version B.
  bool per_half = false;
};

/// Where the points of a grid are drawn. The lines from the center along each coordinate have their
/// length; the drawing is the manifold itself, isometrically, only where G is that of the drawing,
/// dX' dX = G, which asks for G_12 = 0 and sqrt(G_11) the same along the second coordinate.
struct Gridlines {
  Matrix positions;  ///< (m, K) X_i
  /// (K) |dX' dX - G|_F / |G|_F by central differences of the positions over the grid, one-sided at
  /// ends: 0 where the drawing is isometric. Only of arc_length without per_half; else empty.
  Vector defect;
  /// (K) the largest |G_ij| / sqrt(G_ii G_jj), i != j: cosines that the drawing leaves out.
  Vector obliqueness;
  /// (m, K) sqrt(G_ii) over its mean along the other coordinates, minus 1. Where all are 0 the
  /// lines are those of a Chebyshev net: opposite sides of each mesh are equally long.
  Matrix net_defect;
};

/// metric (m m, K): G at the points of `grid`, column by column, as in PullbackMetric. The center
/// is node N_i / 2 (rounded down) of each coordinate. Version A and B are ours to offer, not to
/// recommend. Throws std::invalid_argument on other sizes or entries not finite.
Gridlines gridlines(const Grid& grid, In<Matrix> metric, const GridlineOptions& options = {});

}  // namespace nullcline::geometry
