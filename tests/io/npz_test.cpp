// SPDX-License-Identifier: Apache-2.0
// What is refused, and what no writer at hand makes. interop_test.py has NumPy's own files.
#include "nullcline/io/npz.hpp"

#include <gtest/gtest.h>
#include <zip.h>

#include "tests/io/samples.hpp"

namespace nullcline::io {
namespace {

using testing::error_of;
using testing::TemporaryDirectory;

struct Member {
  std::string name, bytes;
  zip_int32_t compression = ZIP_CM_STORE;
};

void write_zip(const std::filesystem::path& path, const std::vector<Member>& members) {
  zip_t* const archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  ASSERT_NE(archive, nullptr);
  for (const Member& member : members) {
    zip_source_t* const source =
        zip_source_buffer(archive, member.bytes.data(), member.bytes.size(), 0);
    const zip_int64_t index = zip_file_add(archive, member.name.c_str(), source, ZIP_FL_ENC_UTF_8);
    ASSERT_GE(index, 0);
    zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), member.compression, 0);
  }
  ASSERT_EQ(zip_close(archive), 0);
}

/// A .npy file whose header says `literal`, of version 1.0.
std::string npy(const std::string& literal, const std::string& entries) {
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(literal.size() % 256);
  bytes += static_cast<char>(literal.size() / 256);
  return bytes + literal + entries;
}

std::string header(const std::string& descr, const std::string& shape,
                   const std::string& fortran = "False") {
  return "{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n";
}

class Npz : public ::testing::Test {
 protected:
  /// What becomes of the array "x" in a file that holds just `bytes`.
  Array read_one(const std::string& bytes, const ReadLimits& limits = {}) {
    write_zip(path_, {{"x.npy", bytes}});
    return read_npz(path_, limits).arrays.at("x");
  }
  std::string refusal(const std::string& bytes, const ReadLimits& limits = {}) {
    const std::string what = error_of([&] { read_one(bytes, limits); });
    EXPECT_TRUE(what.starts_with(path_.string() + ": array 'x': ")) << what;
    return what.substr(std::min(what.size(), path_.string().size() + 2));
  }
  TemporaryDirectory directory_;
  std::filesystem::path path_ = directory_ / "x.npz";
};

TEST_F(Npz, ReadsEveryNumberOfEitherByteOrder) {
  const auto integers = [](std::vector<std::int64_t> values) { return Array::Data(values); };
  using namespace std::string_literals;
  EXPECT_EQ(read_one(npy(header("<i2", "(2,)"), "\x01\x02\xff\xff"s)).data, integers({513, -1}));
  EXPECT_EQ(read_one(npy(header(">i2", "(2,)"), "\x01\x02\xff\xff"s)).data, integers({258, -1}));
  EXPECT_EQ(read_one(npy(header("<u2", "(1,)"), "\xff\xff"s)).data, integers({65535}));
  EXPECT_EQ(read_one(npy(header(">u4", "(1,)"), "\xff\xff\xff\xfe"s)).data, integers({4294967294}));
  EXPECT_EQ(read_one(npy(header("<i4", "(1,)"), "\xfe\xff\xff\xff"s)).data, integers({-2}));
  EXPECT_EQ(read_one(npy(header("|i1", "(1,)"), "\x80"s)).data, integers({-128}));
  EXPECT_EQ(read_one(npy(header(">i8", "(1,)"), "\0\0\0\0\0\0\x01\0"s)).data, integers({256}));
  EXPECT_EQ(read_one(npy(header("|b1", "(3,)"), "\x00\x01\x02"s)).data,
            Array::Data(std::vector<std::uint8_t>{0, 1, 1}));
  EXPECT_EQ(read_one(npy(header(">f4", "()"), "\x3f\x80\0\0"s)).data,
            Array::Data(std::vector<float>{1.0f}));
  EXPECT_EQ(read_one(npy(header("<f8", "()"), "\0\0\0\0\0\0\xf8\x3f"s)).data,
            Array::Data(std::vector<double>{1.5}));
}

/// Entry (i, j, k) of shape (2, 3, 2) stands at i + 2 j + 6 k in Fortran order.
TEST_F(Npz, BringsFortranOrderIntoCOrder) {
  std::string entries;
  for (char value = 0; value < 12; ++value) entries += value;
  const Array array = read_one(npy(header("|u1", "(2, 3, 2)", "True"), entries));
  const auto& data = std::get<std::vector<std::uint8_t>>(array.data);
  for (int i = 0, n = 0; i < 2; ++i) {
    for (int j = 0; j < 3; ++j) {
      for (int k = 0; k < 2; ++k, ++n) {
        EXPECT_EQ(data[static_cast<std::size_t>(n)], i + 2 * j + 6 * k);
      }
    }
  }
  EXPECT_EQ(read_one(npy(header("|u1", "()", "True"), "a")).shape, std::vector<Index>());
  EXPECT_EQ(read_one(npy(header("|u1", "(0, 2)", "True"), "")).shape, (std::vector<Index>{0, 2}));
}

TEST_F(Npz, RefusesTypesThatItCannotHoldByTheirNames) {
  for (const char* descr : {"<u8", "<f2", "<c16", "<U5", "|S3", "<M8[s]", "<f16", "=f8", "f8", "",
                            "<", "|f8", "<f88", "<f8 "}) {
    EXPECT_EQ(refusal(npy(header(descr, "(1,)"), std::string(16, '\0'))),
              "array 'x': found dtype '" + std::string(descr) +
                  "', expected float32, float64, an integer of at most int64, or bool");
  }
  EXPECT_NE(refusal(npy(header("|O", "(1,)"), "pickle")).find("Python objects (a pickle)"),
            std::string::npos);
  EXPECT_NE(refusal(npy("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }\n", ""))
                .find("record"),
            std::string::npos);
}

TEST_F(Npz, RefusesShapesThatAreTooLargeBeforeItAllocates) {
  EXPECT_EQ(refusal(npy(header("<f8", "(1000000000, 1000000000)"), "")),
            "array 'x': found shape (1000000000, 1000000000) of 8-byte entries, expected at most "
            "4294967296 bytes");
  EXPECT_NE(refusal(npy(header("<f8", "(4294967296, 4294967296)"), "")), "");  // 2^64 wraps to 0.
  EXPECT_NE(refusal(npy(header("<f8", "(2305843009213693952,)"), "")), "");    // So do the bytes.
  EXPECT_NE(refusal(npy(header("<f8", "(18446744073709551615,)"), "")), "");
  EXPECT_NE(refusal(npy(header("<f8", "(0, 9223372036854775807, 2)"), "")), "");
  EXPECT_NE(refusal(npy(header("|u1", "(1, 1, 1, 1, 1, 1, 1, 1, 1)"), "a")).find("9 dimensions"),
            std::string::npos);
}

TEST_F(Npz, RefusesALengthThatIsNotThatOfTheShape) {
  EXPECT_EQ(refusal(npy(header("<f4", "(2, 3)"), std::string(23, '\0'))),
            "array 'x': found 23 bytes of entries, expected 24 for shape (2, 3)");
  EXPECT_NE(refusal(npy(header("<f4", "(2, 3)"), std::string(25, '\0'))), "");
}

TEST_F(Npz, AcceptsEverySpellingOfAHeaderAndNothingBeside) {
  const std::string good = header("|u1", "(1,)");
  for (const std::string& literal :
       {good, std::string("{\"shape\": (1,), \"descr\": \"|u1\", \"fortran_order\": False}\n"),
        std::string("{ 'descr':'|u1','fortran_order':False,'shape':( 1 , ) , }   \n")}) {
    EXPECT_EQ(read_one(npy(literal, "a")).shape, std::vector<Index>{1}) << literal;
  }
  for (const std::string& literal :
       {std::string(),
        std::string("\n"),
        std::string("{}"),
        good + "x",
        "x" + good,
        good.substr(0, 30),
        header("|u1", "(-1,)"),
        header("|u1", "(1)"),
        header("|u1", "1"),
        header("|u1", "[1]"),
        header("|u1", "(1,,)"),
        header("|u1", "(,)"),
        header("|u1", "(1L,)"),
        header("|u1", "(1.0,)"),
        header("|u1", "(0x1,)"),
        header("|u1", "(+1,)"),
        header("|u1", "(99999999999999999999999,)"),
        header("|u1", "(1,)", "1"),
        header("|u1", "(1,)", "__import__('os').system('true')"),
        header("|u\\1", "(1,)"),
        std::string("{'descr': '|u1', 'shape': (1,)}"),
        std::string("{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (1,)}"),
        std::string("{'descr': '|u1', 'fortran_order': False, 'shape': (1,), 'more': 1}"),
        std::string("{'descr': '|u1' 'fortran_order': False, 'shape': (1,)}"),
        header("|u1", "(" + std::string(60000, '(') + ")")}) {
    EXPECT_NE(refusal(npy(literal, "a")).find("found the header"), std::string::npos) << literal;
  }
}

TEST_F(Npz, RefusesHeadersThatEndBeyondTheFile) {
  using namespace std::string_literals;
  for (const std::string& bytes :
       {""s, "\x93NUMP"s, "\x93NUMPY\x01"s, "\x93NUMPY\x01\x00\xff"s, "\x93NUMPY\x01\x00\xff\xff{"s,
        "\x93NUMPY\x02\x00\xff\xff\xff\xff{"s, "\x93NUMPY\x02\x00\x01"s,
        "\x93NUMPY\x09\x00\x01\x00 "s, "NUMPY   "s}) {
    EXPECT_NE(refusal(bytes), "");
  }
}

TEST_F(Npz, RefusesAZipBombBeforeItInflatesIt) {
  const std::string zeros = npy(header("|u1", "(20000000,)"), std::string(20'000'000, '\0'));
  write_zip(path_, {{"x.npy", zeros, ZIP_CM_DEFLATE}});
  EXPECT_LT(std::filesystem::file_size(path_), 40'000u);
  EXPECT_NE(error_of([&] {
              read_npz(path_, {.max_array_bytes = 1'000'000});
            }).find("expected at most 1000000 bytes"),
            std::string::npos);
  EXPECT_EQ(read_npz(path_).arrays.at("x").size(), 20'000'000);
}

TEST_F(Npz, RefusesMembersThatAreNoArrays) {
  const std::string one = npy(header("|u1", "(1,)"), "a");
  const auto refused = [&](const std::vector<Member>& members) {
    write_zip(path_, members);
    return error_of([&] { read_npz(path_); });
  };
  EXPECT_NE(refused({{"readme.txt", "hello"}}).find("'readme.txt'"), std::string::npos);
  EXPECT_NE(refused({{"../../etc/x.npy", one}}), "");
  EXPECT_NE(refused({{"/x.npy", one}}), "");
  EXPECT_NE(refused({{".npy", one}}), "");
  EXPECT_NE(refused({{"attributes.npy", one}}), "");
  EXPECT_EQ(refused({{"a.npy", one}, {"b.npy", one, ZIP_CM_DEFLATE}}), "");
}

TEST_F(Npz, RefusesAttributesThatAreNoJsonObject) {
  const auto refused = [&](const std::string& descr, const std::string& shape,
                           const std::string& text) {
    write_zip(path_, {{"attributes_json.npy", npy(header(descr, shape), text)}});
    return error_of([&] { read_npz(path_); });
  };
  EXPECT_EQ(refused("|u1", "(7,)", "{\"a\":1}"), "");
  EXPECT_NE(refused("|u1", "(3,)", "[1]").find("expected a JSON object"), std::string::npos);
  EXPECT_NE(refused("|u1", "(2,)", "\xff\xff").find("not JSON"), std::string::npos);
  EXPECT_NE(refused("|u1", "(1, 2)", "{}").find("uint8 of one dimension"), std::string::npos);
  EXPECT_NE(refused("|i1", "(2,)", "{}").find("uint8 of one dimension"), std::string::npos);
}

}  // namespace
}  // namespace nullcline::io
