// SPDX-License-Identifier: Apache-2.0
// Saddles of index 2 that nobody gave: where boundaries meet on the sphere of three directions.
#include "nullcline/dynamics/connections/detail/junctions.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "nullcline/core/stepper.hpp"
#include "nullcline/dynamics/points/fixed_points.hpp"
#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/latent_bits.hpp"
#include "tests/dynamics/test_flows.hpp"

namespace nullcline::dynamics {
namespace {

/// Columns of the nodes whose index is one of these.
Matrix points_of_index(const ConnectionGraph& graph, const Matrix& states,
                       const std::set<Index>& indices) {
  std::vector<Index> kept;
  for (Index v = 0; v < states.cols(); ++v) {
    if (indices.contains(graph.nodes[static_cast<std::size_t>(v)].unstable)) kept.push_back(v);
  }
  return states(Eigen::all, kept);
}

/// How many of the new saddles have each index. Each must be one of `known`.
std::map<Index, Index> new_by_index(const Connections& found, Index given, const Matrix& known) {
  std::map<Index, Index> counts;
  for (Index s = 0; s < found.new_saddles.cols(); ++s) {
    EXPECT_LE((known.colwise() - found.new_saddles.col(s)).colwise().norm().minCoeff(), 1e-10);
    ++counts[found.graph.nodes[static_cast<std::size_t>(given + s)].unstable];
  }
  return counts;
}

TEST(Junctions, OfThreeBitsAreTheSixSaddlesOfIndexTwo) {
  const LatentBits bits(5, 3, 2);
  const Matrix points = points_of_index(bits.ideal, bits.landmarks.points, {0, 1, 3});
  ASSERT_EQ(points.cols(), 21);
  const Connections found = find_connections(bits.map, landmarks_at(bits.map, points));
  EXPECT_EQ(new_by_index(found, 21, bits.landmarks.points), (std::map<Index, Index>{{2, 6}}));
  Index from_center = 0;
  for (const Connection& c : found.connections) from_center += c.to >= 21;
  EXPECT_EQ(from_center, 6);
}

TEST(Junctions, AreNotLookedForWhereAKnownSaddleExplainsTheBoundaries) {
  const LatentBits bits(5, 3, 2);
  const Connections found = find_connections(bits.map, bits.landmarks);
  for (const Departures& from : found.departures) EXPECT_EQ(from.junctions, 0);
}

TEST(Junctions, ReachAllSaddlesOfTheCubeFromItsCenterAndItsSinks) {
  // 1 -> 6 -> 12 -> 8, of which the six and the twelve are not given.
  const CubeOfWells flow;
  const SteppedFlow step(flow, 0.05, Method::rk4);
  const FrozenMap map(step, Vector());
  const ConnectionGraph ideal = flip_flop_graph(3);
  const Matrix states = labels_as_states(ideal);
  const Matrix points = points_of_index(ideal, states, {0, 3});
  const Connections found = find_connections(map, landmarks_at(map, points));
  EXPECT_EQ(new_by_index(found, 9, states), (std::map<Index, Index>{{1, 12}, {2, 6}}));
}

}  // namespace
}  // namespace nullcline::dynamics
