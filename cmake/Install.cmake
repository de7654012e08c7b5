# install(): headers, libraries, and a package that find_package(nullcline) finds. apps/ and
# python/ install what they build; the shipped studies are inside nullcline::study.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/nullcline)

install(TARGETS ${NULLCLINE_MODULES} EXPORT nullclineTargets FILE_SET HEADERS
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT nullclineTargets NAMESPACE nullcline:: DESTINATION ${package_dir})

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/nullclineConfig.cmake.in
  ${PROJECT_BINARY_DIR}/nullclineConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/nullclineConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/nullclineConfig.cmake
              ${PROJECT_BINARY_DIR}/nullclineConfigVersion.cmake
              ${PROJECT_SOURCE_DIR}/cmake/Dependencies.cmake
        DESTINATION ${package_dir})
