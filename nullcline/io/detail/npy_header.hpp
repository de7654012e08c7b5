// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "nullcline/io/detail/budget.hpp"

namespace nullcline::io::detail {

/// What a .npy file says before its entries.
struct NpyHeader {
  std::string descr;  ///< The dtype, "<f8".
  bool fortran_order = false;
  ClaimedShape shape;
  std::size_t bytes = 0;  ///< Where the entries begin.
};

/// Accepts exactly a dictionary literal with the three keys, each once, in any order; throws
/// Error about array `name` on anything else.
NpyHeader parse_npy_header(std::string_view file, const std::string& name, const Budget& budget);

}  // namespace nullcline::io::detail
