# The reference integrator of cvodes_test.cpp (libsundials-dev), which says so where it is missing.
find_path(CVODES_INCLUDE cvodes/cvodes.h)
find_library(CVODES_LIBRARY sundials_cvodes)
find_library(NVECSERIAL_LIBRARY sundials_nvecserial)
mark_as_advanced(CVODES_INCLUDE CVODES_LIBRARY NVECSERIAL_LIBRARY)
if(CVODES_INCLUDE AND CVODES_LIBRARY AND NVECSERIAL_LIBRARY)
  set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/geometry/cvodes_test.cpp PROPERTIES
                              COMPILE_DEFINITIONS HAVE_CVODES)
  target_include_directories(geometry_tests SYSTEM PRIVATE ${CVODES_INCLUDE})
  target_link_libraries(geometry_tests PRIVATE ${CVODES_LIBRARY} ${NVECSERIAL_LIBRARY})
else()
  message(STATUS "Tests without SUNDIALS (libsundials-dev)")
endif()
