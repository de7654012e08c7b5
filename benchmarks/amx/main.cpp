// SPDX-License-Identifier: Apache-2.0
// Whether bf16 matrix tiles (AMX) make training steps faster at the accuracy of float: products,
// the parts of a step, whole steps, and their errors against double. One thread, about a minute.
//
//     benchmark_amx [--emulate]
//
// Without AMX it says so and ends; with --emulate it goes on, with tiles by vector code: right
// errors, meaningless times.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <string>

#include "quiet_cpu.hpp"
#include "tables.hpp"

namespace {

/// The first line of /proc/cpuinfo that starts with `key`.
std::string cpu_line(const std::string& key) {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(key, 0) == 0) return line;
  }
  return key + ": unknown";
}

int run(bool emulate) {
  using namespace nullcline::amx;
  fmt::print("{}\n{}\n", cpu_line("model name"), cpu_line("flags"));
  if (!has_vectors()) {
    fmt::print("this CPU has no AVX-512\n");
    return 0;
  }
  const bool tiles = tiles_permitted();
  if (!tiles && !emulate) {
    fmt::print("this CPU has no AMX\n");
    return 0;
  }
  const Kernels& kernels = emulate ? emulated() : hardware();
  const Effort effort = emulate ? Effort{1, 1e-4} : Effort{9, 1e-3};
  move_to_quiet_cpu(kernels);
  print_peaks(kernels, effort);
  print_bits(kernels);
  std::fflush(stdout);
  print_steps(kernels, emulate ? effort : Effort{71, 0.06});
  std::fflush(stdout);
  fmt::print("\n");
  move_to_quiet_cpu(kernels);
  print_peaks(kernels, effort);
  print_parts(kernels, effort);
  std::fflush(stdout);
  fmt::print("\n");
  move_to_quiet_cpu(kernels);
  print_peaks(kernels, effort);
  print_products(kernels, effort);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc > 1 && std::string(argv[1]) == "--emulate");
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
