// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/detail/hdf5_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>

#include "nullcline/io/detail/hdf5_storage.hpp"
#include "nullcline/io/detail/hdf5_types.hpp"
#include "nullcline/io/detail/text.hpp"

namespace nullcline::io::detail {
namespace {

using AttributeHandle = Hdf5Handle<H5Aclose>;

constexpr std::size_t max_text_bytes = 1 << 16;

/// No link leads out of the file.
herr_t refuse_external_link(const char*, const char*, const char*, const char*, unsigned*, hid_t,
                            void*) {
  return -1;
}

std::string absolute(const std::string& name) { return "/" + name; }

/// A text of variable length, as h5py writes them.
std::optional<std::string> variable_text(hid_t attribute, hid_t type, hid_t space) {
  char* text = nullptr;
  const TypeHandle memory(H5Tcopy(type));
  if (H5Aread(attribute, memory, &text) < 0 || text == nullptr) return std::nullopt;
  std::string result(text, std::min(std::char_traits<char>::length(text), max_text_bytes));
  H5Dvlen_reclaim(memory, space, H5P_DEFAULT, &text);
  return result;
}

std::optional<std::string> fixed_text(hid_t attribute, hid_t type) {
  std::string text(H5Tget_size(type), '\0');
  if (text.size() > max_text_bytes || H5Aread(attribute, type, text.data()) < 0) {
    return std::nullopt;
  }
  text.resize(std::min(text.find('\0'), text.size()));
  return text;
}

/// What HDF5 allocated for texts of variable length, given back when it goes.
class VariableTexts {
 public:
  VariableTexts(hid_t dataset, std::size_t count)
      : type_(H5Dget_type(dataset)), space_(H5Dget_space(dataset)), texts_(count, nullptr) {}
  ~VariableTexts() {
    if (!texts_.empty()) H5Dvlen_reclaim(type_, space_, H5P_DEFAULT, texts_.data());
  }
  VariableTexts(const VariableTexts&) = delete;
  VariableTexts& operator=(const VariableTexts&) = delete;

  /// What read() will allocate, found without allocating it: one text after the other.
  std::optional<hsize_t> bytes(hid_t dataset) const {
    hsize_t bytes = 0;
    if (texts_.empty()) return bytes;
    if (H5Dvlen_get_buf_size(dataset, type_, space_, &bytes) < 0) return std::nullopt;
    return bytes;
  }
  bool read(hid_t dataset) {
    return texts_.empty() ||
           H5Dread(dataset, type_, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts_.data()) >= 0;
  }
  const std::vector<char*>& texts() const { return texts_; }

 private:
  TypeHandle type_;
  SpaceHandle space_;
  std::vector<char*> texts_;
};

/// All texts of a dataset; nullopt if they cannot be read. Many entries may point to one text of
/// the file, so that its size is no bound on theirs: Error if they are longer than words are.
std::optional<std::vector<std::string>> variable_texts(hid_t dataset, std::size_t count,
                                                       const std::string& name,
                                                       const Budget& budget) {
  VariableTexts found(dataset, count);
  const std::optional<hsize_t> bytes = found.bytes(dataset);
  if (!bytes) return std::nullopt;
  budget.require_bytes(name, *bytes);
  if (*bytes > count * (max_word_bytes + 1)) {  // Each ends in a zero.
    throw budget.error(name, fmt::format("{} bytes in {} texts", *bytes, count), expected_word);
  }
  if (!found.read(dataset)) return std::nullopt;
  std::vector<std::string> texts;
  for (const char* text : found.texts()) texts.emplace_back(text == nullptr ? "" : text);
  return texts;
}

std::optional<std::vector<std::string>> fixed_texts(hid_t dataset, hid_t type, std::size_t count) {
  const std::size_t length = H5Tget_size(type);
  std::string bytes(count * length, '\0');
  if (count > 0 && H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()) < 0) {
    return std::nullopt;
  }
  const bool ends_at_zero = H5Tget_strpad(type) == H5T_STR_NULLTERM;  // Else padded at most.
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view text = std::string_view(bytes).substr(i * length, length);
    texts.emplace_back(
        text.substr(0, ends_at_zero ? text.find('\0') : text.find_last_not_of('\0') + 1));
  }
  return texts;
}

/// An attribute that is one value; less than zero if there is no such one.
AttributeHandle open_scalar_attribute(hid_t object, const char* name) {
  if (H5Aexists(object, name) <= 0) return {};
  AttributeHandle attribute(H5Aopen(object, name, H5P_DEFAULT));
  if (attribute < 0) return {};
  const SpaceHandle space(H5Aget_space(attribute));
  if (H5Sget_simple_extent_npoints(space) != 1) return {};
  return attribute;
}

}  // namespace

Hdf5Source::Hdf5Source(Budget& budget)
    : budget_(budget),
      links_left_(budget.limits().max_arrays),
      link_access_(H5Pcreate(H5P_LINK_ACCESS)) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(budget.path(), error)) {
    throw Error::because(budget.path(), "", error ? error.message() : "not a regular file");
  }
  H5Pset_elink_cb(link_access_, refuse_external_link, nullptr);
  const PropertiesHandle access(H5Pcreate(H5P_FILE_ACCESS));
  H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
  file_ = FileHandle(H5Fopen(budget.path().c_str(), H5F_ACC_RDONLY, access));
  if (file_ < 0) {
    throw Error::because(budget.path(), "", "not a whole HDF5 file: " + hdf5_reason());
  }
}

H5I_type_t Hdf5Source::kind_of(const std::string& name) const {
  const ObjectHandle object(H5Oopen(file_, absolute(name).c_str(), link_access_));
  return object < 0 ? H5I_BADID : H5Iget_type(object);
}

bool Hdf5Source::is_group(const std::string& name) const { return kind_of(name) == H5I_GROUP; }
bool Hdf5Source::is_dataset(const std::string& name) const { return kind_of(name) == H5I_DATASET; }

ObjectHandle Hdf5Source::open(const std::string& name) const {
  ObjectHandle object(H5Oopen(file_, absolute(name).c_str(), link_access_));
  if (object < 0) throw budget_.error(name, "cannot be opened: " + hdf5_reason());
  return object;
}

std::vector<std::string> Hdf5Source::children(const std::string& group) {
  std::vector<std::string> names;
  for (Hdf5Link& link : links_of(open(group), group, links_left_, budget_)) {
    names.push_back(std::move(link.name));
  }
  return names;
}

ClaimedShape Hdf5Source::shape(const std::string& dataset) const {
  return claimed_shape(open(dataset), dataset, budget_);
}

bool Hdf5Source::is_number(const std::string& dataset) const {
  const TypeHandle type(H5Dget_type(open(dataset)));
  return type >= 0 && judge_type(type).supported;
}

Array Hdf5Source::read(const std::string& dataset, const Hdf5Rows& rows) {
  return read_array(open(dataset), dataset, budget_, rows);
}

Vector Hdf5Source::vector(const std::string& dataset) {
  const Array array = read(dataset);
  if (array.shape.size() != 1) {
    throw budget_.error(dataset, "shape " + array.shape_text(), "one dimension");
  }
  return array.as_vector();
}

std::vector<std::int64_t> Hdf5Source::integers(const std::string& name) {
  const ObjectHandle dataset = open(name);
  const TypeHandle type(H5Dget_type(dataset));
  if (H5Tget_class(type) != H5T_INTEGER) {
    throw budget_.error(name, describe_type(type), "integers");
  }
  require_plain_storage(dataset, name, budget_);
  const ClaimedShape claimed = claimed_shape(dataset, name, budget_);
  if (claimed.size() != 1) {
    throw budget_.error(name, fmt::format("{} dimensions", claimed.size()), "one");
  }
  const Array shape = budget_.take(name, claimed, sizeof(std::int64_t));
  require_whole_storage(dataset, claimed, H5Tget_size(type), name, budget_);
  std::vector<std::int64_t> values(static_cast<std::size_t>(shape.size()));
  if (values.empty()) return values;
  if (H5Dread(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) {
    throw budget_.error(name, "is damaged: " + hdf5_reason());
  }
  return values;  // What does not fit comes as the largest int64.
}

bool Hdf5Source::is_text(const std::string& dataset) const {
  return H5Tget_class(TypeHandle(H5Dget_type(open(dataset)))) == H5T_STRING;
}

std::vector<std::string> Hdf5Source::texts(const std::string& name) {
  const ObjectHandle dataset = open(name);
  const TypeHandle type(H5Dget_type(dataset));
  if (H5Tget_class(type) != H5T_STRING) throw budget_.error(name, describe_type(type), "text");
  require_plain_storage(dataset, name, budget_);
  const ClaimedShape claimed = claimed_shape(dataset, name, budget_);
  if (claimed.size() != 1) {
    throw budget_.error(name, fmt::format("{} dimensions", claimed.size()), "one");
  }
  const std::size_t bytes = H5Tget_size(type);
  const Array shape = budget_.take(name, claimed, bytes + sizeof(std::string));
  const bool is_variable = H5Tis_variable_str(type) > 0;  // Then its texts lie elsewhere.
  if (!is_variable) require_whole_storage(dataset, claimed, bytes, name, budget_);
  const auto count = static_cast<std::size_t>(shape.size());
  auto texts = is_variable ? variable_texts(dataset, count, name, budget_)
                           : fixed_texts(dataset, type, count);
  if (!texts) throw budget_.error(name, "is damaged: " + hdf5_reason());
  return std::move(*texts);
}

std::optional<double> Hdf5Source::number_attribute(const std::string& object,
                                                   const char* name) const {
  const ObjectHandle owner = open(object);
  const AttributeHandle attribute = open_scalar_attribute(owner, name);
  if (attribute < 0) return std::nullopt;
  const TypeHandle type(H5Aget_type(attribute));
  const H5T_class_t kind = H5Tget_class(type);
  double value = 0;
  if ((kind != H5T_FLOAT && kind != H5T_INTEGER) ||
      H5Aread(attribute, H5T_NATIVE_DOUBLE, &value) < 0) {
    return std::nullopt;
  }
  return value;
}

std::optional<std::string> Hdf5Source::text_attribute(const std::string& object,
                                                      const char* name) const {
  const ObjectHandle owner = open(object);
  const AttributeHandle attribute = open_scalar_attribute(owner, name);
  if (attribute < 0) return std::nullopt;
  const TypeHandle type(H5Aget_type(attribute));
  if (H5Tget_class(type) != H5T_STRING) return std::nullopt;
  const SpaceHandle space(H5Aget_space(attribute));
  const auto text = H5Tis_variable_str(type) > 0 ? variable_text(attribute, type, space)
                                                 : fixed_text(attribute, type);
  return text ? std::optional(printable(*text)) : std::nullopt;
}

}  // namespace nullcline::io::detail
