// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nullcline/io/detail/budget.hpp"
#include "nullcline/io/detail/hdf5_array.hpp"
#include "nullcline/io/detail/hdf5_handles.hpp"

namespace nullcline::io::detail {

/// A file of HDF5 on disk, of which only what is asked for is read: files of recordings are larger
/// than memory, and hold much that is not ours to understand. Soft links within the file are
/// followed, as such files are full of them; nothing else is opened on their account.
///
/// Objects are named by their path, "processing/behavior/speed". Throws Error as read_array() does.
class Hdf5Source {
 public:
  /// Throws Error unless `budget.path()` is a regular file of HDF5.
  explicit Hdf5Source(Budget& budget);

  bool is_group(const std::string& name) const;
  bool is_dataset(const std::string& name) const;
  std::vector<std::string> children(const std::string& group);  ///< Ascending; "" is the root.

  ClaimedShape shape(const std::string& dataset) const;
  bool is_number(const std::string& dataset) const;  ///< Whether read() knows its type.
  Array read(const std::string& dataset, const Hdf5Rows& rows = {});
  Vector vector(const std::string& dataset);  ///< Of one dimension, as double.
  /// Of one dimension; unsigned integers of 64 bits too, where they are below 2^63.
  std::vector<std::int64_t> integers(const std::string& dataset);

  bool is_text(const std::string& dataset) const;
  /// Text of one dimension, as its bytes lie there; of variable length, no longer than words are.
  std::vector<std::string> texts(const std::string& dataset);

  /// HDF5 attributes of an object; nullopt where there is none of this kind.
  std::optional<double> number_attribute(const std::string& object, const char* name) const;
  std::optional<std::string> text_attribute(const std::string& object, const char* name) const;

 private:
  H5I_type_t kind_of(const std::string& name) const;
  ObjectHandle open(const std::string& name) const;

  Budget& budget_;
  std::size_t links_left_;
  Hdf5Session session_;
  PropertiesHandle link_access_;
  FileHandle file_;
};

}  // namespace nullcline::io::detail
