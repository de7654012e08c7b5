// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>

#include "nullcline/core/errors.hpp"
#include "nullcline/tasks/task.hpp"

namespace nullcline::tasks {

inline std::unique_ptr<Task> make(const std::string& name,
                                  const std::map<std::string, Value>& given = {},
                                  double dt = 0.01) {
  const TaskKind& kind = task_kind(name);
  return kind.make(Settings(kind.schema, given), dt);
}

inline RandomStream stream(std::uint64_t step = 0) {
  return RandomStream({1, 2, Purpose::trials, step});
}

inline Trials sample(const Task& task, Index batch, std::uint64_t step = 0) {
  auto random = stream(step);
  return task.sample(random, batch);
}

/// The field that the error about these settings names; "accepted" if there is none.
inline std::string refused(const std::string& task, const std::map<std::string, Value>& given,
                           double dt = 0.01) {
  try {
    make(task, given, dt);
  } catch (const Error& error) {
    return error.field();
  }
  return "accepted";
}

/// One trial of a batch: (rows, T).
inline Matrix trial(const Trials& trials, const Matrix& values, Index b) {
  Matrix one(values.rows(), trials.steps);
  for (Index t = 0; t < trials.steps; ++t) one.col(t) = values.col(t * trials.batch + b);
  return one;
}

}  // namespace nullcline::tasks
