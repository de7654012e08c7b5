// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/packed_product.hpp"

#include <algorithm>
#include <utility>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nullcline/core/packed_product.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace nullcline::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Columns of a tile: with two vectors of rows the accumulators fill 12 of 16 or 24 of 32 registers.
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL || HWY_ARCH_ARM_A64
constexpr int tile_columns = 12;
#else
constexpr int tile_columns = 6;
#endif
constexpr Index longest_vector = 16;  // floats, or bytes / 4

template <class Real>
using Tag = hn::CappedTag<Real, longest_vector * 4 / sizeof(Real)>;

template <class Real>
Index panel_rows() {
  return static_cast<Index>(2 * hn::Lanes(Tag<Real>()));
}

template <class Real>
struct Operand {
  const Real* data;
  Index row_stride, column_stride;
};

/// One tile: C (2 vectors x columns) (+)= panel (2 vectors x k) B (k x columns).
template <class Real, int columns>
HWY_INLINE void multiply_tile(const Real* HWY_RESTRICT panel, Index k, Operand<Real> B, Real* C,
                              Index ldc, bool accumulate) {
  const Tag<Real> d;
  const auto lanes = static_cast<Index>(hn::Lanes(d));
  hn::Vec<Tag<Real>> top[columns], bottom[columns];
  HWY_UNROLL(12)
  for (int j = 0; j < columns; ++j) top[j] = bottom[j] = hn::Zero(d);
  const Real* b = B.data;
  for (Index i = 0; i < k; ++i, panel += 2 * lanes, b += B.row_stride) {
    const auto a0 = hn::LoadU(d, panel);
    const auto a1 = hn::LoadU(d, panel + lanes);
    HWY_UNROLL(12)
    for (int j = 0; j < columns; ++j) {
      const auto x = hn::Set(d, b[j * B.column_stride]);
      top[j] = hn::MulAdd(a0, x, top[j]);
      bottom[j] = hn::MulAdd(a1, x, bottom[j]);
    }
  }
  HWY_UNROLL(12)
  for (int j = 0; j < columns; ++j, C += ldc) {
    if (accumulate) {
      top[j] = hn::Add(top[j], hn::LoadU(d, C));
      bottom[j] = hn::Add(bottom[j], hn::LoadU(d, C + lanes));
    }
    hn::StoreU(top[j], d, C);
    hn::StoreU(bottom[j], d, C + lanes);
  }
}

template <class Real, std::size_t... widths>
HWY_INLINE void multiply_narrow_tile(Index columns, const Real* panel, Index k, Operand<Real> B,
                                     Real* C, Index ldc, bool accumulate,
                                     std::index_sequence<widths...>) {
  ((columns == static_cast<Index>(widths) + 1
        ? multiply_tile<Real, static_cast<int>(widths) + 1>(panel, k, B, C, ldc, accumulate)
        : void()),
   ...);
}

/// All columns of one panel.
template <class Real>
HWY_INLINE void multiply_panel(const Real* panel, Index k, Operand<Real> B, Index columns, Real* C,
                               Index ldc, bool accumulate) {
  Index j = 0;
  for (; j + tile_columns <= columns; j += tile_columns) {
    multiply_tile<Real, tile_columns>(panel, k, B, C, ldc, accumulate);
    B.data += tile_columns * B.column_stride;
    C += tile_columns * ldc;
  }
  multiply_narrow_tile(columns - j, panel, k, B, C, ldc, accumulate,
                       std::make_index_sequence<tile_columns - 1>());
}

/// The last panel may hold fewer rows than two vectors: it goes through a buffer.
template <class Real>
void multiply_last_panel(const Real* panel, Index rows, Index k, Operand<Real> B, Index columns,
                         Real* C, Index ldc, bool accumulate) {
  HWY_ALIGN Real buffer[2 * longest_vector * tile_columns];
  const Index height = panel_rows<Real>();
  for (Index j = 0; j < columns; j += tile_columns) {
    const Index width = std::min<Index>(tile_columns, columns - j);
    multiply_panel(panel, k, {B.data + j * B.column_stride, B.row_stride, B.column_stride}, width,
                   buffer, height, false);
    for (Index c = 0; c < width; ++c) {
      for (Index i = 0; i < rows; ++i) {
        Real& target = C[(j + c) * ldc + i];
        target = accumulate ? target + buffer[c * height + i] : buffer[c * height + i];
      }
    }
  }
}

template <class Real>
void multiply(const Real* panels, Index m, Index k, Operand<Real> B, Index columns, Real* C,
              Index ldc, bool accumulate) {
  const Index height = panel_rows<Real>();
  for (Index i = 0; i < m; i += height, panels += height * k) {
    if (i + height <= m) {
      multiply_panel(panels, k, B, columns, C + i, ldc, accumulate);
    } else {
      multiply_last_panel(panels, m - i, k, B, columns, C + i, ldc, accumulate);
    }
  }
}

Index panel_rows_float() { return panel_rows<float>(); }
Index panel_rows_double() { return panel_rows<double>(); }

void multiply_float(const float* panels, Index m, Index k, const float* B, Index row_stride,
                    Index column_stride, Index columns, float* C, Index ldc, bool accumulate) {
  multiply<float>(panels, m, k, {B, row_stride, column_stride}, columns, C, ldc, accumulate);
}
void multiply_double(const double* panels, Index m, Index k, const double* B, Index row_stride,
                     Index column_stride, Index columns, double* C, Index ldc, bool accumulate) {
  multiply<double>(panels, m, k, {B, row_stride, column_stride}, columns, C, ldc, accumulate);
}

}  // namespace nullcline::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nullcline {
namespace {

HWY_EXPORT(panel_rows_float);
HWY_EXPORT(panel_rows_double);
HWY_EXPORT(multiply_float);
HWY_EXPORT(multiply_double);

template <class Real>
Index panel_height() {
  if constexpr (std::is_same_v<Real, float>) {
    return HWY_DYNAMIC_DISPATCH(panel_rows_float)();
  } else {
    return HWY_DYNAMIC_DISPATCH(panel_rows_double)();
  }
}

}  // namespace

template <std::floating_point Real>
void PackedMatrix<Real>::pack(const Real* A, Index rows, Index cols, Index row_stride,
                              Index column_stride) {
  const Index height = panel_height<Real>();
  const Index panels = (rows + height - 1) / height;
  rows_ = rows;
  cols_ = cols;
  panels_.resize(static_cast<std::size_t>(panels * height * cols));
  Real* out = panels_.data();
  for (Index top = 0; top < rows; top += height) {
    const Index filled = std::min(height, rows - top);
    for (Index j = 0; j < cols; ++j, out += height) {
      const Real* in = A + top * row_stride + j * column_stride;
      if (row_stride == 1) {
        std::copy_n(in, filled, out);
      } else {
        for (Index i = 0; i < filled; ++i) out[i] = in[i * row_stride];
      }
      std::fill(out + filled, out + height, Real(0));
    }
  }
}

template <std::floating_point Real>
void PackedMatrix<Real>::pack(In<MatrixX<Real>> A, bool transposed) {
  if (transposed) {
    pack(A.data(), A.cols(), A.rows(), A.outerStride(), 1);
  } else {
    pack(A.data(), A.rows(), A.cols(), 1, A.outerStride());
  }
}

template <std::floating_point Real>
void multiply_packed(const PackedMatrix<Real>& A, const Real* B, Index row_stride,
                     Index column_stride, Index columns, Real* C, Index ldc, bool accumulate) {
  if constexpr (std::is_same_v<Real, float>) {
    HWY_DYNAMIC_DISPATCH(multiply_float)
    (A.data(), A.rows(), A.cols(), B, row_stride, column_stride, columns, C, ldc, accumulate);
  } else {
    HWY_DYNAMIC_DISPATCH(multiply_double)
    (A.data(), A.rows(), A.cols(), B, row_stride, column_stride, columns, C, ldc, accumulate);
  }
}

template class PackedMatrix<float>;
template class PackedMatrix<double>;
template void multiply_packed(const PackedMatrix<float>&, const float*, Index, Index, Index, float*,
                              Index, bool);
template void multiply_packed(const PackedMatrix<double>&, const double*, Index, Index, Index,
                              double*, Index, bool);

}  // namespace nullcline
#endif  // HWY_ONCE
