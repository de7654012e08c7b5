// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/activation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "nullcline/core/errors.hpp"

namespace nullcline::cells {
namespace {

class EveryActivation : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Activations, EveryActivation, ::testing::ValuesIn(activation_names()),
                         [](const auto& named) { return named.param; });

TEST_P(EveryActivation, HasTheSlopeAndCurvatureOfItsFiniteDifferences) {
  const Activation f = activation_from_name(GetParam());
  const double theta = 0.3, h = 1e-4;
  for (const double m : {-3.0, -0.7, -0.1, 0.2, 1.3, 4.0}) {  // off the kink at zero
    const auto at = [&](double x) { return evaluate(f, theta, x); };
    // Error h^2 / 6 |f'''| + eps / h.
    EXPECT_NEAR(at(m).slope, (at(m + h).value - at(m - h).value) / (2 * h), 2e-8) << m;
    EXPECT_NEAR(at(m).curvature, (at(m + h).slope - at(m - h).slope) / (2 * h), 2e-8) << m;
  }
}

TEST_P(EveryActivation, StaysFiniteFarOut) {
  const Activation f = activation_from_name(GetParam());
  for (const double m : {-800.0, 800.0}) {
    const auto v = evaluate(f, 0.5, m);
    EXPECT_TRUE(std::isfinite(v.value) && std::isfinite(v.slope) && std::isfinite(v.curvature));
  }
}

TEST_P(EveryActivation, IsFoundByItsName) {
  EXPECT_EQ(name_of(activation_from_name(GetParam())), GetParam());
}

TEST(Activation, LeakyReluGoesFromReluToTheIdentity) {
  for (const double m : {-2.0, -0.5, 0.0, 1.5}) {
    EXPECT_EQ(evaluate(Activation::leaky_relu, 0, m).value, evaluate(Activation::relu, 0, m).value);
    EXPECT_NEAR(evaluate(Activation::leaky_relu, std::numbers::pi / 4, m).value, m, 1e-15);
  }
}

TEST(Activation, OfAnUnknownNameIsAnErrorThatListsTheKnown) {
  try {
    activation_from_name("rleu");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("relu"), std::string::npos);
  }
}

}  // namespace
}  // namespace nullcline::cells
