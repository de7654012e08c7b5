// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/cells/network.hpp"
#include "nullcline/core/settings.hpp"
#include "nullcline/geometry/geodesics/grid_distances.hpp"
#include "nullcline/geometry/geodesics/rays.hpp"
#include "nullcline/geometry/manifolds/driven_slice.hpp"
#include "nullcline/study/analyses/warp.hpp"

namespace nullcline::study {

/// Two points of a manifold, kappa (m) each.
struct GeodesicEnds {
  Vector from, to;
};
/// A point of a manifold and a direction, kappa and dkappa / ds (m) each; s goes from 0 to 1.
struct GeodesicRay {
  Vector from, velocity;
};

/// What pictures show of a manifold (our choice): a geodesic across each coordinate, the others in
/// the middle of their interval or at the beginning of their circle, and along both diagonals of a
/// surface. Across a circle is half-way around, from its beginning.
std::vector<GeodesicEnds> standard_ends(const geometry::Domain& domain);

struct SliceGeodesicsOptions {
  std::vector<Index> steps = {};           ///< (P) t, ascending.
  std::vector<GeodesicEnds> between = {};  ///< (G)
  std::vector<GeodesicRay> rays = {};      ///< (R)
  Index windings = 1;                      ///< As of geometry::GeodesicOptions.
  /// Of each coordinate, one number for all, at most 20,000 in all; empty: 49 of a curve, 21 x 21,
  /// 9 x 9 x 9, then 5 (our choice).
  std::vector<double> nodes = {};
  /// Slices whose metric_error is larger are left out: where states have nearly collapsed, or have
  /// creases, the interpolant would be of rounding or of ripples (our choice).
  double most_error = 0.1;
  bool distances = false;  ///< Between all points of the warp's grid.
  Index checked = 20;      ///< Pairs of these that are measured by geodesics.
  Threads threads = Threads{0};
};

/// At `geodesics` of the warp's steps, evenly spaced, the last one among them; `windings`, `nodes`.
SliceGeodesicsOptions geodesic_options(const Settings& settings, const std::vector<Index>& steps);

/// How many nodes each of m coordinates has. Throws std::invalid_argument where those that were
/// asked for do not fit.
std::vector<Index> node_counts(const std::vector<double>& asked, std::size_t m);

/// Geodesics of one slice. They are of the interpolant through the states at a grid of nodes
/// (geometry::GridInterpolant); empty where a point of the grid is not immersed, or not finite, and
/// where the interpolant is too far from the states.
struct GeodesicSlice {
  Index step = 0;
  /// The largest affine-invariant distance |log mu| between the metric of the interpolant and that
  /// of the slice, over the points of the warp: lengths are off by a factor of at most
  /// exp(error / 2), as far as these points tell. NaN where there is no metric.
  double metric_error = 0;
  bool searched = false;                               ///< Whether the slice was left in.
  std::vector<geometry::GeodesicSearch> between = {};  ///< (G)
  /// (W, G) lengths of the straight lines in kappa that the geodesics began with: how far the lines
  /// of the inputs are from being shortest.
  Matrix straight = {};
  std::vector<Matrix> states = {};  ///< (G W) of (n, knots) along `between`; empty: no geodesic.
  geometry::Rays rays = {};
  Vector ray_speed = {};  ///< (R) |v| at their beginning: what a ray is long at s = 1.
  geometry::GridDistances distances = {};
};

struct SliceGeodesics {
  std::vector<GeodesicEnds> between;  ///< (G)
  std::vector<GeodesicRay> rays;      ///< (R)
  std::vector<GeodesicSlice> slices;  ///< (P)
  bool cancelled = false;             ///< Then some slices are missing.
};

/// Of the network under `inputs`, at steps that the `warp` over `grid` has. Throws
/// std::invalid_argument on another step, on points outside the domain, or nodes that do not fit.
SliceGeodesics slice_geodesics(const cells::Network& network, const Warp& warp,
                               const geometry::InputFunctions& inputs, const geometry::Grid& grid,
                               const SliceGeodesicsOptions& options, const Progress& progress = {});

}  // namespace nullcline::study
