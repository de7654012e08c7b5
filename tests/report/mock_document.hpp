// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "nullcline/report/document.hpp"

namespace nullcline::report {

struct MockOptions {
  Index networks = 10;       ///< A group.
  std::string without = "";  ///< An analysis that nobody has.
  std::string text = "";     ///< Put into every string that a user could have written.
  Index gains = 0;           ///< Of the sweep.
};

/// A document of the shapes of a real study, two tasks with ten networks each. Its numbers are
/// drawn, not computed by any analysis: they exercise the page and mean nothing.
Document mock_document(const MockOptions& options = {});

/// The same of populations that differ in the gain of their weights, or in theta, with nothing but
/// what the figures of all populations together need.
Document mock_sweep(const MockOptions& options);

}  // namespace nullcline::report
