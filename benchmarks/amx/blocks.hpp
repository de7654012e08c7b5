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

/// The first block of a factor in the sum that comes next, to be fetched while this one is used;
/// null: nothing is.
struct Ahead {
  const std::uint16_t *left, *right;
};

/// Fetches share `part` of a block of both factors, of as many shares as it has fours of dots.
template <int planes, int part>
inline void fetch(const Ahead& ahead) {
  if (ahead.left == nullptr) return;
  constexpr Index lines = (planes * 32 + dots_of_block(planes) - 1) / dots_of_block(planes);
#pragma GCC unroll 32
  for (Index i = part * lines; i < (part + 1) * lines; ++i) {
    _mm_prefetch(reinterpret_cast<const char*>(ahead.left) + 64 * i, _MM_HINT_T0);
    _mm_prefetch(reinterpret_cast<const char*>(ahead.right) + 64 * i, _MM_HINT_T0);
  }
}

/// Adds `depth` blocks of the sum to a block (32, 32) of the product in `sums`, rows of 32; the
/// first ones to zero. In an order that loads fewest tiles, 14 for 24 dots of six products, x1
/// y1 last, and 8 for 12 of three. `beside` is called after every four dots: they keep the
/// tiles busy for 64 cycles, in which vector units have time for other work.
template <class Tiles, int planes, class Beside>
inline void multiply_block(const std::uint16_t* left, const std::uint16_t* right, Index depth,
                           bool first, float* sums, bool prefetch, const Ahead& next,
                           const Beside& beside) {
  constexpr Index step = planes * 1024;
  if (first) {
    Tiles::template zero<0>();
    Tiles::template zero<1>();
    Tiles::template zero<2>();
    Tiles::template zero<3>();
  } else {
    Tiles::template load_sums<0>(sums, 32);
    Tiles::template load_sums<1>(sums + 16, 32);
    Tiles::template load_sums<2>(sums + 16 * 32, 32);
    Tiles::template load_sums<3>(sums + 16 * 32 + 16, 32);
  }
  for (Index q = 0; q < depth; ++q) {
    const std::uint16_t *a = left + q * step, *b = right + q * step;
    Ahead ahead{nullptr, nullptr};
    if (prefetch) ahead = q + 1 < depth ? Ahead{a + step, b + step} : next;
    if constexpr (planes == 3) {
      dots<Tiles, 2, 0, true, true>(a, b);
      fetch<planes, 0>(ahead);
      beside();
      dots<Tiles, 1, 0, true, false>(a, b);
      fetch<planes, 1>(ahead);
      beside();
      dots<Tiles, 1, 1, false, true>(a, b);
      fetch<planes, 2>(ahead);
      beside();
      dots<Tiles, 0, 1, true, false>(a, b);
      fetch<planes, 3>(ahead);
      beside();
      dots<Tiles, 0, 2, false, true>(a, b);
      fetch<planes, 4>(ahead);
      beside();
      dots<Tiles, 0, 0, false, true>(a, b);
      fetch<planes, 5>(ahead);
      beside();
    } else if constexpr (planes == 2) {
      dots<Tiles, 1, 0, true, true>(a, b);
      fetch<planes, 0>(ahead);
      beside();
      dots<Tiles, 0, 0, true, false>(a, b);
      fetch<planes, 1>(ahead);
      beside();
      dots<Tiles, 0, 1, false, true>(a, b);
      fetch<planes, 2>(ahead);
      beside();
    } else {
      dots<Tiles, 0, 0, true, true>(a, b);
      fetch<planes, 0>(ahead);
      beside();
    }
  }
  Tiles::template store<0>(sums, 32);
  Tiles::template store<1>(sums + 16, 32);
  Tiles::template store<2>(sums + 16 * 32, 32);
  Tiles::template store<3>(sums + 16 * 32 + 16, 32);
}

/// Blocks of the product in the order of a plan.
class Walk {
 public:
  Walk(const Factors& f, const Plan& plan)
      : rows_(f.rows / 32),
        columns_(f.columns / 32),
        depth_(f.inner / 32),
        plan_{least(plan.rows, rows_), least(plan.columns, columns_),
              plan.depth > 0 ? least(plan.depth, depth_) : depth_, plan.prefetch} {
    enter();
  }

  /// To the next block; false where there is none.
  bool advance() {
    if (++block_ < group_rows_ * group_columns_) return true;
    block_ = 0;
    if ((term_ += plan_.depth) < depth_) return true;
    term_ = 0;
    if ((left_ += plan_.columns) >= columns_) left_ = 0, top_ += plan_.rows;
    enter();
    return top_ < rows_;
  }

  Index i() const { return top_ + block_ / group_columns_; }
  /// There and back, so that the right block of the last row is used once more.
  Index j() const {
    const Index at = block_ % group_columns_;
    return left_ + (block_ / group_columns_ % 2 == 0 ? at : group_columns_ - 1 - at);
  }
  Index term() const { return term_; }
  Index depth() const { return least(plan_.depth, depth_ - term_); }
  bool last_terms() const { return term_ + plan_.depth >= depth_; }
  bool starts_group() const { return block_ == 0 && term_ == 0; }
  /// Where the group keeps the block's sums.
  Index slot() const { return block_; }

 private:
  static Index least(Index a, Index b) { return a < b ? a : b; }
  void enter() {
    group_rows_ = least(plan_.rows, rows_ - top_);
    group_columns_ = least(plan_.columns, columns_ - left_);
  }

  Index rows_, columns_, depth_;
  Plan plan_;
  Index top_ = 0, left_ = 0, term_ = 0, block_ = 0, group_rows_ = 0, group_columns_ = 0;
};

/// The whole product; finish(i, j, sums) for row i, columns j .. j + 31, while later blocks are on
/// their way.
template <class Tiles, int planes, class Finish>
inline void multiply_blocks(const Factors& f, const Plan& plan, const Finish& finish) {
  constexpr Index kept = 2 * Plan::most_blocks;  // two groups: one summed, one being finished
  alignas(64) float sums[kept][32 * 32];
  struct Done {
    Index i, j;
    const float* sums;
  } ring[kept];
  const Index depth = f.inner / 32, step = planes * 1024, block = depth * step;
  const Index calls = depth * dots_of_block(planes), rows_a_call = (32 + calls - 1) / calls;
  Index done = 0, row = 0;  // blocks summed, rows of them finished
  const auto finish_rows = [&](Index end) {
    for (end = end < 32 * done ? end : 32 * done; row < end; ++row) {
      const Done& it = ring[row / 32 % kept];
      finish(it.i + row % 32, it.j, it.sums + row % 32 * 32);
    }
  };
  const auto beside = [&] { finish_rows(row + rows_a_call); };
  Tiles::begin();
  Index group = 0, before = 0, last = 0;  // blocks up to the last group, to the one before it
  Walk now(f, plan);
  for (bool more = true; more;) {
    if (now.starts_group()) {
      ++group;
      before = last, last = done;
      finish_rows(32 * before);
    }
    Walk next = now;
    more = next.advance();
    const auto left_of = [&](const Walk& w) { return f.left + w.i() * block + w.term() * step; };
    const auto right_of = [&](const Walk& w) { return f.right + w.j() * block + w.term() * step; };
    float* to = sums[group % 2 * Plan::most_blocks + now.slot()];
    const Ahead ahead =
        more ? Ahead{left_of(next), right_of(next)} : Ahead{left_of(now), right_of(now)};
    multiply_block<Tiles, planes>(left_of(now), right_of(now), now.depth(), now.term() == 0, to,
                                  plan.prefetch, ahead, beside);
    if (now.last_terms()) ring[done++ % kept] = {32 * now.i(), 32 * now.j(), to};
    now = next;
  }
  Tiles::end();
  finish_rows(32 * done);
}

}  // namespace nullcline::amx
