// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "nullcline/core/settings.hpp"
#include "nullcline/tasks/task.hpp"

namespace nullcline::training {

/// Makes the task with some of its settings replaced.
using TaskMaker =
    std::function<std::unique_ptr<tasks::Task>(const std::map<std::string, Value>& changes)>;

/// Of a kind of task, with the settings that it has when nothing is replaced.
TaskMaker task_maker(const std::string& kind, const Settings& settings, double dt);

/// Settings of the task that change while a network is trained. Each entry is a text:
///
///     "duration = 2.0 from 500"                         from step 500 on (steps count from 0)
///     "duration = 0.5 -> 2.0 from 100 over 1000"        linear, at 0.5 until step 100
///     "duration = 2.0 when reached"                     when the criterion is reached
///     "duration = 0.5 -> 2.0 over 1000 when reached"    the ramp starts there
///
/// "from" is 0 where it is left out, and the word "steps" may follow "over N". Entries "when
/// reached" are stages: the first starts when the criterion is first reached, the next when it is
/// reached again, and so on; consecutive ones that name different settings and are joined by "and"
/// start together: "duration = 2.0 and delay = 0.5 when reached". Where entries name the same
/// setting the last one that has started counts. Whole numbers are rounded on the way of a ramp.
///
/// The values at step k follow from k and the steps at which stages began, which are all there is
/// to keep.
class Curriculum {
 public:
  Curriculum() = default;

  /// Throws Error (field: training.curriculum) when a text is not of these forms, or names a
  /// setting that the task does not have or whose type does not fit; and what the task says to the
  /// values.
  Curriculum(const std::vector<std::string>& entries, const std::string& kind,
             const Settings& settings, const TaskMaker& make);

  bool empty() const { return changes_.empty(); }

  /// What is replaced at step k.
  std::map<std::string, Value> values(Index k) const;

  bool stages_left() const { return begun_.size() < stages_; }
  void begin_stage(Index k) { begun_.push_back(k); }  ///< The next one, at step k.

  /// Whether nothing changes from step k on, were no stage to begin.
  bool settled(Index k) const;

  const std::vector<Index>& begun() const { return begun_; }
  void restore(std::vector<Index> begun) { begun_ = std::move(begun); }

 private:
  struct Change {
    std::string name;
    Value first, last;
    Index from = 0, over = 0;
    std::size_t stage = 0;  // 1, 2, ... of those that wait for the criterion; 0: none
  };
  void rehearse(const TaskMaker& make);
  bool started(const Change& change, Index k, Index& since) const;

  std::vector<Change> changes_;
  std::size_t stages_ = 0;
  std::vector<Index> begun_;
};

}  // namespace nullcline::training
