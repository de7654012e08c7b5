// SPDX-License-Identifier: Apache-2.0
// The K-bit flip-flop [Sussillo & Barak 2013; Maheswaranathan et al. 2019, "Universality and
// individuality in neural dynamics", section 2.2 with K = 3]: inputs in {-1, 0, +1} are pulses at
// random times, and each output holds the sign of the last pulse on its input, from the pulse's own
// step on. Neither paper gives length and pulse rate: 100 steps and 0.05 are our choice (published
// generators use 64 to 500 steps and 0.02 to 0.5).
#include <fmt/format.h>

#include <cmath>

#include "nullcline/core/errors.hpp"
#include "nullcline/tasks/manifolds.hpp"
#include "nullcline/tasks/measures.hpp"
#include "nullcline/tasks/time.hpp"
#include "nullcline/tasks/trial_task.hpp"

namespace nullcline::tasks::kinds {
namespace {

struct Pulse {
  Index step, bit;
  double sign;
};
using Pulses = std::vector<Pulse>;  // In the order of time.

class FlipFlop final : public TrialTask<Pulses> {
 public:
  FlipFlop(const Settings& settings, double dt)
      : steps_(steps_in(settings.number("duration"), dt)),
        bits_(settings.integer("bits")),
        settling_(steps_in(settings.number("settling"), dt)),
        probability_(settings.number("pulse_probability")),
        input_noise_(settings.number("input_noise")),
        forced_(settings.flag("first_pulse")) {
    if (steps_ < 2) throw Error("", "duration", "less than two steps", "at least 2 dt");
    if (2 * settling_ >= steps_) {
      throw Error("", "settling", "half of the trial or more", "less than half of duration");
    }
    if (!forced_ && probability_ == 0) {
      throw Error("", "pulse_probability", "0", "more than 0, where there is no first pulse");
    }
  }

  std::vector<Channel> inputs() const override {
    return channels("pulse", "+1 or -1 for one step sets the bit, 0 leaves it");
  }
  std::vector<Channel> outputs() const override {
    return channels("bit", "the sign of the last pulse; 0 before the first");
  }
  Index steps() const override { return steps_; }
  Vector input_noise() const override { return Vector::Constant(bits_, input_noise_); }

  std::vector<SteadyInput> steady_inputs() const override {
    return {{"no pulse", Vector::Zero(bits_)}};
  }

  /// A first pulse of any height on each input, and none after it.
  std::vector<InputManifold> input_manifolds() const override {
    std::vector<PulseAt> first;
    for (Index bit = 0; bit < bits_; ++bit) first.push_back({bit, 0});
    return {pulse_manifold(first, bits_, steps_)};
  }

  Performance performance() const override {
    return {"accuracy",
            "fraction of bits and scored steps at which the output has the sign of the bit "
            "(measure and criterion are our choice)",
            0.99, true};
  }
  double score(const Trials& trials, In<Matrix> outputs) const override {
    return side_accuracy(trials, outputs, 0);
  }

 protected:
  std::vector<Pulses> draw(RandomStream& stream, Index batch) const override {
    const auto limit = static_cast<std::uint64_t>(std::ldexp(probability_, 32));
    std::vector<Pulses> all(static_cast<std::size_t>(batch));
    for (Pulses& pulses : all) {
      for (Index t = 0; t < steps_; ++t) {
        for (Index bit = 0; bit < bits_; ++bit) {
          if (!(t == 0 && forced_) && stream.word() >= limit) continue;
          pulses.push_back({t, bit, stream.below(2) == 0 ? -1.0 : 1.0});
        }
      }
    }
    return all;
  }

  Index write(const Pulses& pulses, TrialWriter& trial) const override {
    Vector state = Vector::Zero(bits_);
    auto pulse = pulses.begin();
    Index last = 0, seen = 0;
    for (Index t = 0; t < steps_; ++t) {
      for (; pulse != pulses.end() && pulse->step == t; ++pulse) {
        trial.add_input(pulse->bit, t, pulse->sign);
        if (state(pulse->bit) == 0) ++seen;
        state(pulse->bit) = pulse->sign;
        last = t;
      }
      for (Index bit = 0; bit < bits_; ++bit) trial.target(bit, t) = state(bit);
      // Before its first pulse a bit is not known: no answer is asked for.
      if (seen < bits_) continue;
      trial.set_weight(t, t + 1, 1);
      if (t - last >= settling_) trial.set_scored(t, t + 1);
    }
    return steps_;
  }

  /// Every state of the bits from the start; and each bit flipped in the middle, from all down.
  Named named() const override {
    Named all;
    for (Index state = 0; state < (Index{1} << bits_); ++state) {
      std::string name;
      Pulses pulses;
      for (Index bit = 0; bit < bits_; ++bit) {
        const bool up = (state >> bit) % 2 == 1;
        name += up ? '+' : '-';
        pulses.push_back({0, bit, up ? 1.0 : -1.0});
      }
      all.emplace_back(name, pulses);
      for (Index bit = 0; bit < bits_ && state == 0; ++bit) {
        Pulses flipped = pulses;
        flipped.push_back({steps_ / 2, bit, 1});
        all.emplace_back(fmt::format("{}, bit {} flips", name, bit + 1), flipped);
      }
    }
    return all;
  }

 private:
  std::vector<Channel> channels(const std::string& name, const std::string& meaning) const {
    std::vector<Channel> all;
    for (Index i = 1; i <= bits_; ++i) all.push_back({fmt::format("{} {}", name, i), meaning});
    return all;
  }

  Index steps_, bits_, settling_;
  double probability_, input_noise_;
  bool forced_;
};

}  // namespace

TaskKind flip_flop() {
  return {
      "flip_flop",
      "hold the sign of the last pulse on each of K inputs",
      {{"bits", std::int64_t{3}, "K, inputs and outputs; the papers have 3", 1, 8},
       {"duration", 1.0, "s, of a trial (our choice)", 1e-3, 1e6},
       {"pulse_probability", 0.05,
        "of a pulse at a step and input; per step, so with a smaller dt the same value is a "
        "higher rate (our choice)",
        0, 1},
       {"first_pulse", true, "a pulse on every input at step 0, so that each bit is defined"},
       {"input_noise", 0.0, "standard deviation of the white input noise a step (our choice)", 0,
        1e6},
       {"settling", 0.03, "s after a pulse that the accuracy does not count (our choice)", 0, 1e6}},
      [](const Settings& settings, double dt) { return std::make_unique<FlipFlop>(settings, dt); }};
}

}  // namespace nullcline::tasks::kinds
