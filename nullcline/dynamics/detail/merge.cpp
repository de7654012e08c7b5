// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/detail/merge.hpp"

#include <limits>

namespace nullcline::dynamics::detail {

std::vector<Cluster> merge_by_distance(In<Matrix> states, const std::vector<Index>& members,
                                       In<Vector> cost, double distance) {
  std::vector<Cluster> clusters;
  for (const Index k : members) {
    Cluster* nearest = nullptr;
    double nearest_squared = std::numeric_limits<double>::infinity();
    for (Cluster& cluster : clusters) {
      const auto founder = states.col(cluster.members.front());
      const double squared = (states.col(k) - founder).squaredNorm();
      const double reach = distance * (1 + founder.norm());
      if (squared <= reach * reach && squared < nearest_squared) {
        nearest = &cluster;
        nearest_squared = squared;
      }
    }
    if (nearest == nullptr) {
      clusters.push_back({k, {k}});
      continue;
    }
    nearest->members.push_back(k);
    if (cost(k) < cost(nearest->best)) nearest->best = k;
  }
  return clusters;
}

}  // namespace nullcline::dynamics::detail
