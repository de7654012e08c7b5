// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/lu.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "nullcline/core/errors.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nullcline/core/lu.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace nullcline::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr Index block = 8;  // pivots of a panel, and the multiple of doubles that a row fills

// The trailing update holds tile_rows x tile_vectors accumulators and a row of U in registers.
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL || HWY_ARCH_ARM_A64
constexpr int tile_rows = 6, tile_vectors = 4;
#else
constexpr int tile_rows = 4, tile_vectors = 2;
#endif

using Tag = hn::CappedTag<double, block>;

/// y -= a x over `count` doubles, a multiple of a vector.
HWY_INLINE void subtract(double a, const double* HWY_RESTRICT x, Index count,
                         double* HWY_RESTRICT y) {
  const Tag d;
  const auto factor = hn::Set(d, a);
  for (Index j = 0; j < count; j += static_cast<Index>(hn::Lanes(d))) {
    hn::StoreU(hn::NegMulAdd(factor, hn::LoadU(d, x + j), hn::LoadU(d, y + j)), d, y + j);
  }
}

/// C -= L U for `rows` rows of L (., width) and `vectors` vectors of U (width, .).
template <int rows, int vectors>
HWY_INLINE void update_tile(const double* HWY_RESTRICT L, const double* HWY_RESTRICT U, Index width,
                            Index stride, double* HWY_RESTRICT C) {
  const Tag d;
  const auto lanes = static_cast<Index>(hn::Lanes(d));
  hn::Vec<Tag> sums[rows][vectors];
  HWY_UNROLL(8)
  for (int i = 0; i < rows; ++i) {
    HWY_UNROLL(4)
    for (int v = 0; v < vectors; ++v) sums[i][v] = hn::LoadU(d, C + i * stride + v * lanes);
  }
  for (Index p = 0; p < width; ++p) {
    hn::Vec<Tag> u[vectors];
    HWY_UNROLL(4)
    for (int v = 0; v < vectors; ++v) u[v] = hn::LoadU(d, U + p * stride + v * lanes);
    HWY_UNROLL(8)
    for (int i = 0; i < rows; ++i) {
      const auto l = hn::Set(d, L[i * stride + p]);
      HWY_UNROLL(4)
      for (int v = 0; v < vectors; ++v) sums[i][v] = hn::NegMulAdd(l, u[v], sums[i][v]);
    }
  }
  HWY_UNROLL(8)
  for (int i = 0; i < rows; ++i) {
    HWY_UNROLL(4)
    for (int v = 0; v < vectors; ++v) hn::StoreU(sums[i][v], d, C + i * stride + v * lanes);
  }
}

/// The same for all columns of `rows` rows: whole tiles, then single vectors.
template <int rows>
HWY_INLINE void update_rows(const double* L, const double* U, Index width, Index columns,
                            Index stride, double* C) {
  const auto lanes = static_cast<Index>(hn::Lanes(Tag()));
  Index j = 0;
  for (; j + tile_vectors * lanes <= columns; j += tile_vectors * lanes) {
    update_tile<rows, tile_vectors>(L, U + j, width, stride, C + j);
  }
  for (; j < columns; j += lanes) update_tile<rows, 1>(L, U + j, width, stride, C + j);
}

/// The panel of the rows k .. n - 1 and the columns k .. k + width - 1, factored in a buffer where
/// its columns are contiguous. `pivots` tells the exchanges of rows, which are made in the panel
/// only. False at a pivot that is zero or not finite.
HWY_INLINE bool factor_panel(double* rows, Index n, Index stride, Index k, Index width,
                             double* HWY_RESTRICT panel, Index* pivots) {
  const Index m = n - k, height = (m + block - 1) / block * block;
  for (Index i = 0; i < m; ++i) {
    for (Index c = 0; c < width; ++c) panel[c * height + i] = rows[(k + i) * stride + k + c];
  }
  for (Index c = 0; c < width; ++c) {
    std::fill(panel + c * height + m, panel + (c + 1) * height, 0.0);
  }
  for (Index c = 0; c < width; ++c) {
    double* column = panel + c * height;
    Index pivot = c;
    for (Index i = c + 1; i < m; ++i) {
      if (std::abs(column[i]) > std::abs(column[pivot])) pivot = i;
    }
    pivots[c] = k + pivot;
    for (Index j = 0; j < width; ++j) std::swap(panel[j * height + c], panel[j * height + pivot]);
    if (!(std::abs(column[c]) > 0) || !std::isfinite(column[c])) return false;

    const double inverse = 1 / column[c];
    for (Index i = c + 1; i < m; ++i) column[i] *= inverse;
    // Rows up to c are done. The vectors that hold them are updated whole and put back.
    const Index first = (c + 1) / block * block;
    for (Index j = c + 1; j < width; ++j) {
      double* other = panel + j * height;
      double kept[block];
      std::copy(other + first, other + c + 1, kept);
      subtract(other[c], column + first, height - first, other + first);
      std::copy(kept, kept + (c + 1 - first), other + first);
    }
  }
  return true;
}

/// M = P' L U in place; see Lu. `panel` holds block * (n + block) doubles.
bool factor(double* rows, Index n, Index stride, double* panel, Index* pivots) {
  for (Index k = 0; k < n; k += block) {
    const Index width = std::min(block, n - k), m = n - k;
    if (!factor_panel(rows, n, stride, k, width, panel, pivots + k)) return false;
    for (Index c = k; c < k + width; ++c) {
      if (pivots[c] == c) continue;
      std::swap_ranges(rows + c * stride, rows + c * stride + n, rows + pivots[c] * stride);
    }
    const Index height = (m + block - 1) / block * block;
    for (Index i = 0; i < m; ++i) {
      for (Index c = 0; c < width; ++c) rows[(k + i) * stride + k + c] = panel[c * height + i];
    }

    const Index next = k + width, columns = stride - next;
    if (next >= n) break;
    for (Index c = k + 1; c < next; ++c) {
      for (Index p = k; p < c; ++p) {
        subtract(rows[c * stride + p], rows + p * stride + next, columns, rows + c * stride + next);
      }
    }
    const double* U = rows + k * stride + next;
    Index i = next;
    for (; i + tile_rows <= n; i += tile_rows) {
      update_rows<tile_rows>(rows + i * stride + k, U, width, columns, stride,
                             rows + i * stride + next);
    }
    for (; i < n; ++i) {
      update_rows<1>(rows + i * stride + k, U, width, columns, stride, rows + i * stride + next);
    }
  }
  return true;
}

/// U' y = b, then L' z = y, in place: both go along rows.
void solve(const double* rows, Index n, Index stride, double* b) {
  const auto lanes = static_cast<Index>(hn::Lanes(Tag()));
  const auto subtract_from = [&](double a, const double* x, Index from, Index to) HWY_ATTR {
    Index j = from;
    for (; j + lanes <= to; j += lanes) subtract(a, x + j, lanes, b + j);
    for (; j < to; ++j) b[j] = std::fma(-a, x[j], b[j]);
  };
  for (Index k = 0; k < n; ++k) {
    b[k] /= rows[k * stride + k];
    subtract_from(b[k], rows + k * stride, k + 1, n);
  }
  for (Index k = n - 1; k > 0; --k) subtract_from(b[k], rows + k * stride, 0, k);
}

}  // namespace nullcline::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nullcline {
namespace {

HWY_EXPORT(factor);
HWY_EXPORT(solve);

}  // namespace

bool Lu::factor(In<Matrix> A) {
  require(A.rows() == A.cols(), "Lu: the matrix must be square");
  constexpr Index unit = 8;  // `block`, of every target
  n_ = A.rows();
  stride_ = (n_ + unit - 1) / unit * unit;
  rows_.resize(static_cast<std::size_t>((n_ + unit) * stride_ + unit * (stride_ + unit)));
  pivots_.resize(static_cast<std::size_t>(n_));
  for (Index k = 0; k < n_; ++k) {
    double* row = rows_.data() + k * stride_;
    std::fill(std::copy_n(A.col(k).data(), n_, row), row + stride_, 0.0);
  }
  double* panel = rows_.data() + (n_ + unit) * stride_;
  return HWY_DYNAMIC_DISPATCH(factor)(rows_.data(), n_, stride_, panel, pivots_.data());
}

void Lu::solve(InOut<Matrix> b) const {
  require(b.rows() == n_, "Lu::solve: b must have as many rows as the matrix");
  for (Index c = 0; c < b.cols(); ++c) {
    double* x = b.col(c).data();
    HWY_DYNAMIC_DISPATCH(solve)(rows_.data(), n_, stride_, x);
    for (Index k = n_ - 1; k >= 0; --k) std::swap(x[k], x[pivots_[static_cast<std::size_t>(k)]]);
  }
}

int Lu::sign_of_determinant() const {
  int sign = 1;
  for (Index k = 0; k < n_; ++k) {
    if (rows_[static_cast<std::size_t>(k * stride_ + k)] < 0) sign = -sign;
    if (pivots_[static_cast<std::size_t>(k)] != k) sign = -sign;
  }
  return sign;
}

double Lu::log_abs_determinant() const {
  double sum = 0;
  for (Index k = 0; k < n_; ++k) {
    sum += std::log(std::abs(rows_[static_cast<std::size_t>(k * stride_ + k)]));
  }
  return sum;
}

}  // namespace nullcline
#endif  // HWY_ONCE
