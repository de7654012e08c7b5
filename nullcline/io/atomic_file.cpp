// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <system_error>
#include <utility>

#include "nullcline/core/errors.hpp"

namespace nullcline::io {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t block_bytes = std::size_t{1} << 20;

[[noreturn]] void fail(const fs::path& path, const char* what, int error = errno) {
  throw Error::because(path.string(), "",
                       fmt::format("{}: {}", what, std::generic_category().message(error)));
}

/// Calls a system call again for as long as a signal interrupts it.
template <class Call>
auto uninterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags)
      : number_(uninterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0666); })) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }

  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }
  /// False if what was written could not be kept. EINTR closes too, on Linux.
  bool close() {
    if (!is_open()) return true;
    return ::close(std::exchange(number_, -1)) == 0 || errno == EINTR;
  }

 private:
  int number_;
};

/// A file that goes away again unless it is kept.
class TemporaryFile {
 public:
  explicit TemporaryFile(fs::path path) : path_(std::move(path)) {}
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  const fs::path& path() const { return path_; }
  void keep() { path_.clear(); }

 private:
  fs::path path_;
};

bool write_all(const Descriptor& file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written =
        uninterrupted([&] { return ::write(file.number(), content.data(), content.size()); });
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void write_in_place(const fs::path& path, std::string_view content) {
  Descriptor file(path, O_WRONLY);
  if (!file.is_open() || !write_all(file, content) || !file.close())
    fail(path, "cannot be written");
}

/// A name that no other thread or process of this machine takes; O_EXCL sees to the others.
fs::path temporary_name(const fs::path& path) {
  static std::atomic<std::uint64_t> count = 0;
  return path.parent_path() /
         fmt::format(".{:.200}.{}-{}.tmp", path.filename().string(), ::getpid(), count++);
}

/// Makes a rename durable. Some file systems have no fsync for directories, and need none.
void sync_directory(const fs::path& path) {
  const fs::path parent = path.parent_path();
  const Descriptor directory(parent.empty() ? "." : parent, O_RDONLY | O_DIRECTORY);
  if (directory.is_open() && ::fsync(directory.number()) != 0 && errno != EINVAL) {
    fail(path, "cannot be written");
  }
}

void write_and_rename(const fs::path& path, std::string_view content) {
  for (int attempt = 0;; ++attempt) {
    const fs::path name = temporary_name(path);
    Descriptor file(name, O_WRONLY | O_CREAT | O_EXCL);
    if (!file.is_open()) {
      if (errno == EEXIST && attempt < 1000) continue;  // Left by a process that was killed.
      fail(path, "cannot be written");
    }
    TemporaryFile temporary(name);
    if (!write_all(file, content) || ::fsync(file.number()) != 0 || !file.close() ||
        ::rename(name.c_str(), path.c_str()) != 0) {
      fail(path, "cannot be written");
    }
    temporary.keep();
    sync_directory(path);
    return;
  }
}

}  // namespace

void write_file_atomically(const fs::path& path, std::string_view content) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  if (fs::is_directory(status)) fail(path, "cannot be written", EISDIR);
  if (fs::exists(status) && !fs::is_regular_file(status)) return write_in_place(path, content);
  if (!fs::is_symlink(fs::symlink_status(path, ignored))) return write_and_rename(path, content);
  std::error_code error;
  const fs::path target = fs::weakly_canonical(path, error);
  if (error) fail(path, "cannot be written", error.value());
  write_and_rename(target, content);
}

void write_file_atomically(const fs::path& path, std::span<const std::byte> content) {
  write_file_atomically(
      path, std::string_view(reinterpret_cast<const char*>(content.data()), content.size()));
}

std::string read_file(const fs::path& path, std::uint64_t max_bytes) {
  const auto too_big = [&](const std::string& found) {
    return Error(path.string(), "", found, fmt::format("at most {} bytes", max_bytes));
  };
  Descriptor file(path, O_RDONLY);
  struct ::stat status = {};
  if (!file.is_open() || ::fstat(file.number(), &status) != 0) fail(path, "cannot be read");
  const auto claimed = static_cast<std::uint64_t>(std::max<off_t>(status.st_size, 0));
  if (claimed > max_bytes) throw too_big(fmt::format("{} bytes", claimed));

  std::string content;
  content.reserve(claimed + 1);  // One more, so that the read that finds the end needs no room.
  for (;;) {
    const std::size_t size = content.size();
    content.resize(std::max(std::min(content.capacity(), size + block_bytes), size + 1));
    const ssize_t count = uninterrupted(
        [&] { return ::read(file.number(), content.data() + size, content.size() - size); });
    if (count < 0) fail(path, "cannot be read");
    content.resize(size + static_cast<std::size_t>(count));
    if (count == 0) return content;
    if (content.size() > max_bytes) throw too_big("more");
  }
}

}  // namespace nullcline::io
