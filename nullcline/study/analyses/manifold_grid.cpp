// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/manifold_grid.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <stdexcept>

namespace nullcline::study {
namespace {

using tasks::InputManifold;

double default_size(const std::vector<InputManifold::Coordinate>& coordinates) {
  constexpr double sizes[] = {61, 15, 7, 3, 3};
  const std::size_t m = coordinates.size();
  if (m == 1 && coordinates[0].periodic) return 60;
  return m <= std::size(sizes) ? sizes[m - 1] : 2;
}

/// One whole number a coordinate.
std::vector<Index> sizes_of(std::vector<double> asked,
                            const std::vector<InputManifold::Coordinate>& coordinates,
                            Index max_points) {
  const std::size_t m = coordinates.size();
  if (asked.empty()) asked.assign(m, default_size(coordinates));
  if (asked.size() == 1) asked.assign(m, asked.front());
  const std::string text = fmt::format("{}", fmt::join(asked, " x "));
  if (asked.size() != m) {
    throw std::invalid_argument(fmt::format(
        "grid: {} for a manifold of {} coordinates; give one number or {}", text, m, m));
  }
  double points = 1;
  for (const double size : asked) {
    if (size < 2 || size != std::floor(size)) {
      throw std::invalid_argument(
          fmt::format("grid: {}; points of a coordinate are whole numbers, at least 2", text));
    }
    points *= size;
  }
  if (points > static_cast<double>(max_points)) {
    throw std::invalid_argument(
        fmt::format("grid: {} are {:.0f} points, more than {}", text, points, max_points));
  }
  return {asked.begin(), asked.end()};
}

Vector axis_of(const InputManifold::Coordinate& coordinate, Index size) {
  const double intervals = static_cast<double>(coordinate.periodic ? size : size - 1);
  Vector axis(size);
  for (Index i = 0; i < size; ++i) {
    axis(i) = coordinate.lowest +
              (coordinate.highest - coordinate.lowest) * static_cast<double>(i) / intervals;
  }
  return axis;
}

/// The places on the axes of point k, the last one fastest.
std::vector<Index> places(const std::vector<Vector>& axes, Index k) {
  std::vector<Index> places(axes.size());
  for (std::size_t i = axes.size(); i-- > 0; k /= axes[i].size()) places[i] = k % axes[i].size();
  return places;
}

Vector kappa_at(const std::vector<Vector>& axes, Index k) {
  const auto place = places(axes, k);
  Vector kappa(static_cast<Index>(axes.size()));
  for (std::size_t i = 0; i < axes.size(); ++i) kappa(static_cast<Index>(i)) = axes[i](place[i]);
  return kappa;
}

/// Column t of `values` (n_in, T) for each t into column (t count + j) of + i of `all`.
void put(Matrix& all, const Matrix& values, Index count, Index j, Index of = 1, Index i = 0) {
  for (Index t = 0; t < values.cols(); ++t) all.col((t * count + j) * of + i) = values.col(t);
}

geometry::ManifoldInputs inputs_at(const InputManifold& manifold, const std::vector<Vector>& axes,
                                   Index first, Index count, bool second) {
  geometry::ManifoldInputs result;
  result.points = count;
  result.dim = static_cast<Index>(axes.size());
  const Index pairs = result.pairs();
  for (Index j = 0; j < count; ++j) {
    const InputManifold::Point point = manifold.at(kappa_at(axes, first + j));
    if (j == 0) {
      const Index n_in = point.inputs.rows(), columns = point.inputs.cols() * count;
      result.inputs.resize(n_in, columns);
      result.tangents.resize(n_in, columns * result.dim);
      if (second) result.second.resize(n_in, columns * pairs);
    }
    put(result.inputs, point.inputs, count, j);
    for (Index i = 0; i < result.dim; ++i) {
      put(result.tangents, point.first[static_cast<std::size_t>(i)], count, j, result.dim, i);
    }
    for (Index p = 0; second && p < pairs; ++p) {
      put(result.second, point.second[static_cast<std::size_t>(p)], count, j, pairs, p);
    }
  }
  return result;
}

}  // namespace

Vector ManifoldGrid::kappa(Index k) const { return kappa_at(axes, k); }

Vector ManifoldGrid::weights() const {
  Vector weights(points.count);
  for (Index k = 0; k < points.count; ++k) {
    const auto place = places(axes, k);
    weights(k) = 1;
    for (std::size_t i = 0; i < axes.size(); ++i) {
      const Index last = axes[i].size() - 1;
      const bool end = !coordinates[i].periodic && (place[i] == 0 || place[i] == last);
      weights(k) *= (axes[i](1) - axes[i](0)) * (end ? 0.5 : 1);
    }
  }
  return weights;
}

ManifoldGrid manifold_grid(const InputManifold& manifold, const std::vector<double>& sizes,
                           Index max_points) {
  ManifoldGrid grid;
  grid.name = manifold.name;
  grid.coordinates = manifold.coordinates;
  const std::size_t m = grid.coordinates.size();
  const auto size = sizes_of(sizes, grid.coordinates, max_points);
  grid.points.count = 1;
  for (std::size_t i = 0; i < m; ++i) {
    grid.axes.push_back(axis_of(grid.coordinates[i], size[i]));
    grid.points.count *= size[i];
  }
  grid.points.dim = static_cast<Index>(m);
  grid.points.steps = manifold.at(grid.kappa(0)).inputs.cols();
  grid.points.second = true;
  grid.points.at = [manifold, axes = grid.axes](Index first, Index count, bool second) {
    return inputs_at(manifold, axes, first, count, second);
  };
  return grid;
}

}  // namespace nullcline::study
