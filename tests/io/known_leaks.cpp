// SPDX-License-Identifier: Apache-2.0
// HDF5 1.10 loses a few hundred bytes at each damaged object that it meets; leak sanitizer, where
// there is one, asks these for what it should not report, nor mention.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5\n"; }
extern "C" const char* __lsan_default_options();
extern "C" const char* __lsan_default_options() { return "print_suppressions=0"; }
