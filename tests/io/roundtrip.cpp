// SPDX-License-Identifier: Apache-2.0
// io_roundtrip IN OUT: reads named arrays and writes them, the formats being those of the names.
// For interop_test.py, which holds what comes out against h5py and NumPy.
#include <cstdio>

#include "nullcline/core/errors.hpp"
#include "nullcline/io/arrays.hpp"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: io_roundtrip IN OUT\n", stderr);
    return 2;
  }
  try {
    nullcline::io::write_arrays(argv[2], nullcline::io::read_arrays(argv[1]));
  } catch (const nullcline::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
  return 0;
}
