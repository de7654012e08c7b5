// SPDX-License-Identifier: Apache-2.0
// Two-item sequential working memory with variable delay, of the 2025 warping paper (section 4.4 of
// our notes): two angles are shown one after the other; after the delay and the go cue the output
// gives the first one, and a slot later the second, each as (cos, sin). See TwoItemTask.
#include <limits>

#include "nullcline/tasks/two_item_task.hpp"

namespace nullcline::tasks::kinds {
namespace {

class SequentialMemory final : public TwoItemTask {
 public:
  /// Report 1, pause, report 2.
  SequentialMemory(const Settings& settings, double dt) : TwoItemTask(settings, dt, 3) {}

  std::vector<Channel> outputs() const override {
    return {{"cos", "of item 1 in the first report, of item 2 in the second, else 0"},
            {"sin", "of item 1 in the first report, of item 2 in the second, else 0"}};
  }

 protected:
  double reported(const TwoItems& items, Index slot) const override {
    if (slot == 1) return std::numeric_limits<double>::quiet_NaN();
    return items.angles[slot / 2];
  }
};

}  // namespace

TaskKind sequential_memory() {
  return {"sequential_memory", "remember two angles over a delay and report both in their order",
          TwoItemTask::common_schema(), [](const Settings& settings, double dt) {
            return std::make_unique<SequentialMemory>(settings, dt);
          }};
}

}  // namespace nullcline::tasks::kinds
