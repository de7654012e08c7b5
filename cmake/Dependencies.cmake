# What the libraries stand on; read by this build and, installed, by find_package(nullcline).
# Everything here is a package of Debian 12, named in tools/setup.sh.
find_package(Threads REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(TBB REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(SQLite3 REQUIRED)

# nullcline_find_library(<target> <header> <library> <folders...>): a target for a library that has
# no CMake package naming one; an empty <library> is a header alone.
function(nullcline_find_library target header library)
  if(TARGET ${target})
    return()
  endif()
  string(MAKE_C_IDENTIFIER ${target} id)
  find_path(${id}_INCLUDE ${header} PATH_SUFFIXES ${ARGN} REQUIRED)
  add_library(${target} INTERFACE IMPORTED)
  target_include_directories(${target} SYSTEM INTERFACE ${${id}_INCLUDE})
  mark_as_advanced(${id}_INCLUDE)
  if(library)
    find_library(${id}_LIBRARY ${library} PATH_SUFFIXES ${ARGN} REQUIRED)
    target_link_libraries(${target} INTERFACE ${${id}_LIBRARY})
    mark_as_advanced(${id}_LIBRARY)
  endif()
endfunction()

nullcline_find_library(nullcline_deps::random123 Random123/philox.h "")
nullcline_find_library(nullcline_deps::highway hwy/highway.h hwy)
# Vector code is compiled for SSE2 (any x86-64), AVX2 and AVX-512: what lies between gains little and
# costs a compilation each.
if(NOT nullcline_highway_targets)
  set(nullcline_highway_targets ON)
  if(NULLCLINE_SANITIZE)  # one target, that of the compiler's flags: instrumented, each takes minutes
    target_compile_definitions(nullcline_deps::highway INTERFACE HWY_COMPILE_ONLY_STATIC)
  else()
    target_compile_definitions(nullcline_deps::highway INTERFACE
                               "HWY_DISABLED_TARGETS=(HWY_SSSE3|HWY_SSE4)")
  endif()
endif()
nullcline_find_library(nullcline_deps::openblas openblas_config.h openblas openblas-pthread)
nullcline_find_library(nullcline_deps::lapacke lapacke.h lapacke)
nullcline_find_library(nullcline_deps::hdf5 hdf5.h hdf5 hdf5/serial)
nullcline_find_library(nullcline_deps::zip zip.h zip)
# Headers alone: of GUDHI what is under the MIT licence, none that needs CGAL.
nullcline_find_library(nullcline_deps::gudhi gudhi/Simplex_tree.h "")
