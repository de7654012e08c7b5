# The page of the report comes as a C++ file that web/ builds with npm; without it, an empty one.
if(NULLCLINE_REPORT)
  set(page ${PROJECT_BINARY_DIR}/web/page.cpp)
  set_source_files_properties(${page} PROPERTIES GENERATED TRUE)
  add_dependencies(${target} nullcline_page)
else()
  set(page ${PROJECT_BINARY_DIR}/web/no_page.cpp)
  file(CONFIGURE OUTPUT ${page} CONTENT [[
#include "nullcline/report/detail/page.hpp"
std::string_view nullcline::report::detail::page() { return {}; }
]])
endif()
target_sources(${target} PRIVATE ${page})
