// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <vector>

#include "nullcline/core/aligned.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::cells::fused {

/// The left factor of a product, packed in the order in which tiles read it, or, where it is used
/// once, as it is: with `stride` between columns that hold their units side by side, of one gate.
///
/// Units come in vectors, and vectors in panels of a few. A panel is a stream of columns; a column
/// has, for each of its unit vectors, a vector of entries for each gate. Of a column of the last
/// `k_last` all gates are there, of the first `k` only those that need them (the input part of a
/// GRU's candidate knows no state). Units are padded with zeros to whole vectors.
template <class Real>
struct Left {
  const Real* data = nullptr;
  Index units = 0;  ///< Padded.
  Index k = 0, k_last = 0;
  Index stride = 0;  ///< 0: packed.
};

/// Entry (i, j) of a right factor is data[i row_stride + j column_stride].
template <class Real>
struct Right {
  const Real* data;
  Index row_stride, column_stride;
};

/// The sizes of the vector code that runs on this CPU.
template <class Real>
struct Shape {
  Index lanes;                    ///< Of a vector.
  Index (*vectors)(Index gates);  ///< Unit vectors of a panel with so many gates.

  Index padded(Index units) const { return (units + lanes - 1) / lanes * lanes; }
};
template <class Real>
Shape<Real> shape();

/// Makes left factors; keeps its memory.
template <class Real>
class Packer {
 public:
  /// entry(g, i, c) is that of gate g, unit i < units, column c < k + k_last; `gates` gates have
  /// the first k columns, `all_gates` the last k_last.
  template <class Entry>
  const Left<Real>& pack(Index units, Index gates, Index all_gates, Index k, Index k_last,
                         const Entry& entry) {
    const Shape<Real> s = shape<Real>();
    const Index padded = s.padded(units), most = s.vectors(all_gates);
    data_.resize(static_cast<std::size_t>(padded * (gates * k + all_gates * k_last)));
    Real* out = data_.data();
    for (Index top = 0; top < padded; top += most * s.lanes) {
      const Index bottom = std::min(padded, top + most * s.lanes);
      for (Index c = 0; c < k + k_last; ++c) {
        for (Index first = top; first < bottom; first += s.lanes) {
          for (Index g = 0; g < (c < k ? gates : all_gates); ++g) {
            const Index filled = std::clamp<Index>(units - first, 0, s.lanes);
            for (Index i = 0; i < filled; ++i) out[i] = entry(g, first + i, c);
            std::fill(out + filled, out + s.lanes, Real(0));
            out += s.lanes;
          }
        }
      }
    }
    left_ = {data_.data(), padded, k, k_last, 0};
    return left_;
  }
  const Left<Real>& left() const { return left_; }

 private:
  AlignedVector<Real> data_;
  Left<Real> left_;
};

/// C (rows, columns) = left right of one gate, rows <= left.units.
template <class Real>
void multiply(const Left<Real>& left, Right<Real> right, Index rows, Index columns, Real* C,
              Index ldc);

/// C += delta X', C (rows, width), rows whole vectors: entry (i, c) of delta is delta[c ld_delta +
/// i], entry (c, j) of X' X[c ld_x + j], c < columns.
template <class Real>
void add_outer_product(const Real* delta, Index ld_delta, Index rows, Index columns, const Real* X,
                       Index ld_x, Index width, Real* C, Index ldc);

}  // namespace nullcline::cells::fused
