// SPDX-License-Identifier: Apache-2.0
// The decision task of "RNN Initial Hypotheses" (2021): two noisy constant inputs; the output is
// high while input 1 is the larger one and low while input 2 is.
#include <fmt/format.h>

#include <cmath>

#include "nullcline/core/errors.hpp"
#include "nullcline/tasks/manifolds.hpp"
#include "nullcline/tasks/steady_input_task.hpp"

namespace nullcline::tasks::kinds {
namespace {

Vector pair(double first, double second) { return Vector{{first, second}}; }

class Decision final : public SteadyInputTask {
 public:
  Decision(const Settings& settings, double dt)
      : SteadyInputTask(settings, dt),
        lowest_(settings.number("lowest")),
        highest_(settings.number("highest")),
        least_difference_(settings.number("least_difference")),
        high_(settings.number("high")),
        low_(settings.number("low")),
        grid_size_(settings.integer("grid")) {
    if (!(lowest_ < highest_)) {
      throw Error("", "lowest", fmt::format("{}", lowest_),
                  fmt::format("less than highest, {}", highest_));
    }
    // At half of the range a fair share of random pairs is far enough apart.
    if (least_difference_ > (highest_ - lowest_) / 2) {
      throw Error("", "least_difference", fmt::format("{}", least_difference_),
                  fmt::format("at most half of the range, {}", (highest_ - lowest_) / 2));
    }
    if (high_ == low_) throw Error("", "high", fmt::format("{}", high_), "another level than low");
  }

  std::vector<Channel> inputs() const override {
    return {{"input 1", "first level, with noise"}, {"input 2", "second level, with noise"}};
  }
  std::vector<Channel> outputs() const override {
    return {{"output", "high while input 1 > input 2, low otherwise"}};
  }

  std::vector<Condition> conditions() const override {
    const Vector first = pair(at(0.75), at(0.25)), second = pair(at(0.25), at(0.75));
    return {condition("1 > 2", first, first), condition("1 < 2", second, second),
            condition("1 > 2 -> 1 < 2", first, second), condition("1 < 2 -> 1 > 2", second, first)};
  }

  std::vector<SteadyInput> steady_inputs() const override {
    std::vector<SteadyInput> all = {{"no input", pair(0, 0)}};
    for (const auto& [u1, u2] : {std::pair{0.75, 0.25}, {0.25, 0.75}, {0.5, 0.5}}) {
      all.push_back({fmt::format("inputs {:.3g}, {:.3g}", at(u1), at(u2)), pair(at(u1), at(u2))});
    }
    return all;
  }

  InputGrid grid() const override {
    const Vector levels = Vector::LinSpaced(grid_size_, lowest_, highest_);
    return {levels, levels};
  }

  std::vector<InputManifold> input_manifolds() const override {
    return {box_manifold(inputs(), lowest_, highest_, steps())};
  }

 protected:
  Vector target(In<Vector> levels) const override {
    return Vector::Constant(1, levels(0) > levels(1) ? high_ : low_);
  }

  Vector draw_levels(In<Vector>, RandomStream& stream) const override {
    for (;;) {
      const double first = at(stream.uniform()), second = at(stream.uniform());
      if (std::abs(first - second) >= least_difference_) return pair(first, second);
    }
  }

 private:
  /// The level at a fraction of the range.
  double at(double fraction) const { return lowest_ + (highest_ - lowest_) * fraction; }

  double lowest_, highest_, least_difference_, high_, low_;
  Index grid_size_;
};

}  // namespace

TaskKind decision() {
  Schema schema = {
      {"lowest", 0.2, "least input level (our choice)", -1e6, 1e6},
      {"highest", 1.0, "largest input level (our choice)", -1e6, 1e6},
      {"least_difference", 0.1, "least difference of the two levels in a trial (our choice)", 0,
       1e6},
      {"high", 0.8, "output when input 1 > input 2 (our choice)", -1e6, 1e6},
      {"low", 0.2, "output otherwise (our choice)", -1e6, 1e6},
      {"grid", std::int64_t{9}, "levels of each input in the grid of pairs (our choice)", 2, 1000},
  };
  const Schema common = SteadyInputTask::common_schema();
  schema.insert(schema.end(), common.begin(), common.end());
  return {
      "decision", "tell which of two noisy constant inputs is the larger one", schema,
      [](const Settings& settings, double dt) { return std::make_unique<Decision>(settings, dt); }};
}

}  // namespace nullcline::tasks::kinds
