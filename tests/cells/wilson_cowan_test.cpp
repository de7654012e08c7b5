// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "nullcline/cells/network.hpp"
#include "nullcline/core/finite_differences.hpp"
#include "nullcline/core/stepper.hpp"
#include "tests/cells/cases.hpp"

namespace nullcline::cells {
namespace {

TEST(WilsonCowan, StepsAreThoseOfItsFlow) {
  Network network = network_of({"", "wilson_cowan", {{"tau", 0.2}}}, 6, 3, 2);
  network.parameters["speed"] = Vector::LinSpaced(6, -2, 3);
  const auto ode = flow(network);
  const Matrix x = normals(6, 2, 1), u = normals(3, 2, 2);
  EXPECT_LT(check_derivatives(*ode, x.col(0), u.col(0)).largest(), 2e-8);
  Matrix by_flow(6, 2), by_map(6, 2);
  SteppedFlow(*ode, network.dt(), method_from_name("euler")).evaluate(x, u, by_flow);
  driven_map(network)->evaluate(x, u, by_map);
  EXPECT_LE((by_flow - by_map).cwiseAbs().maxCoeff(), 1e-14);
}

/// Without connections each unit forgets at its own rate: x(t) = (1 - dt / tau_i)^t x(0).
TEST(WilsonCowan, HasATimeConstantAUnit) {
  Network network = network_of({"", "wilson_cowan", {{"tau", 0.5}, {"dt", 0.1}}}, 3, 1, 1);
  for (const char* name : {"recurrent", "bias"}) network.parameters[name].setZero();
  network.parameters["speed"] = Vector{{0, 2, -1}};  // tau = 0.5, 0.25, 1 s
  const Matrix states = simulate(network, Matrix::Zero(1, 4), Matrix::Ones(3, 1));
  EXPECT_NEAR(states(0, 3), std::pow(0.8, 4), 1e-15);
  EXPECT_NEAR(states(1, 3), std::pow(0.6, 4), 1e-15);
  EXPECT_NEAR(states(2, 3), std::pow(0.9, 4), 1e-15);
}

/// Two excitatory populations and an inhibitory one that is twice as fast [our stand-in for figure
/// 3 of the 2025 paper],
///
///     x_1' = -x_1 + 2.5 p_1 - 2 p_I + 0.6 + 0.2 c,   x_2' with - 0.2 c,
///     x_I' = 2 (-x_I + 1.5 (p_1 + p_2) - 0.5 p_I + 0.2),   p = 1 / (1 + exp(-4 (x - 1))),
///
/// whose states here are 4 (x - 1): the stronger side wins, with rates of 0.85 to 0.94 and 0.001 as
/// NumPy had them to the digits given, and without evidence none does.
TEST(WilsonCowan, DecidesForTheStrongerSide) {
  Network network = network_of(
      {"", "wilson_cowan", {{"tau", 1.0}, {"dt", 0.05}, {"trained_start", true}}}, 3, 1, 1);
  network.parameters["recurrent"] = Matrix{{10, 0, -8}, {0, 10, -8}, {6, 6, -2}};
  network.parameters["input"] = Vector{{0.8, -0.8, 0}};
  network.parameters["bias"] = Vector{{-1.6, -1.6, -3.2}};
  network.parameters["speed"] = Vector{{0, 0, 1}};
  const Vector start = Vector::Constant(3, -4);  // x = 0
  for (const double c : {-1.0, -0.3, -0.05, 0.05, 0.3, 1.0}) {
    const Matrix states = simulate(network, Matrix::Constant(1, 400, c), start);
    const Vector p = features(network, states.rightCols(1)).col(0);
    const double winner = c > 0 ? p(0) : p(1), loser = c > 0 ? p(1) : p(0);
    EXPECT_GE(winner, 0.845) << c;
    EXPECT_LE(winner, 0.945) << c;
    EXPECT_LE(loser, 0.0015) << c;
  }
  const Matrix states = simulate(network, Matrix::Zero(1, 400), start);
  const Vector p = features(network, states.rightCols(1)).col(0);
  EXPECT_EQ(p(0), p(1));
  EXPECT_NEAR(p(0), 0.2, 0.005);
}

}  // namespace
}  // namespace nullcline::cells
