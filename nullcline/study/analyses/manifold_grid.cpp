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

/// The points of a grid by their numbers, a block at a time.
geometry::ManifoldInputs block(const geometry::Grid& grid, const geometry::InputFunctions& inputs,
                               Index first, Index count, bool second) {
  Matrix kappa(grid.dim(), count);
  for (Index k = 0; k < count; ++k) kappa.col(k) = grid.at(first + k);
  return inputs.at(kappa, second ? 2 : 1);
}

}  // namespace

std::vector<Index> grid_sizes(const char* setting, std::vector<double> asked, std::size_t m,
                              Index most) {
  if (asked.size() == 1) asked.assign(m, asked.front());
  const std::string text = fmt::format("{}", fmt::join(asked, " x "));
  if (asked.size() != m) {
    throw std::invalid_argument(fmt::format(
        "{}: {} for a manifold of {} coordinates; give one number or {}", setting, text, m, m));
  }
  double points = 1;
  for (const double size : asked) {
    if (size < 2 || size != std::floor(size)) {
      throw std::invalid_argument(fmt::format(
          "{}: {}; points of a coordinate are whole numbers, at least 2", setting, text));
    }
    points *= size;
  }
  if (points > static_cast<double>(most)) {
    throw std::invalid_argument(
        fmt::format("{}: {} are {:.0f} points, more than {}", setting, text, points, most));
  }
  return {asked.begin(), asked.end()};
}

ManifoldGrid manifold_grid(const InputManifold& manifold, const std::vector<double>& sizes,
                           Index max_points) {
  const geometry::InputFunctions inputs = input_functions(manifold);
  ManifoldGrid result{manifold.name, manifold.coordinates, {}, {}, manifold.decision};
  result.functions = inputs;
  const std::size_t m = inputs.domain.size();
  const auto asked = sizes.empty() ? std::vector{default_size(manifold.coordinates)} : sizes;
  result.grid = geometry::make_grid(inputs.domain, grid_sizes("grid", asked, m, max_points));
  result.points = {result.grid.size(), result.grid.dim(), 0, true, {}};
  result.points.steps = manifold.at(result.grid.at(0)).inputs.cols();
  result.points.at = [grid = result.grid, inputs](Index first, Index count, bool second) {
    return block(grid, inputs, first, count, second);
  };
  return result;
}

}  // namespace nullcline::study
