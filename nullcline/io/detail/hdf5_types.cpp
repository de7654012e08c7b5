// SPDX-License-Identifier: Apache-2.0
#include "nullcline/io/detail/hdf5_types.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "nullcline/io/detail/hdf5_handles.hpp"

namespace nullcline::io::detail {
namespace {

bool is_one_of(hid_t type, std::initializer_list<hid_t> candidates) {
  return std::any_of(candidates.begin(), candidates.end(),
                     [type](hid_t candidate) { return H5Tequal(type, candidate) > 0; });
}

/// h5py stores a boolean as an enumeration of int8 with FALSE = 0 and TRUE = 1.
bool is_boolean(hid_t type) {
  if (H5Tget_class(type) != H5T_ENUM || H5Tget_nmembers(type) != 2 || H5Tget_size(type) != 1) {
    return false;
  }
  const TypeHandle base(H5Tget_super(type));
  signed char no = -1, yes = -1;
  return is_one_of(base, {H5T_STD_I8LE, H5T_STD_I8BE}) &&
         H5Tenum_valueof(type, "FALSE", &no) >= 0 && H5Tenum_valueof(type, "TRUE", &yes) >= 0 &&
         no == 0 && yes == 1;
}

}  // namespace

TypeVerdict judge_type(hid_t type) {
  using std::int64_t;
  using std::uint8_t;
  if (is_one_of(type, {H5T_IEEE_F32LE, H5T_IEEE_F32BE})) {
    return {true, {std::vector<float>(), H5T_NATIVE_FLOAT}};
  }
  if (is_one_of(type, {H5T_IEEE_F64LE, H5T_IEEE_F64BE})) {
    return {true, {std::vector<double>(), H5T_NATIVE_DOUBLE}};
  }
  if (is_one_of(type, {H5T_STD_U8LE, H5T_STD_U8BE})) {
    return {true, {std::vector<uint8_t>(), H5T_NATIVE_UINT8}};
  }
  if (is_one_of(type, {H5T_STD_I64LE, H5T_STD_I64BE, H5T_STD_I32LE, H5T_STD_I32BE, H5T_STD_U32LE,
                       H5T_STD_U32BE, H5T_STD_I16LE, H5T_STD_I16BE, H5T_STD_U16LE, H5T_STD_U16BE,
                       H5T_STD_I8LE, H5T_STD_I8BE})) {
    return {true, {std::vector<int64_t>(), H5T_NATIVE_INT64}};
  }
  if (is_boolean(type)) return {true, {std::vector<uint8_t>(), type, true}};
  return {};
}

std::string describe_type(hid_t type) {
  const std::size_t bits = 8 * H5Tget_size(type);
  switch (H5Tget_class(type)) {
    case H5T_INTEGER:
      return fmt::format("{}int{}", H5Tget_sign(type) == H5T_SGN_NONE ? "u" : "", bits);
    case H5T_FLOAT:
      return fmt::format("float{}", bits);
    case H5T_STRING:
      return "a string";
    case H5T_COMPOUND:
      return "a record (complex numbers are one)";
    case H5T_ENUM:
      return "an enumeration";
    case H5T_REFERENCE:
      return "a reference";
    default:
      return "a type without numbers";
  }
}

hid_t file_type_of(const Array& array) {
  const hid_t types[] = {H5T_IEEE_F32LE, H5T_IEEE_F64LE, H5T_STD_I64LE, H5T_STD_U8LE};
  return types[array.data.index()];
}

hid_t memory_type_of(const Array& array) {
  const hid_t types[] = {H5T_NATIVE_FLOAT, H5T_NATIVE_DOUBLE, H5T_NATIVE_INT64, H5T_NATIVE_UINT8};
  return types[array.data.index()];
}

}  // namespace nullcline::io::detail
