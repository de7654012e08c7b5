// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/staged_function.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "nullcline/cells/detail/scaled_blocks.hpp"
#include "nullcline/cells/detail/unit_products.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::cells {
namespace {

using detail::add_unit_diagonal;
using detail::add_unit_product;
using detail::columns;
using detail::unit_bilinear;
using detail::unit_product;
using detail::unit_product_transposed;
using detail::unit_quadratic_form;

/// Y = A X; states that are not finite pass through, as an orbit may escape.
void multiply(const PackedMatrix<double>& A, In<Matrix> X, Out<Matrix> Y) {
  multiply_packed(A, X.data(), 1, X.outerStride(), X.cols(), Y.data(), Y.outerStride(), false);
}

/// States and tangents whose intermediate results stay in cache.
constexpr Index together = 48;

/// Calls block(b, states, tangents, over) for blocks of states from column b on, whose tangents
/// are `tangents` columns; over(tangents, body) calls body(first, count) for blocks of these. In a
/// block of tangents of several states are all tangents of each.
template <class Block>
void over_blocks(Index states, Index tangents, const Block& block) {
  const Index k = states > 0 ? tangents / states : 0;
  if (k == 0) return;
  const Index most = std::max<Index>(1, together / k);
  for (Index b = 0; b < states; b += most) {
    const Index count = std::min(most, states - b);
    block(b, count, count * k, [first = b * k](Index all, const auto& body) {
      for (Index i = 0; i < all; i += together) body(first + i, std::min(together, all - i));
    });
  }
}

/// What sums begin with: 0, and what underflow may lose.
MatrixBall empty_sum(Index rows, Index cols) {
  return {Matrix::Zero(rows, cols), Matrix::Constant(rows, cols, underflow)};
}

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
StagedFunction<Base>::StagedFunction(StagedStep<double> step, std::vector<Matrix> M, Index m)
    : step_(std::move(step)), n_(0), m_(m) {
  require(M.size() == step_.stages.size() && !M.empty(), "StagedFunction: one matrix a stage");
  n_ = M[0].rows() / step_.stages[0].blocks;
  for (std::size_t k = 0; k < M.size(); ++k) {
    require(M[k].rows() == step_.stages[k].blocks * n_ && M[k].cols() == step_.matrix_cols(n_, m_),
            "StagedFunction: M_k must be (G_k n, c + m + 1)");
    stages_.push_back({std::move(M[k]), {}, {}, {}});
    const auto left = stages_.back().M.leftCols(step_.operand_dim(n_));
    for (Index g = 0; g < step_.stages[k].blocks; ++g) {
      stages_.back().has_operand.push_back(!(left.middleRows(g * n_, n_).array() == 0).all());
    }
    stages_.back().packed.pack(stages_.back().M);
    stages_.back().transposed.pack(stages_.back().M, true);
  }
}

/// L_k of every stage, and the step itself.
template <class Base>
std::vector<Scratch::Pad> StagedFunction<Base>::locals(In<Matrix> X, In<Matrix> U, Out<Matrix> Y,
                                                       Scratch& scratch) const {
  const Index B = X.cols(), c = step_.operand_dim(n_);
  std::vector<Pad> L;
  for (const auto& law : step_.stages) L.push_back(scratch.matrix(law.combine->inputs * n_, B));
  Pad q = scratch.matrix(c + m_ + 1, B);
  q.middleRows(c, m_) = U;
  q.bottomRows(1).setOnes();
  L[0].bottomRows(X.rows()) = X;
  for (std::size_t k = 0; k < stages_.size(); ++k) {
    const auto& law = step_.stages[k];
    const Units<const double> local{L[k].data(), L[k].rows()};
    if (c > 0) {
      law.operand->evaluate(n_, B, {local.data + law.blocks * n_, local.stride}, nullptr,
                            {q.data(), q.rows()});
    }
    multiply(stages_[k].packed, q, L[k].topRows(law.blocks * n_));
    if (k + 1 < stages_.size()) {
      const Index products = step_.stages[k + 1].blocks * n_;
      law.combine->evaluate(n_, B, local, nullptr, {L[k + 1].data() + products, L[k + 1].rows()});
    } else {
      law.combine->evaluate(n_, B, local, nullptr, {Y.data(), Y.outerStride()});
    }
  }
  return L;
}

template <class Base>
Scratch::Pad StagedFunction<Base>::jacobian_of_combine(std::size_t k, const Pad& L,
                                                       Scratch& scratch) const {
  const auto& combine = *step_.stages[k].combine;
  Pad J = scratch.matrix(combine.inputs * combine.outputs * n_, L.cols());
  combine.jacobian(n_, L.cols(), {L.data(), L.rows()}, {J.data(), J.rows()});
  return J;
}

template <class Base>
Scratch::Pad StagedFunction<Base>::jacobian_of_operand(std::size_t k, const Pad& L,
                                                       Scratch& scratch) const {
  const auto& stage = step_.stages[k];
  Pad J = scratch.matrix(stage.operand->inputs * n_, L.cols());
  stage.operand->jacobian(n_, L.cols(), {L.data() + stage.blocks * n_, L.rows()},
                          {J.data(), J.rows()});
  return J;
}

template <class Base>
typename StagedFunction<Base>::Slopes StagedFunction<Base>::slopes(const std::vector<Pad>& L,
                                                                   Scratch& scratch) const {
  Slopes J;
  for (std::size_t k = 0; k < stages_.size(); ++k) {
    J.combine.push_back(jacobian_of_combine(k, L[k], scratch));
    if (step_.operand_dim(n_) > 0) J.operand.push_back(jacobian_of_operand(k, L[k], scratch));
  }
  return J;
}

template <class Base>
void StagedFunction<Base>::evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const {
  for (Index b = 0; b < X.cols(); b += together) {
    const Index count = std::min(together, X.cols() - b);
    Scratch scratch;
    locals(X.middleCols(b, count), U.middleCols(b, count), Y.middleCols(b, count), scratch);
  }
}

/// q of tangents: 0 for the operands, the input's, and 0 for the constant 1.
template <class Base>
Scratch::Pad StagedFunction<Base>::no_operands(In<Matrix> VU, Scratch& scratch) const {
  Pad q = scratch.matrix(step_.operand_dim(n_) + m_ + 1, VU.cols());
  q.setZero();
  q.middleRows(q.rows() - 1 - m_, m_) = VU;
  return q;
}

template <class Base>
void StagedFunction<Base>::push_block(const Slopes& J, In<Matrix> VX, In<Matrix> VU,
                                      Out<Matrix> W) const {
  Scratch scratch;
  const Index c = step_.operand_dim(n_);
  Pad q = no_operands(VU, scratch);
  Pad carried = scratch.matrix(VX.rows(), VX.cols());
  carried = VX;
  for (std::size_t k = 0; k < stages_.size(); ++k) {
    const auto& law = step_.stages[k];
    if (c > 0) unit_product(n_, J.operand[k], carried, q.topRows(c));
    Pad Z = scratch.matrix(law.combine->inputs * n_, VX.cols());
    multiply(stages_[k].packed, q, Z.topRows(law.blocks * n_));
    Z.bottomRows(carried.rows()) = carried;
    if (k + 1 == stages_.size()) return unit_product(n_, J.combine[k], Z, W);
    new (&carried) Pad(scratch.matrix(law.combine->outputs * n_, VX.cols()));
    unit_product(n_, J.combine[k], Z, carried);
  }
}

/// Calls body(L, J, first, count) for the tangents first .. first + count - 1 of all `tangents`,
/// with the L_k and the slopes of their states.
template <class Base>
template <class Body>
void StagedFunction<Base>::linearized_over_blocks(In<Matrix> X, In<Matrix> U, Index tangents,
                                                  const Body& body) const {
  over_blocks(X.cols(), tangents, [&](Index b, Index states, Index count, auto&& over) {
    Scratch scratch;
    const auto L = locals(X.middleCols(b, states), U.middleCols(b, states),
                          scratch.matrix(X.rows(), states), scratch);
    const Slopes J = slopes(L, scratch);
    over(count, [&](Index first, Index some) { body(L, J, first, some); });
  });
}

template <class Base>
void StagedFunction<Base>::push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                                        Out<Matrix> W) const {
  linearized_over_blocks(X, U, VX.cols(),
                         [&](const auto&, const Slopes& J, Index first, Index count) {
                           push_block(J, VX.middleCols(first, count), VU.middleCols(first, count),
                                      W.middleCols(first, count));
                         });
}

template <class Base>
void StagedFunction<Base>::second_push_block(const std::vector<Pad>& L, const Slopes& J,
                                             In<Matrix> VX, In<Matrix> VU, In<Matrix> WX,
                                             In<Matrix> WU, Out<Matrix> D) const {
  Scratch scratch;
  const Index c = step_.operand_dim(n_), count = VX.cols();
  // Of what is carried: two first tangents and the second one, (f v)'s and f'' (v, w) + f' d.
  Matrix v = VX, w = WX, d = Matrix::Zero(VX.rows(), count);
  Pad qv = no_operands(VU, scratch), qw = no_operands(WU, scratch);
  Pad qd = no_operands(Matrix::Zero(m_, count), scratch);
  for (std::size_t k = 0; k < stages_.size(); ++k) {
    const auto& law = step_.stages[k];
    if (c > 0) {
      const Matrix r = L[k].bottomRows(law.operand->inputs * n_);
      unit_product(n_, J.operand[k], v, qv.topRows(c));
      unit_product(n_, J.operand[k], w, qw.topRows(c));
      unit_product(n_, J.operand[k], d, qd.topRows(c));
      qd.topRows(c) += unit_bilinear(*law.operand, n_, r, v, w);
    }
    const auto local = [&](const Pad& q, const Matrix& carried) {
      Pad Z = scratch.matrix(L[k].rows(), count);
      multiply(stages_[k].packed, q, Z.topRows(law.blocks * n_));
      Z.bottomRows(carried.rows()) = carried;
      return Z;
    };
    const Pad Zv = local(qv, v), Zw = local(qw, w), Zd = local(qd, d);
    v = unit_product(n_, J.combine[k], Zv);
    w = unit_product(n_, J.combine[k], Zw);
    d = unit_product(n_, J.combine[k], Zd) + unit_bilinear(*law.combine, n_, L[k], Zv, Zw);
  }
  D = d;
}

template <class Base>
void StagedFunction<Base>::second_push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX,
                                               In<Matrix> VU, In<Matrix> WX, In<Matrix> WU,
                                               Out<Matrix> D) const {
  linearized_over_blocks(
      X, U, VX.cols(), [&](const auto& L, const Slopes& J, Index first, Index count) {
        second_push_block(L, J, VX.middleCols(first, count), VU.middleCols(first, count),
                          WX.middleCols(first, count), WU.middleCols(first, count),
                          D.middleCols(first, count));
      });
}

template <class Base>
void StagedFunction<Base>::pull_block(const Slopes& J, In<Matrix> W, Out<Matrix> VX,
                                      Out<Matrix> VU) const {
  Scratch scratch;
  const Index c = step_.operand_dim(n_), count = W.cols();
  Pad carried = scratch.matrix(W.rows(), count), dq = scratch.matrix(c + m_ + 1, count);
  carried = W;
  VU.setZero();
  for (std::size_t k = stages_.size(); k-- > 0;) {
    const auto& law = step_.stages[k];
    const Index products = law.blocks * n_;
    Pad dL = scratch.matrix(law.combine->inputs * n_, count);
    unit_product_transposed(n_, J.combine[k], carried, dL);
    multiply(stages_[k].transposed, dL.topRows(products), dq);
    new (&carried) Pad(scratch.matrix(dL.rows() - products, count));
    carried = dL.bottomRows(carried.rows());
    if (c > 0) {
      Pad through = scratch.matrix(carried.rows(), count);
      unit_product_transposed(n_, J.operand[k], dq.topRows(c), through);
      carried += through;
    }
    VU += dq.middleRows(c, m_);
  }
  VX = carried;
}

template <class Base>
void StagedFunction<Base>::pull_back(In<Matrix> X, In<Matrix> U, In<Matrix> W, Out<Matrix> VX,
                                     Out<Matrix> VU) const {
  linearized_over_blocks(X, U, W.cols(),
                         [&](const auto&, const Slopes& J, Index first, Index count) {
                           pull_block(J, W.middleCols(first, count), VX.middleCols(first, count),
                                      VU.middleCols(first, count));
                         });
}

/// d(step)/d(x, u) (S, S + m), and on the way L_k and Z_k.
template <class Base>
Matrix StagedFunction<Base>::tangents(In<Vector> x, In<Vector> u, std::vector<Pad>& L,
                                      std::vector<Matrix>& Z, Scratch& scratch) const {
  L = locals(x, u, scratch.matrix(x.size(), 1), scratch);
  const Index S = state_dim(), c = step_.operand_dim(n_), d = S + m_;
  Matrix carried = Matrix::Identity(S, d);
  Z.clear();
  for (std::size_t k = 0; k < stages_.size(); ++k) {
    const Index products = step_.stages[k].blocks * n_;
    Matrix v = Matrix::Zero(products, d);
    if (c > 0) {
      const Pad J = jacobian_of_operand(k, L[k], scratch);
      if (k == 0) {  // dr_0 is the identity: columns of M, scaled
        for (Index a = 0; a < step_.state; ++a) {
          v.middleCols(a * n_, n_) =
              stages_[k].M.leftCols(n_) * J.col(0).segment(a * n_, n_).asDiagonal();
        }
      } else {
        Matrix q = Matrix::Zero(c + m_ + 1, d);
        q.topRows(c) = unit_product(n_, J, carried);
        multiply(stages_[k].packed, q, v);
      }
    }
    v.rightCols(m_) += stages_[k].M.middleCols(c, m_);
    Z.emplace_back(L[k].rows(), d);
    Z.back() << v, carried;
    carried = unit_product(n_, jacobian_of_combine(k, L[k], scratch), Z.back());
  }
  return carried;
}

template <class Base>
Jacobians StagedFunction<Base>::jacobians(In<Vector> x, In<Vector> u) const {
  if (stages_.size() == 1) return jacobians_of_one_stage(x, u);
  Scratch scratch;
  std::vector<Pad> L;
  std::vector<Matrix> Z;
  const Matrix D = tangents(x, u, L, Z, scratch);
  return {D.leftCols(state_dim()), D.rightCols(m_)};
}

/// The same where r_0 = x is all that is carried: rows and columns of the blocks of M, scaled and
/// added up.
template <class Base>
Jacobians StagedFunction<Base>::jacobians_of_one_stage(In<Vector> x, In<Vector> u) const {
  Scratch scratch;
  const std::vector<Pad> L = locals(x, u, scratch.matrix(x.size(), 1), scratch);
  const Index S = state_dim(), c = step_.operand_dim(n_), blocks = step_.stages[0].blocks;
  const Index inputs = blocks + step_.state;
  const Matrix& M = stages_[0].M;
  const Slopes all = slopes(L, scratch);
  const Pad& combine = all.combine[0];
  Jacobians J{Matrix(S, S), Matrix(S, m_)};
  if (c == 0) J.state.setZero();
  for (Index q = 0; q < step_.state; ++q) {
    const auto slope = [&](Index p) { return combine.col(0).segment((q * inputs + p) * n_, n_); };
    std::vector<detail::ScaledBlock> used, recurrent;  // the latter with an operand
    for (Index g = 0; g < blocks; ++g) {
      if ((slope(g).array() == 0).all()) continue;
      used.push_back({M.data() + g * n_ + c * M.rows(), slope(g).data()});
      if (stages_[0].has_operand[static_cast<std::size_t>(g)]) {
        recurrent.push_back({M.data() + g * n_, slope(g).data()});
      }
    }
    detail::sum_scaled_blocks(used, M.rows(), Vector::Ones(m_), J.input.middleRows(q * n_, n_));
    for (Index a = 0; a < step_.state; ++a) {
      if (c > 0) {
        detail::sum_scaled_blocks(recurrent, M.rows(), all.operand[0].col(0).segment(a * n_, c),
                                  J.state.block(q * n_, a * n_, n_, c));
      }
      J.state.block(q * n_, a * n_, n_, n_).diagonal() += slope(blocks + a);
    }
  }
  return J;
}

template <class Base>
Matrix StagedFunction<Base>::second_derivative(In<Vector> x, In<Vector> u, In<Vector> w) const {
  Scratch scratch;
  std::vector<Pad> L;
  std::vector<Matrix> Z;
  tangents(x, u, L, Z, scratch);
  const Index c = step_.operand_dim(n_), d = state_dim() + m_;
  Matrix H = Matrix::Zero(d, d), carried = w;
  for (std::size_t k = stages_.size(); k-- > 0;) {
    const auto& law = step_.stages[k];
    const Index products = law.blocks * n_, P = law.combine->inputs;
    Matrix curvature(P * P * n_, 1);
    law.combine->hessian(n_, L[k].data(), carried.data(), curvature.data());
    H += unit_quadratic_form(n_, curvature, Z[k]);

    const Matrix dL = unit_product_transposed(n_, jacobian_of_combine(k, L[k], scratch), carried);
    carried = dL.bottomRows(dL.rows() - products);
    if (c == 0) continue;
    Pad dq_all = scratch.matrix(c + m_ + 1, 1);
    multiply(stages_[k].transposed, dL.topRows(products), dq_all);
    const auto dq = dq_all.topRows(c);
    const Index R = law.operand->inputs;
    curvature.resize(R * R * n_, 1);
    law.operand->hessian(n_, L[k].data() + products, dq.data(), curvature.data());
    H += unit_quadratic_form(n_, curvature, Z[k].bottomRows(R * n_));
    carried += unit_product_transposed(n_, jacobian_of_operand(k, L[k], scratch), dq);
  }
  return (H + H.transpose()) / 2;  // symmetric but for rounding, now exactly
}

template <class Base>
Vector StagedFunction<Base>::state_bound() const {
  if (step_.bounds.empty()) return Base::state_bound();
  Vector bound(state_dim());
  for (Index c = 0; c < step_.state; ++c) {
    bound.segment(c * n_, n_).setConstant(step_.bounds[static_cast<std::size_t>(c)]);
  }
  return bound;
}

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

template class StagedFunction<DrivenMap>;
template class StagedFunction<Flow>;

Matrix FeatureFunction::evaluate(In<Matrix> X) const {
  if (!step_.features) return X.topRows(feature_dim());
  Matrix Y(feature_dim(), X.cols());
  step_.features->evaluate(n_, X.cols(), {X.data(), X.outerStride()}, nullptr,
                           {Y.data(), Y.rows()});
  return Y;
}

Matrix FeatureFunction::local_jacobian(In<Matrix> X) const {
  Matrix J(step_.feature_count * step_.state * n_, X.cols());
  step_.features->jacobian(n_, X.cols(), {X.data(), X.outerStride()}, {J.data(), J.rows()});
  return J;
}

Matrix FeatureFunction::push_forward(In<Matrix> X, In<Matrix> VX) const {
  if (!step_.features) return VX.topRows(feature_dim());
  return unit_product(n_, local_jacobian(X), VX);
}

Matrix FeatureFunction::second_push_forward(In<Matrix> X, In<Matrix> VX, In<Matrix> WX) const {
  if (!step_.features) return Matrix::Zero(feature_dim(), VX.cols());
  return unit_bilinear(*step_.features, n_, X, VX, WX);
}

Matrix FeatureFunction::pull_back(In<Matrix> X, In<Matrix> W) const {
  if (step_.features) return unit_product_transposed(n_, local_jacobian(X), W);
  Matrix V = Matrix::Zero(state_dim(), W.cols());
  V.topRows(feature_dim()) = W;
  return V;
}

Matrix FeatureFunction::jacobian(In<Vector> x) const {
  return push_forward(x, Matrix::Identity(state_dim(), state_dim()));
}

Matrix FeatureFunction::second_derivative(In<Vector> x, In<Vector> w) const {
  const Index S = state_dim(), P = step_.state;
  Matrix H = Matrix::Zero(S, S);
  if (!step_.features) return H;
  Matrix curvature(P * P * n_, 1);
  const Vector weights = w;
  const Vector point = x;
  step_.features->hessian(n_, point.data(), weights.data(), curvature.data());
  for (Index p = 0; p < P; ++p) {
    for (Index r = 0; r < P; ++r) {
      H.block(p * n_, r * n_, n_, n_).diagonal() = curvature.col(0).segment((p * P + r) * n_, n_);
    }
  }
  return H;
}

Box FeatureFunction::enclose(const Box& x) const {
  Box y(static_cast<std::size_t>(feature_dim()));
  if (step_.features) {
    step_.features->enclose(n_, x.data(), y.data(), nullptr);
  } else {
    std::copy_n(x.begin(), y.size(), y.begin());
  }
  return y;
}

MatrixBall FeatureFunction::push_forward_ball(const Box& x, const MatrixBall& V) const {
  if (!step_.features) return V.block(0, 0, feature_dim(), V.cols());
  Box J(static_cast<std::size_t>(step_.feature_count * step_.state * n_));
  step_.features->enclose(n_, x.data(), nullptr, J.data());
  MatrixBall W = empty_sum(feature_dim(), V.cols());
  add_unit_product(n_, step_.state, J, 0, V.center, &V.radius, columns(W, 0, V.cols()));
  return W;
}

}  // namespace nullcline::cells
