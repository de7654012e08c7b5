// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/piecewise_linear.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <stdexcept>

#include "cases.hpp"
#include "nullcline/core/map.hpp"

namespace nullcline::cells {
namespace {

/// Every vanilla and leaky rate case with a kink, in every structure.
std::vector<Case> piecewise_linear_cases() {
  using Text = std::string;
  std::vector<Case> cases;
  for (const char* f : {"relu", "leaky_relu", "identity"}) {
    for (const char* structure : {"dense", "sparse", "blocks", "low_rank", "dale"}) {
      std::map<std::string, Value> settings = {{"activation", Text(f)},
                                               {"theta", Text(f) == "leaky_relu" ? 0.3 : 0.0},
                                               {"structure", Text(structure)},
                                               {"density", 0.4}};
      cases.push_back({Text("vanilla_") + f + "_" + structure, "vanilla", settings});
      cases.push_back({Text("leaky_rate_") + f + "_" + structure, "leaky_rate", settings});
      settings["form"] = Text("current");
      cases.push_back({Text("leaky_rate_current_") + f + "_" + structure, "leaky_rate", settings});
    }
  }
  for (const char* cell : {"vanilla", "leaky_rate"}) {
    cases.push_back({Text(cell) + "_embedding",
                     cell,
                     {{"activation", Text("relu")},
                      {"vocabulary", std::int64_t{6}},
                      {"embedding_size", std::int64_t{4}}}});
  }
  return cases;
}

TEST(PiecewiseLinear, IsTheMapOfTheNetwork) {
  for (const Case& c : piecewise_linear_cases()) {
    const Network network = network_of(c, 8, 3, 2);
    const Vector u = inputs_of(network, 1, 1).col(0);
    const auto made = piecewise_linear(network, u);
    ASSERT_TRUE(made.has_value()) << c.name;
    const auto driven = driven_map(network);
    const FrozenMap frozen(*driven, u);
    const Matrix X = normals(8, 20, 2);
    Matrix expected(8, 20), found(8, 20);
    frozen.step(X, expected);
    made->step(X, found);
    EXPECT_LE((found - expected).cwiseAbs().maxCoeff(), 1e-13) << c.name;
    std::set<Region> regions;
    for (Index k = 0; k < 20; ++k) {
      const Matrix J = frozen.jacobian(X.col(k));
      EXPECT_LE((made->jacobian(X.col(k)) - J).cwiseAbs().maxCoeff(), 1e-13) << c.name;
      regions.insert(made->region(X.col(k)));
    }
    EXPECT_GT(regions.size(), 5U) << c.name;
  }
}

TEST(PiecewiseLinear, SlopeAtTheKinkIsThatOfTheNetwork) {
  Network network = network_of(
      {"", "leaky_rate", {{"activation", std::string("leaky_relu")}, {"theta", 0.3}}}, 4, 1, 1);
  network.parameters["bias"].setZero();
  const Vector zero = Vector::Zero(4), u = Vector::Zero(1);
  const auto driven = driven_map(network);
  const Matrix J = FrozenMap(*driven, u).jacobian(zero);
  EXPECT_LE((piecewise_linear(network, u)->jacobian(zero) - J).cwiseAbs().maxCoeff(), 1e-15);
}

TEST(PiecewiseLinear, OfOtherNetworksThereIsNone) {
  using Text = std::string;
  const Text relu = "relu";
  const std::vector<Case> others = {
      {"", "vanilla", {{"activation", Text("tanh")}}},
      {"", "leaky_rate", {{"activation", Text("softplus")}}},
      {"", "leaky_rate", {{"activation", relu}, {"method", Text("heun")}}},
      {"", "vanilla", {{"activation", relu}, {"layers", std::int64_t{2}}}},
      {"", "gru", {{"activation", relu}}},
      {"", "feedforward", {{"activation", relu}}},
  };
  for (const Case& c : others) {
    EXPECT_FALSE(piecewise_linear(network_of(c, 4, 3, 1), Vector::Zero(3)).has_value()) << c.cell;
  }
}

TEST(PiecewiseLinear, RefusesAnInputThatDoesNotFit) {
  const Network network =
      network_of({"", "vanilla", {{"activation", std::string("relu")}}}, 4, 3, 1);
  EXPECT_THROW(piecewise_linear(network, Vector::Zero(2)), std::invalid_argument);
  const Vector bad = Vector::Constant(3, std::numeric_limits<double>::quiet_NaN());
  EXPECT_THROW(piecewise_linear(network, bad), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::cells
