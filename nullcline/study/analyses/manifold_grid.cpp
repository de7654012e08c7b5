// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/manifold_grid.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <stdexcept>

#include "nullcline/study/input_functions.hpp"

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

/// The points of a grid by their numbers, a block at a time.
geometry::ManifoldInputs block(const geometry::Grid& grid, const geometry::InputFunctions& inputs,
                               Index first, Index count, bool second) {
  Matrix kappa(grid.dim(), count);
  for (Index k = 0; k < count; ++k) kappa.col(k) = grid.at(first + k);
  return inputs.at(kappa, second ? 2 : 1);
}

}  // namespace

ManifoldGrid manifold_grid(const InputManifold& manifold, const std::vector<double>& sizes,
                           Index max_points) {
  const geometry::InputFunctions inputs = input_functions(manifold);
  ManifoldGrid result{manifold.name, manifold.coordinates, {}, {}, manifold.decision};
  result.grid =
      geometry::make_grid(inputs.domain, sizes_of(sizes, manifold.coordinates, max_points));
  result.points = {result.grid.size(), result.grid.dim(), 0, true, {}};
  result.points.steps = manifold.at(result.grid.at(0)).inputs.cols();
  result.points.at = [grid = result.grid, inputs](Index first, Index count, bool second) {
    return block(grid, inputs, first, count, second);
  };
  return result;
}

}  // namespace nullcline::study
