target_link_libraries(core_tests PRIVATE TBB::tbb)
