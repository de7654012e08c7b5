// SPDX-License-Identifier: Apache-2.0
// Frequency discrimination, from the future work of "RNN Initial Hypotheses" (2021, section 4:
// "which of two sines is faster"): two inputs at the same time, u_i = A sin(2 pi f_i t + phi_i);
// y = +1 if f_1 > f_2, -1 otherwise. All numbers are our choice.
#include <fmt/format.h>

#include <cmath>

#include "nullcline/core/errors.hpp"
#include "nullcline/tasks/measures.hpp"
#include "nullcline/tasks/sines.hpp"
#include "nullcline/tasks/time.hpp"

namespace nullcline::tasks::kinds {
namespace {

struct Pair {
  Sine first, second;
};

class SineDiscrimination final : public TrialTask<Pair> {
 public:
  SineDiscrimination(const Settings& settings, double dt)
      : dt_(dt),
        steps_(steps_in(settings.number("duration"), dt)),
        settling_(steps_in(settings.number("settling"), dt)),
        lowest_(settings.number("lowest")),
        highest_(settings.number("highest")),
        least_difference_(settings.number("least_difference")),
        amplitude_(settings.number("amplitude")),
        input_noise_(settings.number("input_noise")) {
    check_frequencies(lowest_, highest_, dt);
    check_settling(settling_, steps_);
    if (least_difference_ > (highest_ - lowest_) / 2) {
      throw Error("", "least_difference", fmt::format("{} Hz", least_difference_),
                  fmt::format("at most half of the range, {} Hz", (highest_ - lowest_) / 2));
    }
  }

  std::vector<Channel> inputs() const override {
    return {{"sine 1", "first sine, with noise"}, {"sine 2", "second sine, with noise"}};
  }
  std::vector<Channel> outputs() const override {
    return {{"faster", "+1 if sine 1 is the faster one, -1 if sine 2 is"}};
  }
  Index steps() const override { return steps_; }
  Vector input_noise() const override { return Vector::Constant(2, input_noise_); }

  std::vector<SteadyInput> steady_inputs() const override {
    return {{"no input", Vector::Zero(2)}};
  }

  std::vector<InputManifold> input_manifolds() const override {
    const auto at = [dt = dt_, T = steps_, A = amplitude_](In<Vector> kappa) {
      InputManifold::Point point = blank_point(2, T, 4);
      add_sine(point, kappa, 0, 0, A, dt);
      add_sine(point, kappa, 2, 1, A, dt);
      return point;
    };
    return {{{{"frequency 1, Hz", lowest_, highest_},
              angle("phase 1"),
              {"frequency 2, Hz", lowest_, highest_},
              angle("phase 2")},
             at}};
  }

  Performance performance() const override {
    return {"accuracy",
            "fraction of trials whose output, averaged over the scored steps, has the right sign "
            "(measure and criterion are our choice)",
            0.95, true};
  }
  double score(const Trials& trials, In<Matrix> outputs) const override {
    return trial_accuracy(trials, outputs, 0);
  }

 protected:
  std::vector<Pair> draw(RandomStream& stream, Index batch) const override {
    std::vector<Pair> all(static_cast<std::size_t>(batch));
    for (Pair& pair : all) {
      do {
        pair = {random_sine(lowest_, highest_, stream), random_sine(lowest_, highest_, stream)};
      } while (std::abs(pair.first.frequency - pair.second.frequency) < least_difference_);
    }
    return all;
  }

  Index write(const Pair& pair, TrialWriter& trial) const override {
    add_sine(trial, 0, pair.first, amplitude_, dt_);
    add_sine(trial, 1, pair.second, amplitude_, dt_);
    trial.set_target(0, 0, steps_, pair.first.frequency > pair.second.frequency ? 1 : -1);
    trial.set_weight(settling_, steps_, 1);
    trial.set_scored(settling_, steps_);
    return steps_;
  }

  Named named() const override {
    const double slow = lowest_ + (highest_ - lowest_) / 4;
    const double middle = (lowest_ + highest_) / 2, fast = highest_ - (highest_ - lowest_) / 4;
    Named all;
    for (const auto& [f1, f2] :
         {std::pair{slow, middle}, {middle, slow}, {middle, fast}, {fast, middle}}) {
      all.emplace_back(fmt::format("{:.3g} Hz, {:.3g} Hz", f1, f2), Pair{{f1, 0}, {f2, 0}});
    }
    return all;
  }

 private:
  double dt_;
  Index steps_, settling_;
  double lowest_, highest_, least_difference_, amplitude_, input_noise_;
};

}  // namespace

TaskKind sine_discrimination() {
  return {
      "sine_discrimination",
      "tell which of two noisy sines of random phase is the faster one",
      {{"duration", 2.0, "s, of a trial (our choice)", 1e-3, 1e6},
       {"lowest", 1.0, "Hz, least frequency (our choice)", 1e-6, 1e6},
       {"highest", 5.0, "Hz, largest frequency; at most half of 1 / dt (our choice)", 1e-6, 1e6},
       {"least_difference", 0.5, "Hz, between the two (our choice)", 0, 1e6},
       {"amplitude", 1.0, "of both sines (our choice)", 1e-6, 1e6},
       {"input_noise", 0.05, "standard deviation of the white input noise a step (our choice)", 0,
        1e6},
       {"settling", 1.0, "s from the start without loss and score, in which to listen (our choice)",
        0, 1e6}},
      [](const Settings& settings, double dt) {
        return std::make_unique<SineDiscrimination>(settings, dt);
      }};
}

}  // namespace nullcline::tasks::kinds
