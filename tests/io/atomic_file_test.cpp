// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/atomic_file.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <thread>

#include "nullcline/io/arrays.hpp"
#include "tests/io/samples.hpp"

namespace nullcline::io {
namespace {

namespace fs = std::filesystem;
using testing::error_of;
using testing::TemporaryDirectory;

TEST(WriteFileAtomically, PutsAnyBytesThere) {
  const TemporaryDirectory directory;
  for (const std::string& content :
       {std::string(), std::string("a\0b\xff\n", 5), std::string(3'000'000, 'x')}) {
    write_file_atomically(directory / "file", content);
    EXPECT_EQ(read_file(directory / "file", 1 << 22), content);
  }
  const std::array bytes = {std::byte{1}, std::byte{2}};
  write_file_atomically(directory / "file", bytes);
  EXPECT_EQ(read_file(directory / "file", 2), "\x01\x02");
  EXPECT_EQ(directory.count_files(), 1u);
}

TEST(WriteFileAtomically, WorksForANameWithoutDirectory) {
  const TemporaryDirectory directory;
  const fs::path before = fs::current_path();
  fs::current_path(directory.path());
  write_file_atomically("here", "content");
  fs::current_path(before);
  EXPECT_EQ(read_file(directory / "here", 100), "content");
}

TEST(WriteFileAtomically, KeepsASymbolicLinkALink) {
  const TemporaryDirectory directory;
  fs::create_directory(directory / "elsewhere");
  write_file_atomically(directory / "elsewhere/file", "old");
  fs::create_symlink("elsewhere/file", directory / "link");
  write_file_atomically(directory / "link", "new");
  EXPECT_TRUE(fs::is_symlink(directory / "link"));
  EXPECT_EQ(read_file(directory / "elsewhere/file", 100), "new");
}

TEST(WriteFileAtomically, TakesTheLongestNames) {
  const TemporaryDirectory directory;
  write_file_atomically(directory / std::string(255, 'n'), "content");
  EXPECT_EQ(read_file(directory / std::string(255, 'n'), 100), "content");
}

TEST(WriteFileAtomically, WritesToADeviceAndDoesNotReplaceIt) {
  write_file_atomically("/dev/null", "content");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST(WriteFileAtomically, NamesThePathAndTheReasonIfThatFails) {
  const TemporaryDirectory directory;
  write_file_atomically(directory / "file", "");
  const auto refusal = [](const fs::path& path) {
    return error_of([&] { write_file_atomically(path, "content"); });
  };
  const auto expected = [](const fs::path& path, const char* reason) {
    return path.string() + ": cannot be written: " + reason;
  };
  const fs::path under_file = directory / "file/x", nowhere = directory / "nowhere/x";
  EXPECT_EQ(refusal(under_file), expected(under_file, "Not a directory"));
  EXPECT_EQ(refusal(nowhere), expected(nowhere, "No such file or directory"));
  EXPECT_EQ(refusal(directory.path()), expected(directory.path(), "Is a directory"));
  EXPECT_EQ(refusal("/dev/full"), expected("/dev/full", "No space left on device"));
  EXPECT_EQ(directory.count_files(), 1u);
}

TEST(WriteFileAtomically, RespectsADirectoryThatMayNotBeWritten) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  const TemporaryDirectory directory;
  fs::permissions(directory.path(), fs::perms::owner_read | fs::perms::owner_exec);
  const std::string refusal = error_of([&] { write_file_atomically(directory / "x", "content"); });
  fs::permissions(directory.path(), fs::perms::owner_all);
  EXPECT_EQ(refusal, (directory / "x").string() + ": cannot be written: Permission denied");
}

class FullDisk : public ::testing::Test {
 protected:
  void SetUp() override {
    mounted_ = ::mount("tmpfs", directory_.path().c_str(), "tmpfs", 0, "size=64k") == 0;
    if (!mounted_) GTEST_SKIP() << "no right to mount a small tmpfs";
  }
  void TearDown() override {
    if (mounted_) ::umount(directory_.path().c_str());
  }
  TemporaryDirectory directory_;
  bool mounted_ = false;
};

TEST_F(FullDisk, LeavesTheOldFileAndNothingElse) {
  Dataset small, large;
  small.arrays["a"] = Array::scalar(1);
  large.arrays["a"] = Array::vector(Vector::Ones(100'000));
  for (const char* name : {"net.h5", "net.npz"}) {
    const fs::path path = directory_ / name;
    write_arrays(path, small);
    EXPECT_EQ(error_of([&] { write_arrays(path, large); }),
              path.string() + ": cannot be written: No space left on device");
    testing::expect_equal(small, read_arrays(path));
  }
  EXPECT_EQ(directory_.count_files(), 2u);
}

/// A child that is killed while it writes one content after the other leaves one of them, whole.
TEST(WriteFileAtomically, LeavesNoHalfFileUnderTheNameWhenItIsKilled) {
  const TemporaryDirectory directory;
  const fs::path path = directory / "file";
  const std::string one(1 << 20, '1'), two(1 << 19, '2');
  for (int delay = 1; delay < 20; delay += 3) {
    write_file_atomically(path, one);
    const pid_t child = ::fork();
    if (child == 0) {
      for (;;) {
        write_file_atomically(path, two);
        write_file_atomically(path, one);
      }
    }
    ASSERT_GT(child, 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(delay));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const std::string content = read_file(path, 1 << 21);
    EXPECT_TRUE(content == one || content == two);
  }
}

TEST(ReadFile, TakesExactlyTheLimitAndNoMore) {
  const TemporaryDirectory directory;
  write_file_atomically(directory / "file", "12345");
  EXPECT_EQ(read_file(directory / "file", 5), "12345");
  EXPECT_EQ(error_of([&] { read_file(directory / "file", 4); }),
            (directory / "file").string() + ": found 5 bytes, expected at most 4 bytes");
  EXPECT_EQ(error_of([] { read_file("/dev/zero", 3'000'000); }),
            "/dev/zero: found more, expected at most 3000000 bytes");
}

TEST(ReadFile, ReadsWhatDoesNotKnowItsSize) {
  EXPECT_FALSE(read_file("/proc/self/status", 1 << 20).empty());
}

TEST(ReadFile, NamesThePathAndTheReasonIfThatFails) {
  EXPECT_EQ(error_of([] { read_file("/nowhere/x", 10); }),
            "/nowhere/x: cannot be read: No such file or directory");
  EXPECT_EQ(error_of([] { read_file("/proc", 10); }), "/proc: cannot be read: Is a directory");
}

}  // namespace
}  // namespace nullcline::io
