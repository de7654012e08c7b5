target_link_libraries(${target} PRIVATE nullcline_deps::highway)
