target_compile_definitions(training_tests PRIVATE
                           NULLCLINE_GOLDEN="${CMAKE_CURRENT_SOURCE_DIR}/training/golden")
