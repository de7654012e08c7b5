// SPDX-License-Identifier: Apache-2.0
// Memory subtraction, of the 2025 warping paper (section 4.5 of our notes, which says that two
// dimensions collapse to about one; the trial is our choice): the trial of sequential_memory with
// one report, (cos, sin) of theta_1 - theta_2. See ItemMemoryTask.
#include "nullcline/tasks/item_memory_task.hpp"

namespace nullcline::tasks::kinds {
namespace {

class MemorySubtraction final : public ItemMemoryTask {
 public:
  MemorySubtraction(const Settings& settings, double dt) : ItemMemoryTask(settings, dt, 2, 1) {}

  std::vector<Channel> outputs() const override {
    return {{"cos", "of the difference item 1 - item 2 in the report, else 0"},
            {"sin", "of the difference item 1 - item 2 in the report, else 0"}};
  }

 protected:
  double reported(const Items& items, Index) const override {
    return items.angles[0] - items.angles[1];
  }
};

}  // namespace

TaskKind memory_subtraction() {
  return {"memory_subtraction", "remember two angles over a delay and report their difference",
          ItemMemoryTask::common_schema(), [](const Settings& settings, double dt) {
            return std::make_unique<MemorySubtraction>(settings, dt);
          }};
}

}  // namespace nullcline::tasks::kinds
