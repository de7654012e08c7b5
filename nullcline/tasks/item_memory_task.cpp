// SPDX-License-Identifier: Apache-2.0
#include "nullcline/tasks/item_memory_task.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/tasks/manifolds.hpp"
#include "nullcline/tasks/measures.hpp"
#include "nullcline/tasks/time.hpp"

namespace nullcline::tasks {
namespace {
constexpr double two_pi = 2 * std::numbers::pi;

/// The slot of item i = 0, 1, ...
constexpr double slot_of(Index i) { return 2 * static_cast<double>(i); }
}  // namespace

Schema ItemMemoryTask::common_schema() {
  return {
      {"slot", 0.5, "s, of an item, a gap, the go cue, a report (2025: 0.5)", 1e-3, 1e6},
      {"delays", std::vector<double>{0.5, 1.5, 2.5, 3.5},
       "s, from the end of the last item's slots to the go cue (2025: 0.5, 1.5, 2.5, 3.5)", 0, 1e6},
      {"silence", 4.0, "s, at the end of a trial, with no output (2025: 4)", 0, 1e6},
      {"angles", std::int64_t{6}, "of each item, evenly spaced (2025: 6)", 2, 10'000},
      {.name = "rotation",
       .standard = "common",
       .meaning = "of the angles of a trial: common, all by one random angle (2025); independent, "
                  "all uniform on the circle (our choice); none",
       .choices = {"common", "independent", "none"}},
      {"input_noise", 0.0, "standard deviation of the white noise of the items a step (2025: 0)", 0,
       1e6},
  };
}

ItemMemoryTask::ItemMemoryTask(const Settings& settings, double dt, Index items, Index report_slots)
    : dt_(dt),
      items_(items),
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

std::vector<Channel> ItemMemoryTask::inputs() const {
  return {{"cos", "of the item's angle while it is shown, else 0"},
          {"sin", "of the item's angle while it is shown, else 0"},
          {"go", "1 during the go cue, else 0"}};
}

Index ItemMemoryTask::step(double slots, double seconds) const {
  return steps_in(slots * slot_ + seconds, dt_);
}

Index ItemMemoryTask::length(double delay) const {
  return step(delay_start() + 3 + static_cast<double>(report_slots_), delay + silence_);
}

Index ItemMemoryTask::steps() const { return length(longest_); }

Vector ItemMemoryTask::input_noise() const { return Vector{{input_noise_, input_noise_, 0}}; }

std::vector<SteadyInput> ItemMemoryTask::steady_inputs() const {
  return {{"delay", Vector::Zero(3)}, {"go cue", Vector::Unit(3, 2)}};
}

std::vector<InputManifold> ItemMemoryTask::input_manifolds() const {
  std::vector<InputManifold::Coordinate> angles;
  std::vector<Index> on, off;
  for (Index i = 0; i < items_; ++i) {
    angles.push_back(angle(fmt::format("item {}", i + 1)));
    on.push_back(step(slot_of(i), 0));
    off.push_back(step(slot_of(i) + 1, 0));
  }
  const auto at = [T = steps(), on, off, go = step(delay_start(), longest_),
                   end = step(delay_start() + 1, longest_)](In<Vector> kappa) {
    InputManifold::Point point = blank_point(3, T, kappa.size());
    for (std::size_t i = 0; i < on.size(); ++i) {
      add_direction(point, kappa, static_cast<Index>(i), 0, on[i], off[i]);
    }
    point.inputs.row(2).segment(go, end - go).setOnes();
    return point;
  };
  return {{angles, at}};
}

Performance ItemMemoryTask::performance() const {
  return {"angular error",
          "degrees, mean angle between output and target over the report steps; 90 is chance "
          "(measure and criterion are our choice)",
          10};
}

double ItemMemoryTask::score(const Trials& trials, In<Matrix> outputs) const {
  return mean_angle(trials, outputs);
}

std::vector<Items> ItemMemoryTask::draw(RandomStream& stream, Index batch) const {
  std::vector<Items> all;
  const auto delays = static_cast<Index>(delays_.size());
  Index grid = delays;
  for (Index i = 0; i < items_; ++i) grid *= angles_;
  for (const Index k : shuffled(grid, batch, stream)) {
    Items items{delays_[static_cast<std::size_t>(k % delays)], {}};
    Index digits = k / delays;
    for (Index i = 0; i < items_; ++i, digits /= angles_) {
      items.angles.push_back(two_pi * static_cast<double>(digits % angles_) /
                             static_cast<double>(angles_));
    }
    if (rotation_ == "common") {
      const double turn = std::sqrt(2.0) * stream.normal();
      for (double& theta : items.angles) theta += turn;
    } else if (rotation_ == "independent") {
      for (double& theta : items.angles) theta = two_pi * stream.uniform();
    }
    all.push_back(std::move(items));
  }
  return all;
}

Index ItemMemoryTask::write(const Items& items, TrialWriter& trial) const {
  for (Index i = 0; i < items_; ++i) {
    const Index on = step(slot_of(i), 0), off = step(slot_of(i) + 1, 0);
    const double theta = items.angles[static_cast<std::size_t>(i)];
    trial.add_input(0, on, off, std::cos(theta));
    trial.add_input(1, on, off, std::sin(theta));
  }
  const Index go = step(delay_start(), items.delay), end = length(items.delay);
  trial.add_input(2, go, step(delay_start() + 1, items.delay), 1);

  Index report_steps = 0;
  for (const bool counting : {true, false}) {
    for (Index slot = 0; slot < report_slots_; ++slot) {
      const double theta = reported(items, slot);
      if (std::isnan(theta)) continue;
      const double slots = delay_start() + 2 + static_cast<double>(slot);
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

/// Every choice of one of three angles an item.
ItemMemoryTask::Named ItemMemoryTask::named() const {
  Named all;
  const int degrees[] = {0, 120, 240};
  Index count = 1;
  for (Index i = 0; i < items_; ++i) count *= 3;
  for (Index k = 0; k < count; ++k) {
    Items items{longest_, {}};
    std::string name;
    for (Index i = 0, rest = count / 3; i < items_; ++i, rest /= 3) {
      const int angle = degrees[k / std::max<Index>(rest, 1) % 3];
      items.angles.push_back(angle * two_pi / 360);
      name += fmt::format("{}{}", i > 0 ? ", " : "", angle);
    }
    all.emplace_back(name + " degrees", std::move(items));
  }
  return all;
}

}  // namespace nullcline::tasks
