// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/fixed_points.hpp"

#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/points/detail/fixed_point_search.hpp"

namespace nullcline::dynamics {

FixedPoints find_fixed_points(const Map& map, In<Matrix> starts, const FixedPointOptions& options) {
  require(starts.rows() == map.dim(), "find_fixed_points: starts must be (dimension of map, K)");
  detail::FixedPointSearch search(map, options);
  search.add(starts, options.progress);
  return search.result();
}

}  // namespace nullcline::dynamics
