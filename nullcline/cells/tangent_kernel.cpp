// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/tangent_kernel.hpp"

#include <utility>

#include "nullcline/cells/detail/unit_products.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::cells {
namespace {

Units<const double> units(In<Matrix> A) { return {A.data(), A.outerStride()}; }

Matrix jacobian_of(const UnitFunction<double>& phi, Index n, In<Matrix> X) {
  Matrix J(phi.inputs * phi.outputs * n, X.cols());
  phi.jacobian(n, X.cols(), units(X), {J.data(), J.rows()});
  return J;
}

}  // namespace

TangentKernel::TangentKernel(StagedStep<double> step, Index n, Index m_in, Index dim)
    : step_(std::move(step)), n_(n), m_in_(m_in), dim_(dim), stages_(step_.stages.size()) {}

void TangentKernel::set_matrices(const std::vector<Matrix>& M) {
  for (std::size_t k = 0; k < M.size(); ++k) {
    stages_[k].M.pack(M[k]);
    stages_[k].transposed.pack(M[k], true);
  }
}

/// phi of a step's points, and phi' of their tangents.
Matrix TangentKernel::apply(const UnitFunction<double>& phi, In<Matrix> X) const {
  Matrix Y(phi.outputs * n_, X.cols());
  phi.evaluate(n_, points_, units(X), nullptr, {Y.data(), Y.rows()});
  Y.rightCols(points_ * dim_) = detail::unit_product(n_, jacobian_of(phi, n_, X.leftCols(points_)),
                                                     X.rightCols(points_ * dim_));
  return Y;
}

/// The cotangents of X from those of `apply`.
Matrix TangentKernel::pull_back(const UnitFunction<double>& phi, In<Matrix> X,
                                In<Matrix> lambda) const {
  const Index tangents = points_ * dim_;
  const Matrix J = jacobian_of(phi, n_, X.leftCols(points_));
  Matrix back(phi.inputs * n_, X.cols());
  back.leftCols(points_) = detail::unit_product_transposed(n_, J, lambda.leftCols(points_));
  back.rightCols(tangents) = detail::unit_product_transposed(n_, J, lambda.rightCols(tangents));
  phi.add_second_pull_back(n_, points_, dim_, units(X), units(X.rightCols(tangents)),
                           units(lambda.rightCols(tangents)), {back.data(), back.rows()});
  return back;
}

void TangentKernel::step_forward(Index t) {
  const Index c = step_.operand_dim(n_), W = width(), first = t * W;
  Matrix carried = states_.middleCols(first, W);
  for (std::size_t k = 0; k < stages_.size(); ++k) {
    Stage& stage = stages_[k];
    const auto& law = step_.stages[k];
    if (c > 0) stage.operands.middleCols(first, W).topRows(c) = apply(*law.operand, carried);
    double* locals = stage.locals.data() + first * stage.locals.rows();
    multiply_packed(stage.M, stage.operands.data() + first * stage.operands.rows(), 1,
                    stage.operands.rows(), W, locals, stage.locals.rows(), false);
    stage.locals.middleCols(first, W).bottomRows(carried.rows()) = carried;
    carried = apply(*law.combine, stage.locals.middleCols(first, W));
  }
  states_.middleCols(first + W, W) = carried;
}

void TangentKernel::forward(Index points, In<Matrix> inputs, In<Matrix> start) {
  points_ = points;
  const Index W = width(), c = step_.operand_dim(n_), columns = inputs.cols();
  require(points > 0 && columns % W == 0 && inputs.rows() == m_in_ && start.cols() == points,
          "TangentKernel: inputs must be (m_in, T K (1 + m)), the start (S, K)");
  steps_ = columns / W;
  for (std::size_t k = 0; k < stages_.size(); ++k) {
    Stage& stage = stages_[k];
    stage.operands.resize(c + m_in_ + 1, columns);
    stage.operands.middleRows(c, m_in_) = inputs;
    stage.operands.bottomRows(1).setZero();
    for (Index t = 0; t < steps_; ++t) {
      stage.operands.bottomRows(1).middleCols(t * W, points).setOnes();
    }
    stage.locals.resize(step_.stages[k].combine->inputs * n_, columns);
  }
  states_.resize(state_dim(), columns + W);
  states_.leftCols(W).setZero();
  states_.leftCols(points) = start;
  features_.resize(feature_dim(), columns);
  for (Index t = 0; t < steps_; ++t) {
    step_forward(t);
    const auto now = states_.middleCols((t + 1) * W, W);
    if (step_.features) {
      features_.middleCols(t * W, W) = apply(*step_.features, now);
    } else {
      features_.middleCols(t * W, W) = now.topRows(feature_dim());
    }
  }
}

/// From the cotangents of step t + 1 to those of step t, in place.
void TangentKernel::step_backward(Index t, Matrix& lambda, std::vector<Matrix>& dM,
                                  Matrix* of_inputs) {
  const Index c = step_.operand_dim(n_), W = width(), first = t * W;
  for (std::size_t k = stages_.size(); k-- > 0;) {
    Stage& stage = stages_[k];
    const auto& law = step_.stages[k];
    const Index products = law.blocks * n_, rows = stage.operands.rows();
    const auto L = stage.locals.middleCols(first, W);
    const Matrix dL = pull_back(*law.combine, L, lambda);

    packed_.pack(dL.data(), products, W, 1, dL.rows());
    multiply_packed(packed_, stage.operands.data() + first * rows, rows, 1, rows, dM[k].data(),
                    products, true);

    Matrix dq(rows, W);
    multiply_packed(stage.transposed, dL.data(), 1, dL.rows(), W, dq.data(), rows, false);
    if (of_inputs != nullptr) of_inputs->middleCols(first, W) += dq.middleRows(c, m_in_);
    lambda = dL.bottomRows(dL.rows() - products);
    if (c > 0) lambda += pull_back(*law.operand, L.bottomRows(L.rows() - products), dq.topRows(c));
  }
}

void TangentKernel::backward(In<Matrix> of_states, In<Matrix> of_features, std::vector<Matrix>& dM,
                             Matrix* of_inputs, Matrix* of_start) {
  const Index W = width();
  if (of_inputs != nullptr) of_inputs->setZero(m_in_, steps_ * W);
  Matrix lambda = Matrix::Zero(state_dim(), W);
  for (Index t = steps_; t-- > 0;) {
    if (of_states.size() > 0) lambda += of_states.middleCols(t * W, W);
    if (of_features.size() > 0) {
      const auto dy = of_features.middleCols(t * W, W);
      if (step_.features) {
        lambda += pull_back(*step_.features, states_.middleCols((t + 1) * W, W), dy);
      } else {
        lambda.topRows(feature_dim()) += dy;
      }
    }
    step_backward(t, lambda, dM, of_inputs);
  }
  if (of_start != nullptr) *of_start = lambda.leftCols(points_);
}

}  // namespace nullcline::cells
