// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "nullcline/report/document.hpp"

namespace nullcline::report::detail {

/// The document as JSON that may stand inside a script element: no "<" in it, ASCII only.
///
/// Arrays are {"shape": [...], "dtype": T, "data": base64 of the little-endian entries in C order}
/// with T = "f4" for floats and doubles; "i4" for integers that fit, else "f8"; "u1" for bytes. A
/// double outside the range of "f4" becomes infinite or zero there. Seeds are texts, since 64 bits
/// do not fit a number of JavaScript. A number that is not finite is {"number": "nan"}, "inf" or
/// "-inf".
std::string encode(const Document& document);

/// RFC 4648, with padding.
std::string base64(const std::string& bytes);

}  // namespace nullcline::report::detail
