// SPDX-License-Identifier: Apache-2.0
// report_mock OUT.html [--networks N] [--without ANALYSIS] [--text TEXT] [--gains N]: a report for
// the browser test; with --gains that of a sweep.
#include <cstdio>
#include <exception>
#include <string>

#include "mock_document.hpp"
#include "nullcline/report/report.hpp"

int main(int count, char** arguments) try {
  nullcline::report::MockOptions options;
  for (int i = 2; i + 1 < count; i += 2) {
    const std::string name = arguments[i];
    if (name == "--networks") options.networks = std::stol(arguments[i + 1]);
    if (name == "--without") options.without = arguments[i + 1];
    if (name == "--text") options.text = arguments[i + 1];
    if (name == "--gains") options.gains = std::stol(arguments[i + 1]);
  }
  nullcline::report::write(count > 1 ? arguments[1] : "mock.html",
                           options.gains > 0 ? nullcline::report::mock_sweep(options)
                                             : nullcline::report::mock_document(options));
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
