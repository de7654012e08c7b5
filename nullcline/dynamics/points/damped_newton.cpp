// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/damped_newton.hpp"

#include "nullcline/core/errors.hpp"
#include "nullcline/core/lu.hpp"
#include "nullcline/dynamics/points/detail/root_search.hpp"

namespace nullcline::dynamics {

Root find_root(const Map& map, In<Vector> start, const RootOptions& options,
               const std::function<bool()>& keep_going) {
  require(start.size() == map.dim(), "find_root: start must have the dimension of the map");
  require(options.tolerance > 0, "find_root: need tolerance > 0");
  require(options.max_iterations > 0 && options.stall_iterations > 0,
          "find_root: need max_iterations > 0 and stall_iterations > 0");
  require(options.escape_radius > 0, "find_root: need escape_radius > 0");
  const Vector bound = map.state_bound();
  Lu lu;
  detail::RootSearch search(map, bound, start, options, lu);
  Vector F(map.dim());
  while (!search.done()) {
    if (!search.wants_offer()) {
      map.step(search.trial(), F);
      search.digest(F);
    } else if (keep_going && !keep_going()) {
      search.cancel();
    } else {
      search.decline();
    }
  }
  return search.result();
}

Root polish_root(const Map& map, In<Vector> root, double reach) {
  Vector x = root, F(map.dim()), step;
  const auto difference = [&](const Vector& at) -> Vector {
    map.step(at, F);
    return F - at;
  };
  Vector G = difference(x);
  Index iterations = 0;
  Lu lu;
  while (G.norm() > 0) {
    const Matrix A = detail::jacobian_of_difference(map, x);
    ++iterations;
    if (!A.allFinite() || !lu.factor(A)) break;
    step = G;
    lu.solve(step);
    if (!((x - step - root).norm() <= reach)) break;
    const Vector there = x - step, G_there = difference(there);
    if (!(G_there.norm() <= 0.5 * G.norm())) break;
    x = there;
    G = G_there;
  }
  return {x, G.norm(), iterations, SearchStatus::fixed_point};
}

}  // namespace nullcline::dynamics
