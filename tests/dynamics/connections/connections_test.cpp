// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/connections/connections.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>

#include "nullcline/core/stepper.hpp"
#include "nullcline/dynamics/points/fixed_points.hpp"
#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/latent_bits.hpp"
#include "tests/dynamics/random_matrix.hpp"
#include "tests/dynamics/test_flows.hpp"

namespace nullcline::dynamics {
namespace {

std::set<std::pair<Index, Index>> pairs_of(const ConnectionGraph& graph) {
  std::set<std::pair<Index, Index>> pairs;
  for (const GraphEdge& edge : graph.edges) pairs.emplace(edge.from, edge.to);
  return pairs;
}

/// What must hold of every result.
void expect_consistent(const Connections& found, Index points, Index cycles = 0) {
  points += cycles;
  ASSERT_EQ(std::ssize(found.departures), points);
  ASSERT_EQ(found.graph.edges.size(), found.connections.size());
  std::vector<Index> landed(static_cast<std::size_t>(points));
  for (std::size_t e = 0; e < found.connections.size(); ++e) {
    const Connection& c = found.connections[e];
    EXPECT_EQ(found.graph.edges[e].from, c.from);
    EXPECT_EQ(found.graph.edges[e].to, c.to);
    EXPECT_EQ(found.graph.edges[e].weight, c.fraction);
    EXPECT_EQ(c.found == Found::branch || c.found == Found::sampled, c.orbits > 0);
    landed[static_cast<std::size_t>(c.from)] += c.orbits;
  }
  for (std::size_t p = 0; p < landed.size(); ++p) {
    const Departures& d = found.departures[p];
    EXPECT_EQ(landed[p] + d.escaped + d.undecided + d.not_finite + d.cancelled, d.orbits);
    EXPECT_LE(d.edges_lost, d.edges);
  }
}

TEST(Connections, OfThreeLatentBitsAreTheProductOfThreeBits) {
  const LatentBits bits(20, 3, 2);
  ConnectionOptions options;
  options.readout = [&](In<Matrix> X) -> Matrix { return bits.Q.transpose() * X; };
  const Connections found = find_connections(bits.map, bits.landmarks, options);
  expect_consistent(found, 27);
  // 12 (3 - 1) + 6 (9 - 1) + 1 (27 - 1) edges: a face to every face on its boundary.
  EXPECT_EQ(found.connections.size(), 98u);
  EXPECT_EQ(pairs_of(found.graph), pairs_of(bits.ideal));
  EXPECT_EQ(found.new_points.cols(), 0);
  ASSERT_EQ(found.graph.nodes.size(), 27u);
  for (std::size_t v = 0; v < 27; ++v) {
    EXPECT_EQ(found.graph.nodes[v].label, bits.ideal.nodes[v].label);
    EXPECT_EQ(found.graph.nodes[v].unstable, bits.ideal.nodes[v].unstable);
  }
  for (const Connection& c : found.connections) {
    const auto& from = found.graph.nodes[static_cast<std::size_t>(c.from)];
    const auto& to = found.graph.nodes[static_cast<std::size_t>(c.to)];
    if (to.unstable > 0) {
      EXPECT_TRUE(c.found == Found::edge || c.found == Found::aimed);
      EXPECT_LE(c.distance, 1e-3 * (1 + std::sqrt(3.0)));
    } else if (from.unstable == 1) {
      EXPECT_EQ(c.found, Found::branch);
      EXPECT_EQ(c.fraction, 0.5);
    } else if (from.unstable == 2) {
      EXPECT_EQ(c.fraction, 0.25);  // 16 of 64 equal angles in each quadrant
    } else {
      // Of 64 in eight octants with probability 1/8: mean 8, standard deviation 2.65.
      EXPECT_NEAR(c.fraction, 0.125, 4 * 2.65 / 64);
    }
  }
}

TEST(Connections, OfBitsOfAnotherWeightHaveTheSameGraph) {
  const LatentBits two(12, 3, 2), other(30, 3, 1.5), less(12, 2, 2);
  const auto graph = [](const LatentBits& bits) {
    return find_connections(bits.map, bits.landmarks).graph;
  };
  const ConnectionGraph a = graph(two), b = graph(other), c = graph(less);
  EXPECT_EQ(isomorphic(a, b), true);
  EXPECT_EQ(isomorphic(a, two.ideal), true);
  EXPECT_EQ(isomorphic(c, less.ideal), true);
  EXPECT_EQ(isomorphic(a, c), false);
  EXPECT_EQ(unlabeled_distance(a, b), 0);
  EXPECT_GT(unlabeled_distance(a, c), 0);
}

TEST(Connections, SurviveASmallChangeOfTheNetwork) {
  // All 27 points are hyperbolic and all connections transversal, so that they are still there with
  // bits that influence each other, which no coordinate axis helps to find.
  const LatentBits bits(12, 3, 2);
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const Matrix L = bits.Q + random_matrix(12, 3, 0.03, 10 * seed);
    const Matrix R = 2 * bits.Q + random_matrix(12, 3, 0.03, 10 * seed + 1);
    const AnalyticMap map = tanh_map(L, R, random_matrix(3, 1, 0.05, 10 * seed + 2));
    const FixedPoints points = find_fixed_points(map, bits.landmarks.points);
    ASSERT_EQ(points.states.cols(), 27);
    ConnectionOptions options{.seed = seed};
    options.readout = [&](In<Matrix> X) -> Matrix { return bits.Q.transpose() * X; };
    const Connections found = find_connections(map, landmarks_at(map, points.states), options);
    expect_consistent(found, 27);
    EXPECT_EQ(found.new_points.cols() + found.new_saddles.cols(), 0);
    EXPECT_EQ(isomorphic(found.graph, bits.ideal, {.labels = true}), true) << "seed " << seed;
    EXPECT_EQ(labeled_edge_distance(found.graph, bits.ideal), 0) << "seed " << seed;
    EXPECT_GT(labeled_distance(found.graph, bits.ideal), 0);
    EXPECT_LT(labeled_distance(found.graph, bits.ideal), 1);
  }
}

TEST(Connections, FollowFromThoseThroughASaddle) {
  // With four orbits of the center, most corners are met by none of them.
  const LatentBits bits(20, 3, 2);
  ConnectionOptions options{.samples = 4};
  const Connections found = find_connections(bits.map, bits.landmarks, options);
  options.implied = false;
  const Connections without = find_connections(bits.map, bits.landmarks, options);
  expect_consistent(found, 27);
  const auto ideal = pairs_of(bits.ideal), all = pairs_of(found.graph),
             few = pairs_of(without.graph);
  EXPECT_TRUE(std::includes(ideal.begin(), ideal.end(), all.begin(), all.end()));
  EXPECT_TRUE(std::includes(all.begin(), all.end(), few.begin(), few.end()));
  EXPECT_LT(few.size(), all.size());
  for (const Connection& c : found.connections) {
    EXPECT_EQ(c.found == Found::implied, !few.contains({c.from, c.to}));
  }
}

TEST(Connections, OfTheCubeOfWellsAreThoseOfThreeBits) {
  const CubeOfWells flow;
  const SteppedFlow step(flow, 0.05, Method::rk4);
  const FrozenMap map(step, Vector());
  const ConnectionGraph ideal = flip_flop_graph(3);
  const Matrix points = labels_as_states(ideal);
  const Connections found = find_connections(map, landmarks_at(map, points));
  expect_consistent(found, 27);
  EXPECT_EQ(pairs_of(found.graph), pairs_of(ideal));
}

TEST(Connections, AroundASaddleWithAStrongAndAWeakDirectionAreFoundToo) {
  // tanh(4 x), tanh(1.2 y): nearly all orbits from 0 go to x = +-1 before y moves.
  const Matrix I = Matrix::Identity(2, 2);
  const Matrix R = (Vector(2) << 4, 1.2).finished().asDiagonal();
  const AnalyticMap map = tanh_map(I, R, Vector::Zero(2));
  const ConnectionGraph ideal = flip_flop_graph(2);
  Matrix points(2, 9);
  for (Index v = 0; v < 9; ++v) {
    const auto& label = ideal.nodes[static_cast<std::size_t>(v)].label;
    points.col(v) << label[0] * stored_bit(4), label[1] * stored_bit(1.2);
  }
  const Connections found = find_connections(map, landmarks_at(map, points));
  expect_consistent(found, 9);
  EXPECT_EQ(pairs_of(found.graph), pairs_of(ideal));
}

TEST(Connections, OfAFlippingSaddleLeadToTheTwoCycleAroundIt) {
  // x -> 3.3 x (1 - x): 1 - 1/r has multiplier 2 - r = -1.3 and a stable 2-cycle around it, at
  // (r + 1 +- sqrt((r + 1)(r - 3))) / 2 r; 0 has multiplier r, one branch to minus infinity.
  const double r = 3.3;
  const AnalyticMap map =
      scalar_map([=](double x) { return r * x * (1 - x); },
                 [=](double x) { return r * (1 - 2 * x); }, [=](double) { return -2 * r; });
  const double root = std::sqrt((r + 1) * (r - 3));
  const Matrix points = (Matrix(1, 2) << 0, 1 - 1 / r).finished();
  const Matrix cycle = (Matrix(1, 2) << r + 1 - root, r + 1 + root).finished() / (2 * r);

  Landmarks landmarks = landmarks_at(map, points);
  const Connections unknown = find_connections(map, landmarks);
  expect_consistent(unknown, 2);
  ASSERT_EQ(unknown.new_cycles.size(), 1u);
  Matrix seen = unknown.new_cycles[0];
  ASSERT_EQ(seen.cols(), 2);
  EXPECT_NEAR(seen.minCoeff(), cycle(0), 1e-10);
  EXPECT_NEAR(seen.maxCoeff(), cycle(1), 1e-10);

  landmarks.cycles.push_back({cycle});
  const Connections known = find_connections(map, landmarks);
  expect_consistent(known, 2, 1);
  EXPECT_TRUE(known.new_cycles.empty());
  for (const Connections& found : {unknown, known}) {
    EXPECT_EQ(pairs_of(found.graph), (std::set<std::pair<Index, Index>>{{0, 2}, {1, 2}}));
    EXPECT_EQ(found.departures[0].escaped, 1);
    EXPECT_EQ(found.departures[0].orbits, 2);
    EXPECT_EQ(found.connections[1].fraction, 1);  // both sides of the flipping point
    EXPECT_TRUE(found.graph.nodes[2].cycle);
  }
}

TEST(Connections, OfAnUnstableTwoCycleLeadToTheFourCycleAroundIt) {
  // r = 3.5: the 2-cycle has multiplier 4 + 2 r - r^2 = -1.25; around it a stable 4-cycle. The
  // point 1 - 1/r, multiplier 2 - r = -1.5, leads there as well.
  const double r = 3.5, root = std::sqrt((r + 1) * (r - 3));
  const AnalyticMap map =
      scalar_map([=](double x) { return r * x * (1 - x); },
                 [=](double x) { return r * (1 - 2 * x); }, [=](double) { return -2 * r; });
  Landmarks landmarks = landmarks_at(map, Matrix::Constant(1, 1, 1 - 1 / r));
  landmarks.cycles.push_back(
      {(Matrix(1, 2) << r + 1 - root, r + 1 + root).finished() / (2 * r), 1});
  const Connections found = find_connections(map, landmarks);
  expect_consistent(found, 1, 1);
  ASSERT_EQ(found.new_cycles.size(), 1u);
  EXPECT_EQ(found.new_cycles[0].cols(), 4);
  EXPECT_EQ(found.departures[1].orbits, 2);
  EXPECT_EQ(pairs_of(found.graph), (std::set<std::pair<Index, Index>>{{0, 2}, {1, 2}}));

  // States that are no cycle of the map are not left.
  landmarks.cycles[0].states(0) += 0.01;
  EXPECT_EQ(find_connections(map, landmarks).departures[1].orbits, 0);
}

TEST(Connections, OfASpiralSourceAreSampledOnItsPlane) {
  // r' = r + 0.1 r (1 - r^2), angle += 1 rad (no resonance): from 0 to the circle r = 1, which
  // attracts as a set of states only.
  const AnalyticMap map(
      2,
      [](const Vector& x) -> Vector {
        const double growth = 1 + 0.1 * (1 - x.squaredNorm());
        return growth * (Vector(2) << std::cos(1) * x(0) - std::sin(1) * x(1),
                         std::sin(1) * x(0) + std::cos(1) * x(1))
                            .finished();
      },
      [](const Vector& x) -> Matrix {
        Matrix R(2, 2);
        R << std::cos(1), -std::sin(1), std::sin(1), std::cos(1);
        return R *
               ((1.1 - 0.1 * x.squaredNorm()) * Matrix::Identity(2, 2) - 0.2 * x * x.transpose());
      });
  Landmarks landmarks = landmarks_at(map, Matrix::Zero(2, 1));
  ASSERT_EQ(landmarks.linearizations[0].unstable, 2);
  ConnectionOptions options{.samples = 16, .settle = {.max_steps = 2000}};
  const Connections lost = find_connections(map, landmarks, options);
  EXPECT_EQ(lost.departures[0].undecided, 16);
  EXPECT_TRUE(lost.connections.empty());

  Matrix circle(2, 100);
  for (Index i = 0; i < 100; ++i) {
    const double angle = 2 * std::acos(-1) * static_cast<double>(i) / 100;
    circle.col(i) << std::cos(angle), std::sin(angle);
  }
  landmarks.cycles.push_back({circle, 0, 0.05});
  const Connections found = find_connections(map, landmarks, options);
  expect_consistent(found, 1, 1);
  ASSERT_EQ(found.connections.size(), 1u);
  EXPECT_EQ(found.connections[0].to, 1);
  EXPECT_EQ(found.connections[0].orbits, 16);
}

TEST(Connections, ShowAttractorsThatWereNotGiven) {
  const AnalyticMap map = tanh_map(Matrix::Ones(1, 1), 2 * Matrix::Ones(1, 1), Vector::Zero(1));
  const Connections found = find_connections(map, landmarks_at(map, Matrix::Zero(1, 1)));
  expect_consistent(found, 1);
  ASSERT_EQ(found.new_points.cols(), 2);
  EXPECT_NEAR(found.new_points.cwiseAbs().minCoeff(), stored_bit(2), 1e-11);
  EXPECT_NEAR(found.new_points.sum(), 0, 1e-11);
  ASSERT_EQ(found.graph.nodes.size(), 3u);
  EXPECT_EQ(found.graph.nodes[1].unstable, 0);
}

TEST(Connections, ShowSaddlesThatWereNotGiven) {
  // Two bits without their four saddles of index 1: between the quadrants of the center.
  const LatentBits bits(7, 2, 2);
  std::vector<Index> kept;
  for (Index v = 0; v < 9; ++v) {
    if (bits.ideal.nodes[static_cast<std::size_t>(v)].unstable != 1) kept.push_back(v);
  }
  const Matrix points = bits.landmarks.points(Eigen::all, kept);
  const Connections found = find_connections(bits.map, landmarks_at(bits.map, points));
  expect_consistent(found, 5);
  ASSERT_EQ(found.new_saddles.cols(), 4);
  ASSERT_EQ(found.graph.nodes.size(), 9u);
  for (Index s = 0; s < 4; ++s) {
    const auto distances =
        (bits.landmarks.points.colwise() - found.new_saddles.col(s)).colwise().norm();
    EXPECT_LE(distances.minCoeff(), 1e-11);
    EXPECT_EQ(found.graph.nodes[static_cast<std::size_t>(5 + s)].unstable, 1);
  }
  EXPECT_EQ(found.connections.size(), 8u);
}

TEST(Connections, ReachNoFixedPointOnAnEdgeThatIsACycle) {
  // In the plane x, y the circle of radius 1 attracts, as in the spiral above; z is a bit. The
  // plane z = 0 is the boundary between two circles, and its attractor an unstable one: no fixed
  // point.
  const auto turn = [](const Vector& x) -> Vector {
    const double growth = 1 + 0.1 * (1 - x.head(2).squaredNorm());
    return (Vector(3) << growth * (std::cos(1) * x(0) - std::sin(1) * x(1)),
            growth * (std::sin(1) * x(0) + std::cos(1) * x(1)), std::tanh(2 * x(2)))
        .finished();
  };
  const CallableMap map(3, [&](In<Vector> x) { return turn(x); });
  Landmarks landmarks = landmarks_at(map, Matrix::Zero(3, 1));
  for (const double z : {-stored_bit(2), stored_bit(2)}) {
    Matrix circle(3, 100);
    for (Index i = 0; i < 100; ++i) {
      const double angle = 2 * std::acos(-1) * static_cast<double>(i) / 100;
      circle.col(i) << std::cos(angle), std::sin(angle), z;
    }
    landmarks.cycles.push_back({circle, 0, 0.05});
  }
  const Connections found = find_connections(map, landmarks, {.samples = 10, .aim_budget = 300});
  expect_consistent(found, 1, 2);
  EXPECT_EQ(pairs_of(found.graph), (std::set<std::pair<Index, Index>>{{0, 1}, {0, 2}}));
  EXPECT_GE(found.departures[0].edges, 1);
  EXPECT_EQ(found.departures[0].edges_lost, found.departures[0].edges);
}

/// A circle of radius 1 that attracts all but its center, on which the angles `zeros` stand still,
/// in turn stable and not, and which `height` more coordinates leave for -1 and +1 along great
/// circles of a sphere. Near 0 it is x -> 1.1 x, and all rays are followed straight at first.
Vector on_sphere(const Vector& x, const std::vector<double>& zeros) {
  const double r2 = x.squaredNorm(), turn_strength = 4, rise = x.size() > 2 ? 1.5 : 0;
  const double angle = std::atan2(x(1), x(0));
  double speed = turn_strength * r2 * r2;
  for (const double zero : zeros) speed *= std::sin(0.5 * (angle - zero));
  Vector v = (1 - r2) * x;
  v(0) -= speed * x(1);
  v(1) += speed * x(0);
  if (rise > 0) {
    const double z = x(2);
    v -= rise * r2 * z * z * x;
    v(2) += rise * r2 * r2 * z;
  }
  return x + 0.1 * v;
}

/// As a map of R^n; at 0 with its exact Jacobian, so that directions leave 0 along the axes.
AnalyticMap sphere_map(Index n, const std::vector<double>& zeros) {
  const auto F = [zeros](const Vector& x) -> Vector { return on_sphere(x, zeros); };
  return AnalyticMap(n, F, [=](const Vector& x) -> Matrix {
    if (x.isZero(0)) return 1.1 * Matrix::Identity(n, n);
    return CallableMap(n, [&](In<Vector> y) { return F(y); }).jacobian(x);
  });
}

double radians(double degrees) { return degrees * std::acos(-1) / 180; }

Matrix at_angles(const std::vector<double>& degrees, Index n) {
  Matrix X = Matrix::Zero(n, std::ssize(degrees));
  for (Index i = 0; i < X.cols(); ++i) {
    X(0, i) = std::cos(radians(degrees[static_cast<std::size_t>(i)]));
    X(1, i) = std::sin(radians(degrees[static_cast<std::size_t>(i)]));
  }
  return X;
}

TEST(Connections, FindEverySaddleBetweenTwoSampledDirections) {
  // Four directions, at 45, 135, ... degrees. Between the first two are two saddles and all that
  // goes to the sink at 90 degrees, which no sample sees.
  const std::vector<double> sinks = {20, 90, 200}, saddles = {60, 120, 300};
  std::vector<double> zeros;
  for (const double angle : {20, 60, 90, 120, 200, 300}) zeros.push_back(radians(angle));
  const AnalyticMap map = sphere_map(2, zeros);
  Matrix points = Matrix::Zero(2, 7);
  points.middleCols(1, 3) = at_angles(sinks, 2);
  points.rightCols(3) = at_angles(saddles, 2);
  const Connections found =
      find_connections(map, landmarks_at(map, points), {.samples = 4, .implied = false});
  expect_consistent(found, 7, 0);
  EXPECT_EQ(found.new_saddles.cols(), 0);
  std::set<Index> edges;
  for (const Connection& c : found.connections) {
    if (c.from == 0 && c.found == Found::edge) edges.insert(c.to);
    EXPECT_FALSE(c.from == 0 && c.found == Found::sampled && c.to == 2);
  }
  EXPECT_EQ(edges, (std::set<Index>{4, 5, 6}));
  EXPECT_EQ(found.departures[0].edges, 3);
  EXPECT_EQ(found.departures[0].edges_lost, 0);
  EXPECT_EQ(found.departures[0].edges_skipped, 0);
  // The whole graph follows: the saddles lead to their neighbors, the center to everything.
  const Connections all = find_connections(map, landmarks_at(map, points), {.samples = 4});
  EXPECT_EQ(pairs_of(all.graph), (std::set<std::pair<Index, Index>>{{0, 1},
                                                                    {0, 2},
                                                                    {0, 3},
                                                                    {0, 4},
                                                                    {0, 5},
                                                                    {0, 6},
                                                                    {4, 1},
                                                                    {4, 2},
                                                                    {5, 2},
                                                                    {5, 3},
                                                                    {6, 3},
                                                                    {6, 1}}));
}

TEST(Connections, CountTheBoundariesThatTheyDoNotFollow) {
  std::vector<double> zeros;
  for (const double angle : {20, 60, 90, 120, 200, 300}) zeros.push_back(radians(angle));
  const AnalyticMap map = sphere_map(2, zeros);
  Matrix points = Matrix::Zero(2, 3);
  points.rightCols(2) = at_angles({20, 90}, 2);
  const Connections found = find_connections(map, landmarks_at(map, points), {.samples = 16});
  EXPECT_EQ(found.new_points.cols(), 1);  // at 200 degrees: it has two boundaries
  EXPECT_EQ(found.departures[0].edges, 1);
  EXPECT_EQ(found.departures[0].edges_skipped, 2);
}

TEST(Connections, FindTheSaddlesOnABoundaryOfManyParts) {
  // The poles of a sphere are stable, and the equator between them has three saddles, each of which
  // draws a third of it in. All chords of the boundary have the same two ends.
  const std::vector<double> saddles = {30, 150, 270}, sources = {90, 210, 330};
  std::vector<double> zeros;
  for (const double angle : {30, 90, 150, 210, 270, 330}) zeros.push_back(radians(angle));
  const AnalyticMap map = sphere_map(3, zeros);
  Matrix points = Matrix::Zero(3, 9);
  points(2, 1) = 1;
  points(2, 2) = -1;
  points.middleCols(3, 3) = at_angles(saddles, 3);
  points.rightCols(3) = at_angles(sources, 3);
  const Landmarks landmarks = landmarks_at(map, points);
  const Index indices[] = {3, 0, 0, 1, 1, 1, 2, 2, 2};
  for (std::size_t p = 0; p < 9; ++p) {
    ASSERT_EQ(landmarks.linearizations[p].unstable, indices[p]) << p;
  }
  const Connections found = find_connections(map, landmarks, {.implied = false});
  std::set<Index> edges;
  for (const Connection& c : found.connections) {
    if (c.from == 0 && c.found == Found::edge) edges.insert(c.to);
  }
  EXPECT_EQ(edges, (std::set<Index>{3, 4, 5}));
  EXPECT_EQ(found.departures[0].edges_lost, 0);
  // A source on the equator has the two saddles beside it.
  for (const auto& [from, left, right] : {std::tuple{6, 3, 4}, {7, 4, 5}, {8, 5, 3}}) {
    const auto pairs = pairs_of(found.graph);
    EXPECT_TRUE(pairs.contains({from, left}) && pairs.contains({from, right})) << from;
    EXPECT_EQ(found.departures[static_cast<std::size_t>(from)].edges, 2);
  }
  // Nor need the sources be given: there the saddle on the equator changes.
  const Connections without = find_connections(map, landmarks_at(map, points.leftCols(6)));
  ASSERT_EQ(without.new_saddles.cols(), 3);
  EXPECT_EQ(without.departures[0].junctions_lost, 0);
  for (Index s = 0; s < 3; ++s) {
    const auto distances = (points.colwise() - without.new_saddles.col(s)).colwise().norm();
    EXPECT_LE(distances.rightCols(3).minCoeff(), 1e-10);
    EXPECT_EQ(without.graph.nodes[static_cast<std::size_t>(6 + s)].unstable, 2);
  }
}

TEST(Connections, StartWhereTheMapIsLinear) {
  const LatentBits bits(6, 2, 2);
  for (const double allowed : {1e-2, 1e-6}) {
    const Connections found = find_connections(bits.map, bits.landmarks, {.nonlinearity = allowed});
    for (std::size_t v = 0; v < 9; ++v) {
      const Departures& d = found.departures[v];
      EXPECT_EQ(d.orbits == 0, bits.ideal.nodes[v].unstable == 0);
      if (d.orbits == 0) continue;
      EXPECT_LE(d.nonlinearity, allowed);
      // tanh(2 d) = 2 d (1 - 4 d^2 / 3 ...): the distance chosen is the largest but for quartering.
      EXPECT_GE(d.distance, std::min(0.1, std::sqrt(allowed * 3 / 4) / 4));
    }
  }
}

TEST(Connections, AreTheSameBitsForAnyNumberOfThreads) {
  const LatentBits bits(10, 3, 2);
  const auto with = [&](int threads) {
    return find_connections(bits.map, bits.landmarks, {.settle = {.threads = {threads}}});
  };
  const Connections one = with(1), two = with(2);
  EXPECT_EQ(pairs_of(one.graph), pairs_of(two.graph));
  ASSERT_EQ(one.connections.size(), two.connections.size());
  for (std::size_t e = 0; e < one.connections.size(); ++e) {
    EXPECT_EQ(one.connections[e].fraction, two.connections[e].fraction);
    EXPECT_EQ(one.connections[e].distance, two.connections[e].distance);
  }
}

TEST(Connections, DrawOtherSamplesForAnotherSeed) {
  const LatentBits bits(10, 3, 2);
  const auto with = [&](std::uint64_t seed) {
    return find_connections(bits.map, bits.landmarks, {.aim = false, .seed = seed});
  };
  EXPECT_EQ(to_dot(with(1).graph), to_dot(with(1).graph));
  EXPECT_NE(to_dot(with(1).graph), to_dot(with(2).graph));
}

TEST(Connections, OfAMapThatIsNotANumberAwayFromItsSaddleAreNone) {
  const AnalyticMap map =
      scalar_map([](double x) { return std::abs(x) > 0.5 ? std::nan("") : 2 * x; },
                 [](double) { return 2; }, [](double) { return 0; });
  const Connections found = find_connections(map, landmarks_at(map, Matrix::Zero(1, 1)));
  expect_consistent(found, 1);
  EXPECT_TRUE(found.connections.empty());
  EXPECT_EQ(found.departures[0].not_finite, 2);
}

TEST(Connections, EscapeFromALinearSource) {
  const AnalyticMap map = linear_map(2 * Matrix::Identity(3, 3), Vector::Zero(3));
  const Connections found =
      find_connections(map, landmarks_at(map, Matrix::Zero(3, 1)), {.samples = 5});
  expect_consistent(found, 1);
  EXPECT_EQ(found.departures[0].escaped, 5);
}

TEST(Connections, ReportProgressAndStopWhenAsked) {
  const LatentBits bits(10, 3, 2);
  std::vector<double> seen;
  ConnectionOptions options;
  options.settle.progress = [&](double done) {
    seen.push_back(done);
    return true;
  };
  EXPECT_FALSE(find_connections(bits.map, bits.landmarks, options).cancelled);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_EQ(seen.back(), 1.0);

  for (const double limit : {0.1, 0.6}) {
    options.settle.progress = [=](double done) { return done < limit; };
    const Connections some = find_connections(bits.map, bits.landmarks, options);
    expect_consistent(some, 27);
    EXPECT_TRUE(some.cancelled);
    EXPECT_LT(some.connections.size(), 98u);
  }
}

TEST(Connections, OfNoPointsAreNone) {
  const Connections found = find_connections(henon_map(), landmarks_at(henon_map(), Matrix(2, 0)));
  EXPECT_TRUE(found.graph.nodes.empty());
  EXPECT_TRUE(found.connections.empty());
}

TEST(Connections, RoundReadoutsToLabels) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Matrix outputs = (Matrix(2, 3) << 0.4, -0.6, 7, -1.2, nan, -0.4).finished();
  EXPECT_EQ(rounded_labels(outputs), (std::vector<std::vector<int>>{{0, -1}, {-1, 0}, {1, 0}}));
  EXPECT_EQ(rounded_labels(outputs, 9)[2][0], 7);
  EXPECT_THROW(rounded_labels(outputs, 0), std::invalid_argument);
}

TEST(Connections, RejectBadArguments) {
  const AnalyticMap map = henon_map();
  const Landmarks good = landmarks_at(map, Matrix::Zero(2, 1));
  EXPECT_THROW(find_connections(scalar_map([](double x) { return x; }, [](double) { return 1; },
                                           [](double) { return 0; }),
                                good),
               std::invalid_argument);
  EXPECT_THROW(find_connections(map, good, {.samples = 0}), std::invalid_argument);
  EXPECT_THROW(find_connections(map, good, {.nonlinearity = 0}), std::invalid_argument);
  EXPECT_THROW(find_connections(map, good, {.aim_reach = 0}), std::invalid_argument);
  EXPECT_THROW(find_connections(map, good, {.settle = {.max_steps = 0}}), std::invalid_argument);
  Landmarks bad = good;
  bad.linearizations.clear();
  EXPECT_THROW(find_connections(map, bad), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
