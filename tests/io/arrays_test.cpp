// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/arrays.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

#include "nullcline/io/atomic_file.hpp"
#include "tests/io/samples.hpp"

namespace nullcline::io {
namespace {

using testing::error_of;
using testing::expect_equal;
using testing::sample;
using testing::TemporaryDirectory;

/// What both formats promise, by the name of the file.
class Arrays : public ::testing::TestWithParam<const char*> {
 protected:
  TemporaryDirectory directory_;
  std::filesystem::path path_ = directory_ / GetParam();
};
INSTANTIATE_TEST_SUITE_P(Formats, Arrays, ::testing::Values("net.h5", "net.hdf5", "net.npz"),
                         [](const auto& info) {
                           return std::string(info.param).substr(4) == "h5"     ? "h5"
                                  : std::string(info.param).substr(4) == "hdf5" ? "hdf5"
                                                                                : "npz";
                         });

TEST_P(Arrays, ComeBackAsTheyWere) {
  write_arrays(path_, sample());
  expect_equal(sample(), read_arrays(path_));
}

TEST_P(Arrays, ComeBackFromAnEmptyDataset) {
  write_arrays(path_, {});
  expect_equal({}, read_arrays(path_));
}

TEST_P(Arrays, ComeBackWhenTheyAreLargerThanOneChunk) {
  Dataset dataset;
  dataset.arrays["large"] = Array::matrix(Matrix::Random(3, 3'000'001));
  write_arrays(path_, dataset);
  expect_equal(dataset, read_arrays(path_));
}

TEST_P(Arrays, AreTheSameBytesWheneverTheyAreWritten) {
  write_arrays(path_, sample());
  const std::string first = read_file(path_, 1 << 20);
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // Times have whole seconds there.
  const std::vector<std::string> other_heap(1000, std::string(1000, 'x'));
  write_arrays(path_, sample());
  EXPECT_EQ(first, read_file(path_, 1 << 20));
}

TEST_P(Arrays, LeaveNothingBesideTheFile) {
  write_arrays(path_, sample());
  EXPECT_EQ(directory_.count_files(), 1u);
}

TEST_P(Arrays, MayBeWrittenAndReadByManyThreads) {
  std::vector<std::thread> threads;
  write_arrays(path_, sample());
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 20; ++k) {
        write_arrays(path_, sample());
        expect_equal(sample(), read_arrays(path_));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_P(Arrays, WithNamesThatCannotBeStoredAreRefused) {
  for (const char* name :
       {"", "/a", "a/", "a//b", "a/../b", ".", "a\nb", "\xff", "attributes", "attributes_json"}) {
    Dataset dataset;
    dataset.arrays[name] = Array::scalar(1);
    EXPECT_NE(error_of([&] { write_arrays(path_, dataset); }), "") << name;
  }
  Dataset clash;
  clash.arrays["a"] = clash.arrays["a/b"] = Array::scalar(1);
  EXPECT_NE(error_of([&] { write_arrays(path_, clash); }).find("'a'"), std::string::npos);
  EXPECT_EQ(directory_.count_files(), 0u);
}

TEST_P(Arrays, ThatContradictThemselvesAreMisuse) {
  Dataset dataset;
  dataset.arrays["a"] = {{2, 2}, std::vector<float>{1, 2, 3}};
  EXPECT_THROW(write_arrays(path_, dataset), std::invalid_argument);
  dataset.arrays["a"] = {{-1, -1}, std::vector<float>{1}};
  EXPECT_THROW(write_arrays(path_, dataset), std::invalid_argument);
  dataset.arrays["a"] = {std::vector<Index>(9, 1), std::vector<float>{1}};
  EXPECT_THROW(write_arrays(path_, dataset), std::invalid_argument);
  dataset.arrays.clear();
  dataset.attributes = Json::array();
  EXPECT_THROW(write_arrays(path_, dataset), std::invalid_argument);
  dataset.attributes = {{"text", "\xff"}};
  EXPECT_THROW(write_arrays(path_, dataset), std::invalid_argument);
}

TEST_P(Arrays, BeyondTheLimitsAreRefused) {
  write_arrays(path_, sample());
  const auto refusal = [&](const ReadLimits& limits) {
    return error_of([&] { read_arrays(path_, limits); });
  };
  EXPECT_NE(refusal({.max_file_bytes = 100}).find("expected at most 100 bytes"), std::string::npos);
  EXPECT_NE(refusal({.max_array_bytes = 40}).find("found shape ("), std::string::npos);
  EXPECT_NE(refusal({.max_arrays = 3}).find("expected at most 3"), std::string::npos);
  EXPECT_NE(refusal({.max_rank = 2}).find("3 dimensions, expected at most 2"), std::string::npos);
  EXPECT_NE(refusal({.max_attribute_bytes = 10}).find("attributes"), std::string::npos);
}

TEST_P(Arrays, AreNotReadFromWhatIsNoSuchFile) {
  for (const std::string& content :
       {std::string(), std::string("hello"), std::string(5000, '\0')}) {
    write_file_atomically(path_, content);
    EXPECT_TRUE(
        error_of([&] { read_arrays(path_); }).starts_with(path_.string() + ": not a whole"));
  }
  EXPECT_NE(error_of([&] { read_arrays(path_.string() + ".npz"); }).find("No such file"),
            std::string::npos);
}

TEST(ArrayFormat, OfAnyOtherNameIsAnErrorThatListsTheKnownOnes) {
  EXPECT_EQ(error_of([] { read_arrays("net.pt"); }),
            "net.pt: found extension .pt, expected .h5, .hdf5 or .npz");
  EXPECT_EQ(error_of([] { write_arrays("net", {}); }),
            "net: found no extension, expected .h5, .hdf5 or .npz");
}

}  // namespace
}  // namespace nullcline::io
