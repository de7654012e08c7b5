// SPDX-License-Identifier: Apache-2.0
#include "nullcline/tasks/two_item_task.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "nullcline/core/errors.hpp"
#include "nullcline/tasks/manifolds.hpp"
#include "nullcline/tasks/measures.hpp"
#include "nullcline/tasks/time.hpp"

namespace nullcline::tasks {
namespace {
constexpr double two_pi = 2 * std::numbers::pi;
constexpr double first_item = 0, second_item = 2, delay_start = 4;  // slots
}  // namespace

Schema TwoItemTask::common_schema() {
  return {
      {"slot", 0.5, "s, of an item, a gap, the go cue, a report (2025: 0.5)", 1e-3, 1e6},
      {"delays", std::vector<double>{0.5, 1.5, 2.5, 3.5},
       "s, from the end of the second item's slots to the go cue (2025: 0.5, 1.5, 2.5, 3.5)", 0,
       1e6},
      {"silence", 4.0, "s, at the end of a trial, with no output (2025: 4)", 0, 1e6},
      {"angles", std::int64_t{6}, "of each item, evenly spaced (2025: 6)", 2, 10'000},
      {.name = "rotation",
       .standard = "common",
       .meaning = "of the angles of a trial: common, both by one random angle (2025); independent, "
                  "both uniform on the circle (our choice); none",
       .choices = {"common", "independent", "none"}},
      {"input_noise", 0.0, "standard deviation of the white noise of the items a step (2025: 0)", 0,
       1e6},
  };
}

TwoItemTask::TwoItemTask(const Settings& settings, double dt, Index report_slots)
    : dt_(dt),
      report_slots_(report_slots),
      slot_(settings.number("slot")),
      silence_(settings.number("silence")),
      delays_(settings.numbers("delays")),
      angles_(settings.integer("angles")),
      rotation_(settings.text("rotation")),
      input_noise_(settings.number("input_noise")) {
  if (steps_in(slot_, dt) < 1) throw Error("", "slot", "less than a step", "at least dt");
  if (delays_.empty()) throw Error("", "delays", "none", "one or more");
  longest_ = *std::max_element(delays_.begin(), delays_.end());
}

std::vector<Channel> TwoItemTask::inputs() const {
  return {{"cos", "of the item's angle while it is shown, else 0"},
          {"sin", "of the item's angle while it is shown, else 0"},
          {"go", "1 during the go cue, else 0"}};
}

Index TwoItemTask::step(double slots, double seconds) const {
  return steps_in(slots * slot_ + seconds, dt_);
}

Index TwoItemTask::length(double delay) const {
  return step(delay_start + 3 + static_cast<double>(report_slots_), delay + silence_);
}

Index TwoItemTask::steps() const { return length(longest_); }

Vector TwoItemTask::input_noise() const { return Vector{{input_noise_, input_noise_, 0}}; }

std::vector<SteadyInput> TwoItemTask::steady_inputs() const {
  return {{"delay", Vector::Zero(3)}, {"go cue", Vector::Unit(3, 2)}};
}

std::vector<InputManifold> TwoItemTask::input_manifolds() const {
  const auto at = [T = steps(), on1 = step(first_item, 0), off1 = step(first_item + 1, 0),
                   on2 = step(second_item, 0), off2 = step(second_item + 1, 0),
                   go = step(delay_start, longest_),
                   end = step(delay_start + 1, longest_)](In<Vector> kappa) {
    InputManifold::Point point = blank_point(3, T, 2);
    add_direction(point, kappa, 0, 0, on1, off1);
    add_direction(point, kappa, 1, 0, on2, off2);
    point.inputs.row(2).segment(go, end - go).setOnes();
    return point;
  };
  return {{{angle("item 1"), angle("item 2")}, at}};
}

Performance TwoItemTask::performance() const {
  return {"angular error",
          "degrees, mean angle between output and target over the report steps; 90 is chance "
          "(measure and criterion are our choice)",
          10};
}

double TwoItemTask::score(const Trials& trials, In<Matrix> outputs) const {
  return mean_angle(trials, outputs);
}

std::vector<TwoItems> TwoItemTask::draw(RandomStream& stream, Index batch) const {
  std::vector<TwoItems> all;
  const auto delays = static_cast<Index>(delays_.size());
  for (const Index k : shuffled(delays * angles_ * angles_, batch, stream)) {
    TwoItems items{delays_[static_cast<std::size_t>(k % delays)], {}};
    items.angles[0] =
        two_pi * static_cast<double>(k / delays % angles_) / static_cast<double>(angles_);
    items.angles[1] =
        two_pi * static_cast<double>(k / delays / angles_) / static_cast<double>(angles_);
    if (rotation_ == "common") {
      const double turn = std::sqrt(2.0) * stream.normal();
      for (double& theta : items.angles) theta += turn;
    } else if (rotation_ == "independent") {
      for (double& theta : items.angles) theta = two_pi * stream.uniform();
    }
    all.push_back(items);
  }
  return all;
}

Index TwoItemTask::write(const TwoItems& items, TrialWriter& trial) const {
  const double onsets[2] = {first_item, second_item};
  for (int i = 0; i < 2; ++i) {
    const Index on = step(onsets[i], 0), off = step(onsets[i] + 1, 0);
    trial.add_input(0, on, off, std::cos(items.angles[i]));
    trial.add_input(1, on, off, std::sin(items.angles[i]));
  }
  const Index go = step(delay_start, items.delay), end = length(items.delay);
  trial.add_input(2, go, step(delay_start + 1, items.delay), 1);

  Index report_steps = 0;
  for (const bool counting : {true, false}) {
    for (Index slot = 0; slot < report_slots_; ++slot) {
      const double theta = reported(items, slot);
      if (std::isnan(theta)) continue;
      const double slots = delay_start + 2 + static_cast<double>(slot);
      const Index from = step(slots, items.delay), to = step(slots + 1, items.delay);
      if (counting) {
        report_steps += to - from;
        continue;
      }
      trial.set_target(0, from, to, std::cos(theta));
      trial.set_target(1, from, to, std::sin(theta));
      trial.set_weight(from, to,
                       static_cast<double>(steps()) / 2 / static_cast<double>(report_steps));
      trial.set_scored(from, to);
    }
  }
  const Index silent = end - steps_in(silence_, dt_);
  // Halves of the task's T for zeros and for reports: weights about 1, and the same sum a trial.
  const double zero_weight =
      static_cast<double>(steps()) / 2 / static_cast<double>(go + end - silent);
  trial.set_weight(0, go, zero_weight);
  trial.set_weight(silent, end, zero_weight);
  return end;
}

TwoItemTask::Named TwoItemTask::named() const {
  Named all;
  for (const int first : {0, 120, 240}) {
    for (const int second : {0, 120, 240}) {
      all.emplace_back(fmt::format("{}, {} degrees", first, second),
                       TwoItems{longest_, {first * two_pi / 360, second * two_pi / 360}});
    }
  }
  return all;
}

}  // namespace nullcline::tasks
