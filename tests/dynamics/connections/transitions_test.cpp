// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/connections/transitions.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "tests/dynamics/latent_bits.hpp"

namespace nullcline::dynamics {
namespace {

/// x -> tanh(w x + u), coordinate by coordinate: latches that do not influence each other.
class Latches final : public DrivenMap {
 public:
  Latches(Index bits, double w) : bits_(bits), w_(w) {}
  Index state_dim() const override { return bits_; }
  Index input_dim() const override { return bits_; }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override {
    Y = (w_ * X + U).array().tanh();
  }
  Jacobians jacobians(In<Vector> x, In<Vector> u) const override {
    const Vector slope = 1 - (w_ * x + u).array().tanh().square();
    return {Matrix((w_ * slope).asDiagonal()), Matrix(slope.asDiagonal())};
  }
  Derivatives derivatives() const override { return Derivatives::exact; }

 private:
  Index bits_;
  double w_;
};

Landmarks landmarks_of(const Latches& map, const Matrix& points) {
  return landmarks_at(FrozenMap(map, Vector::Zero(map.input_dim())), points);
}

/// The corners 00, 01, 10, 11 of two latches, and the saddle between them.
Matrix corners(double b) {
  Matrix points(2, 5);
  points << -b, -b, b, b, 0, -b, b, -b, b, 0;
  return points;
}

TEST(Transitions, OfTwoLatchesSetTheBitOfThePulse) {
  const Latches map(2, 2);
  const Landmarks landmarks = landmarks_of(map, corners(stored_bit(2)));
  Matrix pulses(2, 5);  // set and reset of each bit, and one too weak
  pulses << 3, -3, 0, 0, 0.5, 0, 0, 3, -3, 0.5;
  const Transitions result = transition_table(map, Vector::Zero(2), pulses, landmarks);
  const Index expected[4][5] = {{2, 0, 1, 0, 0}, {3, 1, 1, 0, 1}, {2, 0, 3, 2, 2}, {3, 1, 3, 2, 3}};
  ASSERT_EQ(result.table.size(), 20u);  // the saddle is not a state of memory
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(result.table[i].from, static_cast<Index>(i / 5));
    EXPECT_EQ(result.table[i].pulse, static_cast<Index>(i % 5));
    EXPECT_EQ(result.table[i].to, expected[i / 5][i % 5]);
    EXPECT_EQ(result.table[i].end, OrbitEnd::fixed_point);
  }
}

TEST(Transitions, DependOnHowLongThePulseLasts) {
  // From -b, a pulse of 1.5: one step leads to tanh(1.5 - 2 b) < 0, back; two steps more.
  const Latches map(1, 2);
  const double b = stored_bit(2), a = 1.5;
  const Landmarks landmarks = landmarks_of(map, (Matrix(1, 2) << -b, b).finished());
  double x = -b;
  for (const Index duration : {1, 2, 3, 4, 6}) {
    x = -b;
    for (Index t = 0; t < duration; ++t) x = std::tanh(2 * x + a);
    const Transitions result = transition_table(map, Vector::Zero(1), Matrix::Constant(1, 1, a),
                                                landmarks, {.duration = duration});
    EXPECT_EQ(result.table[0].to, x > 0 ? 1 : 0);
  }
  EXPECT_GT(x, 0);
}

TEST(PulseThresholds, OfALatchHaveAClosedForm) {
  // One step: tanh(a - w b) = 0 at a = w b. Two: a - w tanh(w b - a) = 0.
  for (const double w : {1.5, 2.0}) {
    const Latches map(1, w);
    const double b = stored_bit(w);
    const Landmarks landmarks = landmarks_of(map, (Matrix(1, 3) << -b, 0, b).finished());
    const Matrix pulse = Matrix::Constant(1, 1, 1);
    double low = 0, high = w * b;
    for (int i = 0; i < 100; ++i) {
      const double a = (low + high) / 2;
      (a - w * std::tanh(w * b - a) < 0 ? low : high) = a;
    }
    for (const Index duration : {1, 2}) {
      const TransitionOptions options{
          .duration = duration, .amplitude_limit = 4, .tolerance = 1e-9};
      const Thresholds result = pulse_thresholds(map, Vector::Zero(1), pulse, landmarks, options);
      ASSERT_EQ(result.table.size(), 2u);
      const Threshold& up = result.table[0];
      const double exact = duration == 1 ? w * b : low;
      EXPECT_TRUE(up.found);
      EXPECT_LE(up.above - up.below, 4e-9);
      EXPECT_LE(up.below, exact + 1e-14);
      EXPECT_GE(up.above, exact - 1e-14);
      EXPECT_EQ(up.to, 2);
      // A pulse upwards leaves the upper state where it is.
      EXPECT_FALSE(result.table[1].found);
      EXPECT_EQ(result.table[1].below, 4);
      EXPECT_EQ(result.table[1].to, 2);
    }
  }
}

TEST(PulseThresholds, FromEachCornerOnOneChannelAreThoseOfItsBit) {
  const Latches map(2, 2);
  const double b = stored_bit(2);
  const Landmarks landmarks = landmarks_of(map, corners(b));
  const Matrix pulses = (Matrix(2, 2) << 1, 0, 0, 1).finished();
  const Thresholds result =
      pulse_thresholds(map, Vector::Zero(2), pulses, landmarks, {.amplitude_limit = 3});
  ASSERT_EQ(result.table.size(), 8u);
  for (const Threshold& t : result.table) {
    const bool is_set = landmarks.points(t.pulse, t.from) > 0;
    EXPECT_EQ(t.found, !is_set);
    if (!t.found) continue;
    EXPECT_NEAR(t.above, 2 * b, 3e-6);
    EXPECT_GT(landmarks.points(t.pulse, t.to), 0);
    EXPECT_EQ(landmarks.points(1 - t.pulse, t.to), landmarks.points(1 - t.pulse, t.from));
  }
}

TEST(PulseThresholds, AroundAnotherRestAreShifted) {
  // At rest r: points of x = tanh(2 x + r), threshold where 2 x + r + a = 2 s + r, s the saddle
  // after one step: tanh(2 x + r + a) = s.
  const double r = 0.2;
  const Latches map(1, 2);
  const Vector rest = Vector::Constant(1, r);
  double lower = -1, upper = 1, saddle = 0;
  for (int i = 0; i < 2000; ++i) {
    lower = std::tanh(2 * lower + r);
    upper = std::tanh(2 * upper + r);
    saddle = (std::atanh(saddle) - r) / 2;
  }
  const Landmarks landmarks =
      landmarks_at(FrozenMap(map, rest), (Matrix(1, 3) << lower, saddle, upper).finished());
  const Thresholds result = pulse_thresholds(map, rest, Matrix::Constant(1, 1, 1), landmarks,
                                             {.amplitude_limit = 4, .tolerance = 1e-9});
  EXPECT_NEAR(result.table[0].above, 2 * (saddle - lower), 4e-9);
}

TEST(PulseThresholds, AreTheSameForTwoThreads) {
  const Latches map(2, 1.5);
  const Landmarks landmarks = landmarks_of(map, corners(stored_bit(1.5)));
  const Matrix pulses = (Matrix(2, 2) << 1, 0.3, -0.2, 1).finished();
  const auto with = [&](int threads) {
    return pulse_thresholds(map, Vector::Zero(2), pulses, landmarks,
                            {.amplitude_limit = 9, .settle = {.threads = {threads}}});
  };
  const Thresholds one = with(1), two = with(2);
  for (std::size_t i = 0; i < one.table.size(); ++i) {
    EXPECT_EQ(one.table[i].below, two.table[i].below);
    EXPECT_EQ(one.table[i].above, two.table[i].above);
    EXPECT_EQ(one.table[i].to, two.table[i].to);
  }
}

TEST(PulseThresholds, OfAPulseThatIsNotANumberSaySo) {
  const Latches map(1, 2);
  const double b = stored_bit(2);
  const Landmarks landmarks = landmarks_of(map, (Matrix(1, 2) << -b, b).finished());
  const Matrix pulse = Matrix::Constant(1, 1, std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(transition_table(map, Vector::Zero(1), pulse, landmarks).table[0].end,
            OrbitEnd::not_finite);
  const Thresholds result = pulse_thresholds(map, Vector::Zero(1), pulse, landmarks);
  EXPECT_EQ(result.table[0].end, OrbitEnd::not_finite);
  EXPECT_EQ(result.table[0].to, -1);
}

TEST(PulseThresholds, StopWhenAsked) {
  const Latches map(2, 2);
  const Landmarks landmarks = landmarks_of(map, corners(stored_bit(2)));
  const Matrix pulses = (Matrix(2, 2) << 1, 0, 0, 1).finished();
  std::vector<double> seen;
  TransitionOptions options{.amplitude_limit = 3};
  options.settle.progress = [&](double done) {
    seen.push_back(done);
    return true;
  };
  EXPECT_FALSE(pulse_thresholds(map, Vector::Zero(2), pulses, landmarks, options).cancelled);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_NEAR(seen.back(), 1, 1e-12);
  for (const double limit : {0.1, 0.7}) {
    options.settle.progress = [=](double done) { return done < limit; };
    const Thresholds some = pulse_thresholds(map, Vector::Zero(2), pulses, landmarks, options);
    EXPECT_TRUE(some.cancelled);
    ASSERT_EQ(some.table.size(), 8u);
    for (const Threshold& t : some.table) EXPECT_LE(t.below, t.above);
  }
}

TEST(Transitions, RejectBadArguments) {
  const Latches map(1, 2);
  const Landmarks landmarks = landmarks_of(map, Matrix::Zero(1, 1));
  const Vector rest = Vector::Zero(1);
  const Matrix pulse = Matrix::Ones(1, 1);
  EXPECT_TRUE(transition_table(map, rest, pulse, landmarks).table.empty());
  EXPECT_TRUE(pulse_thresholds(map, rest, pulse, landmarks).table.empty());
  EXPECT_THROW(transition_table(map, Vector::Zero(2), pulse, landmarks), std::invalid_argument);
  EXPECT_THROW(transition_table(map, rest, Matrix::Ones(2, 1), landmarks), std::invalid_argument);
  EXPECT_THROW(transition_table(map, rest, pulse, landmarks, {.duration = 0}),
               std::invalid_argument);
  EXPECT_THROW(pulse_thresholds(map, rest, pulse, landmarks, {.amplitude_limit = 0}),
               std::invalid_argument);
  EXPECT_THROW(pulse_thresholds(map, rest, pulse, landmarks, {.amplitudes = 0}),
               std::invalid_argument);
  EXPECT_THROW(pulse_thresholds(map, rest, pulse, landmarks, {.tolerance = 0}),
               std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::dynamics
