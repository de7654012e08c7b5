// SPDX-License-Identifier: Apache-2.0
// Files that HDF5's own writer makes and we do not; interop_test.py has those of h5py.
#include "nullcline/io/hdf5.hpp"

#include <gtest/gtest.h>
#include <hdf5.h>

#include "tests/io/samples.hpp"

namespace nullcline::io {
namespace {

using testing::error_of;
using testing::TemporaryDirectory;

class Hdf5 : public ::testing::Test {
 protected:
  /// A file with whatever fill(file) puts into it.
  template <class Fill>
  void make(Fill fill) {
    const hid_t file = H5Fcreate(path_.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    ASSERT_GE(file, 0);
    fill(file);
    H5Fclose(file);
  }
  static void add(hid_t group, const char* name, hid_t type, const std::vector<hsize_t>& shape,
                  hid_t creation = H5P_DEFAULT) {
    const hid_t space = H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
    const hid_t set = H5Dcreate2(group, name, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    ASSERT_GE(set, 0);
    H5Dclose(set);
    H5Sclose(space);
  }
  std::string refusal() {
    const std::string what = error_of([&] { read_hdf5(path_); });
    return what.substr(std::min(what.size(), path_.string().size() + 2));
  }
  TemporaryDirectory directory_;
  std::filesystem::path path_ = directory_ / "x.h5";
};

TEST_F(Hdf5, RefusesShapesThatAreTooLargeBeforeItAllocates) {
  const hid_t chunked = H5Pcreate(H5P_DATASET_CREATE);
  const hsize_t chunk[] = {10, 10};
  H5Pset_chunk(chunked, 2, chunk);
  make([&](hid_t file) {
    add(file, "recurrent", H5T_IEEE_F64LE, {1'000'000'000, 1'000'000'000}, chunked);
  });
  H5Pclose(chunked);
  EXPECT_EQ(refusal(),
            "array 'recurrent': found shape (1000000000, 1000000000) of 8-byte entries, expected "
            "at most 4294967296 bytes");
  make([&](hid_t file) { add(file, "x", H5T_IEEE_F64LE, std::vector<hsize_t>(9, 1)); });
  EXPECT_EQ(refusal(), "array 'x': found 9 dimensions, expected at most 8");
}

TEST_F(Hdf5, RefusesTypesThatItCannotHold) {
  const std::string expected = ", expected float32, float64, an integer of at most int64, or bool";
  make([&](hid_t file) { add(file, "x", H5T_STD_U64LE, {2}); });
  EXPECT_EQ(refusal(), "array 'x': found uint64" + expected);
  make([&](hid_t file) { add(file, "x", H5T_STD_B8LE, {2}); });
  EXPECT_EQ(refusal(), "array 'x': found a type without numbers" + expected);
  make([&](hid_t file) { add(file, "x", H5T_STD_REF_OBJ, {2}); });
  EXPECT_EQ(refusal(), "array 'x': found a reference" + expected);
  make([&](hid_t file) { add(file, "x", H5T_C_S1, {2}); });
  EXPECT_EQ(refusal(), "array 'x': found a string" + expected);
}

TEST_F(Hdf5, ReadsWhatWasNeverWrittenAsZero) {
  make([&](hid_t file) { add(file, "x", H5T_IEEE_F32BE, {3}); });
  EXPECT_EQ(read_hdf5(path_).arrays.at("x").data, Array::Data(std::vector<float>(3)));
}

/// Groups that hold each other twice over: 2^30 ways down to nothing.
TEST_F(Hdf5, RefusesALabyrinthOfGroups) {
  make([&](hid_t file) {
    hid_t inner = H5Gcreate2(file, "a", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Gclose(inner);
    for (int depth = 0; depth < 29; ++depth) {
      inner = H5Gcreate_anon(file, H5P_DEFAULT, H5P_DEFAULT);
      for (const char* name : {"a", "b"}) {
        H5Lcreate_hard(file, "a", inner, name, H5P_DEFAULT, H5P_DEFAULT);
      }
      H5Ldelete(file, "a", H5P_DEFAULT);
      H5Olink(inner, file, "a", H5P_DEFAULT, H5P_DEFAULT);
      H5Gclose(inner);
    }
  });
  EXPECT_EQ(refusal(), "found more arrays and groups, expected at most 100000");
}

TEST_F(Hdf5, RefusesAGroupThatHoldsItself) {
  make([&](hid_t file) { H5Lcreate_hard(file, "/", file, "again", H5P_DEFAULT, H5P_DEFAULT); });
  EXPECT_NE(refusal().find("the name has more than 32 parts"), std::string::npos);
}

TEST_F(Hdf5, RefusesANamedType) {
  make([&](hid_t file) {
    const hid_t type = H5Tcopy(H5T_IEEE_F32LE);
    H5Tcommit2(file, "type", type, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Tclose(type);
  });
  EXPECT_EQ(refusal(), "array 'type': found a named type, expected a dataset or a group");
}

TEST_F(Hdf5, LeavesThePrinterOfErrorsToWhoeverSetIt) {
  H5E_auto2_t before = nullptr, after = nullptr;
  void *before_data = nullptr, *after_data = nullptr;
  H5Eget_auto2(H5E_DEFAULT, &before, &before_data);
  ::testing::internal::CaptureStderr();
  EXPECT_NE(error_of([&] { read_hdf5("/dev/null"); }), "");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  H5Eget_auto2(H5E_DEFAULT, &after, &after_data);
  EXPECT_EQ(before, after);
}

/// Ours is released before the file is written and after it is read.
TEST_F(Hdf5, LeavesNothingOpen) {
  write_hdf5(path_, testing::sample());
  read_hdf5(path_);
  error_of([&] { read_hdf5("/dev/null"); });
  EXPECT_EQ(H5Fget_obj_count(static_cast<hid_t>(H5F_OBJ_ALL), H5F_OBJ_ALL), 0);
}

}  // namespace
}  // namespace nullcline::io
