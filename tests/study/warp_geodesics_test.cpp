// SPDX-License-Identifier: Apache-2.0
// Geodesics of a network whose state is its input, so that slices are a sphere or a torus.
#include "nullcline/study/analyses/warp_geodesics.hpp"

#include <gtest/gtest.h>

#include <Eigen/Geometry>
#include <cmath>
#include <stdexcept>

#include "nullcline/geometry/manifolds/surfaces.hpp"
#include "tests/study/mirror.hpp"

namespace nullcline::study {
namespace {

using geometry::GeodesicStatus;
using testing::mirror, testing::pi, testing::R, testing::r;

/// Those of the mirror at step 1, and at step 0, where nothing has come yet.
SliceGeodesics geodesics_of(const tasks::InputManifold& manifold, const std::vector<double>& sizes,
                            SliceGeodesicsOptions options, const Progress& progress = {}) {
  const ManifoldGrid grid = manifold_grid(manifold, sizes, 1000);
  const Warp warp = warp_of(mirror(3), grid.points, {.steps = {0, 1}, .curvature = false});
  if (options.steps.empty()) options.steps = {0, 1};
  return slice_geodesics(mirror(3), warp, grid.functions, grid.grid, options, progress);
}

TEST(SliceGeodesics, OfAMirroredSphereAreGreatCircles) {
  SliceGeodesicsOptions options;
  options.between = {{Vector{{1.0, 0.3}}, Vector{{1.9, 1.6}}},
                     {Vector{{1.0, 0.0}}, Vector{{1.0, 1.0}}}};
  options.rays = {{Vector{{1.5, 0.2}}, Vector{{0.6, 0.0}}}};
  options.distances = true;
  const SliceGeodesics found = geodesics_of(testing::sphere(), {9, 24}, options);
  ASSERT_EQ(found.slices.size(), 2);
  EXPECT_FALSE(found.slices[0].searched);
  EXPECT_TRUE(std::isnan(found.slices[0].metric_error));
  EXPECT_TRUE(found.slices[0].between.empty());
  const GeodesicSlice& slice = found.slices[1];
  // 21 nodes of Chebyshev's on a quarter of a period and more, and a trigonometric coordinate.
  EXPECT_LT(slice.metric_error, 1e-11);
  for (std::size_t g = 0; g < options.between.size(); ++g) {
    const auto& [from, to] = options.between[g];
    const geometry::GeodesicSearch& search = slice.between[g];
    ASSERT_EQ(search.all.size(), 3);  // windings -1, 0 and 1 around the circle
    EXPECT_NEAR(search.best().length, geometry::sphere_distance(1, from, to), 1e-7);
    const auto best = static_cast<std::size_t>(search.shortest);
    const Matrix& x = slice.states[3 * g + best];
    ASSERT_EQ(x.cols(), search.best().path.cols());
    // All in the plane of the great circle: through its ends, and the center.
    const Eigen::Vector3d normal =
        Eigen::Vector3d(x.col(0)).cross(Eigen::Vector3d(x.rightCols(1))).normalized();
    EXPECT_LT((normal.transpose() * x).cwiseAbs().maxCoeff(), 1e-6);
    EXPECT_LT(search.best().length,
              slice.straight(static_cast<Index>(best), static_cast<Index>(g)));
  }
  EXPECT_NEAR(slice.straight(1, 1), std::sin(1.0), 1e-11);  // along a circle of latitude
  EXPECT_NEAR(slice.straight(0, 1), (2 * pi - 1) * std::sin(1.0), 1e-10);
  ASSERT_EQ(slice.rays.status[0], GeodesicStatus::converged);
  EXPECT_NEAR(slice.ray_speed(0), 0.6, 1e-12);
  EXPECT_LT((Vector(slice.rays.end(0)) - Vector{{2.1, 0.2}}).norm(), 1e-9);

  const geometry::Grid grid = manifold_grid(testing::sphere(), {9, 24}, 1000).grid;
  for (const Index k : {Index{30}, Index{100}, Index{200}}) {
    const double exact = geometry::sphere_distance(1, grid.at(27), grid.at(k));
    EXPECT_GT(slice.distances.lengths(27, k), exact * (1 - 1e-3));  // Simpson's rule of the edges
    EXPECT_LT(slice.distances.lengths(27, k), exact * 1.1);
  }
  EXPECT_GT(slice.distances.mean_excess, 0);
}

TEST(SliceGeodesics, OfAMirroredTorusGoAroundItBothWays) {
  SliceGeodesicsOptions options;
  options.between = standard_ends(manifold_grid(testing::torus(), {4}, 1000).functions.domain);
  options.steps = {1};
  const SliceGeodesics found = geodesics_of(testing::torus(), {8}, options);
  ASSERT_EQ(found.between.size(), 4);  // across v, across w, two diagonals
  const GeodesicSlice& slice = found.slices[0];
  EXPECT_NEAR(slice.between[0].best().length, pi * r, 1e-7);  // half of a meridian
  EXPECT_EQ(slice.between[0].all.size(), 9);
  // The outer equator is a geodesic, though not the shortest: Clairaut's with cos = 1.
  EXPECT_NEAR(slice.straight(4, 1), pi * (R + r), 1e-10);
  EXPECT_LE(slice.between[1].best().length, pi * (R + r) + 1e-6);
  EXPECT_GT(slice.between[1].best().length, pi * (R - r));
}

TEST(SliceGeodesics, LeaveOutWhatTheNodesDoNotFollow) {
  SliceGeodesicsOptions options;
  options.steps = {1};
  options.nodes = {4};  // of a cosine on a quarter of a period and more, by a cubic
  options.between = {{Vector{{1.0, 0.3}}, Vector{{1.9, 1.6}}}};
  options.most_error = 1e-6;
  const GeodesicSlice without = geodesics_of(testing::sphere(), {5}, options).slices[0];
  EXPECT_FALSE(without.searched);
  EXPECT_GT(without.metric_error, 1e-6);
  EXPECT_TRUE(without.between.empty());
  options.most_error = 10;
  EXPECT_TRUE(geodesics_of(testing::sphere(), {5}, options).slices[0].searched);
}

TEST(SliceGeodesics, AcrossIntervalsGoFromEndToEndAndOnCirclesHalfWay) {
  const auto ends = standard_ends({{-1, 3, false}, {0, 2 * pi, true}});
  ASSERT_EQ(ends.size(), 4);
  EXPECT_EQ(ends[0].from, (Vector{{-1, 0}}));
  EXPECT_EQ(ends[0].to, (Vector{{3, 0}}));
  EXPECT_EQ(ends[1].from, (Vector{{1, 0}}));
  EXPECT_EQ(ends[1].to, (Vector{{1, pi}}));
  EXPECT_EQ(ends[3].from, (Vector{{-1, pi}}));
  EXPECT_EQ(ends[3].to, (Vector{{3, 0}}));
  EXPECT_EQ(standard_ends({{0, 1, false}}).size(), 1);
}

TEST(SliceGeodesics, RefuseWhatDoesNotFitAndEndWhenTheyAreAskedTo) {
  SliceGeodesicsOptions options;
  options.between = {{Vector{{0.4, 0.3}}, Vector{{1.9, 1.6}}}};  // theta begins at 0.5
  EXPECT_THROW(geodesics_of(testing::sphere(), {4}, options), std::invalid_argument);
  options.between = {{Vector{{0.6, 0.3}}, Vector{{1.9, 1.6}}}};
  options.steps = {2};
  EXPECT_THROW(geodesics_of(testing::sphere(), {4}, options), std::invalid_argument);
  options.steps = {1};
  options.nodes = {5, 5, 5};
  EXPECT_THROW(geodesics_of(testing::sphere(), {4}, options), std::invalid_argument);
  options.nodes = {};
  int asked = 0;
  const SliceGeodesics found =
      geodesics_of(testing::sphere(), {4}, options, [&](double) { return ++asked < 3; });
  EXPECT_TRUE(found.cancelled);
  EXPECT_TRUE(found.slices.empty());
}

}  // namespace
}  // namespace nullcline::study
