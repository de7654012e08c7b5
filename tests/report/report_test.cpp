// SPDX-License-Identifier: Apache-2.0
#include "nullcline/report/report.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "mock_document.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/io/atomic_file.hpp"
#include "nullcline/report/detail/encode.hpp"

namespace nullcline::report {
namespace {

class Report : public testing::Test {
 protected:
  void SetUp() override {
    if (!available()) GTEST_SKIP() << "built with NULLCLINE_REPORT=OFF";
  }
};

TEST_F(Report, HoldsTheDocumentInsideItsScriptElement) {
  const Document document = mock_document({.networks = 2});
  const std::string page = html(document);
  const std::string open = "<script type=\"application/json\" id=\"document\">";
  const std::size_t start = page.find(open);
  ASSERT_NE(start, std::string::npos);
  const std::size_t end = page.find("</script>", start);
  const std::size_t from = start + open.size();
  EXPECT_EQ(page.substr(from, end - from), detail::encode(document));
  EXPECT_EQ(page.rfind("<!doctype html>", 0), 0u);
  EXPECT_EQ(page.find("@DOCUMENT@"), std::string::npos);
}

TEST_F(Report, IsTheSameBytesForTheSameDocument) {
  EXPECT_EQ(html(mock_document({.networks = 2})), html(mock_document({.networks = 2})));
}

TEST_F(Report, ForbidsItselfToLoadAnything) {
  const std::string page = html(Document{});
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  for (const char* load : {"src=\"http", "href=\"http", "url(http", "@import", "<link", "<img"}) {
    const std::string head = page.substr(0, page.find("id=\"document\""));
    EXPECT_EQ(head.find(load), std::string::npos) << load;
  }
}

TEST_F(Report, IsWrittenAsAWhole) {
  const auto path = std::filesystem::path(testing::TempDir()) / "nullcline_report_test.html";
  const Document document = mock_document({.networks = 1});
  write(path, document);
  EXPECT_EQ(io::read_file(path, std::uint64_t{1} << 30), html(document));
  std::filesystem::remove(path);
}

TEST_F(Report, NamesThePathWhereItCannotBeWritten) {
  try {
    write("/nonexistent/report.html", Document{});
    FAIL() << "wrote into a directory that does not exist";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("/nonexistent/report.html"), std::string::npos);
  }
}

TEST(ReportWithoutPage, SaysSoAndNamesThePath) {
  if (available()) GTEST_SKIP() << "this build has the page";
  try {
    write("out.html", Document{});
    FAIL() << "wrote a report without a page";
  } catch (const Error& error) {
    EXPECT_EQ(error.path(), "out.html");
    EXPECT_NE(std::string(error.what()).find("no report page"), std::string::npos);
  }
}

}  // namespace
}  // namespace nullcline::report
