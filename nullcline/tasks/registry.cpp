// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/errors.hpp"
#include "nullcline/tasks/task.hpp"

namespace nullcline::tasks {

const TaskKind& task_kind(const std::string& name) {
  std::string known;
  for (const TaskKind& kind : task_kinds()) {
    if (kind.name == name) return kind;
    known += (known.empty() ? "" : ", ") + kind.name;
  }
  throw Error("", "task", "'" + name + "'", "one of: " + known);
}

}  // namespace nullcline::tasks
