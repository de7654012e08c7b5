// SPDX-License-Identifier: Apache-2.0
// Perception in D dimensions, from the future work of "RNN Initial Hypotheses" (2021, section 4):
// the input is a point p in R^D, the output its distance from the origin, |p|. Radii are uniform,
// whatever D, and directions isotropic (our choice: the targets then have the same distribution in
// every dimension, and only the map from point to distance changes).
#include <fmt/format.h>

#include <cmath>

#include "nullcline/tasks/directions.hpp"
#include "nullcline/tasks/manifolds.hpp"
#include "nullcline/tasks/steady_input_task.hpp"

namespace nullcline::tasks::kinds {
namespace {

class PerceptionD final : public SteadyInputTask {
 public:
  PerceptionD(const Settings& settings, double dt)
      : SteadyInputTask(settings, dt),
        dimensions_(settings.integer("dimensions")),
        highest_(settings.number("highest")) {}

  std::vector<Channel> inputs() const override { return coordinates_of("point", dimensions_); }
  std::vector<Channel> outputs() const override {
    return {{"distance", "of the point from the origin, in the unit of its coordinates"}};
  }

  std::vector<Condition> conditions() const override {
    const Vector near = axis(0.25), far = axis(0.75);
    const Vector diagonal = Vector::Constant(
        dimensions_, 0.75 * highest_ / std::sqrt(static_cast<double>(dimensions_)));
    std::vector<Condition> all = {condition("near", near, near), condition("far", far, far),
                                  condition("far, opposite", -far, -far),
                                  condition("near -> far", near, far),
                                  condition("far -> near", far, near)};
    if (dimensions_ > 1) {
      all.push_back(condition("far, diagonal", diagonal, diagonal));
    }
    return all;
  }

  std::vector<SteadyInput> steady_inputs() const override {
    return {{"origin", axis(0)}, {"near", axis(0.25)}, {"far", axis(0.75)}, {"edge", axis(1)}};
  }

  InputGrid grid() const override {
    if (dimensions_ != 2) return {};
    const Vector levels = Vector::LinSpaced(9, -highest_, highest_);
    return {levels, levels};
  }

  std::vector<InputManifold> input_manifolds() const override {
    return {box_manifold(inputs(), -highest_, highest_, steps())};
  }

 protected:
  Vector target(In<Vector> levels) const override { return Vector::Constant(1, levels.norm()); }

  Vector draw_levels(In<Vector>, RandomStream& stream) const override {
    const double radius = highest_ * stream.uniform();
    return radius * random_direction(dimensions_, stream);
  }

 private:
  /// The point on the first axis at a fraction of the largest distance.
  Vector axis(double fraction) const { return fraction * highest_ * Vector::Unit(dimensions_, 0); }

  Index dimensions_;
  double highest_;
};

}  // namespace

TaskKind perception_d() {
  Schema schema = {
      {"dimensions", std::int64_t{2}, "D, of the space of the point", 1, 1000},
      {"highest", 1.0, "largest distance from the origin, uniform from 0 to it (our choice)", 1e-6,
       1e6},
  };
  const Schema common = SteadyInputTask::common_schema();
  schema.insert(schema.end(), common.begin(), common.end());
  return {"perception_d", "tell how far a noisy constant point of D dimensions is from the origin",
          schema, [](const Settings& settings, double dt) {
            return std::make_unique<PerceptionD>(settings, dt);
          }};
}

}  // namespace nullcline::tasks::kinds
