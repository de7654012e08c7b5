// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <hdf5.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "nullcline/core/errors.hpp"
#include "nullcline/io/atomic_file.hpp"
#include "nullcline/io/detail/attributes.hpp"
#include "nullcline/io/detail/budget.hpp"
#include "nullcline/io/detail/hdf5_array.hpp"
#include "nullcline/io/detail/hdf5_handles.hpp"
#include "nullcline/io/detail/hdf5_source.hpp"
#include "nullcline/io/detail/hdf5_storage.hpp"
#include "nullcline/io/detail/hdf5_types.hpp"
#include "nullcline/io/detail/text.hpp"
#include "nullcline/io/hdf5.hpp"

namespace nullcline::io {
namespace {

using namespace detail;

/// One read of a file, of which `bytes` is the image.
class Reader {
 public:
  Reader(const std::string& bytes, Budget& budget)
      : budget_(budget), links_left_(budget.limits().max_arrays) {
    const PropertiesHandle access = in_memory_access();
    if (!bytes.empty()) {  // HDF5 only reads it, and copies it first.
      H5Pset_file_image(access, const_cast<char*>(bytes.data()), bytes.size());
      // Any name will do. One that another open file has would be taken for that file.
      file_ = FileHandle(H5Fopen("nullcline::io::read_hdf5", H5F_ACC_RDONLY, access));
    }
    if (file_ < 0) {
      throw Error::because(
          budget.path(), "",
          "not a whole HDF5 file: " + (bytes.empty() ? "it is empty" : hdf5_reason()));
    }
  }

  Dataset read() {
    const ObjectHandle root(H5Oopen(file_, "/", H5P_DEFAULT));
    if (root < 0) fail("/");
    read_group(root, "");
    return std::move(dataset_);
  }

 private:
  [[noreturn]] void fail(const std::string& name) const {
    throw budget_.error(name, "is damaged: " + hdf5_reason());
  }

  void read_group(hid_t group, const std::string& prefix) {
    for (const Hdf5Link& link :
         links_of(group, prefix.empty() ? "/" : prefix, links_left_, budget_)) {
      const std::string name = prefix + link.name;
      // Before HDF5 sees a name: it would follow a "/" or "." in it.
      if (link.name.find('/') != link.name.npos) throw budget_.error(name, "has a '/' in its name");
      const bool is_attributes = name == hdf5_attributes_name;
      if (const std::string objection = objection_to_name(name);
          !objection.empty() && !is_attributes) {
        throw budget_.error(name, "the name " + objection);
      }
      if (link.type != H5L_TYPE_HARD) {
        throw budget_.error(name,
                            link.type == H5L_TYPE_EXTERNAL ? "an external link" : "a soft link",
                            "a dataset or a group");
      }
      const ObjectHandle object(H5Oopen(group, link.name.c_str(), H5P_DEFAULT));
      if (object < 0) fail(name);
      const H5I_type_t kind = H5Iget_type(object);
      if (is_attributes) {
        if (kind != H5I_DATASET) throw budget_.error(name, "no dataset", "a string of JSON");
        read_attributes(object);
      } else if (kind == H5I_GROUP) {
        read_group(object, name + "/");
      } else if (kind == H5I_DATASET) {
        add_array(dataset_, name, read_array(object, name, budget_), budget_);
      } else {
        throw budget_.error(name, "a named type", "a dataset or a group");
      }
    }
  }

  void read_attributes(hid_t dataset) {
    const std::string name = hdf5_attributes_name;
    require_plain_storage(dataset, name, budget_);
    const TypeHandle type(H5Dget_type(dataset));
    if (type < 0) fail(name);
    const ClaimedShape shape = claimed_shape(dataset, name, budget_);
    if (H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) != 0 ||
        !(shape.empty() || shape == ClaimedShape{1})) {
      throw Error(budget_.path(), name, describe_type(type), "JSON in one string of fixed length");
    }
    std::string text(text_bytes(type), '\0');
    require_whole_storage(dataset, shape, text.size(), name, budget_);
    if (H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text.data()) < 0) fail(name);
    text.resize(std::min(text.find('\0'), text.size()));
    dataset_.attributes = parse_attributes(text, name, budget_);
  }

  std::size_t text_bytes(hid_t type) const {
    const std::size_t bytes = H5Tget_size(type);
    budget_.require_attribute_bytes(bytes);
    return bytes;
  }

  Budget& budget_;
  std::size_t links_left_;
  FileHandle file_;
  Dataset dataset_;
};

}  // namespace

Dataset read_hdf5(const std::filesystem::path& path, const ReadLimits& limits) {
  return within_memory(path, [&] {
    Budget budget(path, limits);
    const std::string bytes = read_file(path, limits.max_file_bytes);
    const Hdf5Session session;
    return Reader(bytes, budget).read();
  });
}

bool has_attributes(const std::filesystem::path& path) {
  try {
    Budget budget(path, {});
    return Hdf5Source(budget).is_dataset(hdf5_attributes_name);
  } catch (const Error&) {
    return false;
  }
}

}  // namespace nullcline::io
