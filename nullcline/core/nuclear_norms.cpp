// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/nuclear_norms.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "nullcline/core/errors.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nullcline/core/nuclear_norms.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

#ifndef NULLCLINE_CORE_NUCLEAR_NORMS_SHARED
#define NULLCLINE_CORE_NUCLEAR_NORMS_SHARED
namespace nullcline {

constexpr Index longest_lanes = 64;  // bytes of the longest vector used

/// Matrices side by side: entry (i, j) of all of them is the vector at A + (j rows + i) lanes.
/// rows >= cols. `vectors` has room for 4 rows + 2 cols vectors, `diagonal` and `above` for cols.
template <class Real>
struct Interleaved {
  Index rows, cols;
  Real *A, *vectors, *diagonal, *above;
};

/// The rule of the header: nodes t = scale exp(low), scale exp(low + h), ..., up to exp(high).
/// Left out below: at most 2 t_low a singular value; above: geometric, known from sum sigma^2.
struct Quadrature {
  double step, low;
  int nodes;
};
template <class Real>
constexpr Quadrature quadrature =
    std::is_same_v<Real, float> ? Quadrature{0.45, -23, 67} : Quadrature{0.29, -37, 170};

}  // namespace nullcline
#endif

HWY_BEFORE_NAMESPACE();
namespace nullcline::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class Real>
using Tag = hn::CappedTag<Real, longest_lanes / sizeof(Real)>;
template <class Real>
using Vec = hn::Vec<Tag<Real>>;

/// I - tau u u' takes the first of `count` entries to `value`, the others to zero; u_0 = 1.
template <class Real>
struct Reflection {
  Vec<Real> tau, value;
};
template <class Real>
HWY_INLINE Reflection<Real> reflect(const Real* entries, Index count, Index stride, Real* u) {
  const Tag<Real> d;
  const auto lanes = static_cast<Index>(hn::Lanes(d));
  const auto one = hn::Set(d, Real(1));
  const auto first = hn::Load(d, entries);
  auto others = hn::Zero(d);
  for (Index i = 1; i < count; ++i) {
    const auto a = hn::Load(d, entries + i * stride);
    others = hn::MulAdd(a, a, others);
  }
  const auto nothing = hn::Eq(others, hn::Zero(d));
  const auto norm = hn::Sqrt(hn::MulAdd(first, first, others));
  const auto value = hn::IfThenElse(nothing, first, hn::CopySign(norm, hn::Neg(first)));
  const auto difference = hn::Sub(first, value);
  const auto scale = hn::Div(one, hn::IfThenElse(nothing, one, difference));
  const auto tau = hn::Neg(hn::Div(difference, hn::IfThenElse(nothing, one, value)));
  hn::Store(one, d, u);
  for (Index i = 1; i < count; ++i) {
    hn::Store(hn::Mul(hn::Load(d, entries + i * stride), scale), d, u + i * lanes);
  }
  return {hn::IfThenElse(nothing, hn::Zero(d), tau), value};
}

/// The two reflections of a step, A <- A - u y' - x v', and the u of the next one.
template <class Real>
struct Step {
  Real *u, *x, *next, *y, *v;
};

/// y_j = tau A_j' next for `width` columns from j on, after A_j <- A_j - u y_j - x v_j if `update`.
template <class Real, int width, bool update>
HWY_INLINE void pass_down(const Interleaved<Real>& m, Step<Real> step, Index from, Index j,
                          Vec<Real> tau) {
  const Tag<Real> d;
  const auto lanes = static_cast<Index>(hn::Lanes(d));
  Vec<Real> sum[width], y[width], v[width];
  for (int c = 0; c < width; ++c) {
    sum[c] = hn::Zero(d);
    y[c] = hn::Load(d, step.y + (j + c) * lanes);
    v[c] = hn::Load(d, step.v + (j + c) * lanes);
  }
  for (Index i = from; i < m.rows; ++i) {
    const auto u = hn::Load(d, step.u + i * lanes), x = hn::Load(d, step.x + i * lanes);
    const auto next = hn::Load(d, step.next + i * lanes);
    HWY_UNROLL(4)
    for (int c = 0; c < width; ++c) {
      Real* entry = m.A + ((j + c) * m.rows + i) * lanes;
      auto a = hn::Load(d, entry);
      if constexpr (update) {
        a = hn::NegMulAdd(x, v[c], hn::NegMulAdd(u, y[c], a));
        hn::Store(a, d, entry);
      }
      sum[c] = hn::MulAdd(a, next, sum[c]);
    }
  }
  for (int c = 0; c < width; ++c) hn::Store(hn::Mul(tau, sum[c]), d, step.y + (j + c) * lanes);
}

/// x += A_j v_j over `width` columns from j on.
template <class Real, int width>
HWY_INLINE void pass_across(const Interleaved<Real>& m, Step<Real> step, Index from, Index j) {
  const Tag<Real> d;
  const auto lanes = static_cast<Index>(hn::Lanes(d));
  Vec<Real> v[width];
  for (int c = 0; c < width; ++c) v[c] = hn::Load(d, step.v + (j + c) * lanes);
  for (Index i = from; i < m.rows; ++i) {
    auto sum = hn::Load(d, step.x + i * lanes);
    HWY_UNROLL(8)
    for (int c = 0; c < width; ++c) {
      sum = hn::MulAdd(hn::Load(d, m.A + ((j + c) * m.rows + i) * lanes), v[c], sum);
    }
    hn::Store(sum, d, step.x + i * lanes);
  }
}

/// Column k after the last step's reflections, from row k on.
template <class Real>
void update_column(const Interleaved<Real>& m, Step<Real> step, Index k) {
  const Tag<Real> d;
  const auto lanes = static_cast<Index>(hn::Lanes(d));
  const auto y = hn::Load(d, step.y + k * lanes), v = hn::Load(d, step.v + k * lanes);
  for (Index i = k; i < m.rows; ++i) {
    Real* entry = m.A + (k * m.rows + i) * lanes;
    const auto a = hn::NegMulAdd(hn::Load(d, step.u + i * lanes), y, hn::Load(d, entry));
    hn::Store(hn::NegMulAdd(hn::Load(d, step.x + i * lanes), v, a), d, entry);
  }
}

/// x = tau (A - u y') v from row k + 1 on.
template <class Real>
void apply_to_row_vector(const Interleaved<Real>& m, Step<Real> step, Index k, Vec<Real> tau) {
  const Tag<Real> d;
  const auto lanes = static_cast<Index>(hn::Lanes(d));
  auto yv = hn::Zero(d);
  for (Index j = k + 1; j < m.cols; ++j) {
    yv = hn::MulAdd(hn::Load(d, step.y + j * lanes), hn::Load(d, step.v + j * lanes), yv);
  }
  std::fill(step.x + (k + 1) * lanes, step.x + m.rows * lanes, Real(0));
  Index j = k + 1;
  for (; j + 8 <= m.cols; j += 8) pass_across<Real, 8>(m, step, k + 1, j);
  for (; j < m.cols; ++j) pass_across<Real, 1>(m, step, k + 1, j);
  for (Index i = k + 1; i < m.rows; ++i) {
    const auto Av = hn::Load(d, step.x + i * lanes);
    hn::Store(hn::Mul(tau, hn::NegMulAdd(hn::Load(d, step.u + i * lanes), yv, Av)), d,
              step.x + i * lanes);
  }
}

template <class Real>
void make_bidiagonal(const Interleaved<Real>& m) {
  const Tag<Real> d;
  const auto lanes = static_cast<Index>(hn::Lanes(d));
  const Index tall = m.rows * lanes;
  Step<Real> step{m.vectors, m.vectors + tall, m.vectors + 2 * tall, m.vectors + 3 * tall,
                  m.vectors + 3 * tall + m.cols * lanes};
  for (Index k = 0; k < m.cols; ++k) {
    if (k > 0) update_column(m, step, k);
    const auto left =
        reflect<Real>(m.A + (k * m.rows + k) * lanes, m.rows - k, lanes, step.next + k * lanes);
    hn::Store(left.value, d, m.diagonal + k * lanes);
    if (k + 1 == m.cols) break;
    Index j = k + 1;
    for (; j + 4 <= m.cols; j += 4) {
      k > 0 ? pass_down<Real, 4, true>(m, step, k, j, left.tau)
            : pass_down<Real, 4, false>(m, step, k, j, left.tau);
    }
    for (; j < m.cols; ++j) {
      k > 0 ? pass_down<Real, 1, true>(m, step, k, j, left.tau)
            : pass_down<Real, 1, false>(m, step, k, j, left.tau);
    }
    std::swap(step.u, step.next);
    for (j = k + 1; j < m.cols; ++j) {
      Real* entry = m.A + (j * m.rows + k) * lanes;
      hn::Store(hn::Sub(hn::Load(d, entry), hn::Load(d, step.y + j * lanes)), d, entry);
    }
    const auto right = reflect<Real>(m.A + ((k + 1) * m.rows + k) * lanes, m.cols - k - 1,
                                     m.rows * lanes, step.v + (k + 1) * lanes);
    hn::Store(right.value, d, m.above + k * lanes);
    apply_to_row_vector(m, step, k, right.tau);
  }
}

/// sum_i sigma_i^2 / (sigma_i^2 + c) of B with squares d of the diagonal and e above it, from
/// B'B + c I = L D L': with q = 1 / D_i, s = D_i - d_i, s' = ds / dc and g = s - c s',
///     s <- c + e s q,   s' <- 1 + e d s' q^2,   g <- e q (g + c s' s q),   sum of (d + g) q.
HWY_INLINE hn::Vec<Tag<double>> resolvent_sum(const double* squares, const double* above, Index n,
                                              Index lanes, hn::Vec<Tag<double>> c) {
  const Tag<double> d;
  const auto one = hn::Set(d, 1.0);
  auto s = c, slope = one, g = hn::Zero(d), sum = hn::Zero(d);
  for (Index i = 0; i < n; ++i) {
    const auto square = hn::Load(d, squares + i * lanes), e = hn::Load(d, above + i * lanes);
    const auto q = hn::Div(one, hn::Add(square, s));
    sum = hn::MulAdd(hn::Add(square, g), q, sum);
    const auto eq = hn::Mul(e, q), sq = hn::Mul(s, q);
    g = hn::Mul(eq, hn::MulAdd(hn::Mul(c, slope), sq, g));
    slope = hn::MulAdd(hn::Mul(eq, slope), hn::Mul(square, q), one);
    s = hn::MulAdd(e, sq, c);
  }
  return sum;
}

/// The norms of bidiagonal matrices side by side from the squares of their entries.
HWY_INLINE void sum_singular_values(const double* squares, const double* above, Index n,
                                    Index lanes, const Quadrature& rule, double* norms) {
  const Tag<double> d;
  const auto one = hn::Set(d, 1.0);
  for (Index lane = 0; lane < lanes; lane += static_cast<Index>(hn::Lanes(d))) {
    auto total = hn::Zero(d);
    for (Index i = 0; i < n; ++i) {
      total = hn::Add(total, hn::Add(hn::Load(d, squares + i * lanes + lane),
                                     hn::Load(d, above + i * lanes + lane)));
    }
    const auto nothing = hn::Eq(total, hn::Zero(d));
    const auto scale = hn::Sqrt(hn::IfThenElse(nothing, one, total));
    auto sum = hn::Zero(d);
    double t = 0;
    for (int node = 0; node < rule.nodes; ++node) {
      t = std::exp(rule.low + rule.step * node);
      const auto at = hn::Mul(hn::Set(d, t), scale);
      sum = hn::MulAdd(at, resolvent_sum(squares + lane, above + lane, n, lanes, hn::Mul(at, at)),
                       sum);
    }
    // Beyond the last node, sigma^2 / (sigma^2 + t^2) = sigma^2 / t^2.
    const auto rest = hn::Mul(hn::Set(d, 1 / (t * std::expm1(rule.step))), hn::Div(total, scale));
    sum = hn::Mul(hn::Set(d, 2 / std::numbers::pi * rule.step), hn::Add(sum, rest));
    hn::Store(hn::IfThenElse(nothing, hn::Zero(d), sum), d, norms + lane);
  }
}

template <class Real>
void interleaved_norms(const Interleaved<Real>& m, double* squares, double* norms) {
  make_bidiagonal(m);
  const auto lanes = static_cast<Index>(hn::Lanes(Tag<Real>()));
  const Index count = m.cols * lanes;
  double* above = squares + count;
  for (Index i = 0; i < count; ++i) {
    const double b = i < count - lanes ? m.above[i] : 0, a = m.diagonal[i];
    squares[i] = a * a;
    above[i] = b * b;
  }
  sum_singular_values(squares, above, m.cols, lanes, quadrature<Real>, norms);
}

Index lanes_float() { return static_cast<Index>(hn::Lanes(Tag<float>())); }
Index lanes_double() { return static_cast<Index>(hn::Lanes(Tag<double>())); }
void norms_float(const Interleaved<float>& m, double* squares, double* norms) {
  interleaved_norms(m, squares, norms);
}
void norms_double(const Interleaved<double>& m, double* squares, double* norms) {
  interleaved_norms(m, squares, norms);
}

}  // namespace nullcline::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nullcline {
namespace {

HWY_EXPORT(lanes_float);
HWY_EXPORT(lanes_double);
HWY_EXPORT(norms_float);
HWY_EXPORT(norms_double);

template <class Real>
Index lane_count() {
  if constexpr (std::is_same_v<Real, float>) {
    return HWY_DYNAMIC_DISPATCH(lanes_float)();
  } else {
    return HWY_DYNAMIC_DISPATCH(lanes_double)();
  }
}

/// Vectors of Real: the matrix, 3 tall and 2 wide ones of a step, the two diagonals.
Index work_vectors(Index rows, Index cols) { return rows * cols + 3 * rows + 4 * cols; }

template <class Real>
Index tall(const MatrixBlock<Real>& block) {
  return std::max(block.rows, block.cols);
}
template <class Real>
Index narrow(const MatrixBlock<Real>& block) {
  return std::min(block.rows, block.cols);
}

/// Puts a matrix, or its transpose if it is wide, into a lane; the rest of the lane is zero.
template <class Real>
void put(const MatrixBlock<Real>& block, const Interleaved<Real>& m, Index lane, Index lanes) {
  const bool wide = block.cols > block.rows;
  const Index down = wide ? block.stride : 1, across = wide ? 1 : block.stride;
  const Index rows = tall(block), cols = narrow(block);
  for (Index j = 0; j < m.cols; ++j) {
    Real* out = m.A + j * m.rows * lanes + lane;
    const Index filled = j < cols ? rows : 0;
    const Real* in = block.data + (j < cols ? j * across : 0);
    for (Index i = 0; i < filled; ++i) out[i * lanes] = in[i * down];
    for (Index i = filled; i < m.rows; ++i) out[i * lanes] = 0;
  }
}

}  // namespace

template <std::floating_point Real>
std::size_t NuclearNorms<Real>::memory(Index rows, Index cols) {
  const Index lanes = lane_count<Real>(), most = std::max(rows, cols), least = std::min(rows, cols);
  return static_cast<std::size_t>(lanes * work_vectors(most, least)) * sizeof(Real) +
         static_cast<std::size_t>(2 * least * lanes) * sizeof(double);
}

template <std::floating_point Real>
void NuclearNorms<Real>::compute(std::span<const MatrixBlock<Real>> matrices,
                                 std::span<double> norms) {
  require(norms.size() == matrices.size(), "NuclearNorms: as many norms as matrices");
  const auto count = static_cast<Index>(matrices.size());
  const auto block = [&](Index i) -> const MatrixBlock<Real>& {
    return matrices[static_cast<std::size_t>(order_[static_cast<std::size_t>(i)])];
  };
  order_.resize(matrices.size());
  std::iota(order_.begin(), order_.end(), 0);
  std::stable_sort(order_.begin(), order_.end(), [&](Index a, Index b) {
    const auto &first = matrices[static_cast<std::size_t>(a)],
               &second = matrices[static_cast<std::size_t>(b)];
    return std::pair(narrow(first), tall(first)) < std::pair(narrow(second), tall(second));
  });

  const Index lanes = lane_count<Real>();
  alignas(longest_lanes) double results[longest_lanes / sizeof(float)];
  for (Index begin = 0; begin < count; begin += lanes) {
    const Index end = std::min(begin + lanes, count);
    Index rows = 0, cols = 0;
    for (Index i = begin; i < end; ++i) {
      rows = std::max(rows, tall(block(i)));
      cols = std::max(cols, narrow(block(i)));
    }
    std::fill(std::begin(results), std::end(results), 0.0);
    if (cols > 0) {
      work_.resize(
          std::max(work_.size(), static_cast<std::size_t>(lanes * work_vectors(rows, cols))));
      bidiagonal_.resize(std::max(bidiagonal_.size(), static_cast<std::size_t>(2 * cols * lanes)));
      Real* const vectors = work_.data() + rows * cols * lanes;
      Real* const diagonal = vectors + (3 * rows + 2 * cols) * lanes;
      const Interleaved<Real> m{rows,    cols,     work_.data(),
                                vectors, diagonal, diagonal + cols * lanes};
      for (Index lane = 0; lane < lanes; ++lane) {
        // A lane without a matrix of its own computes the first one again.
        put(block(begin + lane < end ? begin + lane : begin), m, lane, lanes);
      }
      if constexpr (std::is_same_v<Real, float>) {
        HWY_DYNAMIC_DISPATCH(norms_float)(m, bidiagonal_.data(), results);
      } else {
        HWY_DYNAMIC_DISPATCH(norms_double)(m, bidiagonal_.data(), results);
      }
    }
    for (Index i = begin; i < end; ++i) {
      norms[static_cast<std::size_t>(order_[static_cast<std::size_t>(i)])] = results[i - begin];
    }
  }
}

template class NuclearNorms<float>;
template class NuclearNorms<double>;

}  // namespace nullcline
#endif  // HWY_ONCE
