// SPDX-License-Identifier: Apache-2.0
// Register tiles of matrix products, with what follows the product done while the sums are hot.
// Compiled once a vector instruction set; included by sources that use hwy/foreach_target.h.
#if defined(NULLCLINE_CELLS_FUSED_TILE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NULLCLINE_CELLS_FUSED_TILE_INL_H_
#undef NULLCLINE_CELLS_FUSED_TILE_INL_H_
#else
#define NULLCLINE_CELLS_FUSED_TILE_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>

#include "nullcline/cells/fused/factors.hpp"

HWY_BEFORE_NAMESPACE();
namespace nullcline::cells::fused::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// At most 64 bytes, so that the shapes below are those of known registers.
template <class Real>
using Tag = hn::CappedTag<Real, 64 / sizeof(Real)>;
template <class Real>
using Lanes = hn::Vec<Tag<Real>>;

template <class Real>
HWY_INLINE Index lanes() {
  return static_cast<Index>(hn::Lanes(Tag<Real>()));
}

// A tile of `rows` vectors has as many columns as leave room for a factor of each side: 24 sums in
// 32 registers, 12 (or 8) in 16.
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL || HWY_ARCH_ARM_A64
constexpr int registers = 32;
#else
constexpr int registers = 16;
#endif
/// Unit vectors of a panel: with all their gates, the rows of its tiles.
constexpr int vectors_of_panel(int gates) {
  return registers == 32 ? (gates == 1 ? 4 : gates == 2 ? 2 : 1) : (gates == 1 ? 2 : 1);
}
constexpr int tile_columns(int rows) {
  if (registers == 32) return rows == 1 ? 16 : 24 / rows;
  return rows == 1 ? 8 : rows == 2 ? 6 : rows == 3 ? 4 : 2;
}

/// sums[j][r] = sum_i left[i][r] right(i, j), i = 0 .. k - 1. Over k_last further i, for which
/// `left` has `all_rows` vectors a column and not `rows`, all rows are summed.
template <class Real, int rows, int all_rows, int columns>
HWY_INLINE void multiply_tile(const Real* HWY_RESTRICT left, Index k, Index k_last,
                              Right<Real> right, Lanes<Real> (&sums)[columns][all_rows]) {
  const Tag<Real> d;
  const Index width = lanes<Real>();
  HWY_UNROLL(24)
  for (int j = 0; j < columns; ++j) {
    HWY_UNROLL(4)
    for (int r = 0; r < all_rows; ++r) sums[j][r] = hn::Zero(d);
  }
  const Real* HWY_RESTRICT b = right.data;
  for (Index i = 0; i < k; ++i, left += rows * width, b += right.row_stride) {
    Lanes<Real> a[rows];
    HWY_UNROLL(4)
    for (int r = 0; r < rows; ++r) a[r] = hn::LoadU(d, left + r * width);
    HWY_UNROLL(24)
    for (int j = 0; j < columns; ++j) {
      const auto x = hn::Set(d, b[j * right.column_stride]);
      HWY_UNROLL(4)
      for (int r = 0; r < rows; ++r) sums[j][r] = hn::MulAdd(a[r], x, sums[j][r]);
    }
  }
  for (Index i = 0; i < k_last; ++i, left += all_rows * width, b += right.row_stride) {
    HWY_UNROLL(24)
    for (int j = 0; j < columns; ++j) {
      const auto x = hn::Set(d, b[j * right.column_stride]);
      HWY_UNROLL(4)
      for (int r = 0; r < all_rows; ++r) {
        sums[j][r] = hn::MulAdd(hn::LoadU(d, left + r * width), x, sums[j][r]);
      }
    }
  }
}

/// `columns` columns of a panel of `vectors` unit vectors from unit `i` on, `finish` column by
/// column and vector by vector, from a buffer that is still in L1.
template <class Real, int vectors, int gates, int all_gates, int columns, class Finish>
HWY_INLINE void finish_tile(const Left<Real>& left, const Real* panel, Right<Real> right, Index i,
                            Index j, const Finish& finish) {
  const Tag<Real> d;
  const Index width = lanes<Real>();
  constexpr int rows = vectors * gates, all_rows = vectors * all_gates;
  Lanes<Real> sums[columns][all_rows];
  right.data += j * right.column_stride;
  multiply_tile<Real, rows, all_rows, columns>(panel, left.k, left.k_last, right, sums);
  HWY_ALIGN Real buffer[columns * all_rows * (64 / sizeof(Real))];
  HWY_UNROLL(24)
  for (int c = 0; c < columns; ++c) {
    HWY_UNROLL(4)
    for (int r = 0; r < all_rows; ++r)
      hn::Store(sums[c][r], d, buffer + (c * all_rows + r) * width);
  }
  const Real* at = buffer;
  for (int c = 0; c < columns; ++c) {
    for (int v = 0; v < vectors; ++v, at += all_gates * width) finish(i + v * width, j + c, at);
  }
}

template <class Real, int vectors, int gates, int all_gates, class Finish>
HWY_INLINE void finish_panel(const Left<Real>& left, const Real* panel, Right<Real> right, Index i,
                             Index columns, const Finish& finish) {
  constexpr int wide = tile_columns(vectors * all_gates);
  Index j = 0;
  for (; j + wide <= columns; j += wide) {
    finish_tile<Real, vectors, gates, all_gates, wide>(left, panel, right, i, j, finish);
  }
  if constexpr (wide > 4) {
    for (; j + 4 <= columns; j += 4) {
      finish_tile<Real, vectors, gates, all_gates, 4>(left, panel, right, i, j, finish);
    }
  }
  for (; j < columns; ++j) {
    finish_tile<Real, vectors, gates, all_gates, 1>(left, panel, right, i, j, finish);
  }
}

/// The whole product left right, `columns` wide: finish(i, j, sums) for the units i .. i + lanes -
/// 1 in column j, sums[g lanes ..] being those of gate g.
template <class Real, int gates, int all_gates = gates, class Finish>
HWY_INLINE void multiply(const Left<Real>& left, Right<Real> right, Index columns,
                         const Finish& finish) {
  constexpr int most = vectors_of_panel(all_gates);
  const Index width = lanes<Real>();
  const Real* panel = left.data;
  for (Index i = 0; i < left.units; i += most * width) {
    const Index vectors = std::min<Index>(most, (left.units - i) / width);
    if (vectors == most) {
      finish_panel<Real, most, gates, all_gates>(left, panel, right, i, columns, finish);
    }
    if constexpr (most == 4) {
      if (vectors == 3) {
        finish_panel<Real, 3, gates, all_gates>(left, panel, right, i, columns, finish);
      }
      if (vectors == 2) {
        finish_panel<Real, 2, gates, all_gates>(left, panel, right, i, columns, finish);
      }
    }
    if constexpr (most > 1) {
      if (vectors == 1) {
        finish_panel<Real, 1, gates, all_gates>(left, panel, right, i, columns, finish);
      }
    }
    panel += vectors * width * (gates * left.k + all_gates * left.k_last);
  }
}

}  // namespace nullcline::cells::fused::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
