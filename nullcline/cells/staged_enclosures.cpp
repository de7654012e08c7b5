// SPDX-License-Identifier: Apache-2.0
// What StagedFunction proves: values and Jacobians over boxes of states and inputs.
#include <algorithm>
#include <cmath>
#include <utility>

#include "nullcline/cells/detail/unit_products.hpp"
#include "nullcline/cells/staged_function.hpp"

namespace nullcline::cells {
namespace {

using detail::add_unit_diagonal;
using detail::add_unit_product;
using detail::columns;
using detail::empty_sum;

/// The first n columns V of A become [V diag(J_1), V diag(J_2), ...], a block for each number that
/// a unit has in r_0.
void scale_columns(Index n, const Box& J, MatrixBall& A) {
  for (Index j = static_cast<Index>(J.size()); j-- > 0;) {  // the last block first: V is in place
    const Interval& factor = J[static_cast<std::size_t>(j)];
    const double c = factor.center(), size = std::abs(c);
    if (c == 1 && factor.radius() == 0 && j < n) continue;
    const double spread = above(factor.radius() + 2 * unit_roundoff * size);
    const auto Vc = A.center.col(j % n).array();
    const auto Vr = A.radius.col(j % n).array();
    A.radius.col(j) =
        ((1 + gamma_bound(8)) * (size * Vr + spread * (Vc.abs() + Vr)) + underflow).eval();
    A.center.col(j) = (c * Vc).eval();
  }
}

/// Adds M to the columns of A from `first` on.
void add_exact(In<Matrix> M, Index first, MatrixBall& A) {
  detail::BallView sum = columns(A, first, M.cols());
  sum.center += M;
  sum.radius += 2 * unit_roundoff * sum.center.cwiseAbs();
}

}  // namespace

template <class Base>
Box StagedFunction<Base>::local_box(std::size_t k, const Box& carried, const Box& u, Box* J) const {
  const auto c = static_cast<std::size_t>(step_.operand_dim(n_));
  Box q(c + u.size() + 1, Interval(1.0));
  if (J != nullptr) J->resize(c > 0 ? carried.size() : 0);
  if (c > 0) {
    step_.stages[k].operand->enclose(n_, carried.data(), q.data(),
                                     J == nullptr ? nullptr : J->data());
  }
  std::copy(u.begin(), u.end(), q.begin() + static_cast<std::ptrdiff_t>(c));
  Box L = nullcline::product(stages_[k].M, q);
  L.insert(L.end(), carried.begin(), carried.end());
  return L;
}

template <class Base>
std::optional<Box> StagedFunction<Base>::enclose(const Box& x, const Box& u) const {
  Box carried = x;
  for (std::size_t k = 0; k < stages_.size(); ++k) {
    const auto& combine = *step_.stages[k].combine;
    const Box L = local_box(k, carried, u, nullptr);
    carried.resize(static_cast<std::size_t>(combine.outputs * n_));
    combine.enclose(n_, L.data(), carried.data(), nullptr);
  }
  return carried;
}

/// As `tangents`, with balls.
template <class Base>
std::optional<JacobianBalls> StagedFunction<Base>::enclose_jacobians(const Box& x,
                                                                     const Box& u) const {
  const Index S = state_dim(), c = step_.operand_dim(n_), d = S + m_;
  Box carried = x, Jq;
  MatrixBall D;
  for (std::size_t k = 0; k < stages_.size(); ++k) {
    const auto& combine = *step_.stages[k].combine;
    const Box L = local_box(k, carried, u, &Jq);
    const Index blocks = step_.stages[k].blocks, P = combine.inputs;
    const auto M_q = stages_[k].M.leftCols(c), M_u = stages_[k].M.middleCols(c, m_);
    Box J(static_cast<std::size_t>(P * combine.outputs * n_));
    carried.resize(static_cast<std::size_t>(combine.outputs * n_));
    const bool last = k + 1 == stages_.size();
    combine.enclose(n_, L.data(), last ? nullptr : carried.data(), J.data());

    MatrixBall next = empty_sum(combine.outputs * n_, d);
    if (k == 0) {  // dr_0 is the identity: columns of M, scaled
      add_unit_product(n_, P, J, 0, M_q, nullptr, columns(next, 0, c));
      scale_columns(n_, Jq, next);
      add_unit_product(n_, P, J, 0, M_u, nullptr, columns(next, S, m_));
      add_unit_diagonal(n_, P, J, blocks, columns(next, 0, S));
    } else {
      MatrixBall v(Matrix::Zero(stages_[k].M.rows(), d));
      if (c > 0) {
        MatrixBall dq = empty_sum(n_, d);
        add_unit_product(n_, step_.carried(k), Jq, 0, D.center, &D.radius, columns(dq, 0, d));
        v = multiply(M_q, dq);
      }
      add_exact(M_u, S, v);
      add_unit_product(n_, P, J, 0, v.center, &v.radius, columns(next, 0, d));
      add_unit_product(n_, P, J, blocks, D.center, &D.radius, columns(next, 0, d));
    }
    D = std::move(next);
  }
  return JacobianBalls{D.block(0, 0, S, S), D.block(0, S, S, m_)};
}

template std::optional<Box> StagedFunction<DrivenMap>::enclose(const Box&, const Box&) const;
template std::optional<Box> StagedFunction<Flow>::enclose(const Box&, const Box&) const;
template std::optional<JacobianBalls> StagedFunction<DrivenMap>::enclose_jacobians(
    const Box&, const Box&) const;
template std::optional<JacobianBalls> StagedFunction<Flow>::enclose_jacobians(const Box&,
                                                                              const Box&) const;

}  // namespace nullcline::cells
