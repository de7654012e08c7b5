// SPDX-License-Identifier: Apache-2.0
// Sine generation, from the future work of "RNN Initial Hypotheses" (2021, section 4: "emit a sine
// of a fixed or of a cued, changing frequency"). The input is a constant cue, u = f / highest; with
// `changes` it switches to another frequency within the trial, and the phase runs on without a
// jump:
//
//     y(t) = A sin(phi_t),   phi_0 = 0,   phi_{t+1} = phi_t + 2 pi f_t dt.
//
// A fixed frequency is lowest = highest. All numbers are our choice.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "nullcline/core/errors.hpp"
#include "nullcline/tasks/sines.hpp"
#include "nullcline/tasks/time.hpp"

namespace nullcline::tasks::kinds {
namespace {

struct Segment {
  Index onset;
  double frequency;  // Hz
};
using Segments = std::vector<Segment>;

class SineGeneration final : public TrialTask<Segments> {
 public:
  SineGeneration(const Settings& settings, double dt)
      : dt_(dt),
        steps_(steps_in(settings.number("duration"), dt)),
        settling_(steps_in(settings.number("settling"), dt)),
        changes_(settings.integer("changes")),
        lowest_(settings.number("lowest")),
        highest_(settings.number("highest")),
        amplitude_(settings.number("amplitude")),
        input_noise_(settings.number("input_noise")) {
    if (lowest_ != highest_) check_frequencies(lowest_, highest_, dt);
    if (2 * highest_ * dt > 1) check_frequencies(0, highest_, dt);
    check_settling(settling_, steps_);
    if (changes_ > 0 && lowest_ == highest_) {
      throw Error("", "changes", std::to_string(changes_), "0, for there is one frequency only");
    }
  }

  std::vector<Channel> inputs() const override {
    return {{"cue", fmt::format("frequency to emit, in units of {} Hz", highest_)}};
  }
  std::vector<Channel> outputs() const override {
    return {{"sine", "of the present frequency; its phase is 0 at the start and never jumps"}};
  }
  Index steps() const override { return steps_; }
  Vector input_noise() const override { return Vector::Constant(1, input_noise_); }

  std::vector<SteadyInput> steady_inputs() const override {
    std::vector<SteadyInput> all = {{"no input", Vector::Zero(1)}};
    for (const double frequency : frequencies()) {
      all.push_back({name(frequency), Vector::Constant(1, frequency / highest_)});
    }
    return all;
  }

  std::vector<InputManifold> input_manifolds() const override {
    if (lowest_ == highest_) return {};
    return {linear_manifold({{"frequency, Hz", lowest_, highest_}}, Vector::Zero(1),
                            Matrix::Constant(1, 1, 1 / highest_), steps_)};
  }

 protected:
  std::vector<Segments> draw(RandomStream& stream, Index batch) const override {
    std::vector<Segments> all(static_cast<std::size_t>(batch));
    for (Segments& segments : all) {
      const auto changes = stream.below(static_cast<std::uint64_t>(changes_) + 1);
      segments.push_back({0, random_frequency(stream)});
      for (std::uint64_t i = 0; i < changes; ++i) {
        const double when = (0.2 + 0.6 * stream.uniform()) * static_cast<double>(steps_);
        segments.push_back({static_cast<Index>(when), random_frequency(stream)});
      }
      std::stable_sort(segments.begin(), segments.end(),
                       [](const Segment& a, const Segment& b) { return a.onset < b.onset; });
    }
    return all;
  }

  Index write(const Segments& segments, TrialWriter& trial) const override {
    double phase = 0;
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const double frequency = segments[i].frequency;
      const Index end = i + 1 < segments.size() ? segments[i + 1].onset : steps_;
      trial.add_input(0, segments[i].onset, end, frequency / highest_);
      for (Index t = segments[i].onset; t < end; ++t) {
        trial.target(0, t) = amplitude_ * std::sin(phase);
        phase += 2 * std::numbers::pi * frequency * dt_;
      }
    }
    trial.set_weight(0, steps_, 1);
    trial.set_scored(settling_, steps_);
    return steps_;
  }

  Named named() const override {
    Named all;
    for (const double frequency : frequencies()) all.push_back({name(frequency), {{0, frequency}}});
    if (changes_ > 0) {
      all.push_back(
          {name(lowest_) + " -> " + name(highest_), {{0, lowest_}, {steps_ / 2, highest_}}});
      all.push_back(
          {name(highest_) + " -> " + name(lowest_), {{0, highest_}, {steps_ / 2, lowest_}}});
    }
    return all;
  }

 private:
  double random_frequency(RandomStream& stream) const {
    return lowest_ + (highest_ - lowest_) * stream.uniform();
  }
  std::vector<double> frequencies() const {
    if (lowest_ == highest_) return {lowest_};
    std::vector<double> all;
    for (int i = 0; i < 5; ++i) all.push_back(lowest_ + (highest_ - lowest_) * i / 4);
    return all;
  }
  static std::string name(double frequency) { return fmt::format("{:.4g} Hz", frequency); }

  double dt_;
  Index steps_, settling_, changes_;
  double lowest_, highest_, amplitude_, input_noise_;
};

}  // namespace

TaskKind sine_generation() {
  return {
      "sine_generation",
      "emit a sine of the frequency that a cue names, fixed or changing",
      {{"duration", 2.0, "s, of a trial (our choice)", 1e-3, 1e6},
       {"lowest", 1.0, "Hz, least frequency; equal to highest for a fixed one (our choice)", 1e-6,
        1e6},
       {"highest", 3.0, "Hz, largest frequency; at most half of 1 / dt (our choice)", 1e-6, 1e6},
       {"changes", std::int64_t{0},
        "most changes of the cue in a trial, each number from 0 on equally likely, between 0.2 "
        "and 0.8 of the trial (our choice)",
        0, 1000},
       {"amplitude", 1.0, "of the sine (our choice)", 1e-6, 1e6},
       {"input_noise", 0.0, "standard deviation of the white noise of the cue (our choice)", 0,
        1e6},
       {"settling", 0.2, "s from the start that the error does not count (our choice)", 0, 1e6}},
      [](const Settings& settings, double dt) {
        return std::make_unique<SineGeneration>(settings, dt);
      }};
}

}  // namespace nullcline::tasks::kinds
