// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace nullcline::io {

/// Puts `content` under `path` as a whole or not at all, whatever is killed or runs full: it goes
/// to a temporary name in the same directory, to the disk, and only then under its final name,
/// where it replaces what stood there. A symbolic link is followed, so that it stays a link; a
/// device or a pipe is written to. The directory must exist.
///
/// Throws Error with the path and the reason of the system ("No space left on device"), the
/// temporary being removed. A process that is killed may leave one, ".NAME.PID-COUNT.tmp".
void write_file_atomically(const std::filesystem::path& path, std::string_view content);
void write_file_atomically(const std::filesystem::path& path, std::span<const std::byte> content);

/// All bytes of a file. Throws Error if it cannot be read or has more than `max_bytes`.
std::string read_file(const std::filesystem::path& path, std::uint64_t max_bytes);

}  // namespace nullcline::io
