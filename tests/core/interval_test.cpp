// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/interval.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "nullcline/core/random.hpp"

namespace nullcline {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Normals times powers of ten from 1e-12 to 1e12: both scales meet in a sum.
class Numbers {
 public:
  double next() {
    const double exponent = 12 * (2 * random_.uniform() - 1);
    return random_.normal() * std::pow(10, exponent);
  }

 private:
  RandomStream random_{{20, 0, Purpose::trials, 0}};
};

bool holds(const Interval& x, long double value) {
  return static_cast<long double>(x.lo) <= value && value <= static_cast<long double>(x.hi);
}

// x86's long double has 64 bits: a sum or product of doubles is in it to 2^-64, far better than
// the two units in the last place by which an interval of one operation is wide.
TEST(Interval, ArithmeticContainsTheLongDoubleResultAndIsTwoUnitsWide) {
  Numbers numbers;
  for (int i = 0; i < 20000; ++i) {
    const double a = numbers.next(), b = numbers.next();
    const long double la = a, lb = b;
    const Interval A(a), B(b);
    ASSERT_TRUE(holds(A + B, la + lb)) << a << " " << b;
    ASSERT_TRUE(holds(A - B, la - lb)) << a << " " << b;
    ASSERT_TRUE(holds(A * B, la * lb)) << a << " " << b;
    ASSERT_TRUE(holds(A / B, la / lb)) << a << " " << b;
    const Interval product = A * B;
    ASSERT_LE(product.hi - product.lo, 4.5e-16 * std::abs(a * b) + 1e-289);
  }
}

TEST(Interval, OperationsContainWhatMembersGive) {
  Numbers numbers;
  RandomStream random({21, 0, Purpose::trials, 0});
  for (int i = 0; i < 5000; ++i) {
    const double a = numbers.next(), b = numbers.next();
    const Interval A = Interval::around(a, std::abs(a) * random.uniform() * 2);
    const Interval B = Interval::around(b, std::abs(b) * random.uniform() * 2);
    const double x = A.lo + random.uniform() * (A.hi - A.lo),
                 y = B.lo + random.uniform() * (B.hi - B.lo);
    const long double lx = x, ly = y;
    ASSERT_TRUE(A.contains(x) && B.contains(y));
    ASSERT_TRUE(holds(A + B, lx + ly) && holds(A - B, lx - ly) && holds(A * B, lx * ly));
    ASSERT_TRUE(holds(A / B, lx / ly));
    ASSERT_LE(std::abs(x - A.center()), A.radius());
  }
}

TEST(Interval, NextDoublesLieWithinAStepOutwards) {
  Numbers numbers;
  for (int i = 0; i < 20000; ++i) {
    const double x = numbers.next();
    ASSERT_LE(below(x), std::nextafter(x, -infinity));
    ASSERT_GE(above(x), std::nextafter(x, infinity));
  }
  const double largest = std::numeric_limits<double>::max();
  for (const double x : {0.0, 1.0, 0.5, 5e-324, 1e-310, 2.3e-308}) {
    EXPECT_LT(below(x), x);
    EXPECT_GT(above(x), x);
  }
  EXPECT_EQ(above(largest), infinity);
}

TEST(Interval, ZeroIsExactAndWhatIsNotANumberIsTheWholeLine) {
  const double largest = std::numeric_limits<double>::max();
  EXPECT_TRUE((Interval(0.0) * Interval(3.0)).is_zero());
  EXPECT_EQ((Interval(0.0) + Interval(3.0)).hi, 3.0);
  for (const Interval& x :
       {Interval(largest) + Interval(largest), Interval(largest) * Interval(-2.0),
        Interval(1.0) / Interval(-1, 1), Interval(1.0) / Interval(0.0),
        Interval(std::nan("")) + Interval(1.0), Interval(std::nan("")) * Interval(1.0)}) {
    EXPECT_EQ(x.lo, -infinity);
    EXPECT_EQ(x.hi, infinity);
    EXPECT_FALSE(x.is_finite());
    EXPECT_FALSE(x.inside_of({-largest, largest}));
  }
}

TEST(Interval, FunctionsContainTheLongDoubleOnes) {
  RandomStream random({22, 0, Purpose::trials, 0});
  for (int i = 0; i < 20000; ++i) {
    const double scale = std::pow(10, 6 * random.uniform() - 4), x = scale * random.normal();
    const long double lx = x;
    ASSERT_TRUE(holds(tanh(Interval(x)), std::tanh(lx))) << x;
    ASSERT_TRUE(holds(exp(Interval(x)), std::exp(lx)) || std::exp(lx) > 1e308L) << x;
    ASSERT_TRUE(holds(log1p(Interval(std::abs(x))), std::log1p(std::abs(lx)))) << x;
    ASSERT_TRUE(holds(erfc(Interval(x)), std::erfc(lx))) << x;
    const Interval wide = Interval::around(x, scale);
    ASSERT_TRUE(holds(tanh(wide), std::tanh(lx)) && holds(erfc(wide), std::erfc(lx)));
  }
  for (const double x : {0.0, 1e-300, -1e-300, 20.0, -20.0, 800.0, -800.0, 1e300, -1e300}) {
    const long double lx = x;
    EXPECT_TRUE(holds(tanh(Interval(x)), std::tanh(lx))) << x;
    EXPECT_TRUE(holds(erfc(Interval(x)), std::erfc(lx))) << x;
    EXPECT_TRUE(x > 700 || holds(exp(Interval(x)), std::exp(lx))) << x;
  }
  EXPECT_LE(tanh(Interval(1e300)).hi, 1);
  EXPECT_GE(exp(Interval(-1e300)).lo, 0);
}

TEST(Interval, RangeTakesInTheTurnsOfAFunction) {
  const auto square = [](const Interval& x) { return x * x; };
  const Interval zero(0.0);
  EXPECT_EQ(range(Interval(-2, 1), square, {zero}).lo, 0);
  EXPECT_NEAR(range(Interval(-2, 1), square, {zero}).hi, 4, 1e-14);
  EXPECT_GT(range(Interval(1, 2), square, {zero}).lo, 0.99);
}

}  // namespace
}  // namespace nullcline
