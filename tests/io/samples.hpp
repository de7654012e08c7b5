// SPDX-License-Identifier: Apache-2.0
// What the tests of io share: a directory that goes away again, datasets, the text of an error.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "nullcline/core/errors.hpp"
#include "nullcline/io/dataset.hpp"

namespace nullcline::io::testing {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = ::testing::TempDir() + "nullcline_io_XXXXXX";
    path_ = ::mkdtemp(name.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }
  std::size_t count_files() const {
    using std::filesystem::directory_iterator;
    return static_cast<std::size_t>(std::distance(directory_iterator(path_), {}));
  }

 private:
  std::filesystem::path path_;
};

/// What the nullcline::Error of action() says; "" if there is none. Every message is one line.
template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    const std::string what = error.what();
    EXPECT_EQ(what.find('\n'), what.npos) << what;
    EXPECT_LT(what.size(), 1000u) << what;
    return what;
  }
  return "";
}

/// Every type, a scalar, empty arrays, extreme values, names in groups and beyond ASCII.
inline Dataset sample() {
  using Float = std::numeric_limits<float>;
  using Double = std::numeric_limits<double>;
  using Integer = std::numeric_limits<std::int64_t>;
  Dataset dataset;
  dataset.arrays["float"] = {{2, 2},
                             std::vector<float>{-0.0f, Float::denorm_min(), Float::max(), 0.1f}};
  dataset.arrays["double"] = {
      {3}, std::vector<double>{Double::denorm_min(), Double::infinity(), 1.0 / 3.0}};
  dataset.arrays["integer"] = {{1, 3, 1},
                               std::vector<std::int64_t>{Integer::min(), -1, Integer::max()}};
  dataset.arrays["byte"] = {{3}, std::vector<std::uint8_t>{0, 1, 255}};
  dataset.arrays["scalar"] = {{}, std::vector<double>{2.5}};
  dataset.arrays["nothing"] = {{0}, std::vector<float>{}};
  dataset.arrays["group/no columns"] = {{2, 0, 3}, std::vector<std::int64_t>{}};
  dataset.arrays["group/deeper/b_ih"] = {{2}, std::vector<float>{1.0f, 2.0f}};
  dataset.arrays["größe µ 神経"] = {{1}, std::vector<double>{7.0}};
  dataset.attributes = {{"cell", "leaky_rate"},
                        {"tau", 0.1},
                        {"unicode", "größe \"µ\" 神経\n"},
                        {"nested", {{"list", {1, 2.5, nullptr, true}}, {"empty", Json::object()}}}};
  return dataset;
}

inline void expect_equal(const Dataset& a, const Dataset& b) {
  EXPECT_EQ(a.attributes, b.attributes);
  ASSERT_EQ(a.arrays.size(), b.arrays.size());
  for (const auto& [name, array] : a.arrays) {
    ASSERT_TRUE(b.arrays.contains(name)) << name;
    EXPECT_EQ(array.shape, b.arrays.at(name).shape) << name;
    EXPECT_EQ(array.data, b.arrays.at(name).data) << name;
  }
}

}  // namespace nullcline::io::testing
