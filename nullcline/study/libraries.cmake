target_link_libraries(${target} PRIVATE fmt::fmt tomlplusplus::tomlplusplus SQLite::SQLite3)

# The shipped studies, <name>/study.toml in papers and in studies, become texts in the library.
file(GLOB study_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/papers/*/study.toml
                                        ${PROJECT_SOURCE_DIR}/studies/*/study.toml)
set(entries "")
foreach(file IN LISTS study_files)
  get_filename_component(folder ${file} DIRECTORY)
  get_filename_component(name ${folder} NAME)
  file(READ ${file} text)
  string(APPEND entries "      {\"${name}\", R\"study(${text})study\"},\n")
  set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
endforeach()
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/shipped_studies.cpp @ONLY CONTENT [[
// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/study.hpp"

namespace nullcline::study {

const std::vector<ShippedStudy>& shipped_studies() {
  static const std::vector<ShippedStudy> studies = {
@entries@  };
  return studies;
}

}  // namespace nullcline::study
]])
target_sources(${target} PRIVATE ${PROJECT_BINARY_DIR}/shipped_studies.cpp)
