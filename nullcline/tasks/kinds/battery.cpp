// SPDX-License-Identifier: Apache-2.0
// The battery of Yang, Joglekar, Song, Newsome & Wang (2019): 20 tasks, told apart by a rule input,
// so that one network learns any of them together. See battery_rules.hpp for the rules.
//
// Inputs: fixation (1 while on); two rings of n units with preferred angles p_i = 2 pi i / n and
// activity 0.8 s exp(-d^2 / (2 (pi/8)^2)) for a stimulus of strength s at distance d on the circle;
// 20 rule inputs, one of them 1. All with white noise of sd sigma sqrt(2 tau / dt) a step.
// Outputs: fixation, 0.8 while it is asked for, else 0.05; and a ring, 0.05 plus the same bump at
// the angle of the response. Loss weights: 1 from 0.1 s to the response, 0 for 0.1 s, then 5; the
// fixation output counts twice.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "nullcline/core/errors.hpp"
#include "nullcline/tasks/battery_rules.hpp"
#include "nullcline/tasks/manifolds.hpp"
#include "nullcline/tasks/ring.hpp"
#include "nullcline/tasks/trial_task.hpp"

namespace nullcline::tasks::kinds {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double base = 0.05, fixating = 0.8;

class Battery final : public TrialTask<BatteryTrial> {
 public:
  Battery(const Settings& settings, double dt)
      : dt_(dt),
        units_(settings.integer("units_per_ring")),
        angles_(settings.integer("angles")),
        coherence_(settings.number("coherence")),
        sd_(settings.number("input_noise") * std::sqrt(2 * settings.number("noise_tau") / dt)),
        one_rule_a_batch_(settings.text("mixing") == "batch"),
        weights_(settings.numbers("rule_weights")) {
    for (const std::string& name : settings.texts("rules")) rules_.push_back(number(name));
    if (rules_.empty()) throw Error("", "rules", "none", "one or more");
    auto sorted = rules_;
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
      throw Error("", "rules", "a rule twice", "different rules");
    }
    if (weights_.empty()) weights_.assign(rules_.size(), 1);
    if (weights_.size() != rules_.size()) {
      throw Error("", "rule_weights", std::to_string(weights_.size()) + " numbers",
                  std::to_string(rules_.size()) + ", one for each of rules");
    }
    for (const double weight : weights_) total_ += weight;
    if (total_ <= 0) throw Error("", "rule_weights", "all 0", "a sum above 0");
    for (const Index rule : rules_) steps_ = std::max(steps_, longest_battery_trial(rule, dt));
    if (dt > 0.1) throw Error("", "dt", fmt::format("{} s", dt), "at most 0.1 s for this task");
  }

  std::vector<Channel> inputs() const override {
    std::vector<Channel> all = {{"fixation", "1 while the fixation point is on, else 0"}};
    for (int ring : {1, 2}) add_ring(all, fmt::format("ring {}", ring), "stimuli near");
    for (const BatteryRule& rule : battery_rules()) {
      all.push_back({"rule " + rule.name, "1 if this is the rule of the trial, else 0"});
    }
    return all;
  }
  std::vector<Channel> outputs() const override {
    std::vector<Channel> all = {{"fixation", "0.8 while fixation is asked for, 0.05 else"}};
    add_ring(all, "response", "response near");
    return all;
  }
  Index steps() const override { return steps_; }
  Vector input_noise() const override { return Vector::Constant(input_dim(), sd_); }

  std::vector<SteadyInput> steady_inputs() const override {
    std::vector<SteadyInput> all;
    for (const Index rule : rules_) {
      Vector input = Vector::Unit(input_dim(), rule_input(rule));
      all.push_back({name(rule) + ", response", input});
      input(0) = 1;
      all.push_back({name(rule) + ", fixation", input});
    }
    return all;
  }

  /// The ring of the first stimulus's angle, for each rule, in the trial of the conditions.
  std::vector<InputManifold> input_manifolds() const override {
    std::vector<InputManifold> all;
    for (const Index rule : rules_) {
      const auto at = [rule, n = units_, n_in = input_dim(), T = steps_, c = coherence_,
                       dt = dt_](In<Vector> kappa) {
        InputManifold::Point point = blank_point(n_in, T, 1);
        const BatteryTrial trial = probe_battery_trial(rule, kappa(0), false, c, dt);
        point.inputs.row(0).head(trial.fixation_off).setOnes();
        point.inputs.row(1 + 2 * n + rule).head(trial.steps).setOnes();
        for (const Stimulus& stimulus : trial.stimuli) add_bump(point, stimulus, n);
        return point;
      };
      all.push_back({{angle("stimulus")}, at, name(rule)});
    }
    return all;
  }

  Performance performance() const override {
    return {"least accuracy",
            "over the rules, of the fraction of trials that end right: fixating (fixation output "
            "above 0.5) where that is asked for, else not, and with the ring's population vector "
            "within 36 degrees of the response (2019); the criterion is our choice",
            0.9, true};
  }

  double score(const Trials& trials, In<Matrix> outputs) const override {
    require(outputs.rows() == trials.targets.rows() && outputs.cols() == trials.targets.cols(),
            "battery: outputs must have the shape of the targets");
    const auto count = battery_rules().size();
    std::vector<double> right(count, 0), all(count, 0);
    for (Index b = 0; b < trials.batch; ++b) {
      Index last = -1;
      Vector shown = Vector::Zero(static_cast<Index>(count));
      for (Index t = 0; t < trials.steps; ++t) {
        const Index k = t * trials.batch + b;
        shown += trials.inputs.col(k).tail(shown.size());
        if (trials.scored(0, k) > 0) last = k;
      }
      if (last < 0) continue;
      Index rule = 0;
      shown.maxCoeff(&rule);
      all[static_cast<std::size_t>(rule)] += 1;
      if (ends_right(trials.targets.col(last), outputs.col(last))) {
        right[static_cast<std::size_t>(rule)] += 1;
      }
    }
    double least = 1;
    for (std::size_t i = 0; i < count; ++i) {
      if (all[i] > 0) least = std::min(least, right[i] / all[i]);
    }
    return least;
  }

 protected:
  std::vector<BatteryTrial> draw(RandomStream& stream, Index batch) const override {
    std::vector<BatteryTrial> all;
    Index rule = draw_rule(stream);
    for (Index b = 0; b < batch; ++b) {
      if (b > 0 && !one_rule_a_batch_) rule = draw_rule(stream);
      all.push_back(random_battery_trial(rule, coherence_, dt_, stream));
    }
    return all;
  }

  Index write(const BatteryTrial& script, TrialWriter& trial) const override {
    const Index end = script.steps, response = script.response;
    trial.add_input(0, 0, script.fixation_off, 1);
    trial.add_input(rule_input(script.rule), 0, end, 1);
    for (const Stimulus& stimulus : script.stimuli) {
      for (Index i = 0; i < units_; ++i) {
        const double d = ring_distance(stimulus.angle, i, units_);
        trial.add_input(1 + stimulus.modality * units_ + i, stimulus.on, stimulus.off,
                        stimulus.strength * ring_activity(d));
      }
    }
    for (Index i = 0; i <= units_; ++i) trial.set_target(i, 0, end, base);
    trial.set_target(0, 0, script.go ? response : end, fixating);
    for (Index i = 0; i < units_ && script.go; ++i) {
      trial.set_target(1 + i, response, end,
                       base + ring_activity(ring_distance(script.angle, i, units_)));
    }
    const auto grace = static_cast<Index>(0.1 / dt_ + 1e-6);
    const Index check = std::min(response + grace, end - 1);
    trial.set_weight(grace, response, 1);
    trial.set_weight(check, end, 5);
    trial.set_scored(check, end);
    return end;
  }

  /// Every rule at evenly spaced angles; match and category with a match and a mismatch.
  Named named() const override {
    Named all;
    for (const Index rule : rules_) {
      const Family family = battery_rules()[static_cast<std::size_t>(rule)].family;
      for (Index i = 0; i < angles_; ++i) {
        // Half a step off 0 keeps the angles of categories away from the border.
        const double step = 360 / static_cast<double>(angles_);
        const double degrees =
            step * (static_cast<double>(i) + (family == Family::category ? 0.5 : 0));
        const auto probe = [&](bool mismatch) {
          return probe_battery_trial(rule, degrees * pi / 180, mismatch, coherence_, dt_);
        };
        const std::string text = fmt::format("{}, {:.3g} degrees", name(rule), degrees);
        if (family == Family::match || family == Family::category) {
          all.emplace_back(text + ", match", probe(false));
          all.emplace_back(text + ", no match", probe(true));
        } else {
          all.emplace_back(text, probe(false));
        }
      }
    }
    return all;
  }

  /// Fixation counts twice.
  Vector output_weights() const override {
    Vector weights = Vector::Ones(1 + units_);
    weights(0) = 2;
    return weights;
  }

 private:
  static Index number(const std::string& rule) {
    const auto& all = battery_rules();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const BatteryRule& r) { return r.name == rule; });
    return found - all.begin();  // The schema has let no other name pass.
  }
  static const std::string& name(Index rule) {
    return battery_rules()[static_cast<std::size_t>(rule)].name;
  }
  Index input_dim() const { return 1 + 2 * units_ + static_cast<Index>(battery_rules().size()); }
  Index rule_input(Index rule) const { return 1 + 2 * units_ + rule; }

  void add_ring(std::vector<Channel>& all, const std::string& ring, const std::string& what) const {
    for (Index i = 0; i < units_; ++i) {
      const double degrees = 360 * static_cast<double>(i) / static_cast<double>(units_);
      all.push_back({fmt::format("{}, {:.4g} degrees", ring, degrees),
                     fmt::format("{} {:.4g} degrees", what, degrees)});
    }
  }

  Index draw_rule(RandomStream& stream) const {
    double left = total_ * stream.uniform();
    for (std::size_t i = 0; i + 1 < rules_.size(); ++i) {
      if (left < weights_[i]) return rules_[i];
      left -= weights_[i];
    }
    return rules_.back();
  }

  /// With the derivatives by the angle; at the antipode, where d jumps, the bump is 1e-14.
  static void add_bump(InputManifold::Point& point, const Stimulus& stimulus, Index n) {
    for (Index i = 0; i < n; ++i) {
      const double d = ring_distance(stimulus.angle, i, n) / ring_width;
      const double value = stimulus.strength * ring_activity(d * ring_width);
      const auto add = [&](Matrix& values, double x) {
        values.row(1 + stimulus.modality * n + i)
            .segment(stimulus.on, stimulus.off - stimulus.on)
            .array() += x;
      };
      add(point.inputs, value);
      add(point.first[0], -d / ring_width * value);
      add(point.second[0], (d * d - 1) / (ring_width * ring_width) * value);
    }
  }

  bool ends_right(In<Vector> target, In<Vector> output) const {
    const bool fixates = output(0) > 0.5;
    if (target(0) > 0.5) return fixates;
    const double error = ring_direction(target.tail(units_)) - ring_direction(output.tail(units_));
    return !fixates && std::abs(std::remainder(error, 2 * pi)) < 0.2 * pi;
  }

  double dt_;
  Index units_, angles_;
  double coherence_, sd_;
  bool one_rule_a_batch_;
  std::vector<double> weights_;
  std::vector<Index> rules_;
  double total_ = 0;
  Index steps_ = 0;
};

std::vector<std::string> rule_names() {
  std::vector<std::string> all;
  for (const BatteryRule& rule : battery_rules()) all.push_back(rule.name);
  return all;
}

}  // namespace

TaskKind battery() {
  return {
      "battery",
      "20 tasks of working memory, decision, categorization and inhibition, named by a rule "
      "input",
      {{.name = "rules",
        .standard = rule_names(),
        .meaning = "those that are trained, each with a rule input; the inputs are always 20",
        .choices = rule_names()},
       {"rule_weights", std::vector<double>{}, "relative frequency of each of rules; empty: equal",
        0, 1e6},
       {.name = "mixing",
        .standard = "trial",
        .meaning = "trial: a rule is drawn for each trial (our choice); batch: one for a batch "
                   "(2019)",
        .choices = {"trial", "batch"}},
       {"units_per_ring", std::int64_t{32},
        "n, of each input ring and of the output's (2019: "
        "32)",
        4, 10'000},
       {"coherence", 1.0,
        "factor on the differences of strength of decisions, 0.01 to 0.08, delayed 0.08 to "
        "0.32; 1 is theirs",
        1e-3, 2.5},
       {"input_noise", 0.01, "sigma: the noise has sd sigma sqrt(2 noise_tau / dt) (2019: 0.01)", 0,
        1e6},
       {"noise_tau", 0.1, "s, time constant of the units (2019: 0.1)", 1e-9, 1e6},
       {"angles", std::int64_t{4}, "of the conditions of each rule (our choice)", 1, 1000}},
      [](const Settings& settings, double dt) { return std::make_unique<Battery>(settings, dt); }};
}

}  // namespace nullcline::tasks::kinds
