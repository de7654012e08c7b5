// SPDX-License-Identifier: Apache-2.0
#include "nullcline/tasks/sines.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "nullcline/core/errors.hpp"

namespace nullcline::tasks {
namespace {
constexpr double two_pi = 2 * std::numbers::pi;
}

Sine random_sine(double lowest, double highest, RandomStream& stream) {
  const double frequency = lowest + (highest - lowest) * stream.uniform();
  return {frequency, two_pi * stream.uniform()};
}

void add_sine(TrialWriter& trial, Index channel, const Sine& sine, double amplitude, double dt) {
  // By rotation: a product a step instead of a sine, and off by less than T eps.
  const double c = std::cos(two_pi * sine.frequency * dt);
  const double s = std::sin(two_pi * sine.frequency * dt);
  double x = std::cos(sine.phase), y = std::sin(sine.phase);
  for (Index t = 0; t < trial.steps(); ++t) {
    trial.add_input(channel, t, amplitude * y);
    const double next = c * x - s * y;
    y = s * x + c * y;
    x = next;
  }
}

void add_sine(InputManifold::Point& point, In<Vector> kappa, Index i, Index channel,
              double amplitude, double dt) {
  const Index m = kappa.size();
  const auto first = static_cast<std::size_t>(i);
  for (Index t = 0; t < point.inputs.cols(); ++t) {
    const double rate = two_pi * static_cast<double>(t) * dt;  // d argument / df
    const double s = amplitude * std::sin(rate * kappa(i) + kappa(i + 1));
    const double c = amplitude * std::cos(rate * kappa(i) + kappa(i + 1));
    point.inputs(channel, t) += s;
    point.first[first](channel, t) += rate * c;
    point.first[first + 1](channel, t) += c;
    point.second[second_index(i, i, m)](channel, t) -= rate * rate * s;
    point.second[second_index(i, i + 1, m)](channel, t) -= rate * s;
    point.second[second_index(i + 1, i + 1, m)](channel, t) -= s;
  }
}

void check_frequencies(double lowest, double highest, double dt) {
  if (!(lowest < highest)) {
    throw Error("", "lowest", fmt::format("{} Hz", lowest),
                fmt::format("less than highest, {} Hz", highest));
  }
  if (2 * highest * dt > 1) {
    throw Error("", "highest", fmt::format("{} Hz", highest),
                fmt::format("at most half of 1 / dt, {} Hz", 0.5 / dt));
  }
}

void check_settling(Index settling, Index steps) {
  if (steps < 1) throw Error("", "duration", "less than a step", "at least dt");
  if (settling >= steps) throw Error("", "settling", "the whole trial", "less than duration");
}

}  // namespace nullcline::tasks
