// SPDX-License-Identifier: Apache-2.0
#include "bindings.hpp"
#include "json.hpp"
#include "nullcline/io/settings_json.hpp"
#include "nullcline/tasks/task.hpp"

namespace nullcline::python {
namespace {

py::object list_tasks() {
  io::Json list = io::Json::array();
  for (const tasks::TaskKind& kind : tasks::task_kinds()) {
    list.push_back(
        {{"name", kind.name}, {"meaning", kind.meaning}, {"settings", io::to_json(kind.schema)}});
  }
  return to_python(list);
}

}  // namespace

void register_tasks(py::module_& m) {
  m.def("list_tasks", list_tasks,
        "A list of dicts, one a kind of task: name, meaning, settings with their defaults.");
}

}  // namespace nullcline::python
