target_link_libraries(${target} PUBLIC Eigen3::Eigen PRIVATE TBB::tbb fmt::fmt Threads::Threads
  nullcline_deps::random123 nullcline_deps::highway nullcline_deps::lapacke nullcline_deps::openblas)
target_compile_definitions(${target} PRIVATE NULLCLINE_VERSION="${PROJECT_VERSION}")
# Only the multiply-adds that are written as such are fused: scalar and vector code agree to the bit.
set_source_files_properties(${PROJECT_SOURCE_DIR}/nullcline/core/detail/philox.cpp
  PROPERTIES COMPILE_OPTIONS -ffp-contract=off)
