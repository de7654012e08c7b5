// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/arrays.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "nullcline/io/atomic_file.hpp"
#include "tests/io/samples.hpp"

namespace nullcline::io {
namespace {

using testing::error_of;
using testing::expect_equal;
using testing::sample;
using testing::TemporaryDirectory;

/// What both formats promise, by the name of the file.
class NamedArrays : public ::testing::TestWithParam<const char*> {
 protected:
  TemporaryDirectory directory_;
  std::filesystem::path path_ = directory_ / (std::string("net.") + GetParam());
};
INSTANTIATE_TEST_SUITE_P(Formats, NamedArrays, ::testing::Values("h5", "npz"),
                         [](const auto& format) { return format.param; });

TEST_P(NamedArrays, ComeBackAsTheyWere) {
  write_arrays(path_, sample());
  expect_equal(sample(), read_arrays(path_));
}

TEST_P(NamedArrays, ComeBackFromAnEmptyDataset) {
  write_arrays(path_, {});
  expect_equal({}, read_arrays(path_));
}

TEST_P(NamedArrays, ComeBackWhenTheyAreLargerThanOneChunk) {
  Dataset dataset;
  dataset.arrays["large"] = Array::matrix(Matrix::Random(3, 3'000'001));
  write_arrays(path_, dataset);
  expect_equal(dataset, read_arrays(path_));
}

TEST_P(NamedArrays, LeaveNothingBesideTheFile) {
  write_arrays(path_, sample());
  EXPECT_EQ(directory_.count_files(), 1u);
}

TEST_P(NamedArrays, MayBeWrittenAndReadByManyThreads) {
  std::vector<std::thread> threads;
  write_arrays(path_, sample());
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 5; ++k) {
        write_arrays(path_, sample());
        expect_equal(sample(), read_arrays(path_));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_P(NamedArrays, WithNamesThatCannotBeStoredAreRefused) {
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

TEST_P(NamedArrays, ThatContradictThemselvesAreMisuse) {
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

TEST_P(NamedArrays, BeyondTheLimitsAreRefused) {
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

TEST_P(NamedArrays, AreNotReadFromWhatIsNoSuchFile) {
  for (const std::string& content :
       {std::string(), std::string("hello"), std::string(5000, '\0')}) {
    write_file_atomically(path_, content);
    EXPECT_TRUE(
        error_of([&] { read_arrays(path_); }).starts_with(path_.string() + ": not a whole"));
  }
  EXPECT_NE(error_of([&] { read_arrays(path_.string() + ".npz"); }).find("No such file"),
            std::string::npos);
}

TEST(WriteArrays, MakesTheSameBytesWhenever) {
  const TemporaryDirectory directory;
  const auto write_both = [&] {
    std::string bytes;
    for (const char* name : {"net.h5", "net.npz"}) {
      write_arrays(directory / name, sample());
      bytes += read_file(directory / name, 1 << 20);
    }
    return bytes;
  };
  const std::string first = write_both();
  std::this_thread::sleep_for(std::chrono::milliseconds(2100));  // A zip file counts in 2 seconds.
  const std::vector<std::string> other_heap(1000, std::string(1000, 'x'));
  EXPECT_EQ(first, write_both());
}

TEST(ArrayFormat, IsThatOfTheExtension) {
  EXPECT_EQ(array_format("a.npz/b.h5"), ArrayFormat::hdf5);
  EXPECT_EQ(array_format("b.hdf5"), ArrayFormat::hdf5);
  EXPECT_EQ(array_format("b.npz"), ArrayFormat::npz);
}

TEST(ArrayFormat, OfAnyOtherNameIsAnErrorThatListsTheKnownOnes) {
  EXPECT_EQ(error_of([] { read_arrays("net.pt"); }),
            "net.pt: found extension .pt, expected .h5, .hdf5 or .npz");
  EXPECT_EQ(error_of([] { write_arrays("net", {}); }),
            "net: found no extension, expected .h5, .hdf5 or .npz");
}

}  // namespace
}  // namespace nullcline::io
