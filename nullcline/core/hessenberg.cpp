// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/hessenberg.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "nullcline/core/errors.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nullcline/core/hessenberg.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace nullcline::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr double eps = std::numeric_limits<double>::epsilon();

/// The sum of two eigenvalues and their distance from its half: shifts, real ones twice the same.
struct Shifts {
  double real, imaginary;
};

/// H with the block l .. i that is worked on.
struct Active {
  double* H;
  Index n, l, i;
  double smallest;  // a subdiagonal entry that is nothing beside n doubles of any size
  HWY_INLINE double& operator()(Index row, Index column) const { return H[column * n + row]; }
};

HWY_INLINE bool is_negligible(const Active& A, Index k) {
  const double sub = std::abs(A(k, k - 1));
  if (sub <= A.smallest) return true;
  double neighbors = std::abs(A(k - 1, k - 1)) + std::abs(A(k, k));
  if (neighbors == 0) {
    if (k >= 2) neighbors += std::abs(A(k - 1, k - 2));
    if (k + 1 < A.n) neighbors += std::abs(A(k + 1, k));
  }
  if (sub > eps * neighbors) return false;
  const double super = std::abs(A(k - 1, k)), last = std::abs(A(k, k));
  const double difference = std::abs(A(k - 1, k - 1) - A(k, k));
  const double ab = std::max(sub, super), ba = std::min(sub, super);
  const double aa = std::max(last, difference), bb = std::min(last, difference), s = aa + ab;
  return ba * (ab / s) <= std::max(A.smallest, eps * (bb * (aa / s)));
}

/// Of the 2 x 2 block at the end, or where that did not help for ten sweeps an arbitrary pair.
HWY_INLINE Shifts choose_shifts(const Active& A, int sweeps) {
  const Index i = A.i, l = A.l;
  double h11 = A(i - 1, i - 1), h21 = A(i, i - 1), h12 = A(i - 1, i), h22 = A(i, i);
  if (sweeps % 10 == 0) {
    const bool at_end = sweeps % 20 == 0;
    const double s = at_end ? std::abs(A(i, i - 1)) + std::abs(A(i - 1, i - 2))
                            : std::abs(A(l + 1, l)) + std::abs(A(l + 2, l + 1));
    h11 = h22 = 0.75 * s + (at_end ? A(i, i) : A(l, l));
    h12 = -0.4375 * s;
    h21 = s;
  }
  const double s = std::abs(h11) + std::abs(h12) + std::abs(h21) + std::abs(h22);
  if (s == 0) return {0, 0};
  h11 /= s;
  h12 /= s;
  h21 /= s;
  h22 /= s;
  const double mean = (h11 + h22) / 2;
  const double determinant = (h11 - mean) * (h22 - mean) - h12 * h21;
  const double root = std::sqrt(std::abs(determinant));
  if (determinant >= 0) return {mean * s, root * s};
  const double high = mean + root, low = mean - root;
  return {s * (std::abs(high - h22) <= std::abs(low - h22) ? high : low), 0};
}

/// The first column of (H - shift 1)(H - shift 2) from row m on, up to a factor; m, where two
/// subdiagonal entries are small enough to start there.
HWY_INLINE Index first_column(const Active& A, const Shifts& shift, double* v) {
  Index m = A.i - 2;
  for (;; --m) {
    const double d = A(m, m) - shift.real, sub = A(m + 1, m);
    const double s = std::abs(d) + std::abs(shift.imaginary) + std::abs(sub), ratio = sub / s;
    v[0] = ratio * A(m, m + 1) + d * (d / s) + shift.imaginary * (shift.imaginary / s);
    v[1] = ratio * (d + (A(m + 1, m + 1) - shift.real));
    v[2] = ratio * A(m + 2, m + 1);
    const double size = std::abs(v[0]) + std::abs(v[1]) + std::abs(v[2]);
    for (int c = 0; c < 3; ++c) v[c] /= size;
    if (m == A.l) break;
    const double diagonal =
        std::abs(A(m - 1, m - 1)) + std::abs(A(m, m)) + std::abs(A(m + 1, m + 1));
    if (std::abs(A(m, m - 1)) * (std::abs(v[1]) + std::abs(v[2])) <=
        eps * std::abs(v[0]) * diagonal) {
      break;
    }
  }
  return m;
}

/// I - t v v' with v_0 = 1 that takes `size` numbers x into (beta, 0, ..).
struct Reflection {
  double t, v1, v2, beta;
};
HWY_INLINE Reflection reflection_of(const double* x, Index size) {
  const double x2 = size == 3 ? x[2] : 0;
  const double largest = std::max({std::abs(x[0]), std::abs(x[1]), std::abs(x2)});
  if (x[1] == 0 && x2 == 0) return {0, 0, 0, x[0]};
  const double a = x[0] / largest, b = x[1] / largest, c = x2 / largest;
  const double beta = -std::copysign(std::sqrt(a * a + b * b + c * c), a);
  const double inverse = 1 / (a - beta);
  return {(beta - a) / beta, b * inverse, c * inverse, beta * largest};
}

/// Columns k, k + 1, k + 2 (two of them where `three` is false) of the rows l .. end - 1.
template <bool three>
HWY_INLINE void reflect_columns(const Active& A, Index k, Index end, const Reflection& r) {
  double* HWY_RESTRICT x = &A(A.l, k);
  double* HWY_RESTRICT y = x + A.n;
  double* HWY_RESTRICT z = three ? y + A.n : nullptr;
  const double t1 = r.t * r.v1, t2 = r.t * r.v2;
  const hn::CappedTag<double, 8> d;
  const auto lanes = static_cast<Index>(hn::Lanes(d));
  const Index count = end - A.l;
  Index i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto a = hn::LoadU(d, x + i), b = hn::LoadU(d, y + i);
    auto sum = hn::MulAdd(hn::Set(d, r.v1), b, a);
    if constexpr (three) {
      const auto c = hn::LoadU(d, z + i);
      sum = hn::MulAdd(hn::Set(d, r.v2), c, sum);
      hn::StoreU(hn::NegMulAdd(hn::Set(d, t2), sum, c), d, z + i);
    }
    hn::StoreU(hn::NegMulAdd(hn::Set(d, r.t), sum, a), d, x + i);
    hn::StoreU(hn::NegMulAdd(hn::Set(d, t1), sum, b), d, y + i);
  }
  for (; i < count; ++i) {
    const double sum = x[i] + r.v1 * y[i] + (three ? r.v2 * z[i] : 0);
    x[i] -= r.t * sum;
    y[i] -= t1 * sum;
    if constexpr (three) z[i] -= t2 * sum;
  }
}

/// Rows k, k + 1, k + 2 of the columns k .. i: in memory three numbers a column.
template <bool three>
HWY_INLINE void reflect_rows(const Active& A, Index k, const Reflection& r) {
  const double t1 = r.t * r.v1, t2 = r.t * r.v2;
  double* HWY_RESTRICT x = &A(k, k);
  for (Index j = k; j <= A.i; ++j, x += A.n) {
    const double sum = x[0] + r.v1 * x[1] + (three ? r.v2 * x[2] : 0);
    x[0] -= r.t * sum;
    x[1] -= t1 * sum;
    if constexpr (three) x[2] -= t2 * sum;
  }
}

/// A sweep: the bulge that the shifts make at the top is chased out at the bottom.
HWY_INLINE void sweep(const Active& A, const Shifts& shift) {
  double v[3];
  const Index m = first_column(A, shift, v);
  for (Index k = m; k < A.i; ++k) {
    const bool three = k + 2 <= A.i;
    if (k > m) {
      for (Index c = 0; c < (three ? 3 : 2); ++c) v[c] = A(k + c, k - 1);
    }
    const Reflection r = reflection_of(v, three ? 3 : 2);
    if (k > m) {
      A(k, k - 1) = r.beta;
      A(k + 1, k - 1) = 0;
      if (three) A(k + 2, k - 1) = 0;
    } else if (m > A.l) {
      A(k, k - 1) *= 1 - r.t;
    }
    if (three) {
      reflect_rows<true>(A, k, r);
      reflect_columns<true>(A, k, std::min(k + 3, A.i) + 1, r);
    } else {
      reflect_rows<false>(A, k, r);
      reflect_columns<false>(A, k, A.i + 1, r);
    }
  }
}

/// The eigenvalues of the 2 x 2 block that ends at i.
HWY_INLINE void pair_values(const Active& A, Index i, double* real, double* imaginary) {
  const double a = A(i - 1, i - 1), b = A(i - 1, i), c = A(i, i - 1), d = A(i, i);
  const double half = 0.5 * (a - d), most = std::max(std::abs(b), std::abs(c));
  const double least = std::copysign(std::min(std::abs(b), std::abs(c)), b) * std::copysign(1.0, c);
  const double scale = std::max(std::abs(half), most);
  imaginary[i - 1] = imaginary[i] = 0;
  real[i - 1] = a;
  real[i] = d;
  if (scale == 0) return;
  const double z = half / scale * half + most / scale * least;  // discriminant / scale
  if (z < 0) {
    real[i - 1] = real[i] = d + half;
    imaginary[i - 1] = std::sqrt(scale) * std::sqrt(-z);
    imaginary[i] = -imaginary[i - 1];
    return;
  }
  const double far = half + std::copysign(std::sqrt(scale) * std::sqrt(z), half);
  real[i - 1] = d + far;
  if (far != 0) real[i] = d - most / far * least;
}

bool eigenvalues(double* H, Index n, double* real, double* imaginary) {
  const double smallest = std::numeric_limits<double>::min() * (static_cast<double>(n) / eps);
  Index budget = 30 * std::max<Index>(10, n);
  Active A{H, n, 0, n - 1, smallest};
  while (A.i >= 0) {
    for (int sweeps = 1;; ++sweeps) {
      Index k = A.i;
      while (k > 0 && !is_negligible(A, k)) --k;
      A.l = k;
      if (k > 0) A(k, k - 1) = 0;
      if (k >= A.i - 1) break;
      if (budget-- == 0) return false;
      sweep(A, choose_shifts(A, sweeps));
    }
    if (A.l == A.i) {
      real[A.i] = A(A.i, A.i);
      imaginary[A.i] = 0;
    } else {
      pair_values(A, A.i, real, imaginary);
    }
    A.i = A.l - 1;
  }
  return true;
}

}  // namespace nullcline::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nullcline {
namespace {

HWY_EXPORT(eigenvalues);

}  // namespace

bool hessenberg_eigenvalues(InOut<Matrix> H, Out<Vector> real, Out<Vector> imaginary) {
  const Index n = H.rows();
  require(H.cols() == n && real.size() == n && imaginary.size() == n,
          "hessenberg_eigenvalues: wrong shape");
  require(H.outerStride() == n || n <= 1, "hessenberg_eigenvalues: H must be whole");
  return HWY_DYNAMIC_DISPATCH(eigenvalues)(H.data(), n, real.data(), imaginary.data());
}

}  // namespace nullcline
#endif  // HWY_ONCE
