// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/parallel.hpp"
#include "nullcline/core/progress.hpp"
#include "nullcline/core/types.hpp"
#include "nullcline/geometry/geodesics/status.hpp"
#include "nullcline/geometry/manifolds/immersed_manifold.hpp"

namespace nullcline::geometry {

struct GeodesicOptions {
  Index segments = 8;          ///< P of the coarsest polygon, >= 2; it is doubled
  Index max_segments = 512;    ///< up to at most this.
  double tolerance = 1e-9;     ///< Of the length, relative; > 0.
  Index max_iterations = 100;  ///< Newton steps at each P, > 0.
  Index windings = 1;  ///< Around each circle, 0: the shorter way in the coordinates alone; >= 0.
  /// Paths (m, any number of knots >= 2) to begin with besides straight lines, from `from` to `to`
  /// up to periods.
  std::vector<Matrix> starts = {};
  Threads threads = {};  ///< Over the starts.
};

/// A curve from `from` to `to` that is as short as any near it, or at least stationary.
struct Geodesic {
  std::vector<Index> winding;  ///< (m) periods more than the shorter way around each circle.
  Matrix path;  ///< (m, P + 1) kappa at s = p / P, not wrapped; extrapolated as the length is.
  double length = 0;
  double error = 0;  ///< Of the length, estimated: what the last doubling changed of it.
  Vector start_velocity, end_velocity;  ///< (m) dkappa / ds at 0 and 1; the former is log(to).
  bool minimum =
      false;           ///< No shorter path is near: no conjugate point lies between, but rounding.
  Index segments = 0;  ///< P of the finest polygon.
  Index iterations = 0;  ///< Newton steps in all.
  GeodesicStatus status = GeodesicStatus::not_converged;
};

struct GeodesicSearch {
  std::vector<Geodesic> all;  ///< One a start: windings in order, then `starts`.
  Index shortest = -1;        ///< Of those that converged; -1 if none did.
  bool cancelled = false;     ///< Then those that were not reached are not_converged.

  const Geodesic& best() const { return all.at(static_cast<std::size_t>(shortest)); }
};

/// Geodesics between two points, by the energy of polygons E = P / 2 sum |x_{p+1} - x_p|^2
/// over knots kappa_p, minimized by Newton's method, at P, 2 P, 4 P .. segments. The length sqrt(2
/// E), the velocities at the ends and the knots have errors in even powers of 1 / P, and are
/// extrapolated to P = infinity [Romberg 1955], until the length changes by less than the
/// tolerance. No chord may be shorter than 0.8 of the arc below it, as it would cut across, or not
/// see a winding: where one is, the next P begins anew.
///
/// Starts are the straight lines in kappa to `to` and to its copies up to `windings` periods more
/// on each circle: (2 windings + 1)^circles of them. On a torus each class of paths has one; which
/// classes are kept is a choice of ours, and longer windings exist always.
///
/// Throws std::invalid_argument on points outside the domain, paths that do not end at them, or an
/// option out of range.
[[nodiscard]] GeodesicSearch geodesics_between(const ImmersedManifold& manifold, In<Vector> from,
                                               In<Vector> to, const GeodesicOptions& options = {},
                                               const Progress& progress = {});

}  // namespace nullcline::geometry
