// SPDX-License-Identifier: Apache-2.0
// What single options promise.
#include <gtest/gtest.h>

#include <cmath>

#include "nullcline/cells/layer.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/core/finite_differences.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/stepper.hpp"
#include "tests/cells/cases.hpp"

namespace nullcline::cells {
namespace {

using Text = std::string;

Network drawn(const std::string& cell, std::map<std::string, Value> settings, Index n_in = 3) {
  RandomStream stream({3, 1, Purpose::initial_weights, 0});
  return make_network(cell, Settings(cell_kind(cell).schema, settings), n_in, 2, stream);
}

TEST(LeakyRate, StepsAreThoseOfItsFlow) {
  for (const char* form : {"rate", "current"}) {
    for (const char* method : {"euler", "heun"}) {
      const Case c{"",
                   "leaky_rate",
                   {{"form", Text(form)}, {"method", Text(method)}, {"activation", Text("tanh")}}};
      const Network network = network_of(c, 8, 3, 2);
      const auto ode = flow(network);
      const Matrix x = normals(8, 2, 1), u = normals(3, 2, 2);
      EXPECT_LT(check_derivatives(*ode, x.col(0), u.col(0)).largest(), 2e-8);  // 1 / tau = 10
      Matrix by_flow(8, 2), by_map(8, 2);
      SteppedFlow(*ode, network.dt(), method_from_name(method)).evaluate(x, u, by_flow);
      driven_map(network)->evaluate(x, u, by_map);
      EXPECT_LE((by_flow - by_map).cwiseAbs().maxCoeff(), 1e-14);
    }
  }
}

TEST(Flow, OfACellThatIsNoneIsAnError) {
  EXPECT_THROW(flow(drawn("gru", {{"units", std::int64_t{4}}})), Error);
  EXPECT_THROW(flow(drawn("leaky_rate", {{"units", std::int64_t{4}}, {"layers", std::int64_t{2}}})),
               Error);
}

TEST(Noise, OfTheCurrentFormHasTheVarianceOfTheSdeInBothMethods) {
  for (const char* method : {"euler", "heun"}) {
    Network network = drawn("leaky_rate", {{"units", std::int64_t{50}},
                                           {"form", Text("current")},
                                           {"method", Text(method)},
                                           {"tau", 1.0},
                                           {"dt", 0.05},
                                           {"sigma", 0.3}});
    for (const char* name : {"recurrent", "input", "bias"}) network.parameters[name].setZero();
    RandomStream noise({1, 1, Purpose::recurrent_noise, 0});
    const Index B = 400;
    const Matrix X = simulate(network, Matrix::Zero(3, B), Matrix::Zero(50, B), &noise);
    // From zero: sigma sqrt(dt) xi; by Heun the predictor p has it too, and x' = noise - dt p / 2.
    const double factor = Text(method) == "heun" ? 1 - 0.05 / 2 : 1;
    const double expected = 0.3 * 0.3 * 0.05 * factor * factor;
    const double count = static_cast<double>(X.size());
    EXPECT_NEAR(X.squaredNorm() / count, expected, 5 * expected * std::sqrt(2 / count)) << method;
  }
}

TEST(Noise, OfLayersIsIndependent) {
  Network network = drawn("vanilla", {{"units", std::int64_t{40}},
                                      {"layers", std::int64_t{2}},
                                      {"activation", Text("identity")},
                                      {"sigma", 1.0}});
  for (auto& [name, A] : network.parameters) A.setZero();
  RandomStream noise({1, 1, Purpose::recurrent_noise, 0});
  const Matrix X = simulate(network, Matrix::Zero(3, 100), Matrix::Zero(80, 100), &noise);
  const double count = 4000;
  EXPECT_NEAR(X.squaredNorm() / (2 * count), 1, 5 * std::sqrt(1 / count));
  const double product = X.topRows(40).cwiseProduct(X.bottomRows(40)).sum() / count;
  EXPECT_NEAR(product, 0, 5 / std::sqrt(count));
}

TEST(Structure, OfDaleGivesEachUnitOneSign) {
  const Network network = drawn("leaky_rate", {{"units", std::int64_t{20}},
                                               {"structure", Text("dale")},
                                               {"activation", Text("identity")},
                                               {"dt", 0.1}});  // x' = W x + B u + b
  const Matrix W = driven_map(network)->jacobians(Vector::Zero(20), Vector::Zero(3)).state;
  EXPECT_GE(W.leftCols(16).minCoeff(), 0);
  EXPECT_LE(W.rightCols(4).maxCoeff(), 0);
  EXPECT_TRUE(W.diagonal().isZero(0));
  // Excitation and inhibition cancel in the mean: 380 entries, sd of a row's sum about 1.
  EXPECT_NEAR(W.sum() / W.cwiseAbs().sum(), 0, 0.25);
}

TEST(Structure, OfLowRankHasItsRankAndTheVarianceOfDenseWeights) {
  const Network network = drawn("vanilla", {{"units", std::int64_t{200}},
                                            {"structure", Text("low_rank")},
                                            {"rank", std::int64_t{3}},
                                            {"activation", Text("identity")},
                                            {"init", Text("fan_in")}});
  const Matrix W = driven_map(network)->jacobians(Vector::Zero(200), Vector::Zero(3)).state;
  const Vector values = singular_values(W);
  EXPECT_GT(values(2), 0.1);
  EXPECT_LT(values(3), 1e-12);
  EXPECT_NEAR(W.squaredNorm() / 200, 1, 0.5);  // n^2 entries of variance 1 / n, of rank 3
}

TEST(Structure, OfMasksIsWhatTheSettingsSay) {
  const Network sparse =
      drawn("gru", {{"units", std::int64_t{60}}, {"structure", Text("sparse")}, {"density", 0.2}});
  const Matrix& mask = sparse.parameter("weight_hh_mask_l0");
  EXPECT_NEAR(mask.mean(), 0.2, 5 * std::sqrt(0.16 / 3600));
  const Network blocks = drawn("leaky_rate", {{"units", std::int64_t{6}},
                                              {"structure", Text("blocks")},
                                              {"blocks", std::int64_t{3}},
                                              {"density", 0.0}});
  Matrix expected = Matrix::Zero(6, 6);
  for (Index i : {0, 2, 4}) expected(i, i + 1) = expected(i + 1, i) = 1;
  EXPECT_EQ(blocks.parameter("recurrent_mask"), expected);

  // Weights that the mask has cut do not act, and are not trained.
  const auto cell = make_cell<double>(blocks);
  for (const auto& p : cell->parameters()) EXPECT_NE(p.name, "recurrent_mask");
}

TEST(Embedding, ShowsTheFirstLayerTheRowOfTheToken) {
  const Network network = drawn("ugrnn",
                                {{"units", std::int64_t{4}},
                                 {"vocabulary", std::int64_t{5}},
                                 {"embedding_size", std::int64_t{3}}},
                                1);
  const Matrix tokens = (Matrix(1, 3) << 4, 0, 2).finished(), x = normals(4, 3, 1);
  const Matrix seen = embed(network, tokens);
  EXPECT_EQ(seen.col(0), network.parameter("embedding").row(4).transpose());
  Matrix by_token(4, 3), by_row(4, 3);
  driven_map(network)->evaluate(x, tokens, by_token);
  embedded_map(network)->evaluate(x, seen, by_row);
  EXPECT_EQ(by_token, by_row);
  EXPECT_LT(check_derivatives(*driven_map(network), x.col(0), Vector::Constant(1, 3)).largest(),
            2e-9);
  EXPECT_THROW(embed(network, Matrix::Constant(1, 1, 5)), std::invalid_argument);
  EXPECT_THROW(embed(network, Matrix::Constant(1, 1, -1)), std::invalid_argument);
}

TEST(InitialState, IsAParameterWhereItIsTrainedAndZeroElsewhere) {
  std::map<std::string, Value> settings = {
      {"units", std::int64_t{3}}, {"layers", std::int64_t{2}}, {"init", Text("fan_in")}};
  EXPECT_EQ(initial_state(drawn("lstm", settings)), Vector::Zero(12));
  settings["trained_start"] = true;
  const Network network = drawn("lstm", settings);
  EXPECT_EQ(initial_state(network), network.parameter("initial_state").col(0));
  EXPECT_GT(initial_state(network).norm(), 0);
}

TEST(RandomParameters, AreThoseOfTheirSource) {
  const std::map<std::string, Value> base = {{"units", std::int64_t{100}}, {"gain", 0.5}};
  const auto with = [&](const char* init) {
    auto settings = base;
    settings["init"] = Text(init);
    return drawn("gru", settings, 4);
  };
  const auto sd = [](const Matrix& A) {
    return std::sqrt(A.squaredNorm() / static_cast<double>(A.size()));
  };
  const Network torch = with("pytorch");
  EXPECT_LE(torch.parameter("weight_ih_l0").cwiseAbs().maxCoeff(), 0.1);
  EXPECT_NEAR(sd(torch.parameter("weight_ih_l0")), 0.1 / std::sqrt(3.0), 0.003);
  const Network renn = with("renn");
  EXPECT_NEAR(sd(renn.parameter("weight_hh_l0")), 0.05, 0.001);
  EXPECT_NEAR(sd(renn.parameter("weight_ih_l0")), 0.1, 0.01);
  EXPECT_TRUE(renn.parameter("bias_hh_l0").isZero(0));
  const Network fan_in = with("fan_in");
  EXPECT_NEAR(sd(fan_in.parameter("weight_ih_l0")), 0.5, 0.05);
  auto in_streams = base;
  in_streams["init"] = Text("fan_in");
  in_streams["input_streams"] = std::vector<double>{1, 3};
  const Matrix B = drawn("gru", in_streams, 4).parameter("weight_ih_l0");
  EXPECT_NEAR(sd(B.leftCols(1)), 1, 0.15);
  EXPECT_NEAR(sd(B.rightCols(3)), 1 / std::sqrt(3.0), 0.06);
  in_streams["input_streams"] = std::vector<double>{1, 2};
  EXPECT_THROW(drawn("gru", in_streams, 4), Error);
  const Network linear = drawn("feedforward", {{"units", std::int64_t{100}}}, 4);
  EXPECT_LE(linear.parameter("weight_l0").cwiseAbs().maxCoeff(), 0.5);
  EXPECT_NEAR(sd(linear.parameter("weight_l0")), 0.5 / std::sqrt(3.0), 0.03);
  const Network orthogonal = with("orthogonal");
  const Matrix W = orthogonal.parameter("weight_hh_l0").topRows(100);
  EXPECT_LE((W.transpose() * W - 0.25 * Matrix::Identity(100, 100)).cwiseAbs().maxCoeff(), 1e-14);
  EXPECT_EQ(with("identity").parameter("weight_hh_l0").bottomRows(100),
            0.5 * Matrix::Identity(100, 100));
}

}  // namespace
}  // namespace nullcline::cells
