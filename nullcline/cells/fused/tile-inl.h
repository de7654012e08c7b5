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
#include <type_traits>

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

/// Brings a line of memory that will be read, or written, near: what `finish` needs comes from the
/// last cache or from memory, and arrives while the product before it runs.
template <class Real>
HWY_INLINE void will_read(const Real* at) {
  __builtin_prefetch(at, 0, 3);
}
template <class Real>
HWY_INLINE void will_write(Real* at) {
  __builtin_prefetch(at, 1, 3);
}
/// The same as far as the second cache: for the outer product of some steps later.
template <class Real>
HWY_INLINE void will_read_later(const Real* at) {
  __builtin_prefetch(at, 0, 2);
}

struct NothingToPrefetch {
  HWY_INLINE void operator()(Index, Index) const {}
};

/// What the units of column `c` of a tile want. Not a lambda: a call would spill all sums.
template <class Real, int vectors, class Prefetch>
struct TilePrefetch {
  const Prefetch& prefetch;
  Index i, j;

  HWY_INLINE void operator()(Index c) const {
    for (int v = 0; v < vectors; ++v) prefetch(i + v * lanes<Real>(), j + c);
  }
};

/// sums[j][r] = sum_i left[i][r] right(i, j), i = 0 .. k - 1, columns of `left` being `stride`
/// apart. Over k_last further i, for which `left` has `all_rows` vectors a column and not `rows`,
/// all rows are summed. `prefetch`(j) is called for each column, as far as k allows, spread over
/// the loop, with time left for the last to arrive: all at once would hold up the loads of the loop
/// itself.
template <class Real, int rows, int all_rows, int columns, class Prefetch>
HWY_INLINE void multiply_tile(const Real* HWY_RESTRICT left, Index stride, Index k, Index k_last,
                              Right<Real> right, Lanes<Real> (&sums)[columns][all_rows],
                              const Prefetch& prefetch) {
  const Tag<Real> d;
  const Index width = lanes<Real>();
  HWY_UNROLL(24)
  for (int j = 0; j < columns; ++j) {
    HWY_UNROLL(4)
    for (int r = 0; r < all_rows; ++r) sums[j][r] = hn::Zero(d);
  }
  const Real* HWY_RESTRICT b = right.data;
  const Index part = k / (columns + 2) + 1;
  for (Index i = 0, c = 0; i < k; ++c) {
    if (c < columns) prefetch(c);
    for (const Index end = std::min(k, i + part); i < end;
         ++i, left += stride, b += right.row_stride) {
      Lanes<Real> a[rows];
      HWY_UNROLL(4)
      for (int r = 0; r < rows; ++r) a[r] = hn::LoadU(d, left + r * width);
      will_read(b + 64 / sizeof(Real));  // where the right factor lies by rows: of the next tiles
      HWY_UNROLL(24)
      for (int j = 0; j < columns; ++j) {
        const auto x = hn::Set(d, b[j * right.column_stride]);
        HWY_UNROLL(4)
        for (int r = 0; r < rows; ++r) sums[j][r] = hn::MulAdd(a[r], x, sums[j][r]);
      }
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

/// Nothing but the product itself is wanted: unit i of column j at data[j ld + i], from the
/// registers and not by way of a buffer.
template <class Real>
struct StoreProduct {
  Real* data;
  Index ld;
};

/// `columns` columns of a panel of `vectors` unit vectors from unit `i` on, `finish` column by
/// column and vector by vector, from a buffer that is still in L1; or some columns together, where
/// `finish` knows how.
template <class Real, int vectors, int gates, int all_gates, int columns, class Finish,
          class Prefetch>
HWY_INLINE void finish_tile(const Left<Real>& left, const Real* panel, Right<Real> right, Index i,
                            Index j, const Finish& finish, const Prefetch& prefetch) {
  const Tag<Real> d;
  const Index width = lanes<Real>();
  constexpr int rows = vectors * gates, all_rows = vectors * all_gates;
  Lanes<Real> sums[columns][all_rows];
  right.data += j * right.column_stride;
  const Index stride = left.stride == 0 ? rows * width : left.stride;
  multiply_tile<Real, rows, all_rows, columns>(
      panel, stride, left.k, left.k_last, right, sums,
      TilePrefetch<Real, vectors, Prefetch>{prefetch, i, j});
  if constexpr (std::is_same_v<Finish, StoreProduct<Real>>) {
    static_assert(all_gates == 1);
    HWY_UNROLL(24)
    for (int c = 0; c < columns; ++c) {
      HWY_UNROLL(4)
      for (int r = 0; r < all_rows; ++r)
        hn::StoreU(sums[c][r], d, finish.data + (j + c) * finish.ld + i + r * width);
    }
  } else {
    HWY_ALIGN Real buffer[columns * all_rows * (64 / sizeof(Real))];
    HWY_UNROLL(24)
    for (int c = 0; c < columns; ++c) {
      HWY_UNROLL(4)
      for (int r = 0; r < all_rows; ++r)
        hn::Store(sums[c][r], d, buffer + (c * all_rows + r) * width);
    }
    constexpr int side_by_side = columns % 4 == 0   ? 4
                                 : columns % 3 == 0 ? 3
                                 : columns % 2 == 0 ? 2
                                                    : 1;
    using Together = std::integral_constant<int, side_by_side>;
    const Real* at = buffer;
    if constexpr (std::is_invocable_v<Finish, Together, Index, Index, const Real*, Index>) {
      for (int c = 0; c < columns; c += side_by_side, at += (side_by_side - 1) * all_rows * width) {
        for (int v = 0; v < vectors; ++v, at += all_gates * width) {
          finish(Together(), i + v * width, j + c, at, all_rows * width);
        }
      }
    } else {
      for (int c = 0; c < columns; ++c) {
        for (int v = 0; v < vectors; ++v, at += all_gates * width) finish(i + v * width, j + c, at);
      }
    }
  }
}

/// How many of the columns go into tiles `wide` columns wide, the rest into those of four and of
/// one: as many as can, but one tile less where that saves columns done alone (32 = 4 6 + 2 4, not
/// 5 6 + 2). A single column waits for its own sums and costs as much as four.
template <int wide>
HWY_INLINE Index wide_columns(Index columns) {
  const Index tiles = columns / wide, rest = columns % wide;
  const bool less = tiles > 0 && wide > 4 && (rest + wide) % 4 < rest % 4;
  return (less ? tiles - 1 : tiles) * wide;
}

template <class Real, int vectors, int gates, int all_gates, class Finish, class Prefetch>
HWY_INLINE void finish_panel(const Left<Real>& left, const Real* panel, Right<Real> right, Index i,
                             Index columns, const Finish& finish, const Prefetch& prefetch) {
  constexpr int wide = tile_columns(vectors * all_gates);
  Index j = 0;
  for (const Index end = wide_columns<wide>(columns); j < end; j += wide) {
    finish_tile<Real, vectors, gates, all_gates, wide>(left, panel, right, i, j, finish, prefetch);
  }
  if constexpr (wide > 4) {
    for (; j + 4 <= columns; j += 4) {
      finish_tile<Real, vectors, gates, all_gates, 4>(left, panel, right, i, j, finish, prefetch);
    }
  }
  for (; j < columns; ++j) {
    finish_tile<Real, vectors, gates, all_gates, 1>(left, panel, right, i, j, finish, prefetch);
  }
}

/// The whole product left right, `columns` wide: finish(i, j, sums) for the units i .. i + lanes -
/// 1 in column j, sums[g lanes ..] being those of gate g. Or finish(n, i, j, sums, apart) for those
/// of columns j .. j + n - 1, whose sums are `apart` apart, n a constant by its type: long chains
/// of dependent operations, as of tanh, then overlap. `prefetch`(i, j) may be called some
/// time before.
template <class Real, int gates, int all_gates = gates, class Finish,
          class Prefetch = NothingToPrefetch>
HWY_INLINE void multiply(const Left<Real>& left, Right<Real> right, Index columns,
                         const Finish& finish, const Prefetch& prefetch = {}) {
  constexpr int most = vectors_of_panel(all_gates);
  const Index width = lanes<Real>();
  const Real* panel = left.data;
  for (Index i = 0; i < left.units; i += most * width) {
    const Index vectors = std::min<Index>(most, (left.units - i) / width);
    if (vectors == most) {
      finish_panel<Real, most, gates, all_gates>(left, panel, right, i, columns, finish, prefetch);
    }
    if constexpr (most == 4) {
      if (vectors == 3) {
        finish_panel<Real, 3, gates, all_gates>(left, panel, right, i, columns, finish, prefetch);
      }
      if (vectors == 2) {
        finish_panel<Real, 2, gates, all_gates>(left, panel, right, i, columns, finish, prefetch);
      }
    }
    if constexpr (most > 1) {
      if (vectors == 1) {
        finish_panel<Real, 1, gates, all_gates>(left, panel, right, i, columns, finish, prefetch);
      }
    }
    panel +=
        vectors * width * (left.stride == 0 ? gates * left.k + all_gates * left.k_last : Index{1});
  }
}

}  // namespace nullcline::cells::fused::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
