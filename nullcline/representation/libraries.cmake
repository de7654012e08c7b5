target_link_libraries(${target} PRIVATE fmt::fmt nullcline_deps::gudhi)
