// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/manifolds/grid.hpp"

#include <fmt/core.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace nullcline::geometry {
namespace {

double chebyshev_angle(Index k, Index N) {
  return std::numbers::pi * static_cast<double>(k) / static_cast<double>(N - 1);
}

Vector nodes_of(const Coordinate& c, Index N, Spacing spacing) {
  if (!c.periodic && spacing == Spacing::chebyshev) {
    Vector nodes(N);
    for (Index k = 0; k < N; ++k) {
      nodes(k) = c.lowest + c.extent() * (1 - std::cos(chebyshev_angle(k, N))) / 2;
    }
    return nodes;
  }
  const double step = c.extent() / static_cast<double>(c.periodic ? N : N - 1);
  return c.lowest + step * Vector::LinSpaced(N, 0, static_cast<double>(N - 1)).array();
}

/// w_k of the rule of Clenshaw and Curtis on [0, 1]: the integrals of T_0, T_2, .. over [-1, 1],
/// 2 / (1 - j^2), against the cosine series of the values [Trefethen 2008, "Is Gauss quadrature
/// better than Clenshaw-Curtis?"].
Vector clenshaw_curtis(Index N) {
  const Index degree = N - 1;
  Vector weights(N);
  for (Index k = 0; k < N; ++k) {
    double sum = 0;
    for (Index j = 0; j <= degree; j += 2) {
      const double half = j == 0 || j == degree ? 0.5 : 1;
      sum += half * 2 / (1 - static_cast<double>(j * j)) *
             std::cos(static_cast<double>(j) * chebyshev_angle(k, N));
    }
    weights(k) = sum * (k == 0 || k == degree ? 0.5 : 1) / static_cast<double>(degree);
  }
  return weights;
}

Vector weights_of(const Coordinate& c, Index N, Spacing spacing) {
  if (c.periodic) return Vector::Constant(N, c.extent() / static_cast<double>(N));
  if (spacing == Spacing::chebyshev) return c.extent() * clenshaw_curtis(N);
  Vector weights = Vector::Constant(N, c.extent() / static_cast<double>(N - 1));
  weights(0) /= 2;
  weights(N - 1) /= 2;
  return weights;
}

}  // namespace

Index Grid::size() const {
  Index count = 1;
  for (const Vector& line : nodes) count *= line.size();
  return count;
}

std::vector<Index> Grid::position(Index point) const {
  std::vector<Index> result(nodes.size());
  for (std::size_t i = nodes.size(); i-- > 0;) {
    result[i] = point % nodes[i].size();
    point /= nodes[i].size();
  }
  return result;
}

Index Grid::number(const std::vector<Index>& position) const {
  Index point = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) point = point * nodes[i].size() + position[i];
  return point;
}

Vector Grid::at(Index point) const {
  const std::vector<Index> where = position(point);
  Vector kappa(dim());
  for (std::size_t i = 0; i < where.size(); ++i) kappa(static_cast<Index>(i)) = nodes[i](where[i]);
  return kappa;
}

Matrix Grid::points() const {
  Matrix result(dim(), size());
  for (Index k = 0; k < result.cols(); ++k) result.col(k) = at(k);
  return result;
}

Vector Grid::quadrature() const {
  Vector result = Vector::Ones(size());
  for (Index k = 0; k < result.size(); ++k) {
    const std::vector<Index> where = position(k);
    for (std::size_t i = 0; i < where.size(); ++i) result(k) *= weights[i](where[i]);
  }
  return result;
}

Grid make_grid(const Domain& domain, const std::vector<Index>& counts, Spacing spacing) {
  check_domain("make_grid", domain);
  if (counts.size() != domain.size()) {
    throw std::invalid_argument(
        fmt::format("make_grid: {} counts for {} coordinates", counts.size(), domain.size()));
  }
  Grid grid{domain, {}, {}};
  for (std::size_t i = 0; i < domain.size(); ++i) {
    const Index fewest = domain[i].periodic ? 1 : 2;
    if (counts[i] < fewest) {
      throw std::invalid_argument(
          fmt::format("make_grid: coordinate {} has {} nodes, must have {}", i, counts[i], fewest));
    }
    grid.nodes.push_back(nodes_of(domain[i], counts[i], spacing));
    grid.weights.push_back(weights_of(domain[i], counts[i], spacing));
  }
  return grid;
}

double integrate(const Grid& grid, In<Vector> f, In<Vector> volume) {
  if (f.size() != grid.size() || volume.size() != grid.size()) {
    throw std::invalid_argument(fmt::format("integrate: {} values and {} volumes on {} points",
                                            f.size(), volume.size(), grid.size()));
  }
  return (grid.quadrature().array() * f.array() * volume.array()).sum();
}

}  // namespace nullcline::geometry
