target_link_libraries(${target} PUBLIC nlohmann_json::nlohmann_json
  PRIVATE fmt::fmt nullcline_deps::zip nullcline_deps::hdf5)
