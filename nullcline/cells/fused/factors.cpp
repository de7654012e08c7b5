// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/fused/factors.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nullcline/cells/fused/factors.cpp"
#include <hwy/foreach_target.h>

#include "nullcline/cells/fused/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace nullcline::cells::fused::HWY_NAMESPACE {

template <class Real>
void outer_product(const Real* delta, Index ld_delta, Index rows, Index columns, const Real* X,
                   Index ld_x, Index width, Real* C, Index ldc) {
  const Tag<Real> d;
  multiply<Real, 1>(
      {delta, rows, columns, 0, ld_delta}, {X, ld_x, 1}, width,
      [&](Index i, Index j, const Real* sums) HWY_ATTR {
        Real* c = C + j * ldc + i;
        hn::StoreU(hn::Add(hn::LoadU(d, c), hn::Load(d, sums)), d, c);
      },
      [&](Index i, Index j) { will_write(C + j * ldc + i); });
}

template <class Real>
void product(const Left<Real>& left, Right<Real> right, Index rows, Index columns, Real* C,
             Index ldc) {
  const Index width = lanes<Real>();
  multiply<Real, 1>(left, right, columns, [&](Index i, Index j, const Real* sums) {
    const Index here = std::min(width, rows - i);
    for (Index r = 0; r < here; ++r) C[j * ldc + i + r] = sums[r];
  });
}

void product_float(const Left<float>& left, Right<float> right, Index rows, Index columns, float* C,
                   Index ldc) {
  product(left, right, rows, columns, C, ldc);
}
void product_double(const Left<double>& left, Right<double> right, Index rows, Index columns,
                    double* C, Index ldc) {
  product(left, right, rows, columns, C, ldc);
}

Index lanes_float() { return lanes<float>(); }
Index lanes_double() { return lanes<double>(); }
Index vectors(Index gates) { return vectors_of_panel(static_cast<int>(gates)); }

void outer_product_float(const float* delta, Index ld_delta, Index rows, Index columns,
                         const float* X, Index ld_x, Index width, float* C, Index ldc) {
  outer_product(delta, ld_delta, rows, columns, X, ld_x, width, C, ldc);
}
void outer_product_double(const double* delta, Index ld_delta, Index rows, Index columns,
                          const double* X, Index ld_x, Index width, double* C, Index ldc) {
  outer_product(delta, ld_delta, rows, columns, X, ld_x, width, C, ldc);
}

}  // namespace nullcline::cells::fused::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nullcline::cells::fused {
namespace {

HWY_EXPORT(product_float);
HWY_EXPORT(product_double);
HWY_EXPORT(lanes_float);
HWY_EXPORT(lanes_double);
HWY_EXPORT(vectors);
HWY_EXPORT(outer_product_float);
HWY_EXPORT(outer_product_double);

Index vectors_here(Index gates) { return HWY_DYNAMIC_DISPATCH(vectors)(gates); }

}  // namespace

template <>
Shape<float> shape() {
  return {HWY_DYNAMIC_DISPATCH(lanes_float)(), vectors_here};
}
template <>
Shape<double> shape() {
  return {HWY_DYNAMIC_DISPATCH(lanes_double)(), vectors_here};
}

template <>
void multiply(const Left<float>& left, Right<float> right, Index rows, Index columns, float* C,
              Index ldc) {
  HWY_DYNAMIC_DISPATCH(product_float)(left, right, rows, columns, C, ldc);
}
template <>
void multiply(const Left<double>& left, Right<double> right, Index rows, Index columns, double* C,
              Index ldc) {
  HWY_DYNAMIC_DISPATCH(product_double)(left, right, rows, columns, C, ldc);
}

template <>
void add_outer_product(const float* delta, Index ld_delta, Index rows, Index columns,
                       const float* X, Index ld_x, Index width, float* C, Index ldc) {
  HWY_DYNAMIC_DISPATCH(outer_product_float)
  (delta, ld_delta, rows, columns, X, ld_x, width, C, ldc);
}
template <>
void add_outer_product(const double* delta, Index ld_delta, Index rows, Index columns,
                       const double* X, Index ld_x, Index width, double* C, Index ldc) {
  HWY_DYNAMIC_DISPATCH(outer_product_double)
  (delta, ld_delta, rows, columns, X, ld_x, width, C, ldc);
}

}  // namespace nullcline::cells::fused
#endif  // HWY_ONCE
