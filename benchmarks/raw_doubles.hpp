// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

// What the contenders that a Python script starts have in common.

inline std::vector<double> read_doubles(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  const auto* values = reinterpret_cast<const double*>(bytes.data());
  return {values, values + bytes.size() / sizeof(double)};
}

/// Of the CPU: other work on the machine does not count.
inline double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }
