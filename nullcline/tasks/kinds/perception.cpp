// SPDX-License-Identifier: Apache-2.0
// The perception task of "RNN Initial Hypotheses" (2021): one noisy constant input at one of a few
// levels, each of which asks for an output of its own: 0.5 -> 0.8 and 0.8 -> 0.5.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "nullcline/core/errors.hpp"
#include "nullcline/tasks/manifolds.hpp"
#include "nullcline/tasks/steady_input_task.hpp"

namespace nullcline::tasks::kinds {
namespace {

class Perception final : public SteadyInputTask {
 public:
  Perception(const Settings& settings, double dt)
      : SteadyInputTask(settings, dt),
        levels_(settings.numbers("levels")),
        responses_(settings.numbers("responses")) {
    if (levels_.size() < 2) throw Error("", "levels", "fewer than two", "two levels or more");
    if (std::set(levels_.begin(), levels_.end()).size() < levels_.size()) {
      throw Error("", "levels", "a level twice", "different levels");
    }
    if (responses_.size() != levels_.size()) {
      throw Error("", "responses", std::to_string(responses_.size()) + " numbers",
                  std::to_string(levels_.size()) + ", one for each of levels");
    }
  }

  std::vector<Channel> inputs() const override { return {{"input", "the level, with noise"}}; }
  std::vector<Channel> outputs() const override { return {{"output", "the level's response"}}; }

  std::vector<Condition> conditions() const override {
    std::vector<Condition> all;
    for (const double first : levels_) {
      for (const double second : levels_) {
        const std::string name =
            first == second ? fmt::format("{}", first) : fmt::format("{} -> {}", first, second);
        all.push_back(condition(name, Vector::Constant(1, first), Vector::Constant(1, second)));
      }
    }
    return all;
  }

  std::vector<SteadyInput> steady_inputs() const override {
    std::vector<SteadyInput> all = {{"no input", Vector::Zero(1)}};
    for (const double level : levels_) {
      all.push_back({fmt::format("input {}", level), Vector::Constant(1, level)});
    }
    return all;
  }

  /// The levels between the lowest and the highest, most of which no trial has.
  std::vector<InputManifold> input_manifolds() const override {
    const auto [lowest, highest] = std::ranges::minmax(levels_);
    return {box_manifold(inputs(), lowest, highest, steps())};
  }

 protected:
  Vector target(In<Vector> levels) const override {
    for (std::size_t i = 0; i < levels_.size(); ++i) {
      if (levels_[i] == levels(0)) return Vector::Constant(1, responses_[i]);
    }
    throw std::logic_error("Perception: a level that is none of the task's");
  }

  Vector draw_levels(In<Vector> previous, RandomStream& stream) const override {
    double level = 0;
    do {
      level = levels_[stream.below(levels_.size())];
    } while (previous.size() > 0 && level == previous(0));
    return Vector::Constant(1, level);
  }

 private:
  std::vector<double> levels_, responses_;
};

}  // namespace

TaskKind perception() {
  Schema schema = {
      {"levels", std::vector<double>{0.5, 0.8}, "input levels, all different", -1e6, 1e6},
      {"responses", std::vector<double>{0.8, 0.5}, "the output that each level asks for", -1e6,
       1e6},
  };
  const Schema common = SteadyInputTask::common_schema();
  schema.insert(schema.end(), common.begin(), common.end());
  return {"perception", "answer each level of a noisy constant input with a level of its own",
          schema, [](const Settings& settings, double dt) {
            return std::make_unique<Perception>(settings, dt);
          }};
}

}  // namespace nullcline::tasks::kinds
