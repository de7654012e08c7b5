// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/legacy_curvature.hpp"

#include <fmt/core.h>

#include <cmath>
#include <stdexcept>

namespace nullcline::geometry {
namespace {

constexpr double added = 1e-5;  // to sqrt(D), by the supplement

/// Forward differences of f (K) along coordinate i.
Vector difference(const Grid& grid, const Vector& f, std::size_t i) {
  Vector result(f.size());
  const Vector& nodes = grid.nodes[i];
  const Index N = nodes.size();
  for (Index k = 0; k < f.size(); ++k) {
    std::vector<Index> here = grid.position(k);
    const bool around = grid.domain[i].periodic && here[i] == N - 1;
    if (!around && here[i] == N - 1) --here[i];
    std::vector<Index> next = here;
    next[i] = around ? 0 : here[i] + 1;
    const double step = nodes(next[i]) - nodes(here[i]) + (around ? grid.domain[i].extent() : 0);
    result(k) = (f(grid.number(next)) - f(grid.number(here))) / step;
  }
  return result;
}

}  // namespace

double legacy_curvature(const MetricDerivatives& d) {
  const double D = d.E * d.G - d.F * d.F;
  const double D_u = d.E_u * d.G + d.E * d.G_u - 2 * d.F * d.F_u;
  const double D_v = d.E_v * d.G + d.E * d.G_v - 2 * d.F * d.F_v;
  const double along_u = d.F_uv - d.G_uu / 2 - (d.F_v - d.G_u / 2) * D_u / (2 * D);
  const double along_v = d.F_uv - d.E_vv / 2 - (d.F_u - d.E_v / 2) * D_v / (2 * D);
  return (along_u + along_v) / D;
}

LegacyCurvature legacy_curvature(const Grid& grid, In<Matrix> metric, In<Vector> gaussian) {
  const Index K = grid.size();
  if (grid.dim() != 2 || metric.rows() != 4 || metric.cols() != K || gaussian.size() != K) {
    throw std::invalid_argument(
        fmt::format("legacy_curvature: metric {} x {} and {} curvatures on {} points of {} "
                    "coordinates; must be 4 x K, K and 2",
                    metric.rows(), metric.cols(), gaussian.size(), K, grid.dim()));
  }
  const Vector E = metric.row(0), F = metric.row(1), G = metric.row(3);
  const Vector root = (E.array() * G.array() - F.array().square()).sqrt() + added;
  const Vector first = (difference(grid, F, 1) - difference(grid, G, 0) / 2).cwiseQuotient(root);
  const Vector second = (difference(grid, F, 0) - difference(grid, E, 1) / 2).cwiseQuotient(root);
  LegacyCurvature result;
  result.values = (difference(grid, first, 0) + difference(grid, second, 1)).cwiseQuotient(root);
  result.difference = result.values - gaussian;
  for (Index k = 0; k < K; ++k) {
    if (!(std::abs(result.difference(k)) > result.largest_difference)) continue;
    result.largest_difference = std::abs(result.difference(k));
    result.where = k;
  }
  return result;
}

}  // namespace nullcline::geometry
