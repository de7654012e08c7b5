// SPDX-License-Identifier: Apache-2.0
#include "nullcline/report/report.hpp"

#include <string_view>

#include "nullcline/core/errors.hpp"
#include "nullcline/io/atomic_file.hpp"
#include "nullcline/report/detail/encode.hpp"
#include "nullcline/report/detail/page.hpp"

namespace nullcline::report {
namespace {

constexpr std::string_view mark = "@DOCUMENT@";

std::string html_at(const std::string& path, const Document& document) {
  if (!available()) {
    throw Error::because(path, "",
                         "this build has no report page (it was made with "
                         "NULLCLINE_REPORT=OFF)");
  }
  const std::string_view page = detail::page();
  const std::size_t place = page.find(mark);
  std::string text(page.substr(0, place));
  text += detail::encode(document);
  text += page.substr(place + mark.size());
  return text;
}

}  // namespace

bool available() { return !detail::page().empty(); }

std::string html(const Document& document) { return html_at("report", document); }

void write(const std::filesystem::path& path, const Document& document) {
  io::write_file_atomically(path, std::string_view(html_at(path.string(), document)));
}

}  // namespace nullcline::report
