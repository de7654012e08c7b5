// SPDX-License-Identifier: Apache-2.0
// Blocks of 2 x 2 tiles, with what follows a product done beside the next one.
#pragma once

#include <immintrin.h>

#include "products.hpp"

namespace nullcline::amx {

template <int number>
struct Constant {
  static constexpr int value = number;
};

struct Factors {
  const std::uint16_t *left, *right;
  Index rows, inner, columns;
};

/// Adds to the sums, tiles 0 .. 3, those of part `a` of the left factor with part `b` of the right
/// one. A part that the last call has loaded stays where it is; a tile is loaded just before the
/// first dot that wants it.
template <class Tiles, int a, int b, bool load_left, bool load_right>
inline void dots(const std::uint16_t* left, const std::uint16_t* right) {
  constexpr Index tile = 512, plane = 2 * tile;
  if constexpr (load_left) Tiles::template load<4>(left + a * plane);
  if constexpr (load_right) Tiles::template load<6>(right + b * plane);
  Tiles::template dot<0, 4, 6>();
  if constexpr (load_right) Tiles::template load<7>(right + b * plane + tile);
  Tiles::template dot<1, 4, 7>();
  if constexpr (load_left) Tiles::template load<5>(left + a * plane + tile);
  Tiles::template dot<2, 5, 6>();
  Tiles::template dot<3, 5, 7>();
}

constexpr Index dots_of_block(int planes) { return planes == 3 ? 6 : planes == 2 ? 3 : 1; }

/// A block (32, 32) of the product, over `depth` blocks of the sum, in `sums`, rows of 32. In an
/// order that loads fewest tiles, 14 for 24 dots of six products, x1 y1 last, and 8 for 12 of
/// three. `beside` is called after every four dots: they keep the tiles busy for 64 cycles, in
/// which vector units have time for other work.
template <class Tiles, int planes, class Beside>
inline void multiply_block(const std::uint16_t* left, const std::uint16_t* right, Index depth,
                           float* sums, const Beside& beside) {
  constexpr Index step = planes * 1024;
  Tiles::template zero<0>();
  Tiles::template zero<1>();
  Tiles::template zero<2>();
  Tiles::template zero<3>();
  for (Index q = 0; q < depth; ++q) {
    const std::uint16_t *a = left + q * step, *b = right + q * step;
    if constexpr (planes == 3) {
      dots<Tiles, 2, 0, true, true>(a, b);
      beside();
      dots<Tiles, 1, 0, true, false>(a, b);
      beside();
      dots<Tiles, 1, 1, false, true>(a, b);
      beside();
      dots<Tiles, 0, 1, true, false>(a, b);
      beside();
      dots<Tiles, 0, 2, false, true>(a, b);
      beside();
      dots<Tiles, 0, 0, false, true>(a, b);
      beside();
    } else if constexpr (planes == 2) {
      dots<Tiles, 1, 0, true, true>(a, b);
      beside();
      dots<Tiles, 0, 0, true, false>(a, b);
      beside();
      dots<Tiles, 0, 1, false, true>(a, b);
      beside();
    } else {
      dots<Tiles, 0, 0, true, true>(a, b);
      beside();
    }
  }
  Tiles::template store<0>(sums, 32);
  Tiles::template store<1>(sums + 16, 32);
  Tiles::template store<2>(sums + 16 * 32, 32);
  Tiles::template store<3>(sums + 16 * 32 + 16, 32);
}

/// The whole product; finish(i, j, sums) for row i, columns j .. j + 31: those of a block while the
/// tiles are at the next one.
template <class Tiles, int planes, class Finish>
inline void multiply_blocks(const Factors& f, const Finish& finish) {
  alignas(64) float sums[2][32 * 32];
  const Index depth = f.inner / 32, block = depth * planes * 1024;
  const Index calls = depth * dots_of_block(planes), rows_a_call = (32 + calls - 1) / calls;
  Index top = 0, left = 0, row = 32;  // of the block before, and which of its rows comes next
  const float* before = nullptr;
  const auto finish_rows = [&](Index end) {
    for (end = end < 32 ? end : 32; row < end; ++row) finish(top + row, left, before + 32 * row);
  };
  Tiles::begin();
  Index turn = 0;
  for (Index i = 0; i < f.rows; i += 32) {
    for (Index j = 0; j < f.columns; j += 32) {
      float* now = sums[turn++ % 2];
      multiply_block<Tiles, planes>(f.left + i / 32 * block, f.right + j / 32 * block, depth, now,
                                    [&] { finish_rows(row + rows_a_call); });
      top = i, left = j, row = 0, before = now;
    }
  }
  Tiles::end();
  finish_rows(32);
}

}  // namespace nullcline::amx
