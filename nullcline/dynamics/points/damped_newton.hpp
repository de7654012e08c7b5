// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "nullcline/core/map.hpp"
#include "nullcline/dynamics/points/search_status.hpp"

namespace nullcline::dynamics {

struct RootOptions {
  double tolerance = 1e-12;     ///< > 0; done when |F(x) - x| <= tolerance (2-norm).
  Index max_iterations = 300;   ///< > 0; one Jacobian each.
  double escape_radius = 1e3;   ///< > 0; given up when |x| > escape_radius.
  Index stall_iterations = 16;  ///< > 0; given up when |F(x) - x|^2 was not halved in so many.
};

struct Root {
  Vector state;          ///< (n) the last x, the best one seen.
  double residual = 0;   ///< |F(x) - x|.
  Index iterations = 0;  ///< Jacobians computed.
  SearchStatus status = SearchStatus::stalled;
};

/// Solves G(x) = F(x) - x = 0 from `start`. With A = dG/dx = J - I,
///
///     Newton                A s = -G,
///     Levenberg-Marquardt   (A'A + mu I) s = -A'G,
///
/// and x <- x + s. The Newton step (mu = 0, one LU), then half and a quarter of it, is tried first
/// and kept if it reduces |G| by 13 % of the fraction taken at least and stays inside the escape
/// radius and 1.5 times the box of Map::state_bound; otherwise mu is raised until a step reduces
/// |G|, and adapted by the ratio of the actual to the predicted reduction [Nielsen 1999,
/// "Damping parameter in Marquardt's method"]. |G| never grows. Where A is singular (a line of
/// fixed points) only the second is defined, and finds one of the points.
///
/// No x in double precision can do better than a residual of about
///     4 eps sqrt(n) (1 + |x|) max(1, |A|_F / sqrt(n)),
/// so where Newton fails below that the status is rounding_limited, and `residual` the one reached.
///
/// `keep_going`, if given, is asked before each iteration; false ends with status cancelled.
/// Throws std::invalid_argument on a wrong size or option.
Root find_root(const Map& map, In<Vector> start, const RootOptions& options = {},
               const std::function<bool()>& keep_going = {});

/// Newton steps of at most `reach` for as long as they halve the residual: takes a root that met a
/// tolerance to rounding level where A is well conditioned.
Root polish_root(const Map& map, In<Vector> root, double reach);

}  // namespace nullcline::dynamics
