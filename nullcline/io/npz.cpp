// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/npz.hpp"

#include <fmt/format.h>
#include <zip.h>

#include <memory>
#include <utility>
#include <vector>

#include "nullcline/core/errors.hpp"
#include "nullcline/io/atomic_file.hpp"
#include "nullcline/io/detail/attributes.hpp"
#include "nullcline/io/detail/budget.hpp"
#include "nullcline/io/detail/npy.hpp"
#include "nullcline/io/detail/text.hpp"

namespace nullcline::io {
namespace {

namespace fs = std::filesystem;

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct Free {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
struct Close {
  void operator()(zip_file_t* member) const { zip_fclose(member); }
};
using Archive = std::unique_ptr<zip_t, Discard>;
using Source = std::unique_ptr<zip_source_t, Free>;
using Member = std::unique_ptr<zip_file_t, Close>;

[[noreturn]] void fail(const std::string& path, const std::string& field, const char* what,
                       zip_error_t* error) {
  throw Error::because(path, field,
                       fmt::format("{}: {}", what, detail::printable(zip_error_strerror(error))));
}

/// A zip archive over bytes in memory; `source` lives on for whoever wants the bytes of it.
Archive open_archive(const Source& source, int flags, const std::string& path) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_keep(source.get());  // zip_open_from_source takes one reference if it succeeds.
  Archive archive(zip_open_from_source(source.get(), flags, &error));
  if (!archive) {
    zip_source_free(source.get());
    fail(path, "", "not a whole npz file", &error);
  }
  return archive;
}

Source memory_source(const void* bytes, std::size_t size, const std::string& path) {
  zip_error_t error;
  zip_error_init(&error);
  Source source(zip_source_buffer_create(bytes, size, 0, &error));
  if (!source) fail(path, "", "cannot be held in memory", &error);
  return source;
}

// Writing

/// Adds `header` and `entries`, which must stay where they are until the archive is closed.
void add_member(const Archive& archive, const std::string& name, std::string& header,
                std::string_view entries, const std::string& path) {
  // libzip declares its input not const, yet only reads it.
  auto* const data = reinterpret_cast<zip_uint8_t*>(const_cast<char*>(entries.data()));
  const zip_buffer_fragment_t fragments[] = {
      {reinterpret_cast<zip_uint8_t*>(header.data()), header.size()}, {data, entries.size()}};
  zip_error_t* const error = zip_get_error(archive.get());
  Source source(zip_source_buffer_fragment_create(fragments, entries.empty() ? 1 : 2, 0, error));
  if (!source) fail(path, detail::array_field(name), "cannot be written", error);
  const zip_int64_t index =
      zip_file_add(archive.get(), (name + ".npy").c_str(), source.get(), ZIP_FL_ENC_UTF_8);
  if (index < 0) fail(path, detail::array_field(name), "cannot be written", error);
  static_cast<void>(source.release());  // The archive has it now.
  constexpr zip_uint16_t midnight = 0, first_of_january_1980 = 0x21;
  const auto member = static_cast<zip_uint64_t>(index);
  if (zip_set_file_compression(archive.get(), member, ZIP_CM_STORE, 0) != 0 ||
      zip_file_set_dostime(archive.get(), member, midnight, first_of_january_1980, 0) != 0) {
    fail(path, detail::array_field(name), "cannot be written", error);
  }
}

std::string bytes_of(const Source& source, const std::string& path) {
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_source_stat(source.get(), &stat) != 0 || zip_source_open(source.get()) != 0) {
    fail(path, "", "cannot be written", zip_source_error(source.get()));
  }
  std::string bytes(stat.size, '\0');
  if (zip_source_read(source.get(), bytes.data(), bytes.size()) !=
      static_cast<zip_int64_t>(bytes.size())) {
    fail(path, "", "cannot be written", zip_source_error(source.get()));
  }
  zip_source_close(source.get());
  return bytes;
}

/// An archive without members: libzip makes none.
constexpr std::string_view empty_archive("PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22);

// Reading

constexpr std::uint64_t max_deflate_ratio = 1032;  // No 258 bytes take less than two bits.

/// The name of the array in a member, after what can be known of it before it is inflated.
std::string require_readable(const zip_stat_t& stat, const detail::Budget& budget) {
  constexpr zip_uint64_t wanted = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE |
                                  ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
  const std::string member = (stat.valid & ZIP_STAT_NAME) ? stat.name : "";
  if (!member.ends_with(".npy")) {
    throw Error(budget.path(), "", "the member '" + detail::printable(member) + "'",
                "names that end in .npy");
  }
  std::string name = member.substr(0, member.size() - 4);
  if ((stat.valid & wanted) != wanted) throw budget.error(name, "has a damaged entry");
  if (stat.encryption_method != ZIP_EM_NONE) throw budget.error(name, "encryption", "none");
  if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE) {
    throw budget.error(name, fmt::format("compression method {}", stat.comp_method),
                       "0 (none) or 8 (deflate)");
  }
  constexpr std::uint64_t header_bytes = 1 << 16;
  if (stat.size > header_bytes) budget.require_bytes(name, stat.size - header_bytes);
  if (stat.size / max_deflate_ratio > stat.comp_size) {
    throw budget.error(name,
                       fmt::format("{} bytes in {} compressed ones", stat.size, stat.comp_size),
                       fmt::format("at most {} times as many", max_deflate_ratio));
  }
  return name;
}

/// The inflated bytes of a member, whose checksum libzip verifies when it meets the end.
std::string read_member(const Archive& archive, zip_uint64_t index, const zip_stat_t& stat,
                        const std::string& name, const detail::Budget& budget) {
  const char* const what = "is damaged";
  const Member member(zip_fopen_index(archive.get(), index, 0));
  if (!member) fail(budget.path(), detail::array_field(name), what, zip_get_error(archive.get()));
  std::string bytes(stat.size, '\0');
  std::size_t size = 0;
  for (;;) {
    char beyond;
    const bool full = size == bytes.size();
    const zip_int64_t count = zip_fread(member.get(), full ? &beyond : bytes.data() + size,
                                        full ? 1 : bytes.size() - size);
    if (count < 0) {
      fail(budget.path(), detail::array_field(name), what, zip_file_get_error(member.get()));
    }
    if (count == 0 && full) return bytes;
    if (count == 0 || full) {
      throw budget.error(name, fmt::format("{} bytes", full ? "more" : "fewer"),
                         fmt::format("{} as the archive says", stat.size));
    }
    size += static_cast<std::size_t>(count);
  }
}

Json attributes_in(const Array& array, const detail::Budget& budget) {
  const auto* const text = std::get_if<std::vector<std::uint8_t>>(&array.data);
  if (!text || array.shape.size() != 1) {
    throw Error(budget.path(), npz_attributes_name,
                array.dtype() + " of shape " + array.shape_text(), "uint8 of one dimension");
  }
  return detail::parse_attributes({reinterpret_cast<const char*>(text->data()), text->size()},
                                  npz_attributes_name, budget);
}

/// Arrays of types that we have not go to `others`, or are an Error if that is null.
Dataset parse_npz(const std::string& bytes, detail::Budget& budget,
                  std::map<std::string, ForeignArray>* others) {
  if (bytes.empty()) {  // For libzip an archive without members.
    throw Error::because(budget.path(), "", "not a whole npz file: it is empty");
  }
  const Source source = memory_source(bytes.data(), bytes.size(), budget.path());
  const Archive archive = open_archive(source, ZIP_RDONLY | ZIP_CHECKCONS, budget.path());
  Dataset dataset;
  const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
  for (zip_uint64_t index = 0; index < static_cast<zip_uint64_t>(count); ++index) {
    zip_stat_t stat;
    if (zip_stat_index(archive.get(), index, 0, &stat) != 0) {
      fail(budget.path(), "", "damaged", zip_get_error(archive.get()));
    }
    const std::string name = require_readable(stat, budget);
    const bool is_attributes = name == npz_attributes_name;
    const std::string member = read_member(archive, index, stat, name, budget);
    if (others != nullptr && !is_attributes) {
      if (auto foreign = detail::parse_foreign_npy(member, name, budget)) {
        (*others)[name] = std::move(*foreign);
        continue;
      }
    }
    Array array = detail::parse_npy(member, name, budget);
    if (is_attributes) {
      dataset.attributes = attributes_in(array, budget);
    } else {
      detail::add_array(dataset, name, std::move(array), budget);
    }
  }
  return dataset;
}

}  // namespace

void write_npz(const fs::path& path, const Dataset& dataset) {
  require_storable(dataset, path);
  std::vector<std::pair<const std::string, const Array*>> members;
  Array attributes;
  if (!dataset.attributes.empty()) {
    const std::string text = detail::attributes_text(dataset, path);
    attributes = {{static_cast<Index>(text.size())},
                  std::vector<std::uint8_t>(text.begin(), text.end())};
    members.emplace_back(npz_attributes_name, &attributes);
  }
  for (const auto& [name, array] : dataset.arrays) members.emplace_back(name, &array);
  if (members.empty()) return write_file_atomically(path, empty_archive);

  const Source target = memory_source(nullptr, 0, path.string());
  Archive archive = open_archive(target, ZIP_TRUNCATE, path.string());
  std::vector<std::string> headers;
  headers.reserve(members.size());  // Members point into it.
  for (const auto& [name, array] : members) {
    headers.push_back(detail::npy_header(*array));
    add_member(archive, name, headers.back(), detail::npy_entries(*array), path.string());
  }
  if (zip_close(archive.get()) != 0) {
    fail(path.string(), "", "cannot be written", zip_get_error(archive.get()));
  }
  static_cast<void>(archive.release());  // zip_close freed it.
  write_file_atomically(path, bytes_of(target, path.string()));
}

Dataset read_npz(const fs::path& path, const ReadLimits& limits) {
  return detail::within_memory(path, [&] {
    detail::Budget budget(path, limits);
    return parse_npz(read_file(path, limits.max_file_bytes), budget, nullptr);
  });
}

MixedNpz read_mixed_npz(const fs::path& path, const ReadLimits& limits) {
  return detail::within_memory(path, [&] {
    detail::Budget budget(path, limits);
    MixedNpz mixed;
    mixed.data = parse_npz(read_file(path, limits.max_file_bytes), budget, &mixed.others);
    return mixed;
  });
}

}  // namespace nullcline::io
