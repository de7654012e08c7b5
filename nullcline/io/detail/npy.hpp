// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nullcline/core/array.hpp"
#include "nullcline/io/detail/budget.hpp"
#include "nullcline/io/npz.hpp"

namespace nullcline::io::detail {

/// What stands before the entries in a .npy file of version 1.0 [NEP 1]: the magic string, and a
/// Python literal {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), } padded to 64 bytes.
std::string npy_header(const Array& array);

/// The entries as they follow, little-endian and in C order: `array` itself, no copy.
std::string_view npy_entries(const Array& array);

/// The array in a .npy file of version 1, 2 or 3. Real numbers and integers of any size and byte
/// order come as the nearest type that Array has (float32, float64; uint8 for bool and uint8, else
/// int64); Fortran order becomes C order. The header is parsed, never evaluated. Throws Error about
/// array `name` on everything else: uint64, float16, complex, strings, records, Python objects, a
/// length that does not match the shape.
Array parse_npy(std::string_view bytes, const std::string& name, Budget& budget);

/// An array that parse_npy() has no type for; nullopt for all others. Of text, dtype U (to UTF-8)
/// or S, little-endian, of one dimension, its entries too. Throws Error on a damaged header, and on
/// a length that does not match the shape.
std::optional<ForeignArray> parse_foreign_npy(std::string_view bytes, const std::string& name,
                                              Budget& budget);

}  // namespace nullcline::io::detail
