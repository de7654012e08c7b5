// SPDX-License-Identifier: Apache-2.0
#include "nullcline/tasks/battery_rules.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <numbers>

namespace nullcline::tasks {
namespace {

constexpr double pi = std::numbers::pi;

/// In ms, as they are published. Stimulus 2 of the go families is never on.
struct Times {
  double on1, off1, on2, off2, response, end;
};

/// Where they draw, a source of numbers: random, or always the longest.
struct Draws {
  RandomStream* stream;  // Null: the longest.

  double uniform(double lowest, double highest) const {
    return stream ? lowest + (highest - lowest) * stream->uniform() : highest;
  }
  double one_of(std::initializer_list<double> values) const {
    const std::size_t last = values.size() - 1;
    return values.begin()[stream ? stream->below(values.size()) : last];
  }
};

Times draw_times(Family family, const Draws& draws) {
  Times t{};
  switch (family) {
    case Family::go:
      t.on1 = draws.uniform(300, 700);
      t.response = t.on1 + draws.uniform(500, 1500);
      t.end = t.off1 = t.response + 500;
      break;
    case Family::react_go:
      t.on1 = t.response = draws.uniform(500, 2500);
      t.end = t.off1 = t.response + 500;
      break;
    case Family::delay_go:
      t.on1 = draws.one_of({300, 500, 700});
      t.off1 = t.on1 + draws.one_of({200, 400, 600});
      t.response = t.off1 + draws.one_of({200, 400, 800, 1600});
      t.end = t.response + 500;
      break;
    case Family::decision:
    case Family::context_decision:
      t.on1 = t.on2 = draws.uniform(100, 400);
      t.off1 = t.off2 = t.response = t.on1 + draws.one_of({400, 800, 1600});
      t.end = t.response + 500;
      break;
    case Family::delay_decision:
    case Family::context_delay_decision:
    case Family::match:
    case Family::category:
      t.on1 = draws.one_of({200, 400, 600});
      t.off1 = t.on1 + draws.one_of({200, 400, 600});
      t.on2 = t.off1 + draws.one_of({200, 400, 800, 1600});
      if (family == Family::match || family == Family::category) {
        t.response = t.on2;
        t.end = t.off2 =
            t.response + (family == Family::match ? 500 : draws.one_of({200, 400, 600}));
      } else {
        t.off2 = t.on2 + draws.one_of({200, 400, 600});
        t.response = t.off2 + draws.uniform(100, 300);
        t.end = t.response + 500;
      }
      break;
  }
  return t;
}

Times test_times(Family family) {
  switch (family) {
    case Family::go:
      return {500, 2000, 0, 0, 1500, 2000};
    case Family::react_go:
      return {2000, 2500, 0, 0, 2000, 2500};
    case Family::delay_go:
      return {500, 1000, 0, 0, 2000, 2500};
    case Family::decision:
      return {500, 2000, 500, 2000, 2000, 2500};
    case Family::context_decision:
      return {500, 1500, 500, 1500, 1500, 2000};
    case Family::delay_decision:
      return {500, 1000, 2000, 2500, 2700, 3000};
    case Family::context_delay_decision:
      return {500, 1000, 2000, 2500, 3000, 3500};
    case Family::match:
    case Family::category:
      return {500, 1000, 2200, 2700, 2200, 2700};
  }
  return {};
}

bool is_delayed(Family family) {
  return family == Family::delay_decision || family == Family::context_delay_decision;
}
bool on_both_rings(Family family) {
  return family == Family::context_decision || family == Family::context_delay_decision;
}

/// What is shown: two angles, and the strength of each on each ring.
struct Display {
  double angles[2] = {0, 0};
  double strengths[2][2] = {{0, 0}, {0, 0}};  // [stimulus][modality]
};

double on_circle(double angle) {
  const double wrapped = std::fmod(angle, 2 * pi);
  return wrapped < 0 ? wrapped + 2 * pi : wrapped;
}

double sign(RandomStream& stream) { return stream.below(2) == 0 ? -1 : 1; }
int ring(RandomStream& stream) { return static_cast<int>(stream.below(2)); }

/// 1.0 +- 0.2 on average, their difference twice the coherence.
void draw_strengths(const Draws& draws, double coherence, double& first, double& second) {
  const double mean = draws.uniform(0.8, 1.2), difference = coherence * sign(*draws.stream);
  first = mean + difference;
  second = mean - difference;
}

void draw_decision(const BatteryRule& rule, double factor, const Draws& draws, Display& display) {
  RandomStream& stream = *draws.stream;
  const bool delayed = is_delayed(rule.family);
  const auto coherence = [&] {
    return factor *
           (delayed ? draws.one_of({0.08, 0.16, 0.32}) : draws.one_of({0.01, 0.02, 0.04, 0.08}));
  };
  display.angles[1] =
      on_circle(display.angles[0] + sign(stream) * draws.uniform(0.5 * pi, 1.5 * pi));
  auto& s = display.strengths;
  if (rule.modality == 2) {
    // Both rings differ from the strength that counts, their mean, by up to 0.4 of it.
    double base[2];
    draw_strengths(draws, coherence(), base[0], base[1]);
    for (int stimulus : {0, 1}) {
      const double half = base[stimulus] * draws.uniform(0.2, 0.8) * sign(stream) / 2;
      s[stimulus][0] = base[stimulus] + half;
      s[stimulus][1] = base[stimulus] - half;
    }
    return;
  }
  const bool both = on_both_rings(rule.family);
  for (int m : {0, 1}) {
    if (both || m == rule.modality) draw_strengths(draws, coherence(), s[0][m], s[1][m]);
  }
}

Display draw_display(const BatteryRule& rule, double coherence, const Draws& draws) {
  RandomStream& stream = *draws.stream;
  Display display;
  display.angles[0] = draws.uniform(0, 2 * pi);
  switch (rule.family) {
    case Family::go:
    case Family::react_go:
    case Family::delay_go:
      display.strengths[0][ring(stream)] = 1;
      break;
    case Family::match: {
      const double distance = sign(stream) * draws.uniform(pi / 9, 17 * pi / 9);
      const bool match = stream.below(2) == 0;
      display.angles[1] = match ? display.angles[0] : on_circle(display.angles[0] + distance);
      display.strengths[0][ring(stream)] = display.strengths[1][ring(stream)] = 1;
      break;
    }
    case Family::category:
      for (double& angle : display.angles) {
        angle = (0.1 + 0.2 * static_cast<double>(stream.below(10))) * pi;
      }
      display.strengths[0][ring(stream)] = display.strengths[1][ring(stream)] = 1;
      break;
    default:
      draw_decision(rule, coherence, draws, display);
  }
  return display;
}

/// What the rule makes of it: whether to respond, and where.
void decide(const BatteryRule& rule, const Display& display, BatteryTrial& trial) {
  const auto& s = display.strengths;
  switch (rule.family) {
    case Family::go:
    case Family::react_go:
    case Family::delay_go:
      trial.angle = on_circle(display.angles[0] + (rule.anti ? pi : 0));
      break;
    case Family::match:
    case Family::category: {
      // Non-matching angles are 20 degrees apart or more.
      const double distance =
          std::abs(std::remainder(display.angles[0] - display.angles[1], 2 * pi));
      const bool match = rule.family == Family::match
                             ? distance < pi / 36
                             : (display.angles[0] < pi) == (display.angles[1] < pi);
      trial.go = match == rule.go_match;
      trial.angle = display.angles[1];
      break;
    }
    default: {
      const double first = rule.modality == 2 ? s[0][0] + s[0][1] : s[0][rule.modality];
      const double second = rule.modality == 2 ? s[1][0] + s[1][1] : s[1][rule.modality];
      trial.angle = display.angles[first > second ? 0 : 1];
    }
  }
}

BatteryTrial assemble(Index number, const Times& times, const Display& display, double dt) {
  const BatteryRule& rule = battery_rules()[static_cast<std::size_t>(number)];
  // Down to a whole step, as theirs; the small number is for quotients such as 0.3 / 0.1.
  const auto step = [dt](double ms) { return static_cast<Index>(ms * 1e-3 / dt + 1e-6); };
  BatteryTrial trial;
  trial.rule = number;
  trial.response = step(times.response);
  trial.steps = step(times.end);
  const bool fixation_stays = rule.family == Family::react_go || rule.family == Family::match ||
                              rule.family == Family::category;
  trial.fixation_off = fixation_stays ? trial.steps : trial.response;
  const double on[2] = {times.on1, times.on2}, off[2] = {times.off1, times.off2};
  for (int stimulus : {0, 1}) {
    for (int m : {0, 1}) {
      const double strength = display.strengths[stimulus][m];
      if (strength == 0) continue;
      trial.stimuli.push_back(
          {display.angles[stimulus], m, strength, step(on[stimulus]), step(off[stimulus])});
    }
  }
  decide(rule, display, trial);
  return trial;
}

}  // namespace

const std::vector<BatteryRule>& battery_rules() {
  using enum Family;
  static const std::vector<BatteryRule> rules = {
      {"fdgo", go},
      {"reactgo", react_go},
      {"delaygo", delay_go},
      {"fdanti", go, true},
      {"reactanti", react_go, true},
      {"delayanti", delay_go, true},
      {"dm1", decision, false, 0},
      {"dm2", decision, false, 1},
      {"contextdm1", context_decision, false, 0},
      {"contextdm2", context_decision, false, 1},
      {"multidm", context_decision, false, 2},
      {"delaydm1", delay_decision, false, 0},
      {"delaydm2", delay_decision, false, 1},
      {"contextdelaydm1", context_delay_decision, false, 0},
      {"contextdelaydm2", context_delay_decision, false, 1},
      {"multidelaydm", context_delay_decision, false, 2},
      {"dmsgo", match, false, 2, true},
      {"dmsnogo", match, false, 2, false},
      {"dmcgo", category, false, 2, true},
      {"dmcnogo", category, false, 2, false},
  };
  return rules;
}

BatteryTrial random_battery_trial(Index number, double coherence, double dt, RandomStream& stream) {
  const BatteryRule& rule = battery_rules()[static_cast<std::size_t>(number)];
  const Draws draws{&stream};
  const Times times = draw_times(rule.family, draws);
  return assemble(number, times, draw_display(rule, coherence, draws), dt);
}

BatteryTrial probe_battery_trial(Index number, double angle, bool mismatch, double coherence,
                                 double dt) {
  const BatteryRule& rule = battery_rules()[static_cast<std::size_t>(number)];
  Display display;
  display.angles[0] = on_circle(angle);
  auto& s = display.strengths;
  switch (rule.family) {
    case Family::go:
    case Family::react_go:
    case Family::delay_go:
      s[0][0] = 1;
      break;
    case Family::match:
    case Family::category:
      display.angles[1] = on_circle(angle + (mismatch ? pi : 0));
      s[0][0] = s[1][0] = 1;
      break;
    default: {
      display.angles[1] = on_circle(angle + pi);
      const bool both = on_both_rings(rule.family);
      const double c = coherence * (is_delayed(rule.family) ? 0.32 : 0.08);
      for (int m : {0, 1}) {
        const bool counts = rule.modality == 2 || m == rule.modality;
        if (!counts && !both) continue;
        s[0][m] = counts ? 1 + c : 1 - c;
        s[1][m] = counts ? 1 - c : 1 + c;
      }
    }
  }
  return assemble(number, test_times(rule.family), display, dt);
}

Index longest_battery_trial(Index rule, double dt) {
  const Family family = battery_rules()[static_cast<std::size_t>(rule)].family;
  return std::max(assemble(rule, draw_times(family, Draws{nullptr}), {}, dt).steps,
                  assemble(rule, test_times(family), {}, dt).steps);
}

}  // namespace nullcline::tasks
