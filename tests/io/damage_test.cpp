// SPDX-License-Identifier: Apache-2.0
// Files that were cut short or changed. Under address sanitizer this says that nothing is read or
// written where it should not be.
#include <gtest/gtest.h>

#include <fstream>

#include "nullcline/io/arrays.hpp"
#include "nullcline/io/atomic_file.hpp"
#include "tests/io/samples.hpp"

namespace nullcline::io {
namespace {

using testing::error_of;
using testing::sample;
using testing::TemporaryDirectory;

class DamagedFile : public ::testing::TestWithParam<const char*> {
 protected:
  DamagedFile() {
    dataset_.arrays["w"] = Array::matrix(Matrix::Random(4, 3));
    dataset_.arrays["group/labels"] = Array::integers({1, 2, 3});
    dataset_.arrays["tau"] = Array::scalar(0.1);
    dataset_.arrays["none"] = {{0, 2}, std::vector<float>{}};
    dataset_.attributes = {{"cell", "leaky_rate"}, {"seed", 1}};
    write_arrays(path_, dataset_);
    bytes_ = read_file(path_, 1 << 20);
  }

  TemporaryDirectory directory_;
  std::filesystem::path path_ = directory_ / (std::string("net.") + GetParam());
  Dataset dataset_;
  std::string bytes_;
};
INSTANTIATE_TEST_SUITE_P(Formats, DamagedFile, ::testing::Values("h5", "npz"),
                         [](const auto& format) { return format.param; });

/// A file of another content; a new one, as some disks wait for one that is overwritten.
void replace(const std::filesystem::path& path, const std::string& bytes) {
  std::filesystem::remove(path);
  std::ofstream(path, std::ios::binary) << bytes;
}

TEST_P(DamagedFile, CutShortAnywhereIsAnError) {
  for (std::size_t length = 0; length < bytes_.size(); ++length) {
    replace(path_, bytes_.substr(0, length));
    EXPECT_NE(error_of([&] { read_arrays(path_); }), "") << length << " of " << bytes_.size();
  }
}

/// A change either is noticed or changes nothing: padding, dates, and what else is not data.
TEST_P(DamagedFile, WithOneChangedByteIsAnErrorOrTheSameDataset) {
  std::size_t noticed = 0;
  for (std::size_t i = 0; i < bytes_.size(); ++i) {
    for (const int mask : {1 << (i % 8), 0xff}) {
      std::string changed = bytes_;
      changed[i] = static_cast<char>(changed[i] ^ mask);
      replace(path_, changed);
      noticed += !error_of([&] { testing::expect_equal(dataset_, read_arrays(path_)); }).empty();
      if (HasFatalFailure() || HasNonfatalFailure()) FAIL() << "byte " << i << " ^ " << mask;
    }
  }
  EXPECT_GT(noticed, bytes_.size());
}

TEST_P(DamagedFile, WithRubbishBehindItIsNeverAnythingElse) {
  replace(path_, bytes_ + std::string(1000, '\x55'));
  error_of([&] { testing::expect_equal(dataset_, read_arrays(path_)); });
}

TEST_P(DamagedFile, MadeOfRandomBytesIsAnError) {
  std::uint32_t state = 1;
  for (int k = 0; k < 200; ++k) {
    std::string noise = bytes_.substr(0, static_cast<std::size_t>(k) % 64);
    while (noise.size() < bytes_.size()) {
      state = state * 1664525u + 1013904223u;
      noise += static_cast<char>(state >> 24);
    }
    replace(path_, noise);
    EXPECT_NE(error_of([&] { read_arrays(path_); }), "");
  }
}

}  // namespace
}  // namespace nullcline::io
