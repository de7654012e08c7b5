# cmake -D build=... -D source=... -D compiler=... -D flags=... -D work=... -P install_and_use.cmake
# Installs `build`, moves what was installed, builds and runs this folder's project against it.
function(must)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${work})
must(${CMAKE_COMMAND} --install ${build} --prefix ${work}/staged)
file(RENAME ${work}/staged ${work}/prefix)

# Nothing that CMake will read knows the machine that built it.
file(GLOB_RECURSE package ${work}/prefix/*.cmake)
if(NOT package)
  message(FATAL_ERROR "no CMake package was installed")
endif()
foreach(file IN LISTS package)
  file(READ ${file} text)
  foreach(path ${build} ${source} ${work} /usr/lib /usr/include)
    string(FIND "${text}" "${path}" position)
    if(NOT position EQUAL -1)
      message(FATAL_ERROR "${file} contains the path ${path}")
    endif()
  endforeach()
endforeach()

must(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${work}/build -G Ninja
     -D CMAKE_PREFIX_PATH=${work}/prefix -D CMAKE_CXX_COMPILER=${compiler}
     -D CMAKE_CXX_FLAGS=${flags} -D CMAKE_BUILD_TYPE=Release)
must(${CMAKE_COMMAND} --build ${work}/build)
must(${work}/build/consumer)
message("${output}")
