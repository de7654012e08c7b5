// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <utility>

#include "nullcline/core/map.hpp"
#include "nullcline/core/random.hpp"

namespace nullcline::geometry::testing {

inline Matrix random_matrix(Index rows, Index cols, std::uint64_t seed) {
  RandomStream stream({.seed = seed, .purpose = Purpose::analysis_noise});
  Matrix A(rows, cols);
  for (double& entry : A.reshaped()) entry = stream.normal();
  return A;
}

/// dx/dt = -x + W f(x) + B u with f = tanh or the identity, of exact derivatives.
class RateFlow final : public Flow {
 public:
  RateFlow(Matrix W, Matrix B, bool linear = false)
      : W_(std::move(W)), B_(std::move(B)), linear_(linear) {}
  Index state_dim() const override { return W_.rows(); }
  Index input_dim() const override { return B_.cols(); }
  Derivatives derivatives() const override { return Derivatives::exact; }

  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override {
    const Matrix rates = linear_ ? Matrix(X) : Matrix(X.array().tanh());
    Y = W_ * rates + B_ * U - X;
  }
  void push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                    Out<Matrix> out) const override {
    const Index k = VX.cols() / U.cols();
    Matrix rates = VX;
    for (Index c = 0; c < rates.cols(); ++c) rates.col(c).array() *= slope(X.col(c / k)).array();
    out = W_ * rates + B_ * VU - VX;
  }
  void second_push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix>, In<Matrix> WX,
                           In<Matrix>, Out<Matrix> out) const override {
    const Index k = VX.cols() / U.cols();
    Matrix rates = VX.cwiseProduct(WX);
    for (Index c = 0; c < rates.cols(); ++c) {
      const Vector t = X.col(c / k).array().tanh();
      const double scale = linear_ ? 0 : -2;
      rates.col(c).array() *= scale * t.array() * (1 - t.array().square());
    }
    out = W_ * rates;
  }
  void pull_back(In<Matrix> X, In<Matrix> U, In<Matrix> W, Out<Matrix> VX,
                 Out<Matrix> VU) const override {
    const Index k = W.cols() / U.cols();
    VX = W_.transpose() * W;
    for (Index c = 0; c < VX.cols(); ++c) VX.col(c).array() *= slope(X.col(c / k)).array();
    VX -= W;
    VU = B_.transpose() * W;
  }

 private:
  Vector slope(In<Vector> x) const {
    return linear_ ? Vector(Vector::Ones(x.size())) : Vector(1 - x.array().tanh().square());
  }
  Matrix W_, B_;
  bool linear_;
};

}  // namespace nullcline::geometry::testing
