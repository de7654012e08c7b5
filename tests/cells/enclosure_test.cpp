// SPDX-License-Identifier: Apache-2.0
// Bounds of the maps of all cells hold what the maps give.
#include "nullcline/core/enclosure.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "nullcline/core/stepper.hpp"
#include "tests/cells/cases.hpp"

namespace nullcline::cells {
namespace {

class EnclosureOf : public ::testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(Options, EnclosureOf, ::testing::ValuesIn(all_cases()),
                         [](const auto& named) { return named.param.name; });

/// Steps and Jacobians of `map` at points of the box of `radius` around x, in what it encloses.
/// Doubles may miss the real values by some rounding of sums of ten terms of order one.
void expect_enclosed(const DrivenMap& map, const Vector& x, const Vector& u, double radius) {
  const double rounding = 1e-14;
  const Box states = box_around(x, radius), inputs = box_around(u, 0);
  const auto values = map.enclose(states, inputs);
  const auto J = map.enclose_jacobians(states, inputs);
  ASSERT_TRUE(values && J);
  ASSERT_TRUE(J->state.is_finite() && J->input.is_finite());
  for (std::uint64_t trial = 0; trial < 8; ++trial) {
    Vector at = normals(x.size(), 1, 100 + trial);
    at = trial % 2 == 0 ? Vector(at.array().sign()) : Vector(at.array().tanh());
    at = x + radius * at;
    Matrix y(x.size(), 1);
    map.evaluate(at, u, y);
    for (Index i = 0; i < x.size(); ++i) {
      const Interval& bound = (*values)[static_cast<std::size_t>(i)];
      ASSERT_GE(y(i), bound.lo - rounding) << i << " radius " << radius;
      ASSERT_LE(y(i), bound.hi + rounding) << i << " radius " << radius;
    }
    const Jacobians exact = map.jacobians(at, u);
    ASSERT_LE(((exact.state - J->state.center).cwiseAbs() - J->state.radius).maxCoeff(), rounding);
    ASSERT_LE(((exact.input - J->input.center).cwiseAbs() - J->input.radius).maxCoeff(), rounding);
  }
  if (radius > 0) return;
  EXPECT_LE(J->state.radius.maxCoeff(), 1e-12);
  for (const Interval& bound : *values) EXPECT_LE(bound.hi - bound.lo, 1e-12);
}

TEST_P(EnclosureOf, HoldsItsStepsAndJacobians) {
  const Network network = network_of(GetParam(), 6, 3, 2);
  const auto map = driven_map(network);
  const Vector x = normals(network.state_dim(), 1, 1), u = inputs_of(network, 1, 2).col(0);
  for (const double radius : {0.0, 1e-6, 0.05, 1.0}) expect_enclosed(*map, x, u, radius);
}

TEST(Enclosure, OfARateFlowHoldsItsSteps) {
  for (const char* form : {"rate", "current"}) {
    const Case c{
        "", "leaky_rate", {{"form", std::string(form)}, {"activation", std::string("tanh")}}};
    const Network network = network_of(c, 6, 3, 2);
    const auto dxdt = flow(network);
    const SteppedFlow map(*dxdt, network.dt(), Method::rk4);
    for (const double radius : {0.0, 0.05}) {
      expect_enclosed(map, normals(6, 1, 1), normals(3, 1, 2), radius);
    }
  }
}

/// The GRU of torch.nn in long double.
TEST(Enclosure, OfAGruHoldsTheStepInLongDouble) {
  const Network network = network_of({"", "gru", {}}, 20, 3, 2);
  const auto map = driven_map(network);
  using Long = Eigen::Array<long double, Eigen::Dynamic, 1>;
  const Vector x = 0.5 * normals(20, 1, 1), u = normals(3, 1, 2);
  const auto times = [](const Matrix& A, const Vector& v) -> Long {
    return (A.cast<long double>() * v.cast<long double>()).array();
  };
  const Matrix &b_i = network.parameter("bias_ih_l0"), &b_h = network.parameter("bias_hh_l0");
  const Long W = times(network.parameter("weight_hh_l0"), x);
  const Long A = times(network.parameter("weight_ih_l0"), u);
  const auto gate = [&](Index k) -> Long {
    // Of r and z the map holds the sum of both biases, rounded.
    const Vector b = (b_i + b_h).col(0).segment(20 * k, 20);
    const Long v = W.segment(20 * k, 20) + A.segment(20 * k, 20) + b.cast<long double>().array();
    return 1 / (1 + (-v).exp());
  };
  const Long r = gate(0), z = gate(1), h = x.cast<long double>().array();
  const Long n = (A.tail(20) + b_i.col(0).tail(20).cast<long double>().array() +
                  r * (W.tail(20) + b_h.col(0).tail(20).cast<long double>().array()))
                     .unaryExpr([](long double v) { return std::tanh(v); });
  const Long y = (1 - z) * n + z * h;
  const Box box = *map->enclose(box_around(x, 0), box_around(u, 0));
  for (Index i = 0; i < 20; ++i) {
    const Interval& bound = box[static_cast<std::size_t>(i)];
    EXPECT_LE(static_cast<long double>(bound.lo), y(i));
    EXPECT_GE(static_cast<long double>(bound.hi), y(i));
    EXPECT_LE(bound.hi - bound.lo, 1e-13);
  }
}

// z h + (1 - z) c of |h| <= 1.1 and |c| <= 1 stays below 1.1, and so does x + alpha (f - x): bounds
// that forget what is the same number twice would not show it.
TEST(Enclosure, OfABoxOfSaturatingUnitsLiesInTheBox) {
  using Text = std::string;
  const std::vector<Case> cases = {{"", "vanilla", {}},
                                   {"", "gru", {}},
                                   {"", "gru", {{"reset", Text("before")}}},
                                   {"", "ugrnn", {}},
                                   {"", "gru", {{"layers", std::int64_t{2}}}},
                                   {"", "leaky_rate", {{"activation", Text("tanh")}}}};
  for (const Case& c : cases) {
    const Network network = network_of(c, 10, 3, 2);
    const auto map = driven_map(network);
    const Box box = box_around(Vector::Zero(network.state_dim()), 1.1);
    const Box image = *map->enclose(box, box_around(normals(3, 1, 2), 0));
    for (const Interval& x : image) {
      ASSERT_TRUE(x.inside_of({-1.1, 1.1})) << c.cell << " " << x.lo << " " << x.hi;
    }
  }
  // With weights a hundred times as large gates are 1 to rounding; the box of radius 1 is closed.
  for (const Case& c : cases) {
    if (c.cell == "leaky_rate") continue;
    Network network = network_of(c, 10, 3, 2);
    for (auto& [name, A] : network.parameters) A *= 100;
    const Box box(static_cast<std::size_t>(network.state_dim()), Interval(-1, 1));
    const Box image = *driven_map(network)->enclose(box, box_around(normals(3, 1, 2), 0));
    for (const Interval& x : image) ASSERT_TRUE(x.within({-1, 1})) << c.cell;
  }
  // c' = f c + i g of an LSTM: |c| <= R with R (1 - f) > 1.
  const Network network = network_of({"", "lstm", {}}, 6, 3, 2);
  const auto map = driven_map(network);
  Box box = box_around(Vector::Zero(12), 1.1);
  for (std::size_t i = 6; i < 12; ++i) box[i] = {-1e4, 1e4};
  const Box image = *map->enclose(box, box_around(normals(3, 1, 2), 0));
  for (std::size_t i = 0; i < 12; ++i) ASSERT_TRUE(image[i].inside_of(box[i])) << i;
}

/// Reference slopes by the formulas that activation.hpp gives, in long double.
long double slope_of(Activation f, double below, long double m) {
  const long double e = std::exp(-std::abs(m)), s = m >= 0 ? 1 / (1 + e) : e / (1 + e);
  const long double root = std::sqrt(2.0L);
  switch (f) {
    case Activation::relu:
      return m > 0;
    case Activation::leaky_relu:
      return m > 0 ? 1 : below;
    case Activation::tanh:
      return 1 / (std::cosh(m) * std::cosh(m));
    case Activation::softplus:
      return s;
    case Activation::sigmoid:
      return e / ((1 + e) * (1 + e));
    case Activation::gelu:
      return std::erfc(-m / root) / 2 +
             m * std::exp(-m * m / 2) / std::sqrt(2 * std::numbers::pi_v<long double>);
    case Activation::identity:
      return 1;
  }
  return 0;
}
long double value_of(Activation f, double below, long double m) {
  const long double e = std::exp(-std::abs(m));
  switch (f) {
    case Activation::relu:
      return std::max(m, 0.0L);
    case Activation::leaky_relu:
      return m > 0 ? m : below * m;
    case Activation::tanh:
      return std::tanh(m);
    case Activation::softplus:
      return std::max(m, 0.0L) + std::log1p(e);
    case Activation::sigmoid:
      return m >= 0 ? 1 / (1 + e) : e / (1 + e);
    case Activation::gelu:
      return m * std::erfc(-m / std::sqrt(2.0L)) / 2;
    case Activation::identity:
      return m;
  }
  return 0;
}

bool holds(const Interval& x, long double value) {
  return static_cast<long double>(x.lo) <= value && value <= static_cast<long double>(x.hi);
}

TEST(Enclosure, OfActivationsHoldsValuesAndSlopesOfLongDouble) {
  RandomStream random({23, 0, Purpose::trials, 0});
  const double below = 0.25;
  for (const std::string& name : activation_names()) {
    const Activation f = activation_from_name(name);
    for (int i = 0; i < 4000; ++i) {
      const double scale = std::pow(10, 4 * random.uniform() - 3), m = scale * random.normal();
      const auto point = activation_values(f, Interval(below), Interval(m));
      ASSERT_TRUE(holds(point.value, value_of(f, below, m))) << name << " " << m;
      ASSERT_TRUE(holds(point.slope, slope_of(f, below, m))) << name << " " << m;
      ASSERT_LE(point.slope.hi - point.slope.lo, 2e-13) << name << " " << m;
      // A box, at both ends, in between, and where functions and slopes turn.
      const Interval box = Interval::around(m, scale * random.uniform());
      const auto wide = activation_values(f, Interval(below), box);
      for (const double t : {box.lo, box.hi, m, 0.0, -0.7517915246935645, 1.4142135623730951,
                             -1.4142135623730951, box.lo + random.uniform() * (box.hi - box.lo)}) {
        if (!box.contains(t)) continue;
        ASSERT_TRUE(holds(wide.value, value_of(f, below, t))) << name << " " << t;
        ASSERT_TRUE(holds(wide.slope, slope_of(f, below, t))) << name << " " << t;
      }
    }
    for (const double m : {0.0, 30.0, -30.0, 800.0, -800.0, 1e5, -1e5}) {
      const auto far = activation_values(f, Interval(below), Interval(m));
      EXPECT_TRUE(holds(far.value, value_of(f, below, m))) << name << " " << m;
      EXPECT_TRUE(holds(far.slope, slope_of(f, below, m))) << name << " " << m;
    }
  }
}

TEST(Enclosure, OfSlopesHasTheirMaximaAndIsNotMuchWider) {
  const Interval none(0.0), box(-0.5, 2);
  EXPECT_NEAR(activation_values(Activation::tanh, none, box).slope.hi, 1, 1e-14);
  EXPECT_NEAR(activation_values(Activation::sigmoid, none, box).slope.hi, 0.25, 1e-14);
  // The largest slope of gelu, at sqrt(2): Phi(sqrt 2) + sqrt 2 phi(sqrt 2) = 1.128904...
  const double largest = static_cast<double>(slope_of(Activation::gelu, 0, std::sqrt(2.0L)));
  EXPECT_NEAR(activation_values(Activation::gelu, none, box).slope.hi, largest, 1e-14);
  // Its minimum: gelu(-0.75179152...) = -0.16997120747990...
  EXPECT_NEAR(activation_values(Activation::gelu, none, {-2, 2}).value.lo, -0.16997120747990362,
              2e-15);
  const auto kink = activation_values(Activation::relu, none, {-1e-300, 1e-300});
  EXPECT_EQ(kink.slope.lo, 0);
  EXPECT_EQ(kink.slope.hi, 1);
  EXPECT_EQ(activation_values(Activation::relu, none, {1, 2}).slope.lo, 1);
  EXPECT_EQ(activation_values(Activation::relu, none, {-2, 0}).slope.hi, 0);
}

}  // namespace
}  // namespace nullcline::cells
