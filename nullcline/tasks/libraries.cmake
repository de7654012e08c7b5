target_link_libraries(${target} PRIVATE fmt::fmt)

# Every file of the folder kinds is a kind of task: kinds/<name>.cpp defines kinds::<name>().
file(GLOB kind_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/nullcline/tasks/kinds/*.cpp)
set(declarations "")
set(calls "")
foreach(file IN LISTS kind_files)
  get_filename_component(kind ${file} NAME_WE)
  string(APPEND declarations "TaskKind ${kind}();\n")
  string(APPEND calls "      kinds::${kind}(),\n")
endforeach()
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/task_kinds.cpp @ONLY CONTENT [[
// SPDX-License-Identifier: Apache-2.0
#include "nullcline/tasks/task.hpp"

namespace nullcline::tasks {

namespace kinds {
@declarations@}  // namespace kinds

const std::vector<TaskKind>& task_kinds() {
  static const std::vector<TaskKind> all = {
@calls@  };
  return all;
}

}  // namespace nullcline::tasks
]])
target_sources(${target} PRIVATE ${PROJECT_BINARY_DIR}/task_kinds.cpp)
