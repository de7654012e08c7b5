// SPDX-License-Identifier: Apache-2.0
#include "apps/selftest_warp.hpp"

#include "apps/selftest_systems.hpp"
#include "nullcline/cells/network.hpp"
#include "nullcline/cells/registry.hpp"
#include "nullcline/geometry/adjoint.hpp"
#include "nullcline/geometry/neuron_ellipse.hpp"
#include "nullcline/geometry/pullback_metric.hpp"
#include "nullcline/geometry/topology.hpp"

namespace nullcline::apps {
namespace {

using Checks = std::vector<SelftestCheck>;
using namespace nullcline::geometry;

constexpr Index n = 20, T = 12, shown = 5;  // units, steps, steps with an input
constexpr double dt = 0.1;

struct Weights {
  Matrix W = normal_matrix(n, n, 1, 11) * 1.2 / std::sqrt(20.0), B = normal_matrix(n, 2, 1, 12);
};

/// x' = x + dt (-x + W f(x) + B u).
std::unique_ptr<DrivenMap> map_of(const Weights& weights, const std::string& activation) {
  cells::Network network{
      "leaky_rate",
      Settings(cells::cell_kind("leaky_rate").schema, {{"units", n},
                                                       {"activation", activation},
                                                       {"form", "current"},
                                                       {"tau", 1.0},
                                                       {"dt", dt}}),
      {{"recurrent", weights.W},
       {"input", weights.B},
       {"bias", Matrix::Zero(n, 1)},
       {"readout", Matrix::Zero(1, n)},
       {"readout_bias", Matrix::Zero(1, 1)}}};
  return cells::driven_map(network);
}

/// u = kappa for `shown` steps, then nothing; du / dkappa = L.
ManifoldInputs pulse(const Matrix& kappa, const Matrix& L = Matrix::Identity(2, 2)) {
  const Index K = kappa.cols();
  ManifoldInputs inputs{K, 2, Matrix::Zero(2, T * K), Matrix::Zero(2, T * K * 2), {}};
  inputs.inputs.leftCols(shown * K) = kappa.replicate(1, shown);
  inputs.tangents.leftCols(shown * K * 2) = L.replicate(1, shown * K);
  return inputs;
}

double worst(const Matrix& A) { return A.cwiseAbs().maxCoeff(); }

Checks linear() {
  const Weights w;
  const Matrix kappa = normal_matrix(2, 4, 1, 13);
  const auto found = sensitivities(*map_of(w, "identity"), pulse(kappa), {.steps = {T}, .dt = dt});
  const Matrix A = (1 - dt) * Matrix::Identity(n, n) + dt * w.W;
  Matrix a = Matrix::Zero(n, 2);
  for (Index t = 0; t < T; ++t) a = (A * a + (t < shown ? dt : 0) * w.B).eval();
  const PullbackMetric metric = pullback_metric(found.tangents, 2);
  const Matrix G = a.transpose() * a;
  return {{"error of G, from powers of the step", 0,
           worst(metric.metric.colwise() - Vector(G.reshaped())), 1e-14},
          {"its change with the input", 0,
           worst(metric.metric.colwise() - Vector(metric.metric.col(0))), 1e-15}};
}

Checks curved() {
  const Weights w;
  const auto map = map_of(w, "tanh");
  const Matrix kappa = normal_matrix(2, 3, 1, 14);
  const SensitivityOptions last{.steps = {T}, .dt = dt};
  const auto found = sensitivities(*map, pulse(kappa), last);
  double differs = 0;
  for (Index i = 0; i < 2; ++i) {
    const double h = 1e-3;
    const auto moved = [&](double by) {
      Matrix there = kappa;
      there.row(i).array() += by;
      return sensitivities(*map, pulse(there), last).states;
    };
    const Matrix slope = (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h);
    for (Index k = 0; k < 3; ++k) {
      differs = std::max(differs, worst(slope.col(k) - found.tangents.col(2 * k + i)));
    }
  }
  const Matrix covectors = normal_matrix(n, 3, 1, 15);
  const Matrix seen = adjoint_products(*map, pulse(kappa), covectors, last).products;
  double adjoint = 0;
  for (Index k = 0; k < 3; ++k) {
    adjoint = std::max(
        adjoint,
        worst(found.tangents.middleCols(2 * k, 2).transpose() * covectors.col(k) - seen.col(k)));
  }
  // After the input f(x, 0) is what moves the states.
  const Matrix f = w.W * found.states.array().tanh().matrix() - found.states;
  const PullbackMetric metric = pullback_metric(found.tangents, 2);
  const Matrix Q = qr(normal_matrix(n, n, 1, 16)).Q, L{{2, 1}, {-0.5, 1.5}};
  const auto other = sensitivities(*map, pulse(kappa, L), last);
  const Matrix changed = L.transpose() * metric.at(0) * L;
  return {{"tangents against differences of order 4", 0, differs, 1e-11},
          {"<w, a> forwards and backwards", 0, adjoint, 1e-13},
          {"G_tt - |f|^2", 0,
           worst(found.velocities.colwise().squaredNorm() - f.colwise().squaredNorm()), 1e-11},
          {"G of rotated states", 0,
           worst(pullback_metric(Q * found.tangents, 2).metric - metric.metric), 1e-13},
          {"G in other coordinates, L'GL", 0,
           worst(pullback_metric(other.tangents, 2).at(0) - changed), 1e-13}};
}

Checks degenerate() {
  const Weights w;
  const auto map = map_of(w, "tanh");
  const Matrix kappa = normal_matrix(2, 3, 1, 17);
  const ManifoldInputs inputs = pulse(kappa);
  const auto found = sensitivities(*map, inputs, {.steps = {0, shown, 8, T}, .dt = dt});
  const PullbackMetric metric = pullback_metric(found.tangents, 2);
  const auto collapsed =
      std::count(metric.status.begin(), metric.status.begin() + 3, MetricStatus::collapsed);
  const RankHistory ranks = rank_history(found, inputs);
  // A readout of one unit's rate: H = (1 - tanh(x)^2) e'.
  const Index c = 9;  // the first point at T
  const double slope = 1 - std::pow(std::tanh(found.states(0, c)), 2);
  const Matrix seen = slope * found.tangents.middleCols(2 * c, 2).topRows(1);
  const PullbackMetric readout = pullback_metric(seen, 2);
  const auto ellipse = neuron_ellipse(found.tangents.col(2 * c), found.tangents.col(2 * c + 1));
  return {{"points collapsed at t = 0", 3, static_cast<double>(collapsed), 0},
          {"rank after the last input", 2, static_cast<double>(ranks.ranks(0, 3)), 0},
          {"changes of rank after it", 0, static_cast<double>(ranks.changes), 0},
          {"last step with an input", shown - 1, static_cast<double>(ranks.last_input), 0},
          {"second eigenvalue of one readout's metric", 0, readout.eigenvalues(1, 0), 0},
          {"second moment over neurons - cosine", 0,
           ellipse.second_moment(0, 1) - metric.cosines(0, c), 1e-14}};
}

}  // namespace

std::vector<SelftestCase> selftest_warp() {
  return {{"metric of a linear network", "closed form", linear},
          {"metric of a tanh network", "identities, differences", curved},
          {"where a metric degenerates", "theorem", degenerate}};
}

}  // namespace nullcline::apps
