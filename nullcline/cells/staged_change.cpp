// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/staged_change.hpp"

#include <utility>

#include "nullcline/cells/detail/unit_products.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::cells {
namespace {

using detail::unit_bilinear;
using detail::unit_product;

Matrix values(const UnitFunction<double>& phi, Index n, const Matrix& x) {
  Matrix y(phi.outputs * n, x.cols());
  phi.evaluate(n, x.cols(), {x.data(), x.rows()}, nullptr, {y.data(), y.rows()});
  return y;
}

Matrix slopes(const UnitFunction<double>& phi, Index n, const Matrix& x) {
  Matrix J(phi.inputs * phi.outputs * n, x.cols());
  phi.jacobian(n, x.cols(), {x.data(), x.rows()}, {J.data(), J.rows()});
  return J;
}

Matrix stacked(const Matrix& top, const Matrix& bottom) {
  Matrix result(top.rows() + bottom.rows(), top.cols());
  result << top, bottom;
  return result;
}

/// Every column k times: what the tangents of a point share.
Matrix repeated(const Matrix& A, Index k) {
  Matrix result(A.rows(), A.cols() * k);
  for (Index c = 0; c < result.cols(); ++c) result.col(c) = A.col(c / k);
  return result;
}

/// States of a step's stages and how they change with eps, stage by stage.
class Orbit {
 public:
  Orbit(const StagedStep<double>& step, Index n, In<Matrix> X, In<Matrix> U)
      : step_(step), n_(n), c_(step.operand_dim(n)), r(X), dr(Matrix::Zero(X.rows(), X.cols())) {
    q = Matrix::Ones(c_ + U.rows() + 1, X.cols());
    q.middleRows(c_, U.rows()) = U;
  }

  /// What stage k is linearized about.
  void enter(std::size_t k, const Matrix& M, const Matrix& dM) {
    const auto& law = step_.stages[k];
    Matrix dv = Matrix::Zero(M.rows(), r.cols());
    if (c_ > 0) {
      operand_slopes = slopes(*law.operand, n_, r);
      q.topRows(c_) = values(*law.operand, n_, r);
      dv = M.leftCols(c_) * unit_product(n_, operand_slopes, dr);
    }
    dv += dM * q;
    L = stacked(M * q, r);
    dL = stacked(dv, dr);
    combine_slopes = slopes(*law.combine, n_, L);
  }

  void leave(std::size_t k) {
    r = values(*step_.stages[k].combine, n_, L);
    dr = unit_product(n_, combine_slopes, dL);
  }

 private:
  const StagedStep<double>& step_;
  Index n_, c_;

 public:
  Matrix r, dr;                           // (R_k n, B) carried
  Matrix q;                               // (c + m + 1, B)
  Matrix L, dL;                           // (G_k n + R_k n, B)
  Matrix operand_slopes, combine_slopes;  // numbers a unit, as of unit_product
};

}  // namespace

StagedChange::StagedChange(StagedStep<double> step, std::vector<Matrix> M, std::vector<Matrix> dM,
                           Index m)
    : step_(std::move(step)), M_(std::move(M)), dM_(std::move(dM)), n_(0), m_(m) {
  require(M_.size() == step_.stages.size() && dM_.size() == M_.size() && !M_.empty(),
          "StagedChange: one matrix and its change a stage");
  n_ = M_[0].rows() / step_.stages[0].blocks;
  for (std::size_t k = 0; k < M_.size(); ++k) {
    require(M_[k].rows() == step_.stages[k].blocks * n_ &&
                M_[k].cols() == step_.matrix_cols(n_, m_) && dM_[k].rows() == M_[k].rows() &&
                dM_[k].cols() == M_[k].cols(),
            "StagedChange: M_k and dM_k must be (G_k n, c + m + 1)");
  }
}

void StagedChange::evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const {
  Orbit at(step_, n_, X, U);
  for (std::size_t k = 0; k < M_.size(); ++k) {
    at.enter(k, M_[k], dM_[k]);
    at.leave(k);
  }
  Y = at.dr;
}

void StagedChange::push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                                Out<Matrix> W) const {
  const Index c = step_.operand_dim(n_), count = VX.cols();
  const Index tangents = X.cols() > 0 ? count / X.cols() : 0;
  Orbit at(step_, n_, X, U);
  // Of each tangent: t of what is carried, d of how that changes with eps.
  Matrix t = VX, d = Matrix::Zero(VX.rows(), count);
  Matrix qt = Matrix::Zero(c + m_ + 1, count);
  qt.middleRows(c, m_) = VU;
  for (std::size_t k = 0; k < M_.size(); ++k) {
    const auto& law = step_.stages[k];
    const Matrix r = at.r, dr = repeated(at.dr, tangents);
    at.enter(k, M_[k], dM_[k]);
    Matrix dv = Matrix::Zero(M_[k].rows(), count);
    if (c > 0) {
      qt.topRows(c) = unit_product(n_, at.operand_slopes, t);
      dv = M_[k].leftCols(c) *
           (unit_product(n_, at.operand_slopes, d) + unit_bilinear(*law.operand, n_, r, dr, t));
    }
    dv += dM_[k] * qt;
    const Matrix Lt = stacked(M_[k] * qt, t);
    d = unit_product(n_, at.combine_slopes, stacked(dv, d)) +
        unit_bilinear(*law.combine, n_, at.L, repeated(at.dL, tangents), Lt);
    t = unit_product(n_, at.combine_slopes, Lt);
    at.leave(k);
  }
  W = d;
}

}  // namespace nullcline::cells
