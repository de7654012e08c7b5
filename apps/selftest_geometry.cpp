// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>

#include "apps/selftest_warp.hpp"
#include "nullcline/geometry/curvature.hpp"
#include "nullcline/geometry/geodesics/geodesic.hpp"
#include "nullcline/geometry/geodesics/parallel_transport.hpp"
#include "nullcline/geometry/geodesics/rays.hpp"
#include "nullcline/geometry/manifolds/grid.hpp"
#include "nullcline/geometry/manifolds/surfaces.hpp"
#include "nullcline/geometry/pullback_metric.hpp"

namespace nullcline::apps {
namespace {

using Checks = std::vector<SelftestCheck>;
using namespace nullcline::geometry;
constexpr double pi = std::numbers::pi;

double gaussian(const ImmersedManifold& surface, In<Vector> kappa) {
  const Jets jets = surface.jets(kappa, 2);
  return curvature(jets.tangents, jets.second, 2).gaussian(0);
}

double total_curvature(const ImmersedManifold& surface, const std::vector<Index>& counts) {
  const Grid grid = make_grid(surface.domain(), counts, Spacing::chebyshev);
  const Jets jets = surface.jets(grid.points(), 2);
  return integrate(grid, curvature(jets.tangents, jets.second, 2).gaussian,
                   pullback_metric(jets.tangents, 2).volume);
}

/// A geodesic's length, and how far the exponential map of its direction misses its end.
Checks distance(const ImmersedManifold& surface, In<Vector> p, In<Vector> q, double known) {
  const GeodesicSearch found = geodesics_between(surface, p, q, {.windings = 0});
  if (found.shortest < 0) return {{"distance", known, NAN, 1e-8}};
  const Rays ray = geodesic_rays(surface, p, found.best().start_velocity);
  return {{"distance", known, found.best().length, 1e-8},
          {"speed along it, change", 0, ray.error(0), 1e-8},
          {"exp(log) misses its end by", 0, (ray.end(0) - q).norm(), 1e-7}};
}

Checks ball() {
  const FunctionManifold surface = sphere(1.5);
  const Vector p{{1.1, 0.3}}, q{{1.9, 1.7}};
  Checks checks = distance(surface, p, q, sphere_distance(1.5, p, q));
  checks.push_back({"K", 1 / 2.25, gaussian(surface, p), 1e-12});
  checks.push_back({"integral of K, 4 pi without caps", 4 * pi * std::cos(0.02),
                    total_curvature(surface, {24, 8}), 1e-10});
  const double theta = 0.9;
  const Curve around = [&](double s) {
    return CurvePoint{Vector{{theta, 2 * pi * s}}, Vector{{0, 2 * pi}}};
  };
  const Vector w{{1, 0}};
  const Transport carried = parallel_transport(surface, around, w);
  const double turn = angle_between(surface, Vector{{theta, 0}}, w, carried.vectors);
  checks.push_back({"turn around 0.9 rad of latitude, area of the cap",
                    2 * pi * (1 - std::cos(theta)), turn < 0 ? turn + 2 * pi : turn, 1e-8});
  return checks;
}

Checks plane() {
  const FunctionManifold surface = pseudosphere();
  const Vector p{{0.5, -1.0}}, q{{1.2, 1.5}};
  Checks checks = distance(surface, p, q, pseudosphere_distance(p, q));
  checks.push_back({"K", -1, gaussian(surface, p), 1e-12});
  return checks;
}

Checks ring() {
  const FunctionManifold surface = ring_torus(2, 0.8);
  const Vector p{{0.4, 1.1}};
  const double known = std::cos(1.1) / (0.8 * (2 + 0.8 * std::cos(1.1)));
  return {{"K", known, gaussian(surface, p), 1e-12},
          {"integral of K", 0, total_curvature(surface, {8, 64}), 1e-10}};
}

Checks flat() {
  const FunctionManifold surface = clifford_torus(1, 0.4);
  const Vector p{{0.2, 0.1}}, q{{3.0, 5.5}};
  const GeodesicSearch found = geodesics_between(surface, p, q);
  double worst = 0;
  for (const Geodesic& way : found.all) {
    const double a = 2.8 + 2 * pi * static_cast<double>(way.winding[0]);
    const double b = 5.4 - 2 * pi + 2 * pi * static_cast<double>(way.winding[1]);
    const double off = std::abs(way.length - std::hypot(a, 0.4 * b));
    // A geodesic that was not found must not pass.
    worst = way.status == GeodesicStatus::converged ? std::max(worst, off) : INFINITY;
  }
  return {{"K", 0, gaussian(surface, p), 1e-12},
          {"ways between two points", 9, static_cast<double>(found.all.size()), 0},
          {"error of their lengths", 0, worst, 1e-7}};
}

}  // namespace

std::vector<SelftestCase> selftest_geometry() {
  const std::string closed = "closed form";
  std::vector<SelftestCase> all = {{"sphere of radius 1.5", closed, ball},
                                   {"hyperbolic plane, on the pseudosphere", closed, plane},
                                   {"torus in space", closed, ring},
                                   {"Clifford torus, its nine geodesics", closed, flat}};
  for (const SelftestCase& each : selftest_warp()) all.push_back(each);
  return all;
}

}  // namespace nullcline::apps
