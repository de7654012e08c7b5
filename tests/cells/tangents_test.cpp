// SPDX-License-Identifier: Apache-2.0
// Orbits with derivatives by the fused kernel against the functions of the same map.
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>

#include "nullcline/cells/network.hpp"
#include "nullcline/cells/parameter_change.hpp"
#include "nullcline/cells/readout_tangents.hpp"
#include "nullcline/cells/registry.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/random.hpp"
#include "nullcline/core/tangent_orbits.hpp"

namespace nullcline::cells {
namespace {

constexpr Index inputs = 3, outputs = 2;

Matrix random_matrix(Index rows, Index cols, std::uint64_t seed) {
  RandomStream stream({.seed = seed, .purpose = Purpose::analysis_noise});
  Matrix A(rows, cols);
  for (double& entry : A.reshaped()) entry = stream.normal();
  return A;
}

Network random_network(const std::string& cell, Index units, const std::string& activation,
                       std::map<std::string, Value> settings = {}) {
  Network network;
  network.cell = cell;
  settings["units"] = std::int64_t{units};
  settings["activation"] = activation;
  settings["theta"] = activation == "leaky_relu" ? 0.3 : 0.0;
  const CellKind& kind = cell_kind(cell);
  network.settings = Settings(kind.schema, settings);
  std::uint64_t seed = 1;
  for (const ParameterShape& p : kind.parameters(network.settings, inputs)) {
    network.parameters[p.name] =
        random_matrix(p.rows.value, p.cols.value, seed++) / std::sqrt(static_cast<double>(units));
  }
  network.parameters["readout"] = random_matrix(outputs, network.feature_dim(), 90);
  network.parameters["readout_bias"] = random_matrix(outputs, 1, 91);
  validate(network);
  return network;
}

/// A map that hides what else it is.
class Plain final : public DrivenMap {
 public:
  explicit Plain(const DrivenMap& map) : map_(map) {}
  Index state_dim() const override { return map_.state_dim(); }
  Index input_dim() const override { return map_.input_dim(); }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override {
    map_.evaluate(X, U, Y);
  }
  void push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                    Out<Matrix> W) const override {
    map_.push_forward(X, U, VX, VU, W);
  }
  void second_push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU, In<Matrix> WX,
                           In<Matrix> WU, Out<Matrix> D) const override {
    map_.second_push_forward(X, U, VX, VU, WX, WU, D);
  }

 private:
  const DrivenMap& map_;
};

Matrix orbit(const DrivenMap& map, const TangentColumns& columns, Precision precision) {
  const Index points = 11, C = points * columns.width();
  const auto orbits = tangent_orbits(map, columns, precision);
  Matrix Z = random_matrix(map.state_dim(), C, 50);
  orbits->start(Z);
  for (Index t = 0; t < 6; ++t) {
    orbits->step(random_matrix(map.input_dim(), C, static_cast<std::uint64_t>(60 + t)));
  }
  orbits->read(Z);
  return Z;
}

struct Form {
  const char* cell;
  std::map<std::string, Value> settings;
};
const Form forms[] = {{"vanilla", {}},
                      {"leaky_rate", {{"dt", 0.02}}},
                      {"leaky_rate", {{"dt", 0.02}, {"form", std::string("current")}}}};

TEST(RateTangents, AreThoseOfTheMap) {
  for (const Form& form : forms) {
    for (const char* f :
         {"relu", "leaky_relu", "tanh", "softplus", "sigmoid", "gelu", "identity"}) {
      for (const Index units : {Index{5}, Index{19}, Index{32}}) {
        const auto map = driven_map(random_network(form.cell, units, f, form.settings));
        ASSERT_TRUE(has_single_precision(*map));
        for (const TangentColumns& columns :
             {TangentColumns{0, false}, TangentColumns{3, false}, TangentColumns{2, true}}) {
          const Matrix expected = orbit(Plain(*map), columns, Precision::full);
          const double size = expected.norm();
          EXPECT_LT((orbit(*map, columns, Precision::full) - expected).norm(), 1e-13 * size)
              << form.cell << " " << f << " " << units;
          // Six steps of rounding at 6e-8, of products of some thirty terms.
          EXPECT_LT((orbit(*map, columns, Precision::single) - expected).norm(), 3e-6 * size)
              << form.cell << " " << f << " " << units;
        }
      }
    }
  }
}

TEST(RateTangents, DoNotSeeTheirCompany) {
  const auto map = driven_map(random_network("leaky_rate", 19, "tanh", forms[2].settings));
  const TangentColumns columns{2, true};
  const Index w = columns.width();
  const Matrix Z = random_matrix(19, 9 * w, 1), W = random_matrix(inputs, 9 * w, 2);
  const auto run = [&](Index first, Index count) {
    const auto orbits = tangent_orbits(*map, columns);
    Matrix result = Z.middleCols(first * w, count * w);
    orbits->start(result);
    for (int t = 0; t < 5; ++t) orbits->step(W.middleCols(first * w, count * w));
    orbits->read(result);
    return result;
  };
  const Matrix all = run(0, 9);
  for (Index k = 0; k < 9; ++k) EXPECT_EQ(run(k, 1), all.middleCols(k * w, w));
}

TEST(RateTangents, ShowThatAStateIsNotFinite) {
  const auto map = driven_map(random_network("leaky_rate", 8, "tanh", forms[2].settings));
  const auto orbits = tangent_orbits(*map, {1, false});
  Matrix Z = random_matrix(8, 4, 3);
  Z(2, 0) = std::nan("");
  orbits->start(Z);
  orbits->step(random_matrix(inputs, 4, 4));
  orbits->read(Z);
  EXPECT_TRUE(Z.leftCols(2).array().isNaN().all());
  EXPECT_TRUE(Z.rightCols(2).allFinite());
}

TEST(TangentOrbits, InSinglePrecisionAreNotThereForEveryMap) {
  const auto map = driven_map(random_network("gru", 6, "tanh", {{"layers", std::int64_t{2}}}));
  EXPECT_FALSE(has_single_precision(*map));
  EXPECT_THROW(tangent_orbits(*map, {2, false}, Precision::single), std::invalid_argument);
  EXPECT_THROW(tangent_orbits(*map, {-1, false}), std::invalid_argument);
  const auto one = driven_map(random_network("gru", 6, "tanh"));
  EXPECT_TRUE(has_single_precision(*one));
  EXPECT_THROW(tangent_orbits(*one, {2, true}, Precision::single), std::invalid_argument);
}

TEST(StagedTangents, InSinglePrecisionAreThoseOfTheMapButForRounding) {
  const std::map<std::string, Value> heun = {{"dt", 0.02}, {"method", std::string("heun")}};
  const Form all[] = {{"gru", {}},         {"gru", {{"reset", std::string("before")}}},
                      {"lstm", {}},        {"ugrnn", {}},
                      {"feedforward", {}}, {"leaky_rate", heun}};
  for (const Form& form : all) {
    for (const Index units : {Index{5}, Index{19}}) {
      const auto map = driven_map(random_network(form.cell, units, "tanh", form.settings));
      for (const TangentColumns& columns : {TangentColumns{0, false}, TangentColumns{3, false}}) {
        const Matrix expected = orbit(Plain(*map), columns, Precision::full);
        const double size = expected.norm();
        EXPECT_EQ((orbit(*map, columns, Precision::full) - expected).norm(), 0) << form.cell;
        const double off = (orbit(*map, columns, Precision::single) - expected).norm();
        // As of rate networks: six steps of rounding at 6e-8, of products of some thirty terms.
        EXPECT_LT(off, 3e-6 * size) << form.cell << " " << units;
        EXPECT_GT(off, 1e-9 * size) << form.cell << ": this is no float";
      }
    }
  }
}

TEST(ReadoutTangents, AreTheDerivativesOfTheOutputs) {
  for (const char* cell : {"leaky_rate", "lstm", "gru"}) {
    std::map<std::string, Value> settings;
    if (std::string(cell) == "leaky_rate") settings["form"] = std::string("current");
    const Network network = random_network(cell, 6, "tanh", settings);
    const Index S = network.state_dim(), m = 2, C = 3;
    const Matrix X = random_matrix(S, C, 5), V = random_matrix(S, C * m, 6);
    const Matrix seen = output_tangents(network, X, V), rates = feature_tangents(network, X, V);
    const Matrix directions = readout_directions(network, X);
    const double h = 1e-4;
    for (Index c = 0; c < C * m; ++c) {
      const auto at = [&](double by) {
        return cells::outputs(network, X.col(c / m) + by * V.col(c));
      };
      const Matrix difference = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
      EXPECT_LT((seen.col(c) - difference).norm(), 1e-10 * (1 + difference.norm())) << cell;
      const Matrix H = directions.middleCols(c / m * outputs, outputs).transpose();
      EXPECT_LT((H * V.col(c) - seen.col(c)).norm(), 1e-13 * (1 + seen.norm())) << cell;
    }
    EXPECT_LT((network.parameter("readout") * rates - seen).norm(), 1e-13 * seen.norm());
    const Vector norms = readout_norms(directions, outputs);
    const Matrix H = directions.middleCols(outputs, outputs);
    const double squared = symmetric_eigen(H.transpose() * H).values(outputs - 1);
    EXPECT_NEAR(norms(1) * norms(1), squared, 1e-12 * squared);
  }
}

TEST(ParameterChange, IsTheDerivativeOfTheMapByItsWeights) {
  const Network network = random_network("leaky_rate", 7, "tanh", forms[2].settings);
  const Matrix dW = random_matrix(7, 7, 7), X = random_matrix(7, 3, 8),
               U = random_matrix(inputs, 3, 9);
  const ParameterChange change(network, {{"recurrent", dW}});
  // x' = (1 - alpha) x + alpha (W tanh x + B u + b) is linear in W: alpha dW tanh x.
  const double alpha = 0.02 / network.settings.number("tau");
  Matrix found(7, 3);
  change.evaluate(X, U, found);
  const Matrix expected = alpha * dW * Matrix(X.array().tanh());
  EXPECT_LT((found - expected).norm(), 1e-14 * (1 + expected.norm()));
  EXPECT_EQ(change.derivatives(), Derivatives::exact);
  const Matrix V = random_matrix(7, 3, 10);
  change.push_forward(X, U, V, Matrix::Zero(inputs, 3), found);
  const Matrix slopes = 1 - X.array().tanh().square();
  const Matrix pushed = alpha * dW * slopes.cwiseProduct(V);
  EXPECT_LT((found - pushed).norm(), 1e-14 * (1 + pushed.norm()));
  EXPECT_THROW(ParameterChange(network, {{"recurrent", Matrix::Zero(7, 7)}}), Error);
  EXPECT_THROW(ParameterChange(network, {{"recurrent", Matrix::Ones(7, 6)}}), Error);
  EXPECT_THROW(ParameterChange(network, {{"nothing", dW}}), Error);
  Network trained = network;
  trained.parameters["recurrent"] += dW;
  const auto difference = parameter_difference(network, trained);
  EXPECT_LT((difference.at("recurrent") - dW).norm(), 1e-14 * dW.norm());
  EXPECT_TRUE(difference.at("input").isZero(0));
}

}  // namespace
}  // namespace nullcline::cells
