// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <numbers>
#include <string>

#include "nullcline/cells/registry.hpp"
#include "nullcline/tasks/manifolds.hpp"

namespace nullcline::study::testing {

inline constexpr double pi = std::numbers::pi, dt = 0.1;

/// x' = (1 - alpha) x + alpha (W x + B u), alpha = dt / tau; readout D x.
inline cells::Network linear(const Matrix& W, const Matrix& B, const Matrix& D, double alpha) {
  cells::Network network{
      "leaky_rate",
      Settings(cells::cell_kind("leaky_rate").schema, {{"units", W.rows()},
                                                       {"activation", std::string("identity")},
                                                       {"self_connections", true},
                                                       {"tau", dt / alpha},
                                                       {"dt", dt},
                                                       {"sigma", 0.0}}),
      {}};
  network.parameters["recurrent"] = W;
  network.parameters["input"] = B;
  network.parameters["bias"] = Matrix::Zero(W.rows(), 1);
  network.parameters["readout"] = D;
  network.parameters["readout_bias"] = Matrix::Zero(D.rows(), 1);
  cells::validate(network);
  return network;
}

/// A network whose state is its input.
inline cells::Network mirror(Index n) {
  return linear(Matrix::Zero(n, n), Matrix::Identity(n, n), Matrix::Identity(n, n).topRows(1), 1);
}

inline constexpr double R = 2, r = 0.5;  // of the torus

/// The torus (v, w), for one step: x = ((R + r cos v) cos w, (R + r cos v) sin w, r sin v).
inline tasks::InputManifold torus() {
  const auto at = [](In<Vector> kappa) {
    const double v = kappa(0), w = kappa(1), rho = R + r * std::cos(v);
    const Vector out{{std::cos(w), std::sin(w), 0}}, around{{-std::sin(w), std::cos(w), 0}};
    const Vector up = Vector::Unit(3, 2);
    tasks::InputManifold::Point point;
    point.inputs = rho * out + r * std::sin(v) * up;
    point.first = {-r * std::sin(v) * out + r * std::cos(v) * up, rho * around};
    point.second = {-r * std::cos(v) * out - r * std::sin(v) * up, -r * std::sin(v) * around,
                    -rho * out};
    return point;
  };
  return {{tasks::angle("v"), tasks::angle("w")}, at, "torus"};
}

/// A strip of the unit sphere, 0.5 <= theta <= 2.5.
inline tasks::InputManifold sphere() {
  const auto at = [](In<Vector> kappa) {
    const double t = kappa(0), p = kappa(1), s = std::sin(t), c = std::cos(t);
    const Vector out{{std::cos(p), std::sin(p), 0}}, around{{-std::sin(p), std::cos(p), 0}};
    const Vector up = Vector::Unit(3, 2);
    tasks::InputManifold::Point point;
    point.inputs = s * out + c * up;
    point.first = {c * out - s * up, s * around};
    point.second = {-s * out - c * up, c * around, -s * out};
    return point;
  };
  return {{{"theta, rad", 0.5, 2.5}, tasks::angle("phi")}, at, "sphere"};
}

}  // namespace nullcline::study::testing
