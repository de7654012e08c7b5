// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "nullcline/io/recording.hpp"

namespace nullcline::io::detail {

/// Numbers in lines of fields [RFC 4180]: one trial, a line a time step, or a unit if `axes` has n
/// before t. The first line is names if any field of it is not a number. Lines end in LF or CRLF; a
/// byte order mark is passed over; a field may stand in double quotes, doubled within; a number may
/// have spaces around it. Throws Error with line and column at the first thing that is none of
/// this: a field that is no finite number, too many or too few of them, an empty line.
Recording read_csv(const std::filesystem::path& path, const RecordingOptions& options);

}  // namespace nullcline::io::detail
