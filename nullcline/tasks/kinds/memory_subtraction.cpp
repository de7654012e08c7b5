// SPDX-License-Identifier: Apache-2.0
// Memory subtraction, of the 2025 warping paper (section 4.5 of our notes, which says that two
// dimensions collapse to about one; the trial is our choice): the trial of sequential_memory with
// one report, (cos, sin) of theta_1 - theta_2. See TwoItemTask.
#include "nullcline/tasks/two_item_task.hpp"

namespace nullcline::tasks::kinds {
namespace {

class MemorySubtraction final : public TwoItemTask {
 public:
  MemorySubtraction(const Settings& settings, double dt) : TwoItemTask(settings, dt, 1) {}

  std::vector<Channel> outputs() const override {
    return {{"cos", "of the difference item 1 - item 2 in the report, else 0"},
            {"sin", "of the difference item 1 - item 2 in the report, else 0"}};
  }

 protected:
  double reported(const TwoItems& items, Index) const override {
    return items.angles[0] - items.angles[1];
  }
};

}  // namespace

TaskKind memory_subtraction() {
  return {"memory_subtraction", "remember two angles over a delay and report their difference",
          TwoItemTask::common_schema(), [](const Settings& settings, double dt) {
            return std::make_unique<MemorySubtraction>(settings, dt);
          }};
}

}  // namespace nullcline::tasks::kinds
