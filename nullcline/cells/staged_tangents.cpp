// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/staged_tangents.hpp"

#include <utility>

#include "nullcline/core/errors.hpp"

namespace nullcline::cells {
namespace {

using FloatMatrix = MatrixX<float>;

class SingleTangents final : public TangentOrbits {
 public:
  SingleTangents(StagedStep<float> step, const std::vector<Matrix>& M,
                 const TangentColumns& columns)
      : step_(std::move(step)), width_(columns.width()), n_(M[0].rows() / step_.stages[0].blocks) {
    for (const Matrix& Mk : M) M_.push_back(Mk.cast<float>());
    c_ = step_.operand_dim(n_);
  }

  void start(In<Matrix> Z) override { r_ = Z.cast<float>(); }

  void step(In<Matrix> W) override {
    q_.setZero(c_ + W.rows() + 1, W.cols());
    q_.middleRows(c_, W.rows()) = W.cast<float>();
    for (Index b = 0; b < W.cols(); b += width_) q_(q_.rows() - 1, b) = 1;
    FloatMatrix r = r_;
    for (std::size_t k = 0; k < M_.size(); ++k) {
      const auto& law = step_.stages[k];
      if (c_ > 0) apply(*law.operand, r, q_);
      L_.resize(M_[k].rows() + r.rows(), r.cols());
      L_.topRows(M_[k].rows()).noalias() = M_[k] * q_;
      L_.bottomRows(r.rows()) = r;
      r.resize(law.combine->outputs * n_, r.cols());
      apply(*law.combine, L_, r);
    }
    r_.swap(r);
  }

  void read(Out<Matrix> Z) const override { Z = r_.cast<double>(); }

 private:
  /// y = phi(x) of the first column of every point, and dphi of the others, into the first rows of
  /// y.                                               x: (P n, B w)  y: (Q n or more, B w)
  void apply(const UnitFunction<float>& phi, const FloatMatrix& x, FloatMatrix& y) {
    const Index P = phi.inputs, Q = phi.outputs, points = x.cols() / width_;
    const Units<const float> at{x.data(), x.rows() * width_};
    J_.resize(P * Q * n_, points);
    phi.jacobian(n_, points, at, {J_.data(), J_.rows()});
    phi.evaluate(n_, points, at, nullptr, {y.data(), y.rows() * width_});
    for (Index b = 0; b < points; ++b) {
      auto out = y.block(0, b * width_ + 1, Q * n_, width_ - 1);
      out.setZero();
      for (Index q = 0; q < Q; ++q) {
        for (Index p = 0; p < P; ++p) {
          const auto slope = J_.col(b).segment((q * P + p) * n_, n_).array();
          out.middleRows(q * n_, n_).array() +=
              x.block(p * n_, b * width_ + 1, n_, width_ - 1).array().colwise() * slope;
        }
      }
    }
  }

  StagedStep<float> step_;
  std::vector<FloatMatrix> M_;
  Index width_, n_, c_ = 0;
  FloatMatrix r_, q_, L_, J_;
};

}  // namespace

std::unique_ptr<TangentOrbits> single_tangents(const StagedStep<float>& step,
                                               const std::vector<Matrix>& M,
                                               const TangentColumns& columns) {
  require(!columns.second, "tangent_orbits: this cell has second derivatives in double alone");
  return std::make_unique<SingleTangents>(step, M, columns);
}

}  // namespace nullcline::cells
