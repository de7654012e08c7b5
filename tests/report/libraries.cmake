target_sources(report_tests PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/report/mock_document.cpp)
target_include_directories(report_tests PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/report)
