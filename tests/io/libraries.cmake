# hdf5_test.cpp and npz_test.cpp make files that our own writers do not.
target_sources(io_tests PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/io/known_leaks.cpp)
target_link_libraries(io_tests PRIVATE nullcline_deps::hdf5 nullcline_deps::zip)
target_include_directories(io_tests PRIVATE ${PROJECT_SOURCE_DIR})

# Against h5py and NumPy, which read what we write and the other way round.
add_executable(io_roundtrip ${CMAKE_CURRENT_SOURCE_DIR}/io/roundtrip.cpp
                            ${CMAKE_CURRENT_SOURCE_DIR}/io/known_leaks.cpp)
nullcline_options(io_roundtrip)
target_link_libraries(io_roundtrip PRIVATE nullcline_io)
add_test(NAME io_interop COMMAND ${Python_EXECUTABLE} -m pytest -q -p no:cacheprovider
         ${CMAKE_CURRENT_SOURCE_DIR}/io/interop_test.py)
set_tests_properties(io_interop PROPERTIES LABELS unit TIMEOUT 300 ENVIRONMENT
  "PYTHONDONTWRITEBYTECODE=1;IO_ROUNDTRIP=$<TARGET_FILE:io_roundtrip>")
