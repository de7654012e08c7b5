// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/branches/detail/illinois.hpp"

#include <algorithm>
#include <cmath>

namespace nullcline::dynamics::detail {
namespace {

constexpr int most_evaluations = 200;
constexpr double jump_ratio = 1e-3;  // of what f was at the ends of the first bracket

}  // namespace

Zero find_sign_change(const std::function<std::optional<double>(double)>& f, Bracket bracket,
                      double tolerance, double value_tolerance) {
  const auto [low, value_low, high, value_high] = bracket;
  const double scale = std::max(std::abs(value_low), std::abs(value_high));
  double a = low, fa = value_low, b = high, fb = value_high;  // fb: the newest
  double weight_a = fa, least = std::min(std::abs(fa), std::abs(fb));
  Zero zero{std::abs(fa) < std::abs(fb) ? a : b, a, b, false};
  double width_before = std::abs(b - a);
  for (int i = 0; i < most_evaluations; ++i) {
    const double width = std::abs(b - a);
    if (width <= tolerance || least <= value_tolerance) break;
    bool bisect = false;
    if (i % 3 == 2) {
      bisect = width > 0.25 * width_before;
      width_before = width;
    }
    double c = bisect ? 0.5 * (a + b) : b - fb * (b - a) / (fb - weight_a);
    if (!(c > std::min(a, b) && c < std::max(a, b))) c = 0.5 * (a + b);
    const std::optional<double> value = f(c);
    if (!value || !std::isfinite(*value)) break;
    const double fc = *value;
    if (std::abs(fc) < least) {
      least = std::abs(fc);
      zero.at = c;
    }
    if (std::signbit(fc) != std::signbit(fb)) {
      a = b;
      weight_a = fa = fb;
    } else {
      weight_a *= 0.5;  // the same end stays a second time
    }
    b = c;
    fb = fc;
  }
  zero.low = std::min(a, b);
  zero.high = std::max(a, b);
  zero.jumps = zero.high - zero.low <= tolerance && least > jump_ratio * scale;
  return zero;
}

}  // namespace nullcline::dynamics::detail
