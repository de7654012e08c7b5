// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/deflation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/lu.hpp"
#include "nullcline/dynamics/points/detail/root_search.hpp"

namespace nullcline::dynamics {
namespace {

constexpr int halvings = 8;

/// ln M and its gradient.
struct Deflation {
  double log = 0;
  Vector gradient;
};

Deflation deflation(const Vector& x, In<Matrix> known) {
  Deflation at{0, Vector::Zero(x.size())};
  for (Index i = 0; i < known.cols(); ++i) {
    const Vector offset = x - known.col(i);
    const double squared = offset.squaredNorm();
    at.log += std::log1p(1 / squared);
    at.gradient -= 2 / (squared * (squared + 1)) * offset;
  }
  return at;
}

struct Point {
  Vector x, G;
  Deflation M;
  double residual() const { return G.norm(); }
  double log_merit() const { return std::log(residual()) + M.log; }  // of |M G|
};

Point evaluate(const Map& map, Vector x, In<Matrix> known) {
  Point point{std::move(x), Vector(map.dim()), {}};
  map.step(point.x, point.G);
  point.G -= point.x;
  point.M = deflation(point.x, known);
  return point;
}

}  // namespace

Root find_root_deflated(const Map& map, In<Vector> start, In<Matrix> known,
                        const RootOptions& options, const std::function<bool()>& keep_going) {
  require(start.size() == map.dim() && known.rows() == map.dim(),
          "find_root_deflated: start and known roots must have the dimension of the map");
  require(
      options.tolerance > 0 && options.max_iterations > 0 && options.escape_radius > 0 &&
          options.stall_iterations > 0,
      "find_root_deflated: need tolerance, max_iterations, escape_radius, stall_iterations > 0");
  const Vector bound = map.state_bound();
  Point here = evaluate(map, start, known);
  Lu lu;
  std::vector<double> merits;
  for (Index iteration = 0;; ++iteration) {
    const auto end = [&](SearchStatus status) {
      return Root{here.x, here.residual(), iteration, status};
    };
    if (!here.G.allFinite() || !std::isfinite(here.M.log)) return end(SearchStatus::not_finite);
    const bool outside = (here.x.array().abs() > detail::domain_slack * bound.array()).any();
    if (outside || here.x.norm() > options.escape_radius) return end(SearchStatus::escaped);
    if (here.residual() <= options.tolerance) {
      const bool spurious = detail::is_spurious(here.x, bound);
      return end(spurious ? SearchStatus::escaped : SearchStatus::fixed_point);
    }
    if (iteration == options.max_iterations) return end(SearchStatus::max_iterations);
    if (keep_going && !keep_going()) return end(SearchStatus::cancelled);
    merits.push_back(here.log_merit());
    const auto window = static_cast<std::size_t>(options.stall_iterations);
    if (merits.size() > window &&
        merits.back() > merits[merits.size() - 1 - window] - std::log(2)) {
      return end(SearchStatus::stalled);
    }

    const Matrix A = detail::jacobian_of_difference(map, here.x);
    if (!A.allFinite()) return end(SearchStatus::not_finite);
    if (!lu.factor(A)) return end(SearchStatus::stalled);
    Vector step = -here.G;
    lu.solve(step);
    step /= 1 - here.M.gradient.dot(step);
    bool moved = false;
    for (int halving = 0; halving <= halvings && !moved && step.allFinite(); ++halving) {
      Point there = evaluate(map, here.x + step, known);
      moved = there.log_merit() < here.log_merit();
      if (moved) here = std::move(there);
      step *= 0.5;
    }
    if (!moved) return end(SearchStatus::stalled);
  }
}

}  // namespace nullcline::dynamics
