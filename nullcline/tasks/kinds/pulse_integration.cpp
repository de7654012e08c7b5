// SPDX-License-Identifier: Apache-2.0
// Integration of pulses: +1 or -1 for one step, each sign with probability rate dt / 2 a step; the
// output is the sum so far, y(t) = step_size * sum_{s <= t} u(s). All numbers are our choice.
#include <fmt/format.h>

#include <cmath>

#include "nullcline/core/errors.hpp"
#include "nullcline/tasks/manifolds.hpp"
#include "nullcline/tasks/time.hpp"
#include "nullcline/tasks/trial_task.hpp"

namespace nullcline::tasks::kinds {
namespace {

struct Pulse {
  Index step;
  double sign;
};
using Pulses = std::vector<Pulse>;

class PulseIntegration final : public TrialTask<Pulses> {
 public:
  PulseIntegration(const Settings& settings, double dt)
      : steps_(steps_in(settings.number("duration"), dt)),
        settling_(steps_in(settings.number("settling"), dt)),
        probability_(settings.number("rate") * dt),
        step_size_(settings.number("step_size")),
        input_noise_(settings.number("input_noise")) {
    if (steps_ < 4) throw Error("", "duration", "less than four steps", "at least 4 dt");
    if (probability_ > 1) {
      throw Error("", "rate", fmt::format("{} pulses a step", probability_), "at most 1 / dt");
    }
    if (4 * settling_ >= steps_) {
      throw Error("", "settling", "a quarter of the trial or more",
                  "less than a quarter of duration");
    }
  }

  std::vector<Channel> inputs() const override {
    return {{"pulse", "+1 or -1 for one step, else 0"}};
  }
  std::vector<Channel> outputs() const override {
    return {{"sum", fmt::format("of the pulses so far, {} for each", step_size_)}};
  }
  Index steps() const override { return steps_; }
  Vector input_noise() const override { return Vector::Constant(1, input_noise_); }

  std::vector<SteadyInput> steady_inputs() const override {
    return {{"no pulse", Vector::Zero(1)}};
  }

  /// Two pulses of any height, at 1/8 and 3/8 of the trial.
  std::vector<InputManifold> input_manifolds() const override {
    return {pulse_manifold({{0, steps_ / 8}, {0, 3 * steps_ / 8}}, 1, steps_)};
  }

 protected:
  std::vector<Pulses> draw(RandomStream& stream, Index batch) const override {
    const auto limit = static_cast<std::uint64_t>(std::ldexp(probability_, 32));
    std::vector<Pulses> all(static_cast<std::size_t>(batch));
    for (Pulses& pulses : all) {
      for (Index t = 0; t < steps_; ++t) {
        if (stream.word() < limit) pulses.push_back({t, stream.below(2) == 0 ? -1.0 : 1.0});
      }
    }
    return all;
  }

  Index write(const Pulses& pulses, TrialWriter& trial) const override {
    trial.set_weight(0, steps_, 1);
    double sum = 0;
    Index last = -settling_;
    auto pulse = pulses.begin();
    for (Index t = 0; t < steps_; ++t) {
      for (; pulse != pulses.end() && pulse->step == t; ++pulse) {
        trial.add_input(0, t, pulse->sign);
        sum += step_size_ * pulse->sign;
        last = t;
      }
      trial.target(0, t) = sum;
      if (t - last >= settling_) trial.set_scored(t, t + 1);
    }
    return steps_;
  }

  /// Three pulses, at 1/8, 3/8 and 5/8 of the trial, of every combination of signs.
  Named named() const override {
    Named all;
    for (int signs = 0; signs < 8; ++signs) {
      std::string name;
      Pulses pulses;
      for (int i = 0; i < 3; ++i) {
        const bool up = (signs >> i) % 2 == 1;
        name += up ? '+' : '-';
        pulses.push_back({(2 * i + 1) * steps_ / 8, up ? 1.0 : -1.0});
      }
      all.emplace_back(name, pulses);
    }
    return all;
  }

 private:
  Index steps_, settling_;
  double probability_, step_size_, input_noise_;
};

}  // namespace

TaskKind pulse_integration() {
  return {
      "pulse_integration",
      "keep the sum of positive and negative pulses",
      {{"duration", 1.0, "s, of a trial (our choice)", 1e-3, 1e6},
       {"rate", 5.0, "pulses of either sign a second (our choice)", 1e-9, 1e6},
       {"step_size", 0.25, "output for each pulse (our choice)", 1e-9, 1e6},
       {"input_noise", 0.0, "standard deviation of the white input noise a step (our choice)", 0,
        1e6},
       {"settling", 0.03, "s after a pulse that the error does not count (our choice)", 0, 1e6}},
      [](const Settings& settings, double dt) {
        return std::make_unique<PulseIntegration>(settings, dt);
      }};
}

}  // namespace nullcline::tasks::kinds
