// SPDX-License-Identifier: Apache-2.0
// Frequency estimation, from the future work of "RNN Initial Hypotheses" (2021, section 4: "output
// the frequency of a sine input"):
//
//     u(t) = A sin(2 pi f t + phi),   y = f / highest,   t = step * dt.
//
// The note gives no frequencies, lengths or noise: all are our choice.
#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "nullcline/core/errors.hpp"
#include "nullcline/tasks/sines.hpp"
#include "nullcline/tasks/time.hpp"
#include "nullcline/tasks/trial_task.hpp"

namespace nullcline::tasks::kinds {
namespace {

class SineFrequency final : public TrialTask<Sine> {
 public:
  SineFrequency(const Settings& settings, double dt)
      : dt_(dt),
        steps_(steps_in(settings.number("duration"), dt)),
        settling_(steps_in(settings.number("settling"), dt)),
        lowest_(settings.number("lowest")),
        highest_(settings.number("highest")),
        amplitude_(settings.number("amplitude")),
        input_noise_(settings.number("input_noise")) {
    check_frequencies(lowest_, highest_, dt);
    check_settling(settling_, steps_);
  }

  std::vector<Channel> inputs() const override {
    return {{"sine", "of the frequency to be told, with noise"}};
  }
  std::vector<Channel> outputs() const override {
    return {{"frequency", fmt::format("of the sine, in units of {} Hz", highest_)}};
  }
  Index steps() const override { return steps_; }
  Vector input_noise() const override { return Vector::Constant(1, input_noise_); }

  std::vector<SteadyInput> steady_inputs() const override {
    return {{"no input", Vector::Zero(1)},
            {"crest", Vector::Constant(1, amplitude_)},
            {"trough", Vector::Constant(1, -amplitude_)}};
  }

  /// u(t; f, phi).
  std::vector<InputManifold> input_manifolds() const override {
    const auto at = [dt = dt_, T = steps_, A = amplitude_](In<Vector> kappa) {
      InputManifold::Point point = blank_point(1, T, 2);
      add_sine(point, kappa, 0, 0, A, dt);
      return point;
    };
    return {{{{"frequency, Hz", lowest_, highest_}, angle("phase")}, at}};
  }

 protected:
  std::vector<Sine> draw(RandomStream& stream, Index batch) const override {
    std::vector<Sine> all(static_cast<std::size_t>(batch));
    for (Sine& sine : all) sine = random_sine(lowest_, highest_, stream);
    return all;
  }

  Index write(const Sine& sine, TrialWriter& trial) const override {
    add_sine(trial, 0, sine, amplitude_, dt_);
    trial.set_target(0, 0, steps_, sine.frequency / highest_);
    trial.set_weight(settling_, steps_, 1);
    trial.set_scored(settling_, steps_);
    return steps_;
  }

  Named named() const override {
    Named all;
    for (int i = 0; i < 5; ++i) {
      const double frequency = lowest_ + (highest_ - lowest_) * i / 4;
      all.emplace_back(fmt::format("{:.3g} Hz", frequency), Sine{frequency, 0});
    }
    return all;
  }

 private:
  double dt_;
  Index steps_, settling_;
  double lowest_, highest_, amplitude_, input_noise_;
};

}  // namespace

TaskKind sine_frequency() {
  return {
      "sine_frequency",
      "tell the frequency of a noisy sine of random phase",
      {{"duration", 2.0, "s, of a trial (our choice)", 1e-3, 1e6},
       {"lowest", 1.0, "Hz, least frequency (our choice)", 1e-6, 1e6},
       {"highest", 5.0, "Hz, largest frequency; at most half of 1 / dt (our choice)", 1e-6, 1e6},
       {"amplitude", 1.0, "of the sine (our choice)", 1e-6, 1e6},
       {"input_noise", 0.05, "standard deviation of the white input noise a step (our choice)", 0,
        1e6},
       {"settling", 1.0, "s from the start without loss and score, in which to listen (our choice)",
        0, 1e6}},
      [](const Settings& settings, double dt) {
        return std::make_unique<SineFrequency>(settings, dt);
      }};
}

}  // namespace nullcline::tasks::kinds
