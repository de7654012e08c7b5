// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/qr.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "nullcline/core/aligned.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/core/packed_product.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nullcline/core/qr.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace nullcline::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr Index unit = 8;  // the multiple of doubles that a column fills
using Tag = hn::CappedTag<double, unit>;

/// a <- a - tau v (v'a) for `columns` columns of A.
template <int columns>
HWY_INLINE void reflect_columns(const double* HWY_RESTRICT v, double tau, Index count,
                                double* HWY_RESTRICT A, Index stride) {
  const Tag d;
  const auto lanes = static_cast<Index>(hn::Lanes(d));
  hn::Vec<Tag> sums[columns];
  for (auto& sum : sums) sum = hn::Zero(d);
  for (Index i = 0; i < count; i += lanes) {
    const auto x = hn::Load(d, v + i);
    HWY_UNROLL(4)
    for (int c = 0; c < columns; ++c) {
      sums[c] = hn::MulAdd(x, hn::Load(d, A + c * stride + i), sums[c]);
    }
  }
  for (auto& sum : sums) sum = hn::Mul(hn::Set(d, tau), hn::SumOfLanes(d, sum));
  for (Index i = 0; i < count; i += lanes) {
    const auto x = hn::Load(d, v + i);
    HWY_UNROLL(4)
    for (int c = 0; c < columns; ++c) {
      double* a = A + c * stride + i;
      hn::Store(hn::NegMulAdd(sums[c], x, hn::Load(d, a)), d, a);
    }
  }
}

/// The reflection I - tau v v', v = (1, t), that takes (alpha, x) into (beta, 0), |beta| the length
/// of both. x, of `count` doubles, becomes t; zeros stay zeros.
struct Reflection {
  double tau, beta;
};
HWY_INLINE Reflection make_reflection(double alpha, double* HWY_RESTRICT x, Index count) {
  const Tag d;
  const auto lanes = static_cast<Index>(hn::Lanes(d));
  auto most = hn::Zero(d);
  for (Index i = 0; i < count; i += lanes) most = hn::Max(most, hn::Abs(hn::Load(d, x + i)));
  const double largest = hn::GetLane(hn::MaxOfLanes(d, most));
  if (largest == 0) return {0, alpha};

  // By a power of two, so that squares neither overflow nor vanish.
  const int exponent = std::clamp(std::ilogb(std::max(largest, std::abs(alpha))), -1000, 1000);
  const double scale = std::ldexp(1.0, -exponent), a = alpha * scale;
  const auto factor = hn::Set(d, scale);
  auto squares = hn::Zero(d);
  for (Index i = 0; i < count; i += lanes) {
    const auto t = hn::Mul(factor, hn::Load(d, x + i));
    squares = hn::MulAdd(t, t, squares);
  }
  const double length = std::sqrt(a * a + hn::GetLane(hn::SumOfLanes(d, squares)));
  const double beta = a > 0 ? -length : length;
  const auto inverse = hn::Set(d, 1 / (a - beta));
  for (Index i = 0; i < count; i += lanes) {
    hn::Store(hn::Mul(inverse, hn::Mul(factor, hn::Load(d, x + i))), d, x + i);
  }
  return {(beta - a) / beta, std::ldexp(beta, exponent)};
}

/// The reflections of a block: P (stride, width) becomes R above its diagonal; V (stride, width),
/// zero at first, the v of the reflections. Columns are aligned and end in zeros.
void factor_block(double* HWY_RESTRICT P, double* HWY_RESTRICT V, Index width, Index stride,
                  double* HWY_RESTRICT tau) {
  for (Index j = 0; j < width; ++j, P += stride, V += stride) {
    std::copy(P + j + 1, P + stride, V + j + 1);
    const Index first = j / unit * unit, count = stride - first;
    const Reflection reflection = make_reflection(P[j], V + first, count);
    V[j] = 1;
    P[j] = reflection.beta;
    tau[j] = reflection.tau;
    Index c = j + 1;
    double* columns = P + stride + first;
    for (; c + 4 <= width; c += 4, columns += 4 * stride) {
      reflect_columns<4>(V + first, tau[j], count, columns, stride);
    }
    for (; c < width; ++c, columns += stride) {
      reflect_columns<1>(V + first, tau[j], count, columns, stride);
    }
  }
}

}  // namespace nullcline::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nullcline {
namespace {

HWY_EXPORT(factor_block);

constexpr Index block_width = 32, unit = 8;

/// I - V T V' of the reflections of one block, V (h, w) from row `first` of A on.
class BlockReflection {
 public:
  /// Factors the columns of A (h, w) and leaves R above the diagonal there.
  BlockReflection(Index first, InOut<Matrix> A) : first_(first), T_(A.cols(), A.cols()) {
    const Index h = A.rows(), w = A.cols(), stride = (h + unit - 1) / unit * unit;
    AlignedVector<double> P(static_cast<std::size_t>(2 * stride * w), 0.0);
    double* V = P.data() + stride * w;
    for (Index j = 0; j < w; ++j) std::copy_n(A.col(j).data(), h, P.data() + j * stride);
    Vector tau(w);
    HWY_DYNAMIC_DISPATCH(factor_block)(P.data(), V, w, stride, tau.data());
    for (Index j = 0; j < w; ++j) std::copy_n(P.data() + j * stride, j + 1, A.col(j).data());

    V_transposed_.pack(V, w, h, stride, 1);
    Matrix products(w, w);  // V'V
    multiply_packed(V_transposed_, V, 1, stride, w, products.data(), w, false);
    for (Index j = 0; j < w; ++j) {
      T_(j, j) = tau(j);
      T_.col(j).head(j).setZero();
      for (Index p = 0; p < j; ++p) {
        T_.col(j).head(p + 1) -= tau(j) * products(p, j) * T_.col(p).head(p + 1);
      }
      T_.col(j).tail(w - 1 - j).setZero();
    }
    for (Index i = 0; i < stride * w; ++i) V[i] = -V[i];
    minus_V_.pack(V, h, w, 1, stride);
  }

  Index first() const { return first_; }

  /// C <- (I - V T V') C; with T' in place of T the inverse.                       C: (h, .)
  void apply(InOut<Matrix> C, bool inverse) const {
    const Index w = T_.rows();
    PackedMatrix<double> T;
    T.pack(T_, inverse);
    Matrix products(w, C.cols()), weights(w, C.cols());
    multiply_packed(V_transposed_, C.data(), 1, C.outerStride(), C.cols(), products.data(), w,
                    false);
    multiply_packed(T, products.data(), 1, w, C.cols(), weights.data(), w, false);
    multiply_packed(minus_V_, weights.data(), 1, w, C.cols(), C.data(), C.outerStride(), true);
  }

 private:
  Index first_;
  Matrix T_;
  PackedMatrix<double> V_transposed_, minus_V_;
};

}  // namespace

void qr_in_place(InOut<Matrix> A, Out<Matrix> R) {
  const Index n = A.rows(), k = A.cols();
  require(k <= n && R.rows() == k && R.cols() == k, "qr: wrong shape");
  require(std::isfinite(A.sum()) || A.allFinite(), "qr: entries not finite");
  std::vector<BlockReflection> blocks;
  for (Index j = 0; j < k; j += block_width) {
    const Index width = std::min(block_width, k - j), right = k - j - width;
    blocks.emplace_back(j, A.block(j, j, n - j, width));
    if (right > 0) blocks.back().apply(A.bottomRightCorner(n - j, right), true);
  }
  R = A.topRows(k).triangularView<Eigen::Upper>();
  A.setZero();
  A.diagonal().setOnes();
  for (auto block = blocks.rbegin(); block != blocks.rend(); ++block) {
    const Index j = block->first();
    block->apply(A.bottomRightCorner(n - j, k - j), false);
  }
  const Vector sign = (R.diagonal().array() < 0).select(Vector::Constant(k, -1.0), Vector::Ones(k));
  for (Index j = 0; j < k; ++j) {
    R.col(j).head(j + 1).array() *= sign.head(j + 1).array();
    if (sign(j) < 0) A.col(j) *= -1;
  }
}

}  // namespace nullcline
#endif  // HWY_ONCE
