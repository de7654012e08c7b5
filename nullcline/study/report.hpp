// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "nullcline/report/document.hpp"
#include "nullcline/study/study.hpp"

namespace nullcline::study {

/// The study of a result directory, its study.toml. Throws Error if it is none.
Study study_of(const std::filesystem::path& directory);

/// All that is there of a result directory as a report: networks and analyses that are missing or
/// failed are told as such. Throws Error on a file that cannot be read.
report::Document document_of(const std::filesystem::path& directory);

/// Writes directory/report.html and returns its path.
std::filesystem::path write_report(const std::filesystem::path& directory);

}  // namespace nullcline::study
