// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/detail/npy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "nullcline/io/detail/npy_header.hpp"
#include "nullcline/io/detail/text.hpp"

namespace nullcline::io::detail {
namespace {

static_assert(std::endian::native == std::endian::little, "entries are written as they lie");

constexpr const char* supported = "float32, float64, an integer of at most int64, or bool";

/// Entries of a file: how each lies there, and as what it comes.
struct EntryType {
  char kind;             // As NumPy has it: 'f', 'i', 'u', 'b'.
  std::size_t bytes;     // In the file.
  bool swapped;          // Whether the bytes of each are to be reversed.
  std::size_t as_bytes;  // In memory.
};

EntryType entry_type(const std::string& descr, const std::string& name, const Budget& budget) {
  const std::string kind_and_size = descr.empty() ? "" : descr.substr(1);
  const char order = descr.empty() ? '\0' : descr[0];
  if (kind_and_size.starts_with('O')) {
    throw budget.error(name, "Python objects (a pickle)", supported);
  }
  struct Known {
    const char* text;
    EntryType type;
  };
  static constexpr Known all_known[] = {{"f4", {'f', 4, false, 4}}, {"f8", {'f', 8, false, 8}},
                                        {"b1", {'b', 1, false, 1}}, {"u1", {'u', 1, false, 1}},
                                        {"i1", {'i', 1, false, 8}}, {"i2", {'i', 2, false, 8}},
                                        {"u2", {'u', 2, false, 8}}, {"i4", {'i', 4, false, 8}},
                                        {"u4", {'u', 4, false, 8}}, {"i8", {'i', 8, false, 8}}};
  for (const Known& known : all_known) {
    if (kind_and_size != known.text) continue;
    EntryType type = known.type;
    type.swapped = order == '>' && type.bytes > 1;
    if (order == '<' || order == '>' || (type.bytes == 1 && order == '|')) return type;
  }
  throw budget.error(name, "dtype '" + printable(descr, 50) + "'", supported);
}

template <class T>
T entry_at(const char* bytes, bool swapped) {
  char copy[sizeof(T)];
  std::memcpy(copy, bytes, sizeof(T));
  if (swapped) std::reverse(copy, copy + sizeof(T));
  T value;
  std::memcpy(&value, copy, sizeof(T));
  return value;
}

template <class From, class To>
std::vector<To> converted(std::string_view bytes, bool swapped) {
  std::vector<To> entries(bytes.size() / sizeof(From));
  for (std::size_t k = 0; k < entries.size(); ++k) {
    entries[k] = static_cast<To>(entry_at<From>(bytes.data() + k * sizeof(From), swapped));
  }
  return entries;
}

Array::Data entries_of(std::string_view bytes, const EntryType& type) {
  using std::int64_t;
  const bool swapped = type.swapped;
  if (type.kind == 'f' && type.bytes == 4) return converted<float, float>(bytes, swapped);
  if (type.kind == 'f') return converted<double, double>(bytes, swapped);
  if (type.kind == 'u' && type.bytes == 1)
    return converted<std::uint8_t, std::uint8_t>(bytes, false);
  if (type.kind == 'u' && type.bytes == 2) return converted<std::uint16_t, int64_t>(bytes, swapped);
  if (type.kind == 'u') return converted<std::uint32_t, int64_t>(bytes, swapped);
  if (type.kind == 'i' && type.bytes == 1) return converted<std::int8_t, int64_t>(bytes, false);
  if (type.kind == 'i' && type.bytes == 2) return converted<std::int16_t, int64_t>(bytes, swapped);
  if (type.kind == 'i' && type.bytes == 4) return converted<std::int32_t, int64_t>(bytes, swapped);
  if (type.kind == 'i') return converted<int64_t, int64_t>(bytes, swapped);
  auto truths = converted<std::uint8_t, std::uint8_t>(bytes, false);
  for (std::uint8_t& truth : truths) truth = truth != 0;
  return truths;
}

/// Entries in Fortran order, the first index fastest, brought into C order, the last fastest.
template <class T>
std::vector<T> in_c_order(const std::vector<T>& entries, const std::vector<Index>& shape) {
  std::vector<Index> stride(shape.size(), 1), index(shape.size(), 0);
  for (std::size_t axis = 1; axis < shape.size(); ++axis) {
    stride[axis] = stride[axis - 1] * shape[axis - 1];
  }
  std::vector<T> sorted(entries.size());
  Index from = 0;
  for (T& entry : sorted) {
    entry = entries[static_cast<std::size_t>(from)];
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      from += stride[axis];
      if (++index[axis] < shape[axis]) break;
      from -= index[axis] * stride[axis];
      index[axis] = 0;
    }
  }
  return sorted;
}

}  // namespace

std::string npy_header(const Array& array) {
  static constexpr const char* descrs[] = {"<f4", "<f8", "<i8", "|u1"};
  std::string literal = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}",
                                    descrs[array.data.index()], array.shape_text());
  const std::size_t before = 10, unpadded = before + literal.size() + 1;
  literal.append((64 - unpadded % 64) % 64, ' ');
  literal += '\n';
  std::string header = "\x93NUMPY\x01";
  header += '\0';
  header += static_cast<char>(literal.size() % 256);
  header += static_cast<char>(literal.size() / 256);
  return header + literal;
}

std::string_view npy_entries(const Array& array) {
  return std::visit(
      [](const auto& data) {
        return std::string_view(reinterpret_cast<const char*>(data.data()),
                                data.size() * sizeof(data[0]));
      },
      array.data);
}

Array parse_npy(std::string_view bytes, const std::string& name, Budget& budget) {
  const NpyHeader header = parse_npy_header(bytes, name, budget);
  const EntryType type = entry_type(header.descr, name, budget);
  Array array = budget.take(name, header.shape, std::max(type.as_bytes, type.bytes));
  const std::string_view entries = bytes.substr(header.bytes);
  const std::size_t expected = static_cast<std::size_t>(array.size()) * type.bytes;
  if (entries.size() != expected) {
    throw budget.error(name, fmt::format("{} bytes of entries", entries.size()),
                       fmt::format("{} for shape {}", expected, array.shape_text()));
  }
  array.data = entries_of(entries, type);
  if (header.fortran_order) {
    std::visit([&](auto& data) { data = in_c_order(data, array.shape); }, array.data);
  }
  return array;
}

}  // namespace nullcline::io::detail
