// SPDX-License-Identifier: Apache-2.0
#include "apps/results.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "nullcline/core/errors.hpp"
#include "nullcline/io/atomic_file.hpp"
#include "nullcline/io/json.hpp"
#include "nullcline/io/npz.hpp"

namespace nullcline::apps {
namespace {

namespace fs = std::filesystem;

/// Entries [first, first + size) of an array as nested lists over the dimensions from `axis` on.
template <class Entries>
io::Json nested(const Entries& entries, const std::vector<Index>& shape, std::size_t axis,
                std::size_t first, std::size_t size) {
  if (axis == shape.size()) return entries[first];
  io::Json list = io::Json::array();
  const auto length = static_cast<std::size_t>(shape[axis]);
  for (std::size_t i = 0; i < length; ++i) {
    list.push_back(nested(entries, shape, axis + 1, first + i * (size / length), size / length));
  }
  return list;
}

io::Json to_json(const Array& array) {
  return std::visit(
      [&](const auto& entries) { return nested(entries, array.shape, 0, 0, entries.size()); },
      array.data);
}

/// The bytes of an npz, by way of a file.
std::string npz_bytes(const io::Dataset& dataset) {
  std::string folder = (fs::temp_directory_path() / "nullcline-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) {
    throw Error::because(folder, "", std::generic_category().message(errno));
  }
  const fs::path file = fs::path(folder) / "result.npz";
  std::error_code ignored;
  try {
    io::write_npz(file, dataset);
    std::string bytes = io::read_file(file, fs::file_size(file));
    fs::remove_all(folder, ignored);
    return bytes;
  } catch (...) {
    fs::remove_all(folder, ignored);
    throw;
  }
}

void write_json(const std::string& file, const io::Json& json) {
  const std::string text = io::format_json(json) + "\n";
  if (file == "-") return print(text);
  io::write_file_atomically(file, text);
}

}  // namespace

void check_place(const std::string& option, const std::string& file) {
  if (file.empty() || file == "-") return;
  const fs::path folder = fs::path(file).parent_path();
  std::error_code error;
  if (!folder.empty() && !fs::is_directory(folder, error)) {
    throw Error(file, option, "no directory " + folder.string(), "a file in one that is there");
  }
  if (fs::is_directory(file, error)) throw Error(file, option, "a directory", "a file");
}

void ResultOptions::add_to(CLI::App& command, bool with_arrays) {
  command.add_option("--json", json, "Write the result as JSON; - is standard output")
      ->type_name("FILE")
      ->group("Output");
  if (!with_arrays) return;
  command.add_option("--npz", npz, "Write its arrays for NumPy; - is standard output")
      ->type_name("FILE")
      ->group("Output");
}

void ResultOptions::check() const {
  if (json == "-" && npz == "-") {
    throw Error("", "--json and --npz", "'-' for both", "one of them on standard output");
  }
  check_place("--json", json);
  check_place("--npz", npz);
}

io::Json to_json(const io::Dataset& dataset) {
  io::Json json = dataset.attributes;
  for (const auto& [name, array] : dataset.arrays) {
    require(!json.contains(name), "to_json: an array and an attribute of the same name");
    json[name] = to_json(array);
  }
  return json;
}

void deliver(const ResultOptions& options, const std::string& text, const io::Dataset& dataset) {
  if (options.json != "-" && options.npz != "-") print(text);
  if (!options.json.empty()) write_json(options.json, to_json(dataset));
  if (options.npz.empty()) return;
  if (options.npz == "-") return print(npz_bytes(dataset));
  io::write_npz(options.npz, dataset);
}

void deliver(const ResultOptions& options, const std::string& text, const io::Json& json) {
  if (options.json != "-") print(text);
  if (!options.json.empty()) write_json(options.json, json);
}

void print(const std::string& text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (!written || std::fflush(stdout) != 0) {
    throw Error::because("standard output", "", std::generic_category().message(errno));
  }
}

}  // namespace nullcline::apps
