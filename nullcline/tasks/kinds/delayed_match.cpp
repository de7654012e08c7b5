// SPDX-License-Identifier: Apache-2.0
// Delayed match to sample: a direction is shown, then after a random delay another; after that the
// output says whether they were the same, +1, or not, -1. It is 0 until the test, and free while
// the test is shown. Directions are (cos, sin) of evenly spaced angles. All numbers are our choice;
// the version with a saccade and two modalities is dmsgo and its family in the task `battery`.
#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "nullcline/core/errors.hpp"
#include "nullcline/tasks/manifolds.hpp"
#include "nullcline/tasks/measures.hpp"
#include "nullcline/tasks/time.hpp"
#include "nullcline/tasks/trial_task.hpp"

namespace nullcline::tasks::kinds {
namespace {

struct Match {
  Index sample, test;  // Numbers of directions.
  Index delay;         // Steps.
};

class DelayedMatch final : public TrialTask<Match> {
 public:
  DelayedMatch(const Settings& settings, double dt)
      : onset_(steps_in(settings.number("onset"), dt)),
        shown_(steps_in(settings.number("stimulus"), dt)),
        response_(steps_in(settings.number("response"), dt)),
        shortest_(steps_in(settings.number("shortest_delay"), dt)),
        longest_(steps_in(settings.number("longest_delay"), dt)),
        directions_(settings.integer("directions")),
        input_noise_(settings.number("input_noise")) {
    if (shown_ < 1) throw Error("", "stimulus", "less than a step", "at least dt");
    if (response_ < 1) throw Error("", "response", "less than a step", "at least dt");
    if (shortest_ > longest_) {
      throw Error("", "shortest_delay", fmt::format("{} s", settings.number("shortest_delay")),
                  fmt::format("at most longest_delay, {} s", settings.number("longest_delay")));
    }
  }

  std::vector<Channel> inputs() const override {
    return {{"cos", "of the direction while it is shown, else 0, with noise"},
            {"sin", "of the direction while it is shown, else 0, with noise"}};
  }
  std::vector<Channel> outputs() const override {
    return {{"match", "after the test, +1 if it is the sample, -1 if not; 0 before the test"}};
  }
  Index steps() const override { return response_at(longest_) + response_; }
  Vector input_noise() const override { return Vector::Constant(2, input_noise_); }

  std::vector<SteadyInput> steady_inputs() const override { return {{"delay", Vector::Zero(2)}}; }

  /// (sample, test) at the longest delay.
  std::vector<InputManifold> input_manifolds() const override {
    const auto at = [T = steps(), on = onset_, test = test_at(longest_),
                     shown = shown_](In<Vector> kappa) {
      InputManifold::Point point = blank_point(2, T, 2);
      add_direction(point, kappa, 0, 0, on, on + shown);
      add_direction(point, kappa, 1, 0, test, test + shown);
      return point;
    };
    return {{{angle("sample"), angle("test")}, at}};
  }

  Performance performance() const override {
    return {"accuracy",
            "fraction of trials whose output, averaged over the response, has the right sign "
            "(measure and criterion are our choice)",
            0.95, true};
  }
  double score(const Trials& trials, In<Matrix> outputs) const override {
    return trial_accuracy(trials, outputs, 0);
  }

 protected:
  std::vector<Match> draw(RandomStream& stream, Index batch) const override {
    std::vector<Match> all;
    for (Index b = 0; b < batch; ++b) {
      const Index sample = below(directions_, stream);
      const bool same = stream.below(2) == 0;
      const Index turn = same ? 0 : 1 + below(directions_ - 1, stream);
      const Index delay = shortest_ + below(longest_ - shortest_ + 1, stream);
      all.push_back({sample, (sample + turn) % directions_, delay});
    }
    return all;
  }

  Index write(const Match& match, TrialWriter& trial) const override {
    const Index test = test_at(match.delay), response = response_at(match.delay);
    const Index end = response + response_;
    show(trial, match.sample, onset_);
    show(trial, match.test, test);
    trial.set_target(0, response, end, match.sample == match.test ? 1 : -1);
    trial.set_weight(0, test, 1);
    trial.set_weight(response, end, 1);
    trial.set_scored(response, end);
    return end;
  }

  /// Up to four samples, each with itself and with the direction opposite, at the longest delay.
  Named named() const override {
    Named all;
    for (Index sample = 0; sample < directions_; sample += (directions_ + 3) / 4) {
      const Index other = (sample + directions_ / 2) % directions_;
      all.emplace_back(fmt::format("{:.3g} degrees, match", degrees(sample)),
                       Match{sample, sample, longest_});
      all.emplace_back(fmt::format("{:.3g} degrees, no match", degrees(sample)),
                       Match{sample, other, longest_});
    }
    return all;
  }

 private:
  static Index below(Index n, RandomStream& stream) {
    return static_cast<Index>(stream.below(static_cast<std::uint64_t>(n)));
  }
  Index test_at(Index delay) const { return onset_ + shown_ + delay; }
  Index response_at(Index delay) const { return test_at(delay) + shown_; }
  double degrees(Index direction) const {
    return 360 * static_cast<double>(direction) / static_cast<double>(directions_);
  }
  void show(TrialWriter& trial, Index direction, Index from) const {
    const double theta = degrees(direction) * std::numbers::pi / 180;
    trial.add_input(0, from, from + shown_, std::cos(theta));
    trial.add_input(1, from, from + shown_, std::sin(theta));
  }
  Index onset_, shown_, response_, shortest_, longest_, directions_;
  double input_noise_;
};

}  // namespace

TaskKind delayed_match() {
  return {"delayed_match",
          "tell whether a direction is the one shown before a delay",
          {{"onset", 0.2, "s, before the sample (our choice)", 0, 1e6},
           {"stimulus", 0.3, "s, of sample and test (our choice)", 1e-3, 1e6},
           {"shortest_delay", 0.2, "s, between them, uniform (our choice)", 0, 1e6},
           {"longest_delay", 1.0, "s, between them, uniform (our choice)", 0, 1e6},
           {"response", 0.3, "s, after the test (our choice)", 1e-3, 1e6},
           {"directions", std::int64_t{8}, "evenly spaced on the circle (our choice)", 2, 10'000},
           {"input_noise", 0.05, "standard deviation of the white input noise a step (our choice)",
            0, 1e6}},
          [](const Settings& settings, double dt) {
            return std::make_unique<DelayedMatch>(settings, dt);
          }};
}

}  // namespace nullcline::tasks::kinds
