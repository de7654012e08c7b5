// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/detail/npy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <optional>

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

/// nullopt for what Array has no type for.
std::optional<EntryType> known_type(const std::string& descr) {
  const std::string kind_and_size = descr.empty() ? "" : descr.substr(1);
  const char order = descr.empty() ? '\0' : descr[0];
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
  return std::nullopt;
}

EntryType entry_type(const std::string& descr, const std::string& name, const Budget& budget) {
  if (const auto type = known_type(descr)) return *type;
  const bool pickled = descr.size() > 1 && descr[1] == 'O';
  throw budget.error(name,
                     pickled ? "Python objects (a pickle)" : "dtype '" + printable(descr, 50) + "'",
                     supported);
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

/// Appends a code point in UTF-8; what is none becomes a byte that is not UTF-8.
void append_utf8(std::string& text, char32_t point) {
  const auto byte = [&](char32_t bits) { text += static_cast<char>(bits); };
  const auto rest = [&](int shift) { byte(0x80 | ((point >> shift) & 0x3F)); };
  if (point < 0x80) {
    byte(point);
  } else if (point < 0x800) {
    byte(0xC0 | (point >> 6));
    rest(0);
  } else if (point < 0x10000) {
    byte(0xE0 | (point >> 12));
    rest(6);
    rest(0);
  } else if (point > 0x10FFFF) {
    byte(0xFF);
  } else {
    byte(0xF0 | ((point >> 18) & 0x07));
    rest(12);
    rest(6);
    rest(0);
  }
}

/// Without the zeros at the end, as NumPy has it, of code points of `width` bytes.
std::string text_in(std::string_view bytes, std::size_t width) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += width) {
    if (width == 1) {
      text += bytes[at];
    } else {
      append_utf8(text, entry_at<char32_t>(bytes.data() + at, false));
    }
  }
  return text.substr(0, text.find_last_not_of('\0') + 1);
}

/// Bytes of a code point and code points of a word: "<U5" is 4 and 5, "|S5" 1 and 5; 0 and 0 for
/// what is no text.
std::pair<std::size_t, std::size_t> text_widths(const std::string& descr) {
  const bool wide = descr.starts_with("<U");
  if (!wide && !descr.starts_with("|S")) return {0, 0};
  std::size_t letters = 0;
  const char *begin = descr.data() + 2, *end = descr.data() + descr.size();
  const auto [stop, error] = std::from_chars(begin, end, letters);
  constexpr std::size_t longest = 1 << 16;
  if (error != std::errc() || stop != end || letters == 0 || letters > longest) return {0, 0};
  return {wide ? 4 : 1, letters};
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

std::optional<ForeignArray> parse_foreign_npy(std::string_view bytes, const std::string& name,
                                              Budget& budget) {
  const NpyHeader header = parse_npy_header(bytes, name, budget);
  if (known_type(header.descr)) return std::nullopt;
  ForeignArray result{printable(header.descr, 50), text_of(header.shape), {}};
  const auto [width, letters] = text_widths(header.descr);
  if (width == 0 || header.shape.size() != 1) return result;
  const std::size_t length = width * letters;
  const Array shape = budget.take(name, header.shape, length + sizeof(std::string));
  const std::string_view entries = bytes.substr(header.bytes);
  if (entries.size() != static_cast<std::size_t>(shape.size()) * length) {
    throw budget.error(
        name, fmt::format("{} bytes of entries", entries.size()),
        fmt::format("{} for shape {}", static_cast<std::size_t>(shape.size()) * length,
                    shape.shape_text()));
  }
  for (std::size_t at = 0; at < entries.size(); at += length) {
    result.texts.push_back(text_in(entries.substr(at, length), width));
  }
  return result;
}

}  // namespace nullcline::io::detail
