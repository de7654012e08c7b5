// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace nullcline::training {

double Schedule::at(Index k) const {
  const auto now = static_cast<double>(k);
  switch (kind) {
    case Kind::constant:
      return rate;
    case Kind::exponential:
      return rate * std::pow(decay, now / decay_every);
    case Kind::step:
      return rate * std::pow(decay, std::floor(now / decay_every));
    case Kind::cosine: {
      const double phase = std::numbers::pi * now / static_cast<double>(steps);
      return rate * (final_fraction + (1 - final_fraction) * (1 + std::cos(phase)) / 2);
    }
  }
  return rate;
}

Schedule schedule_from(const Settings& training) {
  const std::string& name = training.text("schedule");
  const auto kind = name == "exponential" ? Schedule::Kind::exponential
                    : name == "step"      ? Schedule::Kind::step
                    : name == "cosine"    ? Schedule::Kind::cosine
                                          : Schedule::Kind::constant;
  return {.kind = kind,
          .rate = training.number("learning_rate"),
          .decay = training.number("decay"),
          .decay_every = training.number("decay_every"),
          .final_fraction = training.number("final_rate"),
          .steps = std::max<Index>(1, training.integer("steps"))};
}

}  // namespace nullcline::training
