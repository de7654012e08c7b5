// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/thin_product.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "nullcline/core/errors.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nullcline/core/thin_product.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace nullcline::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class Real>
using Tag = hn::CappedTag<Real, 64 / sizeof(Real)>;
template <class Real>
using Lanes = hn::Vec<Tag<Real>>;

// The first `count` lanes, less than all, without touching memory behind them.
template <class Real>
HWY_INLINE Lanes<Real> load_first(Index count, const Real* at) {
  HWY_ALIGN Real buffer[64 / sizeof(Real)] = {};
  std::copy_n(at, count, buffer);
  return hn::Load(Tag<Real>(), buffer);
}
template <class Real>
HWY_INLINE void store_first(Index count, Lanes<Real> x, Real* at) {
  HWY_ALIGN Real buffer[64 / sizeof(Real)];
  hn::Store(x, Tag<Real>(), buffer);
  std::copy_n(buffer, count, at);
}

/// `rows` x `columns` sums over the n rows of R at once.
template <class Real, int rows, int columns>
HWY_INLINE void multiply_tile(const Real* D, Index ldd, Index n, const Real* R, Index ldr,
                              Real* Z) {
  const Tag<Real> d;
  const auto width = static_cast<Index>(hn::Lanes(d));
  Lanes<Real> sums[columns][rows];
  for (auto& column : sums) {
    for (auto& sum : column) sum = hn::Zero(d);
  }
  const auto add = [&](Index i, auto&& load) HWY_ATTR {
    Lanes<Real> r[columns];
    HWY_UNROLL(4)
    for (int c = 0; c < columns; ++c) r[c] = load(R + c * ldr + i);
    HWY_UNROLL(4)
    for (int o = 0; o < rows; ++o) {
      const auto x = load(D + o * ldd + i);
      HWY_UNROLL(4)
      for (int c = 0; c < columns; ++c) sums[c][o] = hn::MulAdd(x, r[c], sums[c][o]);
    }
  };
  Index i = 0;
  for (; i + width <= n; i += width) {
    add(i, [&](const Real* at) HWY_ATTR { return hn::LoadU(d, at); });
  }
  if (i < n) add(i, [&](const Real* at) HWY_ATTR { return load_first(n - i, at); });
  HWY_UNROLL(4)
  for (int c = 0; c < columns; ++c) {
    HWY_UNROLL(4)
    for (int o = 0; o < rows; ++o) Z[c * rows + o] = hn::GetLane(hn::SumOfLanes(d, sums[c][o]));
  }
}

template <class Real, int rows>
HWY_INLINE void multiply(const Real* D, Index ldd, Index n, const Real* R, Index ldr, Index columns,
                         Real* Z) {
  Index j = 0;
  for (; j + 4 <= columns; j += 4) {
    multiply_tile<Real, rows, 4>(D, ldd, n, R + j * ldr, ldr, Z + j * rows);
  }
  for (; j < columns; ++j) {
    multiply_tile<Real, rows, 1>(D, ldd, n, R + j * ldr, ldr, Z + j * rows);
  }
}

/// `vectors` vectors of rows of R at once, `load` and `store` seeing to the last that is not whole.
template <class Real, int rows, int vectors, class Load, class Store>
HWY_INLINE void outer_tile(const Real* E, const Real* R, Index ldr, Index columns, Real* G,
                           Index ldg, const Load& load, const Store& store) {
  const Tag<Real> d;
  const auto width = static_cast<Index>(hn::Lanes(d));
  Lanes<Real> sums[rows][vectors];
  for (auto& row : sums) {
    for (auto& sum : row) sum = hn::Zero(d);
  }
  for (Index j = 0; j < columns; ++j, R += ldr, E += rows) {
    Lanes<Real> r[vectors];
    HWY_UNROLL(4)
    for (int v = 0; v < vectors; ++v) r[v] = load(R + v * width);
    HWY_UNROLL(4)
    for (int o = 0; o < rows; ++o) {
      const auto e = hn::Set(d, E[o]);
      HWY_UNROLL(4)
      for (int v = 0; v < vectors; ++v) sums[o][v] = hn::MulAdd(e, r[v], sums[o][v]);
    }
  }
  HWY_UNROLL(4)
  for (int o = 0; o < rows; ++o) {
    HWY_UNROLL(4)
    for (int v = 0; v < vectors; ++v) {
      Real* g = G + o * ldg + v * width;
      store(hn::Add(load(g), sums[o][v]), g);
    }
  }
}

template <class Real, int rows>
HWY_INLINE void outer(const Real* E, const Real* R, Index ldr, Index columns, Real* G, Index ldg,
                      Index n) {
  const Tag<Real> d;
  const auto width = static_cast<Index>(hn::Lanes(d));
  const auto load = [&](const Real* at) HWY_ATTR { return hn::LoadU(d, at); };
  const auto store = [&](Lanes<Real> x, Real* at) HWY_ATTR { hn::StoreU(x, d, at); };
  Index i = 0;
  for (; i + 4 * width <= n; i += 4 * width) {
    outer_tile<Real, rows, 4>(E, R + i, ldr, columns, G + i, ldg, load, store);
  }
  for (; i + width <= n; i += width) {
    outer_tile<Real, rows, 1>(E, R + i, ldr, columns, G + i, ldg, load, store);
  }
  if (i == n) return;
  outer_tile<Real, rows, 1>(
      E, R + i, ldr, columns, G + i, ldg,
      [&](const Real* at) HWY_ATTR { return load_first(n - i, at); },
      [&](Lanes<Real> x, Real* at) HWY_ATTR { store_first(n - i, x, at); });
}

/// `columns` columns of R: their products with D, and what they add to G.
template <class Real, int rows, int columns>
HWY_INLINE void both_tile(const Real* D, Index ldd, Index n, const Real* E, const Real* R,
                          Index ldr, Real* Z, Index ldz, Real* G, Index ldg) {
  const Tag<Real> d;
  const auto width = static_cast<Index>(hn::Lanes(d));
  Lanes<Real> sums[columns][rows], factors[columns][rows];
  HWY_UNROLL(4)
  for (int c = 0; c < columns; ++c) {
    HWY_UNROLL(4)
    for (int o = 0; o < rows; ++o) {
      sums[c][o] = hn::Zero(d);
      factors[c][o] = hn::Set(d, E[c * rows + o]);
    }
  }
  const auto add = [&](Index i, auto&& load, auto&& store) HWY_ATTR {
    Lanes<Real> r[columns];
    HWY_UNROLL(4)
    for (int c = 0; c < columns; ++c) r[c] = load(R + c * ldr + i);
    HWY_UNROLL(4)
    for (int o = 0; o < rows; ++o) {
      const auto x = load(D + o * ldd + i);
      auto g = load(G + o * ldg + i);
      HWY_UNROLL(4)
      for (int c = 0; c < columns; ++c) {
        sums[c][o] = hn::MulAdd(x, r[c], sums[c][o]);
        g = hn::MulAdd(factors[c][o], r[c], g);
      }
      store(g, G + o * ldg + i);
    }
  };
  Index i = 0;
  for (; i + width <= n; i += width) {
    add(
        i, [&](const Real* at) HWY_ATTR { return hn::LoadU(d, at); },
        [&](Lanes<Real> x, Real* at) HWY_ATTR { hn::StoreU(x, d, at); });
  }
  if (i < n) {
    add(
        i, [&](const Real* at) HWY_ATTR { return load_first(n - i, at); },
        [&](Lanes<Real> x, Real* at) HWY_ATTR { store_first(n - i, x, at); });
  }
  HWY_UNROLL(4)
  for (int c = 0; c < columns; ++c) {
    HWY_UNROLL(4)
    for (int o = 0; o < rows; ++o) Z[o * ldz + c] = hn::GetLane(hn::SumOfLanes(d, sums[c][o]));
  }
}

template <class Real, int rows>
HWY_INLINE void both(const Real* D, Index ldd, Index n, const Real* E, const Real* R, Index ldr,
                     Index columns, Real* Z, Index ldz, Real* G, Index ldg) {
  constexpr int step = rows < 4 ? 4 : 2;  // what registers hold
  Index j = 0;
  for (; j + step <= columns; j += step) {
    both_tile<Real, rows, step>(D, ldd, n, E + j * rows, R + j * ldr, ldr, Z + j, ldz, G, ldg);
  }
  for (; j < columns; ++j) {
    both_tile<Real, rows, 1>(D, ldd, n, E + j * rows, R + j * ldr, ldr, Z + j, ldz, G, ldg);
  }
}

template <class Real, int... less>
HWY_INLINE void multiply_any(const Real* D, Index ldd, Index n, Index rows, const Real* R,
                             Index ldr, Index columns, Real* Z,
                             std::integer_sequence<int, less...>) {
  ((rows == less + 1 ? multiply<Real, less + 1>(D, ldd, n, R, ldr, columns, Z) : void()), ...);
}
template <class Real, int... less>
HWY_INLINE void outer_any(const Real* E, Index rows, const Real* R, Index ldr, Index columns,
                          Real* G, Index ldg, Index n, std::integer_sequence<int, less...>) {
  ((rows == less + 1 ? outer<Real, less + 1>(E, R, ldr, columns, G, ldg, n) : void()), ...);
}

template <class Real, int... less>
HWY_INLINE void both_any(const Real* D, Index ldd, Index n, Index rows, const Real* E,
                         const Real* R, Index ldr, Index columns, Real* Z, Index ldz, Real* G,
                         Index ldg, std::integer_sequence<int, less...>) {
  ((rows == less + 1 ? both<Real, less + 1>(D, ldd, n, E, R, ldr, columns, Z, ldz, G, ldg)
                     : void()),
   ...);
}

using Rows = std::make_integer_sequence<int, static_cast<int>(thin_rows)>;

void multiply_float(const float* D, Index ldd, Index n, Index rows, const float* R, Index ldr,
                    Index columns, float* Z) {
  multiply_any(D, ldd, n, rows, R, ldr, columns, Z, Rows());
}
void multiply_double(const double* D, Index ldd, Index n, Index rows, const double* R, Index ldr,
                     Index columns, double* Z) {
  multiply_any(D, ldd, n, rows, R, ldr, columns, Z, Rows());
}
void outer_float(const float* E, Index rows, const float* R, Index ldr, Index columns, float* G,
                 Index ldg, Index n) {
  outer_any(E, rows, R, ldr, columns, G, ldg, n, Rows());
}
void outer_double(const double* E, Index rows, const double* R, Index ldr, Index columns, double* G,
                  Index ldg, Index n) {
  outer_any(E, rows, R, ldr, columns, G, ldg, n, Rows());
}
void both_float(const float* D, Index ldd, Index n, Index rows, const float* E, const float* R,
                Index ldr, Index columns, float* Z, Index ldz, float* G, Index ldg) {
  both_any(D, ldd, n, rows, E, R, ldr, columns, Z, ldz, G, ldg, Rows());
}
void both_double(const double* D, Index ldd, Index n, Index rows, const double* E, const double* R,
                 Index ldr, Index columns, double* Z, Index ldz, double* G, Index ldg) {
  both_any(D, ldd, n, rows, E, R, ldr, columns, Z, ldz, G, ldg, Rows());
}

}  // namespace nullcline::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nullcline {
namespace {

HWY_EXPORT(multiply_float);
HWY_EXPORT(multiply_double);
HWY_EXPORT(outer_float);
HWY_EXPORT(outer_double);
HWY_EXPORT(both_float);
HWY_EXPORT(both_double);

}  // namespace

template <std::floating_point Real>
void multiply_thin(In<MatrixX<Real>> D_transposed, const Real* R, Index ldr, Index columns,
                   Real* Z) {
  const Index n = D_transposed.rows(), rows = D_transposed.cols(), ld = D_transposed.outerStride();
  require(rows <= thin_rows, "multiply_thin: too many rows");
  if constexpr (std::is_same_v<Real, float>) {
    HWY_DYNAMIC_DISPATCH(multiply_float)(D_transposed.data(), ld, n, rows, R, ldr, columns, Z);
  } else {
    HWY_DYNAMIC_DISPATCH(multiply_double)(D_transposed.data(), ld, n, rows, R, ldr, columns, Z);
  }
}

template <std::floating_point Real>
void add_thin_outer_product(const Real* E, const Real* R, Index ldr, Index columns,
                            InOut<MatrixX<Real>> G_transposed) {
  const Index n = G_transposed.rows(), rows = G_transposed.cols(), ld = G_transposed.outerStride();
  require(rows <= thin_rows, "add_thin_outer_product: too many rows");
  if constexpr (std::is_same_v<Real, float>) {
    HWY_DYNAMIC_DISPATCH(outer_float)(E, rows, R, ldr, columns, G_transposed.data(), ld, n);
  } else {
    HWY_DYNAMIC_DISPATCH(outer_double)(E, rows, R, ldr, columns, G_transposed.data(), ld, n);
  }
}

template <std::floating_point Real>
void multiply_thin_both(In<MatrixX<Real>> D_transposed, const Real* E, const Real* R, Index ldr,
                        Index columns, Out<MatrixX<Real>> Z_transposed,
                        InOut<MatrixX<Real>> G_transposed) {
  const Index n = D_transposed.rows(), rows = D_transposed.cols(), ldd = D_transposed.outerStride(),
              ldz = Z_transposed.outerStride(), ldg = G_transposed.outerStride();
  Real *Z = Z_transposed.data(), *G = G_transposed.data();
  require(rows <= thin_rows && Z_transposed.rows() == columns && Z_transposed.cols() == rows &&
              G_transposed.cols() == rows && G_transposed.rows() == n,
          "multiply_thin_both: too many rows, or shapes that do not fit");
  if constexpr (std::is_same_v<Real, float>) {
    HWY_DYNAMIC_DISPATCH(both_float)
    (D_transposed.data(), ldd, n, rows, E, R, ldr, columns, Z, ldz, G, ldg);
  } else {
    HWY_DYNAMIC_DISPATCH(both_double)
    (D_transposed.data(), ldd, n, rows, E, R, ldr, columns, Z, ldz, G, ldg);
  }
}

template void multiply_thin<float>(In<MatrixX<float>>, const float*, Index, Index, float*);
template void multiply_thin<double>(In<MatrixX<double>>, const double*, Index, Index, double*);
template void add_thin_outer_product<float>(const float*, const float*, Index, Index,
                                            InOut<MatrixX<float>>);
template void add_thin_outer_product<double>(const double*, const double*, Index, Index,
                                             InOut<MatrixX<double>>);
template void multiply_thin_both<float>(In<MatrixX<float>>, const float*, const float*, Index,
                                        Index, Out<MatrixX<float>>, InOut<MatrixX<float>>);
template void multiply_thin_both<double>(In<MatrixX<double>>, const double*, const double*, Index,
                                         Index, Out<MatrixX<double>>, InOut<MatrixX<double>>);

}  // namespace nullcline
#endif  // HWY_ONCE
