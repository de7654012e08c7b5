// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/activation.hpp"
#include "nullcline/cells/registry.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "nullcline/cells/network.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/core/finite_differences.hpp"

namespace nullcline::cells {
namespace {

Network random_network(const std::string& activation, std::int64_t units, double sigma = 0) {
  const Settings settings(cell_kind("leaky_rate").schema,
                          {{"units", units},
                           {"activation", activation},
                           {"theta", activation == "leaky_relu" ? 0.3 : 0.0},
                           {"sigma", sigma},
                           {"gain", 1.3}});
  RandomStream stream({3, 1, Purpose::initial_weights, 0});
  Network network = make_network("leaky_rate", settings, 2, 3, stream);
  network.parameters["readout_bias"] = Vector::LinSpaced(3, -0.1, 0.2);
  return network;
}

Matrix normals(Index rows, Index cols, std::uint64_t step) {
  Matrix A(rows, cols);
  RandomStream({4, 2, Purpose::trials, step})
      .fill_normal(std::span<double>(A.data(), static_cast<std::size_t>(A.size())));
  return A;
}

/// The equation of the note, unit by unit: the slow twin of everything fast.
Matrix naive_step(const Network& network, const Matrix& X, const Matrix& U) {
  const Matrix& W = network.parameter("recurrent");
  const Matrix& B = network.parameter("input");
  const Matrix& b = network.parameter("bias");
  const double alpha = network.dt() / network.settings.number("tau");
  const Activation f = activation_from_name(network.settings.text("activation"));
  Matrix Y(X.rows(), X.cols());
  for (Index trial = 0; trial < X.cols(); ++trial) {
    for (Index i = 0; i < X.rows(); ++i) {
      double m = b(i, 0);
      for (Index j = 0; j < X.rows(); ++j) m += W(i, j) * X(j, trial);
      for (Index k = 0; k < U.rows(); ++k) m += B(i, k) * U(k, trial);
      const double value = evaluate(f, network.settings.number("theta"), m).value;
      Y(i, trial) = (1 - alpha) * X(i, trial) + alpha * value;
    }
  }
  return Y;
}

class LeakyRateOf : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Activations, LeakyRateOf, ::testing::ValuesIn(activation_names()),
                         [](const auto& named) { return named.param; });

TEST_P(LeakyRateOf, MapIsTheEquationOfTheNote) {
  const Network network = random_network(GetParam(), 11);
  const Matrix X = normals(11, 4, 1), U = normals(2, 4, 2);
  Matrix Y(11, 4);
  driven_map(network)->evaluate(X, U, Y);
  EXPECT_LE((Y - naive_step(network, X, U)).cwiseAbs().maxCoeff(), 1e-14);
}

TEST_P(LeakyRateOf, AllDerivativesAreThoseOfFiniteDifferences) {
  const Network network = random_network(GetParam(), 9);
  const auto errors = check_derivatives(*driven_map(network), normals(9, 1, 3), normals(2, 1, 4));
  EXPECT_LT(errors.largest(), 2e-9);
}

TEST_P(LeakyRateOf, SimulationRepeatsTheStep) {
  const Network network = random_network(GetParam(), 18);
  const Index T = 12, B = 3;
  const Matrix U = normals(2, T * B, 5), start = normals(18, B, 6);
  const Matrix X = simulate(network, U, start);
  Matrix x = start;
  for (Index t = 0; t < T; ++t) {
    x = naive_step(network, x, U.middleCols(t * B, B));
    // The vector code of tanh, exp and log1p is good to some units in the last place.
    EXPECT_LE((X.middleCols(t * B, B) - x).cwiseAbs().maxCoeff(), 1e-13);
  }
}

TEST_P(LeakyRateOf, FloatCellFollowsTheDoubleOne) {
  const Network network = random_network(GetParam(), 21, 0.05);
  const auto run = [&](auto real) {
    using Real = decltype(real);
    const MatrixX<Real> inputs = normals(2, 40, 7).cast<Real>();
    const MatrixX<Real> start = MatrixX<Real>::Zero(21, 4);
    const RandomStream noise({1, 1, Purpose::recurrent_noise, 0});
    const auto cell = make_cell<Real>(network);
    cell->forward({10, 4, view(inputs), view(start), &noise});
    return Matrix(cell->states().template cast<double>());
  };
  // The same noise to float precision: 10 steps of sums of 23 terms.
  EXPECT_LE((run(0.0f) - run(0.0)).cwiseAbs().maxCoeff(), 1e-5);
}

TEST(LeakyRate, NoiseHasTheStrengthOfTheNoteInsideF) {
  Network network = random_network("identity", 64, 0.2);
  for (const char* name : {"recurrent", "input", "bias"}) network.parameters[name].setZero();
  RandomStream noise({1, 1, Purpose::recurrent_noise, 0});
  const Index B = 500;
  const Matrix X = simulate(network, Matrix::Zero(2, B), Matrix::Zero(64, B), &noise);
  // One step from zero: alpha sqrt(2 sigma^2 / alpha) n = sqrt(2 alpha) sigma n, alpha = 0.1.
  const double variance = X.squaredNorm() / static_cast<double>(X.size());
  const double expected = 2 * 0.1 * 0.04;
  EXPECT_NEAR(variance, expected, 5 * expected * std::sqrt(2.0 / static_cast<double>(X.size())));
}

TEST(LeakyRate, RandomWeightsHaveTheVarianceAskedForAndNoDiagonal) {
  for (const auto& [scaling, variance] :
       {std::pair<std::string, double>{"g^2/n", 4.0 / 400}, {"g^2/sqrt(n)", 4.0 / 20}}) {
    const Settings settings(cell_kind("leaky_rate").schema, {{"units", std::int64_t{400}},
                                                             {"gain", 2.0},
                                                             {"weight_variance", scaling},
                                                             {"input_sd", 0.5}});
    RandomStream stream({3, 1, Purpose::initial_weights, 0});
    const Network network = make_network("leaky_rate", settings, 2, 1, stream);
    const Matrix& W = network.parameter("recurrent");
    EXPECT_TRUE((W.diagonal().array() == 0).all());
    const double count = 400.0 * 399.0;
    EXPECT_NEAR(W.squaredNorm() / count, variance, 5 * variance * std::sqrt(2 / count));
    EXPECT_NEAR(network.parameter("input").squaredNorm() / 800, 0.25,
                5 * 0.25 * std::sqrt(2.0 / 800));
  }
}

TEST(Network, ThatDoesNotFitItselfIsRefusedByTheNameOfTheArray) {
  const Network good = random_network("relu", 5);
  EXPECT_NO_THROW(validate(good));
  const auto field = [](const Network& network) {
    try {
      validate(network, "file.h5");
    } catch (const Error& error) {
      EXPECT_EQ(error.path(), "file.h5");
      return error.field();
    }
    return std::string("accepted");
  };
  Network bad = good;
  bad.parameters.erase("bias");
  EXPECT_EQ(field(bad), "bias");
  bad = good;
  bad.parameters["recurrent"] = Matrix::Zero(5, 4);
  EXPECT_EQ(field(bad), "recurrent");
  bad = good;
  bad.parameters["readout"] = Matrix::Zero(3, 6);
  EXPECT_EQ(field(bad), "readout");
  bad = good;
  bad.parameters["readout_bias"] = Matrix::Zero(2, 1);
  EXPECT_EQ(field(bad), "readout_bias");
  bad = good;
  bad.parameters["input"](3, 1) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(field(bad), "input[3, 1]");
  bad = good;
  bad.parameters["surplus"] = Matrix::Zero(1, 1);
  EXPECT_EQ(field(bad), "surplus");
}

/// An angle that no activation but leaky ReLU has is refused, not ignored.
TEST(LeakyRate, RefusesAnAngleOfReluWithoutALeak) {
  const auto angle = [](const char* activation) {
    return Settings(cell_kind("leaky_rate").schema,
                    {{"activation", std::string(activation)}, {"theta", 0.3}});
  };
  RandomStream stream({3, 1, Purpose::initial_weights, 0});
  EXPECT_NO_THROW(make_network("leaky_rate", angle("leaky_relu"), 1, 1, stream));
  try {
    make_network("leaky_rate", angle("relu"), 1, 1, stream);
    FAIL() << "relu took an angle";
  } catch (const Error& error) {
    EXPECT_EQ(error.field(), "theta");
    EXPECT_EQ(error.expected(), "0, or activation leaky_relu");
  }
}

}  // namespace
}  // namespace nullcline::cells
