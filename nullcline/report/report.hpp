// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "nullcline/report/document.hpp"

namespace nullcline::report {

/// Whether this build has the page into which documents go (NULLCLINE_REPORT).
bool available();

/// The report as one HTML file that holds its data, its program and its style, and loads nothing.
/// The same document gives the same bytes. Whatever a document says is shown as text, never read
/// as HTML or as a program. Arrays of doubles are shown in single precision; NaN and infinities
/// survive; text that is not UTF-8 is shown with replacement characters.
///
/// Throws Error if this build has no page, std::invalid_argument if an array has not as many
/// entries as its shape says.
std::string html(const Document& document);

/// Puts html(document) under `path`, as a whole or not at all. Throws Error also where that fails.
void write(const std::filesystem::path& path, const Document& document);

}  // namespace nullcline::report
