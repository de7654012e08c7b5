// SPDX-License-Identifier: Apache-2.0
// Decision in D dimensions, from the future work of "RNN Initial Hypotheses" (2021, section 4): the
// inputs are two points p, q in R^D; the output says which is farther from the origin. Radii are
// uniform and directions isotropic (our choice), drawn again until the radii differ enough.
#include <fmt/format.h>

#include <cmath>

#include "nullcline/core/errors.hpp"
#include "nullcline/tasks/directions.hpp"
#include "nullcline/tasks/manifolds.hpp"
#include "nullcline/tasks/measures.hpp"
#include "nullcline/tasks/steady_input_task.hpp"

namespace nullcline::tasks::kinds {
namespace {

class DecisionD final : public SteadyInputTask {
 public:
  DecisionD(const Settings& settings, double dt)
      : SteadyInputTask(settings, dt),
        dimensions_(settings.integer("dimensions")),
        highest_(settings.number("highest")),
        least_difference_(settings.number("least_difference")),
        high_(settings.number("high")),
        low_(settings.number("low")) {
    // At half of the range a fair share of random pairs is far enough apart.
    if (least_difference_ > highest_ / 2) {
      throw Error("", "least_difference", fmt::format("{}", least_difference_),
                  fmt::format("at most half of highest, {}", highest_ / 2));
    }
    if (high_ == low_) throw Error("", "high", fmt::format("{}", high_), "another level than low");
  }

  std::vector<Channel> inputs() const override {
    std::vector<Channel> all = coordinates_of("point 1,", dimensions_);
    const auto second = coordinates_of("point 2,", dimensions_);
    all.insert(all.end(), second.begin(), second.end());
    return all;
  }
  std::vector<Channel> outputs() const override {
    return {{"output", "high while point 1 is farther from the origin, low while point 2 is"}};
  }

  std::vector<Condition> conditions() const override {
    const Vector first = axis(0.75, 0.25), second = axis(0.25, 0.75);
    return {condition("1 farther", first, first),
            condition("2 farther", second, second),
            condition("1 farther, opposite", -first, -first),
            condition("2 farther, opposite", -second, -second),
            condition("1 -> 2", first, second),
            condition("2 -> 1", second, first)};
  }

  std::vector<SteadyInput> steady_inputs() const override {
    return {{"origin", axis(0, 0)},
            {"1 farther", axis(0.75, 0.25)},
            {"2 farther", axis(0.25, 0.75)},
            {"equal", axis(0.5, 0.5)}};
  }

  InputGrid grid() const override {
    if (dimensions_ != 1) return {};
    const Vector levels = Vector::LinSpaced(9, -highest_, highest_);
    return {levels, levels};
  }

  std::vector<InputManifold> input_manifolds() const override {
    return {box_manifold(inputs(), -highest_, highest_, steps())};
  }

  Performance performance() const override {
    return {"accuracy",
            "fraction of the scored steps with the output on the right side of the middle between "
            "low and high (measure and criterion are our choice)",
            0.95, true};
  }
  double score(const Trials& trials, In<Matrix> outputs) const override {
    return side_accuracy(trials, outputs, (high_ + low_) / 2);
  }

 protected:
  Vector target(In<Vector> levels) const override {
    const bool first = levels.head(dimensions_).norm() > levels.tail(dimensions_).norm();
    return Vector::Constant(1, first ? high_ : low_);
  }

  Vector draw_levels(In<Vector>, RandomStream& stream) const override {
    double first = 0, second = 0;
    do {
      first = highest_ * stream.uniform();
      second = highest_ * stream.uniform();
    } while (std::abs(first - second) < least_difference_);
    Vector levels(2 * dimensions_);
    levels.head(dimensions_) = first * random_direction(dimensions_, stream);
    levels.tail(dimensions_) = second * random_direction(dimensions_, stream);
    return levels;
  }

 private:
  /// Both points on the first axis, at fractions of the largest distance.
  Vector axis(double first, double second) const {
    Vector levels = Vector::Zero(2 * dimensions_);
    levels(0) = first * highest_;
    levels(dimensions_) = second * highest_;
    return levels;
  }

  Index dimensions_;
  double highest_, least_difference_, high_, low_;
};

}  // namespace

TaskKind decision_d() {
  Schema schema = {
      {"dimensions", std::int64_t{2}, "D, of the space of the two points", 1, 1000},
      {"highest", 1.0, "largest distance from the origin, uniform from 0 to it (our choice)", 1e-6,
       1e6},
      {"least_difference", 0.2, "least difference of the two distances (our choice)", 0, 1e6},
      {"high", 0.8, "output while point 1 is farther (our choice)", -1e6, 1e6},
      {"low", 0.2, "output otherwise (our choice)", -1e6, 1e6},
  };
  const Schema common = SteadyInputTask::common_schema();
  schema.insert(schema.end(), common.begin(), common.end());
  return {"decision_d", "tell which of two noisy constant points of D dimensions is farther",
          schema, [](const Settings& settings, double dt) {
            return std::make_unique<DecisionD>(settings, dt);
          }};
}

}  // namespace nullcline::tasks::kinds
