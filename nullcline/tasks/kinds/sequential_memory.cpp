// SPDX-License-Identifier: Apache-2.0
// Sequential working memory with variable delay, of the 2025 warping paper (section 4.4 of our
// notes), there of two items: angles are shown one after the other; after the delay and the go cue
// the output gives the first one, a slot later the second, and so on, each as (cos, sin). See
// ItemMemoryTask.
#include <limits>

#include "nullcline/tasks/item_memory_task.hpp"

namespace nullcline::tasks::kinds {
namespace {

class SequentialMemory final : public ItemMemoryTask {
 public:
  /// Report 1, pause, report 2, ...
  SequentialMemory(const Settings& settings, double dt)
      : ItemMemoryTask(settings, dt, settings.integer("items"), 2 * settings.integer("items") - 1) {
  }

  std::vector<Channel> outputs() const override {
    return {{"cos", "of item k in report k, else 0"}, {"sin", "of item k in report k, else 0"}};
  }

 protected:
  double reported(const Items& items, Index slot) const override {
    if (slot % 2 == 1) return std::numeric_limits<double>::quiet_NaN();
    return items.angles[static_cast<std::size_t>(slot / 2)];
  }
};

}  // namespace

TaskKind sequential_memory() {
  Schema schema = ItemMemoryTask::common_schema();
  schema.insert(schema.begin(), {"items", std::int64_t{2}, "K, of a trial (2025: 2)", 1, 6});
  return {"sequential_memory", "remember angles over a delay and report them in their order",
          schema, [](const Settings& settings, double dt) {
            return std::make_unique<SequentialMemory>(settings, dt);
          }};
}

}  // namespace nullcline::tasks::kinds
