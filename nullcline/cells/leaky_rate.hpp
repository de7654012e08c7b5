// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/cells/activation.hpp"
#include "nullcline/cells/registry.hpp"
#include "nullcline/core/packed_product.hpp"

namespace nullcline::cells {

/// The leaky rate network of "RNN Initial Hypotheses" (2021), f outside the sum:
///
///     tau dx/dt = -x + f(W x + B u + b + noise)
///     x_t = (1 - alpha) x_{t-1} + alpha f(W x_{t-1} + B u_t + b + sqrt(2 sigma^2 / alpha) n_t)
///
/// with alpha = dt / tau and n_t ~ N(0, I). Parameters: recurrent W (n, n), its diagonal zero and
/// kept at zero unless `self_connections`; input B (n, m); bias b (n, 1).
CellKind leaky_rate();

/// For training.
template <std::floating_point Real>
class LeakyRate final : public Cell<Real> {
 public:
  explicit LeakyRate(const Network& network);

  Index state_dim() const override { return W_.rows(); }
  Index input_dim() const override { return B_.cols(); }
  std::vector<Parameter<Real>> parameters() override;
  void parameters_changed() override;
  void forward(const Drive<Real>& drive) override;
  View<Real> states() const override { return view(states_); }
  View<Real> features() const override {
    return {states_.data() + states_.rows() * batch_, states_.rows(), steps_ * batch_,
            Eigen::OuterStride<>(states_.rows())};
  }
  void backward(const OutputGradient<Real>& output, Gradients<Real>& gradients) override;

 private:
  Activation activation_;
  double theta_;
  Real alpha_, noise_scale_;
  bool zero_diagonal_;
  MatrixX<Real> W_, B_, b_;
  PackedMatrix<Real> packed_W_, packed_W_transposed_, packed_B_;

  Index steps_ = 0, batch_ = 0;
  MatrixX<Real> inputs_, states_, slopes_;  // (m, T B), (n, (T + 1) B), f' (n, T B)
  MatrixX<Real> gradient_, deltas_;
  PackedMatrix<Real> packed_deltas_;
};

/// For analysis: the flow tau dx/dt = -x + f(W x + B u + b), with exact derivatives. With slope
/// S = diag f'(m) and m = W x + B u + b:
///
///     df/dx = (-I + S W) / tau,  df/du = S B / tau,
///     sum_k w_k d2f_k = [W B]' diag(w f''(m)) [W B] / tau.
class LeakyRateFlow final : public Flow {
 public:
  LeakyRateFlow(Matrix W, Matrix B, Vector b, Activation activation, double theta, double tau);

  Index state_dim() const override { return W_.rows(); }
  Index input_dim() const override { return B_.cols(); }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override;
  void push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                    Out<Matrix> W) const override;
  void pull_back(In<Matrix> X, In<Matrix> U, In<Matrix> W, Out<Matrix> VX,
                 Out<Matrix> VU) const override;
  Jacobians jacobians(In<Vector> x, In<Vector> u) const override;
  Matrix second_derivative(In<Vector> x, In<Vector> u, In<Vector> w) const override;
  Derivatives derivatives() const override { return Derivatives::exact; }

 private:
  Matrix drive(In<Matrix> X, In<Matrix> U) const;   ///< m
  Matrix slopes(In<Matrix> X, In<Matrix> U) const;  ///< f'(m)

  Matrix W_, B_;
  Vector b_;
  PackedMatrix<double> packed_W_, packed_W_transposed_;
  Activation activation_;
  double theta_, tau_;
};

}  // namespace nullcline::cells
