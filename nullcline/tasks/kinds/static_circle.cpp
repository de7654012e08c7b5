// SPDX-License-Identifier: Apache-2.0
// The static two-class circle of the 2025 warping paper (section 4.1 of our notes): the input is
// (cos theta, sin theta), one of 240 angles; the target is +1 for theta in [0, pi) and -1
// otherwise, or, with r `alternations`, +1 and -1 in turn over 2 r equal arcs. The paper's network
// is feed-forward: one step. With more, the input stands still and every step after `settling` is
// asked.
#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "nullcline/core/errors.hpp"
#include "nullcline/tasks/manifolds.hpp"
#include "nullcline/tasks/measures.hpp"
#include "nullcline/tasks/trial_task.hpp"

namespace nullcline::tasks::kinds {
namespace {

/// The angle is 2 pi `number` / `of`; in whole numbers, the class at the border is exact.
struct Angle {
  Index number, of;
};

class StaticCircle final : public TrialTask<Angle> {
 public:
  explicit StaticCircle(const Settings& settings)
      : steps_(settings.integer("steps")),
        settling_(settings.integer("settling")),
        angles_(settings.integer("angles")),
        alternations_(settings.integer("alternations")),
        input_noise_(settings.number("input_noise")) {
    if (settling_ >= steps_) {
      throw Error("", "settling", std::to_string(settling_),
                  "less than steps, " + std::to_string(steps_));
    }
    if (angles_ < 2 * alternations_) {
      throw Error("", "angles", std::to_string(angles_), "2 alternations or more");
    }
  }

  std::vector<Channel> inputs() const override {
    return {{"cos", "of the angle"}, {"sin", "of the angle"}};
  }
  std::vector<Channel> outputs() const override {
    return {{"class", "+1 or -1, by the arc in which the angle lies"}};
  }
  Index steps() const override { return steps_; }
  Vector input_noise() const override { return Vector::Constant(2, input_noise_); }

  std::vector<SteadyInput> steady_inputs() const override {
    return {{"no input", Vector::Zero(2)},
            {"0 degrees", Vector{{1, 0}}},
            {"90 degrees", Vector{{0, 1}}},
            {"180 degrees", Vector{{-1, 0}}},
            {"270 degrees", Vector{{0, -1}}}};
  }

  std::vector<InputManifold> input_manifolds() const override {
    const auto at = [T = steps_](In<Vector> kappa) {
      InputManifold::Point point = blank_point(2, T, 1);
      add_direction(point, kappa, 0, 0, 0, T);
      return point;
    };
    // Boundaries are at the multiples of pi / r, where sin(r theta) changes its sign.
    const auto distance = [r = static_cast<double>(alternations_)](In<Vector> kappa) {
      return std::asin(std::sin(r * kappa(0))) / r;
    };
    return {{{angle("angle")}, at, {}, InputManifold::Decision{0, distance}}};
  }

  Performance performance() const override {
    return {"accuracy",
            "fraction of the scored steps with the sign of the class (measure and criterion are "
            "our choice)",
            0.99, true};
  }
  double score(const Trials& trials, In<Matrix> outputs) const override {
    return side_accuracy(trials, outputs, 0);
  }

 protected:
  std::vector<Angle> draw(RandomStream& stream, Index batch) const override {
    std::vector<Angle> all;
    for (const Index number : shuffled(angles_, batch, stream)) all.push_back({number, angles_});
    return all;
  }

  Index write(const Angle& angle, TrialWriter& trial) const override {
    const double theta =
        2 * std::numbers::pi * static_cast<double>(angle.number) / static_cast<double>(angle.of);
    trial.add_input(0, 0, steps_, std::cos(theta));
    trial.add_input(1, 0, steps_, std::sin(theta));
    const Index arc = 2 * alternations_ * angle.number / angle.of;
    trial.set_target(0, 0, steps_, arc % 2 == 0 ? 1 : -1);
    trial.set_weight(settling_, steps_, 1);
    trial.set_scored(settling_, steps_);
    return steps_;
  }

  /// Four angles in every arc, none at its ends.
  Named named() const override {
    Named all;
    const Index of = 16 * alternations_;
    for (Index number = 1; number < of; number += 2) {
      all.emplace_back(fmt::format("{:.4g} degrees",
                                   360 * static_cast<double>(number) / static_cast<double>(of)),
                       Angle{number, of});
    }
    return all;
  }

 private:
  Index steps_, settling_, angles_, alternations_;
  double input_noise_;
};

}  // namespace

TaskKind static_circle() {
  return {
      "static_circle",
      "tell in which arc of a circle a constant point lies",
      {{"steps", std::int64_t{1}, "of a trial; 1 for feed-forward networks, as in 2025", 1,
        1'000'000},
       {"settling", std::int64_t{0}, "steps without loss and score (our choice)", 0, 1'000'000},
       {"angles", std::int64_t{240}, "evenly spaced, of the training (2025: 240)", 2, 1'000'000},
       {"alternations", std::int64_t{1}, "r: 2 r arcs, +1 and -1 in turn (2025: 1)", 1, 1000},
       {"input_noise", 0.0, "standard deviation of the white input noise a step (our choice)", 0,
        1e6}},
      [](const Settings& settings, double) { return std::make_unique<StaticCircle>(settings); }};
}

}  // namespace nullcline::tasks::kinds
