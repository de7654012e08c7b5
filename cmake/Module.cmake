# nullcline_module(<name> DEPENDS <modules>): the folder nullcline/<name> becomes the target
# nullcline::<name>. Sources are found by name, so a new file needs no line here. Headers are
# public and installed, except those in a folder detail/.
set(NULLCLINE_MODULES "" CACHE INTERNAL "")

# The warnings and instruments of this build, for every target of ours.
function(nullcline_options target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wconversion -Wshadow
                         $<$<BOOL:${NULLCLINE_WERROR}>:-Werror>)
  target_compile_definitions(${target} PRIVATE
                             "$<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS;EIGEN_RUNTIME_NO_MALLOC>")
  if(NULLCLINE_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${NULLCLINE_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(${target} PRIVATE -fsanitize=${NULLCLINE_SANITIZE})
  endif()
endfunction()

function(nullcline_module name)
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  set(folder ${PROJECT_SOURCE_DIR}/nullcline/${name})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${folder}/*.hpp)
  list(FILTER headers EXCLUDE REGEX "/detail/")

  set(target nullcline_${name})
  add_library(${target} STATIC ${sources})
  add_library(nullcline::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name} VERIFY_INTERFACE_HEADER_SETS ON)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${headers})
  nullcline_options(${target})
  foreach(dependency IN LISTS ARG_DEPENDS)
    target_link_libraries(${target} PUBLIC nullcline_${dependency})
  endforeach()
  include(${folder}/libraries.cmake OPTIONAL)
  set(NULLCLINE_MODULES ${NULLCLINE_MODULES} ${target} CACHE INTERNAL "")
endfunction()
