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

/// Where a column of a left factor comes from, for one gate: unit i is data[i stride].
template <class Real>
struct Column {
  const Real* data;
  Index stride;
};
template <class Real>
Column<Real> column_of_zeros() {
  static constexpr Real zero = 0;
  return {&zero, 0};
}

/// Makes left factors; keeps its memory.
template <class Real>
class Packer {
 public:
  /// column(g, c) is that of gate g, c < k + k_last, for units 0 .. units - 1; `gates` gates have
  /// the first k columns, `all_gates` the last k_last.
  template <class ColumnOf>
  const Left<Real>& pack(Index units, Index gates, Index all_gates, Index k, Index k_last,
                         const ColumnOf& column) {
    const Shape<Real> s = shape<Real>();
    const Index padded = s.padded(units), most = s.vectors(all_gates);
    data_.resize(static_cast<std::size_t>(padded * (gates * k + all_gates * k_last)));
    Real* out = data_.data();
    for (Index top = 0; top < padded; top += most * s.lanes) {
      const Index bottom = std::min(padded, top + most * s.lanes);
      for (Index c = 0, end = 0; c < k + k_last; c = end) {
        const Index here = c < k ? gates : all_gates, size = here * (bottom - top);
        end = std::min(c + longest_run, c < k ? k : k + k_last);
        for (Index g = 0; g < here; ++g) {
          Run run{.count = end - c, .apart = size};
          for (Index q = 0; q < run.count; ++q) run.columns[q] = column(g, c + q);
          for (Index first = top; first < bottom; first += s.lanes) {
            run.copy(first, std::clamp<Index>(units - first, 0, s.lanes), s.lanes,
                     out + (first - top) * here + g * s.lanes);
          }
        }
        out += (end - c) * size;
      }
    }
    left_ = {data_.data(), padded, k, k_last, 0};
    return left_;
  }
  const Left<Real>& left() const { return left_; }

 private:
  static constexpr Index longest_run = 64 / static_cast<Index>(sizeof(Real));

  /// Columns that are packed together: where they are a transpose, a line of memory holds an entry
  /// of each, and is read once.
  struct Run {
    Index count, apart;
    Column<Real> columns[longest_run] = {};

    bool transposed() const {
      for (Index q = 0; q < count; ++q) {
        if (columns[q].data != columns[0].data + q || columns[q].stride != columns[0].stride) {
          return false;
        }
      }
      return count == longest_run;
    }
    /// `filled` units from `first` on, and zeros up to `lanes`; columns of `out` are `apart` apart.
    void copy(Index first, Index filled, Index lanes, Real* out) const {
      if (transposed()) {
        const Real* from = columns[0].data + first * columns[0].stride;
        for (Index i = 0; i < filled; ++i, from += columns[0].stride) {
          for (Index q = 0; q < longest_run; ++q) out[q * apart + i] = from[q];
        }
      } else {
        for (Index q = 0; q < count; ++q) {
          const Index stride = columns[q].stride;
          const Real* from = columns[q].data + first * stride;
          if (stride == 1) {
            std::copy_n(from, filled, out + q * apart);
          } else {
            for (Index i = 0; i < filled; ++i) out[q * apart + i] = from[i * stride];
          }
        }
      }
      for (Index q = 0; q < count; ++q) {
        std::fill(out + q * apart + filled, out + q * apart + lanes, Real(0));
      }
    }
  };

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
