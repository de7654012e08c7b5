// SPDX-License-Identifier: Apache-2.0
// Ready-set-go [Jazayeri & Shadlen 2010]: two pulses, ready and set, are an interval t_s apart; the
// network is to act when the same interval has passed since set. As a target for training (our
// choice) the output ramps from 0 at set to 1 at go, y = (t - set) / t_s, and stays there. The
// interval produced ends where the output first reaches 0.9. All numbers are our choice.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "nullcline/core/errors.hpp"
#include "nullcline/tasks/time.hpp"
#include "nullcline/tasks/trial_task.hpp"

namespace nullcline::tasks::kinds {
namespace {

constexpr double threshold = 0.9;

struct Interval {
  Index ready, steps;
};

class ReadySetGo final : public TrialTask<Interval> {
 public:
  ReadySetGo(const Settings& settings, double dt)
      : dt_(dt),
        earliest_(steps_in(settings.number("earliest_ready"), dt)),
        latest_(steps_in(settings.number("latest_ready"), dt)),
        shortest_(steps_in(settings.number("shortest"), dt)),
        longest_(steps_in(settings.number("longest"), dt)),
        pulse_(steps_in(settings.number("pulse"), dt)),
        hold_(steps_in(settings.number("hold"), dt)),
        input_noise_(settings.number("input_noise")) {
    if (pulse_ < 1) throw Error("", "pulse", "less than a step", "at least dt");
    if (shortest_ <= pulse_ || shortest_ < 2) {
      throw Error("", "shortest", fmt::format("{} steps", shortest_),
                  "longer than pulse, and two steps or more");
    }
    if (shortest_ > longest_) {
      throw Error("", "shortest", fmt::format("{} s", settings.number("shortest")),
                  fmt::format("at most longest, {} s", settings.number("longest")));
    }
    if (earliest_ > latest_) {
      throw Error("", "earliest_ready", fmt::format("{} s", settings.number("earliest_ready")),
                  fmt::format("at most latest_ready, {} s", settings.number("latest_ready")));
    }
    if (hold_ < 1) throw Error("", "hold", "less than a step", "at least dt");
  }

  std::vector<Channel> inputs() const override {
    return {{"ready", "1 during the first pulse, else 0"},
            {"set", "1 during the second pulse, else 0"}};
  }
  std::vector<Channel> outputs() const override {
    return {{"ramp", "0 until set, 1 from go on, linear between them"}};
  }
  Index steps() const override { return latest_ + 2 * longest_ + hold_; }
  Vector input_noise() const override { return Vector::Constant(2, input_noise_); }

  std::vector<SteadyInput> steady_inputs() const override {
    return {{"no input", Vector::Zero(2)}};
  }

  Performance performance() const override {
    return {
        "interval error",
        "mean of |produced - asked| / asked, where an interval ends as the output first reaches "
        "0.9; 1 if it does not (measure and criterion are our choice)",
        0.1};
  }

  double score(const Trials& trials, In<Matrix> outputs) const override {
    require(outputs.rows() == 1 && outputs.cols() == trials.targets.cols(),
            "ready_set_go: outputs must have the shape of the targets");
    double sum = 0;
    for (Index b = 0; b < trials.batch; ++b) {
      const auto asked = static_cast<double>(crossing(trials, trials.targets, b));
      const auto produced = static_cast<double>(crossing(trials, outputs, b));
      sum += produced < 0 ? 1 : std::min(1.0, std::abs(produced - asked) / asked);
    }
    return sum / static_cast<double>(trials.batch);
  }

 protected:
  std::vector<Interval> draw(RandomStream& stream, Index batch) const override {
    std::vector<Interval> all;
    for (Index b = 0; b < batch; ++b) {
      const Index ready = between(earliest_, latest_, stream);
      all.push_back({ready, between(shortest_, longest_, stream)});
    }
    return all;
  }

  Index write(const Interval& interval, TrialWriter& trial) const override {
    const Index set = interval.ready + interval.steps, go = set + interval.steps;
    const Index end = go + hold_;
    trial.add_input(0, interval.ready, interval.ready + pulse_, 1);
    trial.add_input(1, set, set + pulse_, 1);
    for (Index t = set; t < end; ++t) {
      trial.target(0, t) =
          t < go ? static_cast<double>(t - set) / static_cast<double>(interval.steps) : 1;
    }
    trial.set_weight(0, end, 1);
    trial.set_scored(set, end);
    return end;
  }

  Named named() const override {
    Named all;
    Index last = 0;
    for (int i = 0; i < 5; ++i) {
      const Index steps = shortest_ + (longest_ - shortest_) * i / 4;
      if (steps == last) continue;
      last = steps;
      all.emplace_back(fmt::format("{:.4g} s", static_cast<double>(steps) * dt_),
                       Interval{earliest_, steps});
    }
    return all;
  }

 private:
  static Index between(Index lowest, Index highest, RandomStream& stream) {
    return lowest +
           static_cast<Index>(stream.below(static_cast<std::uint64_t>(highest - lowest) + 1));
  }

  /// Scored steps of trial b before `values` reach the threshold; -1 if they do not.
  static Index crossing(const Trials& trials, In<Matrix> values, Index b) {
    Index count = 0;
    for (Index t = 0; t < trials.steps; ++t) {
      const Index k = t * trials.batch + b;
      if (trials.scored(0, k) == 0) continue;
      if (values(0, k) >= threshold) return count;
      ++count;
    }
    return -1;
  }

  double dt_;
  Index earliest_, latest_, shortest_, longest_, pulse_, hold_;
  double input_noise_;
};

}  // namespace

TaskKind ready_set_go() {
  return {"ready_set_go",
          "reproduce the interval between two pulses",
          {{"earliest_ready", 0.1, "s, earliest onset of the first pulse (our choice)", 0, 1e6},
           {"latest_ready", 0.3, "s, latest onset of the first pulse (our choice)", 0, 1e6},
           {"shortest", 0.4, "s, shortest interval, uniform (our choice)", 1e-3, 1e6},
           {"longest", 0.8, "s, longest interval, uniform (our choice)", 1e-3, 1e6},
           {"pulse", 0.05, "s, of a pulse (our choice)", 1e-3, 1e6},
           {"hold", 0.2, "s, after go (our choice)", 1e-3, 1e6},
           {"input_noise", 0.0, "standard deviation of the white input noise a step (our choice)",
            0, 1e6}},
          [](const Settings& settings, double dt) {
            return std::make_unique<ReadySetGo>(settings, dt);
          }};
}

}  // namespace nullcline::tasks::kinds
