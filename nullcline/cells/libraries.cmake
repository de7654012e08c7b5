target_link_libraries(${target} PRIVATE nullcline_deps::highway)
if(NULLCLINE_SANITIZE MATCHES undefined)  # instrumented, a file of vector code takes minutes to compile
  set_source_files_properties(${folder}/fused/gated_step.cpp ${folder}/fused/rate_step.cpp
                              ${folder}/fused/rate_tangents.cpp ${folder}/fused/factors.cpp
                              PROPERTIES COMPILE_OPTIONS -fno-sanitize=undefined)
endif()

# The registry: every kinds/<name>.cpp defines nullcline::cells::kinds::<name>().
file(GLOB kinds CONFIGURE_DEPENDS ${folder}/kinds/*.cpp)
set(declarations "")
set(calls "")
foreach(kind IN LISTS kinds)
  cmake_path(GET kind STEM kind)
  string(APPEND declarations "CellKind ${kind}();\n")
  string(APPEND calls "  all.push_back(kinds::${kind}());\n")
endforeach()
configure_file(${folder}/kinds.cpp.in ${PROJECT_BINARY_DIR}/generated/cell_kinds.cpp @ONLY)
target_sources(${target} PRIVATE ${PROJECT_BINARY_DIR}/generated/cell_kinds.cpp)
