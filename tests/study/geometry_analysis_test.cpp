// SPDX-License-Identifier: Apache-2.0
// How networks warp input manifolds, on networks whose answer is known: linear ones, and one whose
// state is its input, so that the inputs can be a sphere or a torus.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "nullcline/study/analyses/geometry.hpp"
#include "nullcline/study/analyses/warp_extras.hpp"
#include "nullcline/study/analysis.hpp"
#include "tests/study/mirror.hpp"

namespace nullcline::study {
namespace {

using testing::dt, testing::linear, testing::mirror, testing::pi, testing::R, testing::r;
using testing::sphere, testing::torus;

TEST(ManifoldGrid, LeavesOutTheEndOfACircleAloneAndItsWeightsAddUpToTheRange) {
  const ManifoldGrid grid = manifold_grid(sphere(), {5, 4}, 100);
  EXPECT_EQ(grid.points.count, 20);
  EXPECT_EQ(grid.points.steps, 1);
  EXPECT_TRUE(grid.grid.nodes[0].isApprox(Vector{{0.5, 1, 1.5, 2, 2.5}}));
  EXPECT_TRUE(grid.grid.nodes[1].isApprox(Vector{{0, pi / 2, pi, 3 * pi / 2}}));
  EXPECT_TRUE(grid.grid.at(6).isApprox(Vector{{1, pi}}));  // the last coordinate is the fastest
  EXPECT_NEAR(grid.grid.quadrature().sum(), 2 * 2 * pi, 1e-13);
}

TEST(ManifoldGrid, RefusesSizesThatDoNotFit) {
  for (const std::vector<double>& sizes :
       {std::vector<double>{5, 5, 5}, {5.5}, {1}, {11}}) {  // 121 points are too many
    EXPECT_THROW(manifold_grid(torus(), sizes, 120), std::invalid_argument) << sizes[0];
  }
  EXPECT_EQ(manifold_grid(torus(), {}, 1000).points.count, 225);
}

TEST(Warp, OfAMirroredTorusHasItsMetricAndCurvature) {
  const ManifoldGrid grid = manifold_grid(torus(), {12}, 1000);
  const Warp warp = warp_of(mirror(3), grid.points, {.steps = {1}});
  for (Index k = 0; k < grid.points.count; ++k) {
    const double v = grid.grid.at(k)(0), rho = R + r * std::cos(v);
    EXPECT_NEAR(warp.metric.stretch(0, k), r, 1e-14);
    EXPECT_NEAR(warp.metric.stretch(1, k), rho, 1e-14);
    EXPECT_NEAR(warp.curvature(k), std::cos(v) / (r * rho), 1e-12);
    EXPECT_EQ(warp.metric.status[static_cast<std::size_t>(k)], geometry::MetricStatus::immersed);
  }
  const CurvatureSummary all = curvature_at(warp, 0, grid.grid.quadrature());
  EXPECT_NEAR(all.total, 0, 1e-12);  // Gauss and Bonnet
  EXPECT_NEAR(all.greatest, 1 / (r * (R + r)), 1e-12);
  EXPECT_NEAR(all.least, -1 / (r * (R - r)), 1e-12);
  EXPECT_NEAR(grid.grid.at(all.least_at)(0), pi, 1e-14);
  // The readout is the first axis: it sees of the second tangent what points there, -rho sin w.
  for (Index k = 0; k < grid.points.count; ++k) {
    const double v = grid.grid.at(k)(0), w = grid.grid.at(k)(1);
    EXPECT_NEAR(warp.alignment(1, k), std::abs(std::sin(w)), 1e-14);
    const double seen = std::pow(r * std::sin(v) * std::cos(w), 2) +
                        std::pow((R + r * std::cos(v)) * std::sin(w), 2);
    EXPECT_NEAR(warp.visible(k), seen / (r * r + std::pow(R + r * std::cos(v), 2)), 1e-14);
    EXPECT_NEAR(warp.readout_metric(0, k) + warp.readout_metric(3, k), seen, 1e-13);
  }
}

TEST(Warp, OfASphereHasTheCurvatureOneOverItsWholeArea) {
  const ManifoldGrid grid = manifold_grid(sphere(), {41, 8}, 1000);
  const Warp warp = warp_of(mirror(3), grid.points, {.steps = {1}});
  EXPECT_LT((warp.curvature.array() - 1).abs().maxCoeff(), 1e-12);
  const double area = 2 * pi * (std::cos(0.5) - std::cos(2.5));
  // The trapezoidal rule: (h^2 / 12) |f'(b) - f'(a)| of f = 2 pi sin.
  const double error = 0.05 * 0.05 / 12 * 2 * pi * std::abs(std::cos(2.5) - std::cos(0.5));
  EXPECT_NEAR(curvature_at(warp, 0, grid.grid.quadrature()).total, area, 1.01 * error);
}

TEST(Warp, HasTheMeanCurvatureOfATorusAndTheRicciCurvaturesOfASphereOfThreeDimensions) {
  const ManifoldGrid grid = manifold_grid(torus(), {8}, 1000);
  const Warp warp = warp_of(mirror(3), grid.points, {.steps = {1}});
  for (Index k = 0; k < grid.points.count; ++k) {
    const double rho = R + r * std::cos(grid.grid.at(k)(0));
    EXPECT_NEAR(warp.mean_curvature(k), (1 / r + std::cos(grid.grid.at(k)(0)) / rho) / 2, 1e-12);
  }
  EXPECT_EQ(warp.ricci.size(), 0);
  EXPECT_EQ(warp.units, 3);
  EXPECT_EQ(warp.last_input, 0);
  // (cos a, sin a cos b, sin a sin b cos c, sin a sin b sin c) / 2: of radius 1/2.
  const auto at = [](In<Vector> k) {
    const double a = k(0), b = k(1), c = k(2);
    const auto p = [&](int da, int db, int dc) -> Matrix {
      const auto s = [](double x, int d) { return std::sin(x + d * pi / 2); };
      const auto f = [&](int order, double value) { return order == 0 ? value : 0.0; };
      return Vector{{f(db + dc, s(a, da + 1)), f(dc, s(a, da) * s(b, db + 1)),
                     s(a, da) * s(b, db) * s(c, dc + 1), s(a, da) * s(b, db) * s(c, dc)}} /
             2;
    };
    tasks::InputManifold::Point point;
    point.inputs = p(0, 0, 0);
    point.first = {p(1, 0, 0), p(0, 1, 0), p(0, 0, 1)};
    point.second = {p(2, 0, 0), p(1, 1, 0), p(1, 0, 1), p(0, 2, 0), p(0, 1, 1), p(0, 0, 2)};
    return point;
  };
  const tasks::InputManifold ball{{{"a", 0.5, 2}, {"b", 0.5, 2}, {"c", 0, 1}}, at, "S^3"};
  const Warp found = warp_of(mirror(4), manifold_grid(ball, {3}, 100).points, {.steps = {1}});
  EXPECT_LT((found.ricci.array() - 8).abs().maxCoeff(), 1e-11);       // (m - 1) / r^2
  EXPECT_LT((found.curvature.array() - 24).abs().maxCoeff(), 1e-11);  // m (m - 1) / r^2
  EXPECT_LT((found.mean_curvature.array() - 2).abs().maxCoeff(), 1e-12);
}

TEST(SliceTopology, OfATorusIsThatOfATorusAndOfItsShadowHasDoublePoints) {
  const ManifoldGrid grid = manifold_grid(torus(), {8, 40}, 1000);
  const auto topology_of = [&](const cells::Network& network, const geometry::Grid* of,
                               const SliceTopologyOptions& options) {
    const Warp warp = warp_of(network, grid.points, {.steps = {0, 1}, .curvature = false});
    return slice_topology(network, warp, grid.points, of, options);
  };
  const SliceTopology found = topology_of(mirror(3), &grid.grid, {.steps = {1}});
  EXPECT_EQ(Vector(found.betti.col(0)), (Vector{{1, 2, 1}}));
  EXPECT_NEAR(found.immersion(0), r / (R + r), 1e-14);
  // Opposite points of the circles w, 2 r over pi r; oblique ways are up to 2 % too long.
  EXPECT_LT(found.injectivity(0), 1.001 * 2 / pi);
  EXPECT_GT(found.injectivity(0), 0.98 * 2 / pi);
  // Without the third axis v and -v are one point.
  Matrix flat = Matrix::Identity(3, 3);
  flat(2, 2) = 0;
  const cells::Network shadow = linear(Matrix::Zero(3, 3), flat, flat.topRows(1), 1);
  const SliceTopology folded = topology_of(shadow, &grid.grid, {.steps = {1}});
  EXPECT_LT(folded.injectivity(0), 1e-14);
  EXPECT_LT(folded.immersion(0), 1e-14);  // at the rims, v = 0 and pi
  // What needs no grid is there without one.
  const SliceTopology bare = topology_of(mirror(3), nullptr, {.steps = {1}});
  EXPECT_TRUE(std::isnan(bare.injectivity(0)));
  EXPECT_NEAR(bare.immersion(0), r / (R + r), 1e-14);
  EXPECT_THROW(topology_of(mirror(3), nullptr, {.steps = {2}}), std::invalid_argument);
  // A step at a time, the start among them, where all points are one.
  const SliceTopology slow = topology_of(mirror(3), &grid.grid, {.steps = {0, 1}, .memory = 1});
  EXPECT_EQ(slow.immersion(0), 0);
  EXPECT_EQ(slow.injectivity(1), found.injectivity(0));
  EXPECT_EQ(slow.betti.col(1), found.betti.col(0));
}

TEST(WarpExtras, HandTheProgressToTheTopology) {
  const ManifoldGrid grid = manifold_grid(torus(), {8, 10}, 1000);
  const Settings settings(warp_schema(), {});
  const Warp warp = warp_of(mirror(3), grid.points, {.steps = {1}});
  const auto extras = [&](const Progress& progress) {
    return extras_of(mirror(3), warp, grid.points, &grid.grid, {}, settings, Threads{1}, progress);
  };
  EXPECT_TRUE(extras([](double) { return false; }).topology.cancelled);
  double last = -1;
  const auto watch = [&](double fraction) {
    EXPECT_GE(fraction, last);
    last = fraction;
    return true;
  };
  EXPECT_FALSE(extras(watch).topology.cancelled);
  EXPECT_GE(last, 0.5);
}

TEST(ChosenSteps, EndAtTheLast) {
  EXPECT_EQ(chosen_steps({2, 4, 7, 9}, 2), (std::vector<Index>{4, 9}));
  EXPECT_TRUE(chosen_steps({2, 4}, 0).empty());
}

/// The curve u = kappa + kappa^3 / 3, of stretch 1 + kappa^2, with a boundary at 0.
tasks::InputManifold cubic() {
  const auto at = [](In<Vector> kappa) {
    const double k = kappa(0);
    tasks::InputManifold::Point point;
    point.inputs = Matrix::Constant(1, 1, k + k * k * k / 3);
    point.first = {Matrix::Constant(1, 1, 1 + k * k)};
    point.second = {Matrix::Constant(1, 1, 2 * k)};
    return point;
  };
  return {{{"kappa", -1, 1}}, at, "cubic", tasks::InputManifold::Decision{0, [](In<Vector> kappa) {
                                                                            return kappa(0);
                                                                          }}};
}

TEST(WarpDecision, ComparesPointsNearTheBoundaryWithThoseFarFromIt) {
  const ManifoldGrid grid = manifold_grid(cubic(), {11}, 1000);
  const Warp warp = warp_of(mirror(1), grid.points, {.steps = {0, 1}, .curvature = false});
  const WarpDecision found = decision_of(warp, decision_points(grid).value(), dt);
  EXPECT_TRUE(std::isnan(found.boundary_stretch(0)));  // collapsed at the start
  // Near are -0.2, 0 and 0.2, far -1, -0.8, 0.8 and 1.
  const double near = 1 + 2 * 0.04 / 3, far = 1 + 2 * (0.64 + 1) / 4;
  EXPECT_NEAR(found.boundary_stretch(1), near / far, 1e-14);
  EXPECT_EQ(found.compression.rows(), 0);
  // Four points, at -1, -1/3, 1/3 and 1: none is near. Two points of a boundary: none is far.
  const ManifoldGrid coarse = manifold_grid(cubic(), {4}, 1000);
  const Warp four = warp_of(mirror(1), coarse.points, {.steps = {1}, .curvature = false});
  EXPECT_TRUE(
      std::isnan(decision_of(four, decision_points(coarse).value(), dt).boundary_stretch(0)));
  EXPECT_TRUE(std::isnan(decision_of(four, {0, Vector::Zero(4)}, dt).boundary_stretch(0)));
  EXPECT_THROW(decision_of(four, {1, Vector::Zero(4)}, dt), std::invalid_argument);
  EXPECT_THROW(decision_of(four, {0, Vector::Zero(3)}, dt), std::invalid_argument);
}

/// The ellipse (3 cos theta, sin theta): stretch at theta, the mean over some degrees.
double mean_stretch(const std::vector<double>& degrees) {
  double sum = 0;
  for (const double angle : degrees) {
    sum += std::hypot(3 * std::sin(angle * pi / 180), std::cos(angle * pi / 180));
  }
  return sum / static_cast<double>(degrees.size());
}

TEST(WarpDecision, IsOfTheNearestBoundaryAroundACircle) {
  const auto& kind = tasks::task_kind("static_circle");
  Matrix B = Matrix::Identity(2, 2);
  B(0, 0) = 3;
  const cells::Network ellipse = linear(Matrix::Zero(2, 2), B, B.topRows(1), 1);
  const auto found = [&](std::int64_t alternations) {
    const auto task = kind.make(Settings(kind.schema, {{"alternations", alternations}}), dt);
    const ManifoldGrid grid = manifold_grid(task->input_manifolds()[0], {60}, 1000);
    const Warp warp = warp_of(ellipse, grid.points, {.steps = {1}, .curvature = false});
    return decision_of(warp, decision_points(grid).value(), dt).boundary_stretch(0);
  };
  // Near 0 and pi, 342 to 18 degrees as 162 to 198; far from both, 72 to 108 as 252 to 288.
  EXPECT_NEAR(
      found(1),
      mean_stretch({-18, -12, -6, 0, 6, 12, 18}) / mean_stretch({72, 78, 84, 90, 96, 102, 108}),
      1e-12);
  // Boundaries at multiples of 90 degrees; near are up to 9 degrees, far from 36 on.
  EXPECT_NEAR(found(2), mean_stretch({-6, 0, 6, 84, 90, 96}) / mean_stretch({36, 42, 48, 54}),
              1e-12);
  EXPECT_TRUE(std::isnan(found(30)));  // every point of the grid is at a boundary
  // The sign is that of the class.
  const auto task = kind.make(Settings(kind.schema), dt);
  const auto distance = task->input_manifolds()[0].decision.value().distance;
  EXPECT_NEAR(distance(Vector{{6.2}}), 6.2 - 2 * pi, 1e-12);
  EXPECT_NEAR(distance(Vector{{3}}), pi - 3, 1e-12);
}

TEST(Warp, DoesNotDependOnBlocksOrThreads) {
  const ManifoldGrid grid = manifold_grid(torus(), {15}, 1000);
  const Warp whole = warp_of(mirror(3), grid.points, {.steps = {0, 1}, .keep_states = true});
  const Warp parts =
      warp_of(mirror(3), grid.points,
              {.steps = {0, 1}, .keep_states = true, .memory = 1, .threads = Threads{3}});
  EXPECT_EQ(whole.metric.metric, parts.metric.metric);
  EXPECT_EQ(whole.states, parts.states);
  EXPECT_EQ(whole.readout_metric, parts.readout_metric);
  EXPECT_EQ(whole.metric.status, parts.metric.status);
  EXPECT_EQ(whole.speed, parts.speed);
  EXPECT_EQ(statuses_of(whole, 0).collapsed, 225);  // the start, which is the same for all
  EXPECT_TRUE(std::isnan(curvature_at(whole, 0, grid.grid.quadrature()).total));
  EXPECT_EQ(curvature_at(whole, 0, grid.grid.quadrature()).least_at, -1);
}

TEST(Warp, RefusesMoreThanItMayStore) {
  const ManifoldGrid grid = manifold_grid(torus(), {5}, 1000);
  EXPECT_THROW(warp_of(mirror(3), grid.points, {.steps = {0, 1}, .most = 49}),
               std::invalid_argument);
  EXPECT_EQ(warp_of(mirror(3), grid.points, {.steps = {0, 1}, .most = 50}).count(), 2);
}

TEST(Warp, EndsWhenItIsAskedTo) {
  const ManifoldGrid grid = manifold_grid(torus(), {15}, 1000);
  int calls = 0;
  const auto stop = [&](double) { return ++calls < 2; };
  EXPECT_TRUE(warp_of(mirror(3), grid.points, {.steps = {1}, .memory = 1}, stop).cancelled);
  EXPECT_LE(calls, 3);
}

TEST(EvenSteps, EndAtTheEndAndAreAllThereAreOfAShortTrial) {
  EXPECT_EQ(even_steps(100, 4), (std::vector<Index>{25, 50, 75, 100}));
  EXPECT_EQ(even_steps(3, 21), (std::vector<Index>{1, 2, 3}));
  EXPECT_EQ(even_steps(7, 1), (std::vector<Index>{7}));
}

class GeometryAnalysis : public ::testing::Test {
 protected:
  Matrix W = Matrix{{0.2, -0.5, 0.1}, {0.4, 0.1, 0.3}, {-0.2, 0.6, 0.5}};
  Matrix B = Matrix{{1, 0.3, 0.2, -0.1}, {-0.4, 0.8, 0.1, 0.2}, {0.5, 0.5, -0.3, 0.4}};
  Matrix D = Matrix{{1, 2, -1}};
  double alpha = 0.25;

  /// Without topology and geodesics, if they are not asked for.
  io::Dataset analyze(std::map<std::string, Value> given, std::int64_t number = 0,
                      const Progress& progress = {}) const {
    given.emplace("topology", 0);
    given.emplace("geodesics", 0);
    const auto& kind = tasks::task_kind("context_integration");
    const auto task = kind.make(Settings(kind.schema), dt);
    const cells::Network trained = linear(W, B, D, alpha), untrained = linear(W, B / 2, D, alpha);
    io::Dataset file;
    file.attributes["number"] = number;
    const Settings settings(analysis_kind("geometry").schema, given);
    return analysis_kind("geometry")
        .run({*task, trained, untrained, file, settings, 1, 2, progress});
  }

  /// The tangents by the streams after t steps: sum_{k < t} A^k alpha B_i.
  Matrix tangents(Index t) const {
    const Matrix A = (1 - alpha) * Matrix::Identity(3, 3) + alpha * W;
    Matrix a = Matrix::Zero(3, 2);
    for (Index s = 0; s < t; ++s) a = (A * a + alpha * B.leftCols(2)).eval();
    return a;
  }
};

TEST_F(GeometryAnalysis, OfALinearNetworkIsTheSameAtEveryInputAndContextAndFlat) {
  const io::Dataset result =
      analyze({{"grid", std::vector<double>{3, 5}}, {"times", 2}, {"topology", 2}});
  ASSERT_EQ(result.attributes["manifolds"].size(), 2);
  EXPECT_EQ(result.attributes["manifolds"][1]["name"], "context 2");
  EXPECT_TRUE(result.arrays.at("time").as_vector().isApprox(Vector{{0.5, 1}}));
  for (const std::string context : {"0/", "1/"}) {
    const auto& metric = result.arrays.at(context + "trained/metric");
    ASSERT_EQ(metric.shape, (std::vector<Index>{2, 15, 3}));
    for (Index s = 0; s < 2; ++s) {
      const Matrix a = tangents(5 * (s + 1)), G = a.transpose() * a;
      const Matrix all = metric.as_columns().middleCols(15 * s, 15);  // in single precision
      for (Index k = 0; k < 15; ++k) {
        EXPECT_TRUE(all.col(k).isApprox(Vector{{G(0, 0), G(0, 1), G(1, 1)}}, 1e-6));
      }
      // 5 %, median and 95 % agree but for rounding.
      const auto bands_of = [&](const std::string& name) -> Matrix {
        return result.arrays.at(context + name).as_columns().middleCols(3 * s, 3);
      };
      const Matrix volume = bands_of("trained/summary/volume");
      EXPECT_LT(
          (volume.array() / std::sqrt(G(0, 0) * G(1, 1) - G(0, 1) * G(0, 1)) - 1).abs().maxCoeff(),
          1e-12);
      // Half of B: the metric is a quarter of what it was.
      EXPECT_TRUE(bands_of("untrained/summary/volume").isApprox(volume / 4, 1e-12));
      const double moved = std::sqrt(2) * std::log(4);
      EXPECT_LT((bands_of("trained/summary/affine_invariant").array() - moved).abs().maxCoeff(),
                1e-12);
      EXPECT_LT(bands_of("trained/summary/spectral_ratio").maxCoeff(), 1e-12);
      // Lines at right angles leave out G_12 and nothing else.
      const double left_out = std::sqrt(2) * std::abs(G(0, 1)) / G.norm();
      EXPECT_NEAR(bands_of("trained/summary/gridline_defect")(0, 1), left_out, 1e-12);
      const Matrix alignment = result.arrays.at(context + "trained/summary/alignment").as_columns();
      for (Index i = 0; i < 2; ++i) {
        const double seen = std::abs((D * a.col(i))(0)) / (D.norm() * a.col(i).norm());
        EXPECT_NEAR(alignment(i, 3 * s + 1), seen, 1e-12);  // the median
      }
    }
    EXPECT_LT(
        result.arrays.at(context + "trained/summary/curvature").as_columns().cwiseAbs().maxCoeff(),
        1e-10);
  }
  EXPECT_EQ(result.arrays.at("0/trained/projections").shape, (std::vector<Index>{2, 15, 3}));
  const Matrix moved = result.arrays.at("1/trained/course/affine_invariant_untrained").as_matrix();
  EXPECT_NEAR(moved(1, 1), std::sqrt(2) * std::log(4), 1e-12);
  const Matrix own = result.arrays.at("1/trained/course/affine_invariant").as_matrix();
  EXPECT_EQ(own(0, 0), 0);
  EXPECT_GT(own(0, 1), 0.01);
  // Streams are held to the end: there is no time after their last input to compare ranks in.
  EXPECT_EQ(result.attributes["ranks"]["trained"][1]["last_input"], 1.0);
  EXPECT_EQ(result.arrays.at("0/trained/ranks").as_matrix(), (Matrix{{2, 2}, {2, 2}}));
  EXPECT_EQ(result.arrays.at("0/trained/topology/betti").as_matrix().row(1), (Matrix{{1, 0, 0}}));
  EXPECT_NEAR(result.attributes["metrics"]["manifold_volume"].get<double>(),
              4 * result.attributes["metrics"]["manifold_volume_untrained"].get<double>(), 1e-12);
  EXPECT_GT(result.attributes["bytes"], 0);
}

TEST_F(GeometryAnalysis, OfALinearNetworkHasStraightGeodesicsInStatesAndPictures) {
  const io::Dataset result =
      analyze({{"grid", std::vector<double>{5, 5}}, {"times", 2}, {"geodesics", 1}});
  const auto& from = result.arrays.at("0/trained/geodesics/from");
  const Matrix ends = result.arrays.at("0/trained/geodesics/to").as_matrix() - from.as_matrix();
  ASSERT_EQ(ends.rows(), 4);
  const auto& length = result.arrays.at("0/trained/geodesics/length");
  ASSERT_EQ(length.shape, (std::vector<Index>{1, 4, 1}));
  const Matrix states =
      result.arrays.at("0/trained/geodesics/slice_projections").as_columns();  // (3, G L)
  const Index knots = states.cols() / 4;
  for (Index g = 0; g < 4; ++g) {
    const double exact = (tangents(10) * ends.row(g).transpose()).norm();
    EXPECT_NEAR(length.as_columns()(0, g), exact, 1e-12);
    EXPECT_NEAR(result.arrays.at("0/trained/geodesics/straight").as_columns()(0, g), exact, 1e-12);
    // A plane has no third component, and lies as it is in the first two; in single precision.
    EXPECT_NEAR((states.col((g + 1) * knots - 1) - states.col(g * knots)).norm(), exact,
                1e-6 * exact);
  }
  EXPECT_LT(result.arrays.at("0/trained/geodesics/metric_error").as_vector()(0), 1e-9);
  EXPECT_EQ(result.arrays.at("0/trained/geodesics/map").shape, (std::vector<Index>{1, 25, 2}));
  EXPECT_LT(result.arrays.at("0/trained/geodesics/stress").as_vector()(0), 0.02);  // paths on grids
  EXPECT_EQ(result.attributes["geodesic_statuses"][0], "converged");
  const io::Dataset without = analyze({{"times", 1}});
  EXPECT_FALSE(without.arrays.contains("0/trained/geodesics/steps"));
}

TEST_F(GeometryAnalysis, StoresTheMapsOfTheFirstNetworksAlone) {
  const io::Dataset first = analyze({{"maps", 2}, {"times", 1}}, 1);
  const io::Dataset third = analyze({{"maps", 2}, {"times", 1}}, 2);
  EXPECT_TRUE(first.attributes["maps"]);
  EXPECT_FALSE(third.attributes["maps"]);
  EXPECT_TRUE(first.arrays.contains("1/untrained/metric"));
  EXPECT_FALSE(third.arrays.contains("1/untrained/metric"));
  const auto median = [](const io::Dataset& result) {
    return result.arrays.at("1/untrained/summary/stretch").as_columns();
  };
  EXPECT_EQ(median(first), median(third));
  EXPECT_LT(third.attributes["bytes"], first.attributes["bytes"]);
}

TEST_F(GeometryAnalysis, HasTheIndicesOfTheCoordinateThatTheContextNames) {
  const io::Dataset result = analyze({{"times", 1}});
  const Matrix a = tangents(10), G = a.transpose() * a;
  const double ratio = G(1, 1) / G(0, 0);
  EXPECT_NEAR(result.arrays.at("0/trained/decision/compression").as_matrix()(0, 0), ratio, 1e-12);
  EXPECT_NEAR(result.arrays.at("1/trained/decision/compression").as_matrix()(0, 0), 1 / ratio,
              1e-12);
  EXPECT_NEAR(result.arrays.at("1/trained/decision/boundary_stretch").as_vector()(0), 1, 1e-12);
}

TEST_F(GeometryAnalysis, RefusesStepsThatAreNotThere) {
  for (const std::vector<double>& steps : {std::vector<double>{0, 11}, {3, 3}, {2.5}}) {
    EXPECT_THROW(analyze({{"steps", steps}}), std::invalid_argument) << steps[0];
  }
  EXPECT_EQ(analyze({{"steps", std::vector<double>{2, 7}}}).arrays.at("time").size(), 2);
}

TEST_F(GeometryAnalysis, EndsWhenItIsAskedTo) {
  int calls = 0;
  const io::Dataset result = analyze({}, 0, [&](double) { return ++calls < 3; });
  EXPECT_LE(calls, 4);
  EXPECT_FALSE(result.attributes.contains("metrics"));
}

TEST(GeometryAnalysisOfATask, WithoutAManifoldHasNone) {
  const auto& kind = tasks::task_kind("ready_set_go");
  const auto task = kind.make(Settings(kind.schema, {}), dt);
  const cells::Network network = mirror(2);
  const io::Dataset file;
  const Settings settings(analysis_kind("geometry").schema, {});
  const io::Dataset result =
      analysis_kind("geometry").run({*task, network, network, file, settings, 1, 2, {}});
  EXPECT_TRUE(result.attributes["manifolds"].empty());
  EXPECT_TRUE(result.arrays.empty());
}

}  // namespace
}  // namespace nullcline::study
