// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "apps/selftest_cases.hpp"
#include "apps/selftest_systems.hpp"
#include "nullcline/cells/registry.hpp"
#include "nullcline/core/piecewise_linear.hpp"
#include "nullcline/core/stepper.hpp"
#include "nullcline/dynamics/connections/connections.hpp"
#include "nullcline/dynamics/points/complete_search.hpp"
#include "nullcline/dynamics/points/piecewise_linear_points.hpp"
#include "nullcline/dynamics/points/proven_points.hpp"

namespace nullcline::apps {
namespace {

using Checks = std::vector<SelftestCheck>;

/// From random states and those that they go to.
dynamics::CompleteSearch search_all(const Map& map, double scale) {
  constexpr Index orbits = 64;
  Matrix states(map.dim(), 2 * orbits);
  states.leftCols(orbits) = normal_matrix(map.dim(), orbits, scale, 1);
  map.step(states.leftCols(orbits), states.rightCols(orbits));
  return dynamics::find_all_fixed_points(map, states);
}

double with_index(const dynamics::CompleteSearch& found, Index unstable) {
  return static_cast<double>(
      std::count_if(found.linearizations.begin(), found.linearizations.end(),
                    [=](const auto& point) { return point.unstable == unstable; }));
}

double count_of(const dynamics::CompleteSearch& found) {
  return static_cast<double>(found.points.states.cols());
}

/// The least distance of a point from x.
double distance(const Matrix& states, const Vector& x) {
  if (states.cols() == 0) return NAN;
  return (states.colwise() - x).colwise().norm().minCoeff();
}

Vector pair(double x, double y) { return Vector{{x, y}}; }

Checks latent_bits() {
  Checks checks;
  struct Known {
    double w, bit, slope;
  };
  for (const Known& known :
       {Known{2, 0.957504024077, 0.166372087752}, Known{1.5, 0.858559636640, 0.394313025499}}) {
    const LatentBits bits(known.w);
    const auto found = search_all(bits.map, 1);
    const std::string at = known.w == 2 ? ", w = 2" : ", w = 1.5";
    checks.push_back({"fixed points" + at, 27, count_of(found), 0});
    for (Index k = 0; k <= 3; ++k) {
      const double known_counts[] = {8, 12, 6, 1};
      checks.push_back({"with " + std::to_string(k) + " unstable directions" + at, known_counts[k],
                        with_index(found, k), 0});
    }
    checks.push_back({"degree sum" + at, 1, static_cast<double>(found.degree), 0});
    if (found.points.states.cols() == 0) continue;
    const Matrix latent = bits.Q.transpose() * found.points.states;
    checks.push_back({"stored bit" + at, known.bit, latent.cwiseAbs().maxCoeff(), 1e-12});
    double slope = NAN;
    for (const auto& point : found.linearizations) {
      if (point.unstable == 0) slope = std::abs(point.eigenvalues(0));
    }
    checks.push_back({"its slope" + at, known.slope, slope, 1e-12});
  }
  return checks;
}

Checks proofs() {
  const cells::CellKind& kind = cells::cell_kind("vanilla");
  RandomStream stream({1, 0, Purpose::initial_weights, 0});
  cells::Network network = cells::make_network(
      "vanilla", Settings(kind.schema, {{"units", std::int64_t{3}}}), 1, 1, stream);
  network.parameters["weight_hh_l0"] = 2 * Matrix::Identity(3, 3);
  network.parameters["bias_ih_l0"].setZero();
  network.parameters["bias_hh_l0"].setZero();
  const auto driven = cells::driven_map(network);
  const FrozenMap map(*driven, Vector::Zero(1));
  const Matrix states = search_all(map, 1).points.states;
  const auto certificates = dynamics::certify_all(map, states, {.stability = true});
  const auto trap = dynamics::find_trapping_box(map);
  const auto all = dynamics::degree_statement(trap, states, certificates);
  double certified = 0, stable = 0;
  for (const auto& certificate : certificates) {
    certified += certificate.status == dynamics::CertificateStatus::certified ? 1 : 0;
    stable += certificate.unstable == 0 ? 1 : 0;
  }
  Checks checks = {
      {"points proven", 27, certified, 0},
      {"of them proven stable", 8, stable, 0},
      {"proven degree sum", 1, static_cast<double>(all.sum), 0},
      {"is consistent", 1, all.verdict == dynamics::DegreeVerdict::consistent ? 1.0 : 0.0, 0}};
  if (states.cols() < 2) return checks;
  const auto fewer = dynamics::degree_statement(trap, states.rightCols(states.cols() - 1),
                                                {certificates.begin() + 1, certificates.end()});
  checks.push_back({"one left out is proven to be missing", 1,
                    fewer.verdict == dynamics::DegreeVerdict::missing ? 1.0 : 0.0, 0});
  return checks;
}

Checks connections() {
  const LatentBits bits(2);
  const auto found = search_all(bits.map, 1);
  dynamics::ConnectionOptions options;
  options.readout = [&](In<Matrix> X) -> Matrix { return bits.Q.transpose() * X; };
  const auto graph = dynamics::find_connections(
                         bits.map, dynamics::landmarks_at(bits.map, found.points.states), options)
                         .graph;
  const auto ideal = dynamics::flip_flop_graph(3);
  return {
      {"connections", 98, static_cast<double>(graph.edges.size()), 0},
      {"labeled distance of edges to 3 bits", 0, dynamics::labeled_edge_distance(graph, ideal), 0},
      {"is the graph of 3 bits", 1,
       dynamics::isomorphic(graph, ideal, {.labels = true}).value_or(false) ? 1.0 : 0.0, 0}};
}

Checks cube_of_wells() {
  const FlowSystem flow(
      3, 0,
      [](const double* x, const double*, double* y) {
        for (int i = 0; i < 3; ++i) y[i] = x[i] - x[i] * x[i] * x[i];
      },
      [](const double* x, const double*, const double* v, const double*, double* w) {
        for (int i = 0; i < 3; ++i) w[i] = (1 - 3 * x[i] * x[i]) * v[i];
      });
  const SteppedFlow step(flow, 0.1);
  const auto found = search_all(FrozenMap(step, Vector(0)), 1);
  return {{"fixed points", 27, count_of(found), 0},
          {"stable", 8, with_index(found, 0), 0},
          {"at (1, 1, 1)", 0, distance(found.points.states, Vector::Ones(3)), 1e-14}};
}

Checks henon() {
  const MapSystem driven = henon_map();
  const auto found = search_all(FrozenMap(driven, Vector::Constant(1, 1.4)), 1);
  return {{"fixed points", 2, count_of(found), 0},
          {"saddles", 2, with_index(found, 1), 0},
          {"distance to (.6313544771, .1894063431)", 0,
           distance(found.points.states, pair(0.6313544771, 0.1894063431)), 1e-10},
          {"distance to (-1.1313544771, -.3394063431)", 0,
           distance(found.points.states, pair(-1.1313544771, -0.3394063431)), 1e-10}};
}

Checks lorenz_points() {
  const FlowSystem flow = lorenz_flow();
  const SteppedFlow step(flow, 0.01, Method::rk4);
  const auto found = search_all(FrozenMap(step, Vector::Constant(1, 22)), 10);
  const double x = std::sqrt(8.0 / 3 * 21);
  return {{"fixed points", 3, count_of(found), 0},
          {"stable", 2, with_index(found, 0), 0},
          {"at sqrt(beta (rho - 1))", 0, distance(found.points.states, Vector{{x, x, 21}}), 1e-11}};
}

Checks random_networks() {
  const Index n = 40;
  const Matrix J = normal_matrix(n, n, 1 / std::sqrt(40.0), 3);
  const Matrix I = Matrix::Identity(n, n);
  const MapSystem quiet = tanh_map(0.5 * J, I), loud = tanh_map(1.5 * J, I);
  const auto one = search_all(FrozenMap(quiet, Vector(0)), 1);
  const auto many = search_all(FrozenMap(loud, Vector(0)), 1);
  double alone = 0;
  for (Index p = 0; p < many.points.states.cols(); ++p) {
    if (distance(many.points.states, -many.points.states.col(p)) > 1e-9) ++alone;
  }
  return {{"fixed points, g = 0.5", 1, count_of(one), 0},
          {"points without their mirror image, g = 1.5", 0, alone, 0},
          {"degree sum, g = 1.5", 1, static_cast<double>(many.degree), 0}};
}

Checks scyfi_points() {
  struct Known {
    Vector a;
    double w;
    Vector point;
    double modulus, digits;
  };
  Checks checks;
  int number = 0;
  for (const Known& known :
       {Known{pair(0.7, -0.7), -0.14375, pair(1.24327510, -0.19207617), 0.7, 1e-15},
        Known{pair(-0.0222311, 0.96461297), -0.64375, pair(0.36487105, -22.26064871), 0.96461297,
              1e-14},
        Known{pair(0.8377689, 0.96461297), -0.64375, pair(1.87241987, 0.10752279), 1.07057, 5e-6},
        Known{pair(0.9777689, 0.96461297), -0.14375, pair(2.01900155, 2.28242021), 1.00928,
              5e-6}}) {
    const Matrix W{{0, known.w}, {0.52505308, 0}};
    const auto map = PiecewiseLinearMap::plrnn(known.a, W, pair(0.37298253, -0.97931491));
    const auto found = dynamics::all_piecewise_linear_points(map);
    const std::string of = ", network " + std::to_string(++number);
    checks.push_back({"fixed points" + of, 1, static_cast<double>(found.states.cols()), 0});
    checks.push_back({"distance" + of, 0, distance(found.states, known.point), 1e-8});
    if (found.states.cols() == 0) continue;
    const auto multipliers = eigenvalues(map.jacobian(found.states.col(0)));
    checks.push_back({"largest |multiplier|" + of, known.modulus, std::abs(multipliers(0)),
                      std::max(known.digits, 1e-14)});
  }
  return checks;
}

}  // namespace

std::vector<SelftestCase> selftest_points() {
  const std::string recomputed = "recomputed by a program apart";
  return {{"latent flip-flop of 3 bits, N = 20", "closed form", latent_bits},
          {"3 tanh units, w = 2, in interval arithmetic", "closed form; Brouwer degree", proofs},
          {"connections of the latent flip-flop", "faces of the cube", connections},
          {"cube of wells x' = x - x^3", "closed form; DynamicalSystems.jl #187", cube_of_wells},
          {"Henon map 1.4, 0.3", "closed form", henon},
          {"Lorenz, rho = 22", "closed form", lorenz_points},
          {"random networks x' = g J tanh(x), N = 40", "odd symmetry; |J| < 1", random_networks},
          {"PLRNNs of SCYFI's tests", recomputed, scyfi_points}};
}

}  // namespace nullcline::apps
