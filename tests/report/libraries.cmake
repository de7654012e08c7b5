file(GLOB mock_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/report/mock_*.cpp)
target_sources(report_tests PRIVATE ${mock_sources})
target_include_directories(report_tests PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/report)
