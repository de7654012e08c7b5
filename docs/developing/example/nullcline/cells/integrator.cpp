// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/integrator.hpp"

#include <cmath>

namespace nullcline::cells {
namespace {

double alpha(const Network& network) { return network.dt() / network.settings.number("tau"); }

/// As training sees it: sequences of batches, and the way back.
template <std::floating_point Real>
class Integrator final : public Cell<Real> {
 public:
  explicit Integrator(const Network& network)
      : alpha_(static_cast<Real>(alpha(network))), B_(network.parameter("input").cast<Real>()) {}

  Index state_dim() const override { return B_.rows(); }
  Index input_dim() const override { return B_.cols(); }
  std::vector<Parameter<Real>> parameters() override {
    return {{"input", Eigen::Map<MatrixX<Real>>(B_.data(), B_.rows(), B_.cols())}};
  }
  void parameters_changed() override {}

  void forward(const Drive<Real>& drive) override {
    const Index batch = drive.batch;
    inputs_ = drive.inputs;
    states_.resize(state_dim(), (drive.steps + 1) * batch);
    states_.leftCols(batch) = drive.start;
    for (Index t = 0; t < drive.steps; ++t) {
      states_.middleCols((t + 1) * batch, batch) =
          (1 - alpha_) * states_.middleCols(t * batch, batch) +
          alpha_ * B_ * inputs_.middleCols(t * batch, batch);
    }
  }
  View<Real> states() const override { return view(states_); }
  View<Real> features() const override {
    const Index n = state_dim(), columns = inputs_.cols();
    return {states_.data() + (states_.cols() - columns) * n, n, columns, Eigen::OuterStride<>(n)};
  }

  void backward(const OutputGradient<Real>& output, Gradients<Real>& gradients) override {
    const Index batch = states_.cols() - inputs_.cols(), steps = inputs_.cols() / batch;
    MatrixX<Real>& dB = gradients.parameters[0];
    MatrixX<Real> G = MatrixX<Real>::Zero(state_dim(), batch);  // dL/dx_t, all paths
    if (output.last_state != nullptr) G = *output.last_state;
    if (gradients.inputs != nullptr) gradients.inputs->resize(input_dim(), inputs_.cols());
    for (Index t = steps; t >= 1; --t) {
      G += output.readout.transpose() * output.errors.middleCols((t - 1) * batch, batch);
      if (output.more) output.more(t, G);
      const auto u = inputs_.middleCols((t - 1) * batch, batch);
      if (dB.size() > 0) dB += alpha_ * G * u.transpose();
      if (gradients.inputs != nullptr) {
        gradients.inputs->middleCols((t - 1) * batch, batch) = alpha_ * B_.transpose() * G;
      }
      G *= 1 - alpha_;
    }
    if (gradients.start != nullptr) *gradients.start = G;
  }

 private:
  Real alpha_;
  MatrixX<Real> B_, inputs_, states_;
};

/// As analysis sees it. `evaluate` would do; the tangents here are exact, the rest is differences.
class IntegratorMap final : public DrivenMap {
 public:
  explicit IntegratorMap(const Network& network)
      : alpha_(alpha(network)), B_(network.parameter("input")) {}

  Index state_dim() const override { return B_.rows(); }
  Index input_dim() const override { return B_.cols(); }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override {
    Y = (1 - alpha_) * X + alpha_ * B_ * U;
  }
  void push_forward(In<Matrix>, In<Matrix>, In<Matrix> VX, In<Matrix> VU,
                    Out<Matrix> W) const override {
    W = (1 - alpha_) * VX + alpha_ * B_ * VU;
  }

 private:
  double alpha_;
  Matrix B_;
};

Matrix random_matrix(Index rows, Index cols, double sd, RandomStream& stream) {
  Matrix A(rows, cols);
  stream.fill_normal(std::span<double>(A.data(), static_cast<std::size_t>(A.size())), sd);
  return A;
}

std::map<std::string, Matrix> initialize(const Settings& settings, Index n_in, Index n_out,
                                         RandomStream& stream) {
  const Index n = settings.integer("units");
  return {{"input", random_matrix(n, n_in, 1, stream)},
          {"readout", random_matrix(n_out, n, 1 / std::sqrt(static_cast<double>(n)), stream)},
          {"readout_bias", Matrix::Zero(n_out, 1)}};
}

}  // namespace

CellKind integrator() {
  return {
      .name = "integrator",
      .meaning = "tau dx/dt = -x + B u, no connections among the units, readout of x",
      .schema = {{"units", std::int64_t{64}, "n, number of units", 1, 100'000},
                 {"tau", 0.1, "s, time constant of the units", 1e-9, 1e9},
                 {"dt", 0.01, "s, step", 1e-9, 1e9}},
      .parameters = {{"input", 'n', 'm', "B"}},
      .initialize = initialize,
      .make_float =
          [](const Network& network) { return std::make_unique<Integrator<float>>(network); },
      .make_double =
          [](const Network& network) { return std::make_unique<Integrator<double>>(network); },
      .make_map = [](const Network& network) { return std::make_unique<IntegratorMap>(network); },
  };
}

}  // namespace nullcline::cells
