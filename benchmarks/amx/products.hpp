// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace nullcline::amx {

// Products of floats by bf16 tiles. A float is split, x = x1 + x2 + x3 with x1 and x2 rounded to
// bf16; of the nine products of two such sums are taken
//
//     1:  x1 y1         3:  and x2 y1 + x1 y2         6:  and x3 y1 + x2 y2 + x1 y3,
//
// of each 32 terms of the sum x1 y1 of six last. Those left out are at most about 2^-8,
// 2^-16, 2^-24 of |x| |y|.
//
// A factor lies in planes, one a part of the split: blocks of 32 rows (left) or columns (right) by
// 32 of the sum, [block][block of the sum][plane][two tiles]. Of a block of the sum a pair of bf16
// holds the terms r and 16 + r, so that pairs come from two vectors without a shuffle. All sizes
// are multiples of 32.

using Index = std::ptrdiff_t;

constexpr int planes_of(int products) { return products == 1 ? 1 : products == 3 ? 2 : 3; }

/// bf16 numbers in a factor of `outer` rows or columns over a sum of `inner` terms.
constexpr Index factor_size(Index outer, Index inner, int products) {
  return outer * inner * planes_of(products);
}

/// C (rows, columns), row by row `ldc` apart: C = left right, or C += left right.
struct Product {
  const std::uint16_t *left, *right;
  Index rows, inner, columns;
  float* C;
  Index ldc;
  bool accumulate;
  int products;
};

/// A step of the rate network with a piecewise linear f outside the sum, B trials of n units, each
/// trial's units side by side, operands [x; u; 1] `ld` apart:
/// x_t = (1 - alpha) x_{t-1} + alpha f(W x_{t-1} + [B b] [u_t; 1] + noise_scale noise).
struct RateForward {
  const std::uint16_t *left, *right;  ///< Planes of x_{t-1} (B, n) and of W' (n, n).
  const float* operand;               ///< [x_{t-1}; u_t; 1]
  float* next;                        ///< x_t
  std::uint16_t* next_planes;         ///< Of x_t (B, n).
  const float* input_weights;         ///< [B b]' (inputs, n), row by row.
  const float* noise;                 ///< (B, n), or null.
  std::uint16_t* slopes;              ///< A bit a unit, m > 0: 16 units a number, B n / 16.
  Index n, ld, batch, inputs;
  float alpha, noise_scale, negative_slope;
  int products;
};

/// And back: g = W' delta_{t+1} + D' e_t + carry, delta_t = alpha f'(m) g, carry = (1 - alpha) g.
struct RateBackward {
  const std::uint16_t *left, *right;  ///< Planes of delta_{t+1} (B, n) and of W (n, n).
  const float* errors;                ///< e_t (outputs), `ld` apart.
  float* now;                         ///< delta_t, `ld` apart.
  std::uint16_t* now_planes;
  const float* readout;  ///< D (outputs, n), row by row.
  const std::uint16_t* slopes;
  float* carry;  ///< (B, n)
  Index n, ld, batch, outputs;
  float alpha, negative_slope;
  int products;
};

/// The code for one kind of tiles.
struct Kernels {
  const char* name;
  /// A left factor (rows, inner) from X[row ld + term].
  void (*split_rows)(const float* X, Index ld, Index rows, Index inner, int products,
                     std::uint16_t* out);
  /// The same from X[term ld + row].
  void (*split_transposed)(const float* X, Index ld, Index rows, Index inner, int products,
                           std::uint16_t* out);
  /// A right factor (inner, columns) from X[term ld + column].
  void (*split_columns)(const float* X, Index ld, Index inner, Index columns, int products,
                        std::uint16_t* out);
  void (*multiply)(const Product&);
  void (*forward)(const RateForward&);
  void (*backward)(const RateBackward&);
  /// Four dots of registers, `rounds` times and nothing else: 4 x 2 x 16 x 16 x 32 flops each.
  void (*spin)(Index rounds);
};

/// The same of float multiply-adds: 24 vectors, 24 x 2 x 16 flops a round.
void spin_floats(Index rounds);

/// By the instructions; only where `tiles_permitted`.
const Kernels& hardware();
/// Without them; wants AVX-512 all the same.
const Kernels& emulated();

/// Whether the CPU has AVX-512 (F, BW, DQ, VL), which all of this needs.
bool has_vectors();
/// Whether the CPU has bf16 tiles and the system lets this process use them, which it asks for
/// (arch_prctl ARCH_REQ_XCOMP_PERM).
bool tiles_permitted();

}  // namespace nullcline::amx
