// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/map.hpp"

namespace nullcline::dynamics {

/// Lorenz: x' = sigma (y - x), y' = x (rho - z) - y, z' = x y - beta z.
class LorenzFlow final : public Flow {
 public:
  explicit LorenzFlow(double rho) : rho_(rho) {}
  Index state_dim() const override { return 3; }
  Index input_dim() const override { return 0; }
  void evaluate(In<Matrix> X, In<Matrix>, Out<Matrix> Y) const override {
    for (Index b = 0; b < X.cols(); ++b) {
      const double x = X(0, b), y = X(1, b), z = X(2, b);
      Y.col(b) << sigma * (y - x), x * (rho_ - z) - y, x * y - beta * z;
    }
  }
  Jacobians jacobians(In<Vector> x, In<Vector>) const override {
    Matrix J(3, 3);
    J << -sigma, sigma, 0, rho_ - x(2), -1, -x(0), x(1), x(0), -beta;
    return {J, Matrix(3, 0)};
  }
  Derivatives derivatives() const override { return Derivatives::exact; }
  static constexpr double sigma = 10, beta = 8.0 / 3;

 private:
  double rho_;
};

/// x_i' = x_i - x_i^3 in three dimensions: 3^3 fixed points, the eight at (+-1, +-1, +-1) stable.
class CubeOfWells final : public Flow {
 public:
  Index state_dim() const override { return 3; }
  Index input_dim() const override { return 0; }
  void evaluate(In<Matrix> X, In<Matrix>, Out<Matrix> Y) const override {
    Y = X.array() - X.array().cube();
  }
  Jacobians jacobians(In<Vector> x, In<Vector>) const override {
    return {Matrix((1 - 3 * x.array().square()).matrix().asDiagonal()), Matrix(3, 0)};
  }
  Derivatives derivatives() const override { return Derivatives::exact; }
};

}  // namespace nullcline::dynamics
