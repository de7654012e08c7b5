// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/scratch.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace nullcline {
namespace {

std::uintptr_t address(const Scratch::Pad& A) { return reinterpret_cast<std::uintptr_t>(A.data()); }

TEST(Scratch, HandsOutMatricesThatDoNotOverlap) {
  Scratch scratch;
  std::vector<Scratch::Pad> pads;
  for (Index i = 0; i < 40; ++i) {
    pads.push_back(scratch.matrix(37 + 100 * i, 11));
    pads.back().setConstant(static_cast<double>(i));
  }
  for (Index i = 0; i < 40; ++i) {
    const auto& pad = pads[static_cast<std::size_t>(i)];
    EXPECT_EQ(address(pad) % 64, 0u);
    EXPECT_TRUE((pad.array() == static_cast<double>(i)).all());
  }
  EXPECT_EQ(scratch.matrix(0, 3).size(), 0);
}

TEST(Scratch, GivesTheSameMemoryToTheNextCallAndOtherMemoryToANestedOne) {
  std::uintptr_t first = 0;
  {
    Scratch outer;
    const auto A = outer.matrix(100, 3);
    first = address(A);
    for (int call = 0; call < 3; ++call) {
      Scratch inner;
      auto B = inner.matrix(100, 3);
      B.setOnes();
      EXPECT_GE(address(B), first + 300 * sizeof(double));
    }
    EXPECT_EQ(address(outer.matrix(1, 1)), first + 304 * sizeof(double));  // a line further
  }
  Scratch again;
  EXPECT_EQ(address(again.matrix(100, 3)), first);
}

TEST(Scratch, TakesMoreThanItKeeps) {
  for (int call = 0; call < 2; ++call) {
    Scratch scratch;
    auto large = scratch.matrix(1 << 11, 1 << 10);  // 16 MiB
    large(large.size() - 1) = 1;
    auto small = scratch.matrix(3, 3);
    small.setZero();
    EXPECT_EQ(large(large.size() - 1), 1);
  }
}

}  // namespace
}  // namespace nullcline
