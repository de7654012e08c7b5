target_link_libraries(cells_tests PRIVATE nullcline_io)
target_include_directories(cells_tests PRIVATE ${PROJECT_SOURCE_DIR})
target_compile_definitions(cells_tests PRIVATE
  NULLCLINE_GOLDEN_CELLS="${CMAKE_CURRENT_SOURCE_DIR}/cells/golden/golden.npz")
# fused_test walks the targets of Highway, and must see those that the code was compiled for.
target_link_libraries(cells_tests PRIVATE nullcline_deps::highway)
