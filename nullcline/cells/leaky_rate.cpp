// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/leaky_rate.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "nullcline/cells/detail/leaky_step.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/core/stepper.hpp"

namespace nullcline::cells {
namespace {

Schema schema() {
  return {
      {"units", std::int64_t{128}, "n, number of units", 1, 100'000},
      {.name = "activation",
       .standard = std::string("relu"),
       .meaning = "f",
       .choices = activation_names()},
      {"theta", 0.0, "radians; negative-side slope tan(theta) of leaky_relu", 0,
       std::numbers::pi / 4},
      {"tau", 0.1, "s, time constant of the units", 1e-9, 1e9},
      {"dt", 0.01, "s, Euler step", 1e-9, 1e9},
      {"sigma", 0.01, "strength of the noise inside f", 0, 1e6},
      {"self_connections", false, "whether the diagonal of W is free; the note keeps it at zero"},
      {"gain", 1.0, "g, scales the random W", 0, 1e6},
      {.name = "weight_variance",
       .standard = std::string("g^2/n"),
       .meaning =
           "variance of the random W and readout. The note writes 1/sqrt(n), which would start far "
           "in the unstable regime; 1/n is the reading that fits its text (our choice)",
       .choices = {"g^2/n", "g^2/sqrt(n)"}},
      {"input_sd", 1 / std::numbers::sqrt3, "standard deviation of the random B", 0, 1e6},
      {"bias_sd", 1 / std::numbers::sqrt3, "standard deviation of the random b", 0, 1e6},
  };
}

Matrix random_matrix(Index rows, Index cols, double sd, RandomStream& stream) {
  Matrix A(rows, cols);
  stream.fill_normal(std::span<double>(A.data(), static_cast<std::size_t>(A.size())), sd);
  return A;
}

std::map<std::string, Matrix> initialize(const Settings& settings, Index n_in, Index n_out,
                                         RandomStream& stream) {
  const Index n = settings.integer("units");
  const double size = static_cast<double>(n);
  const bool inverse = settings.text("weight_variance") == "g^2/n";
  const double sd = settings.number("gain") / (inverse ? std::sqrt(size) : std::pow(size, 0.25));
  Matrix W = random_matrix(n, n, sd, stream);
  if (!settings.flag("self_connections")) W.diagonal().setZero();
  Matrix B = random_matrix(n, n_in, settings.number("input_sd"), stream);
  Matrix b = random_matrix(n, 1, settings.number("bias_sd"), stream);
  Matrix D = random_matrix(n_out, n, sd, stream);
  return {{"recurrent", std::move(W)},
          {"input", std::move(B)},
          {"bias", std::move(b)},
          {"readout", std::move(D)},
          {"readout_bias", Matrix::Zero(n_out, 1)}};
}

std::unique_ptr<DrivenMap> make_map(const Network& network) {
  const Settings& settings = network.settings;
  auto flow = std::make_unique<const LeakyRateFlow>(
      network.parameter("recurrent"), network.parameter("input"), network.parameter("bias"),
      activation_from_name(settings.text("activation")), settings.number("theta"),
      settings.number("tau"));
  return std::make_unique<SteppedFlow>(std::move(flow), network.dt(), Method::euler);
}

/// Steps whose weight gradient is one product: about 128 columns keep both factors in L1.
Index steps_per_product(Index batch) { return std::max<Index>(1, 128 / batch); }

}  // namespace

CellKind leaky_rate() {
  return {
      .name = "leaky_rate",
      .meaning = "tau dx/dt = -x + f(W x + B u + b + noise), readout of x",
      .schema = schema(),
      .parameters = {{"recurrent", 'n', 'n', "W"},
                     {"input", 'n', 'm', "B"},
                     {"bias", 'n', '1', "b"}},
      .initialize = initialize,
      .make_float =
          [](const Network& network) { return std::make_unique<LeakyRate<float>>(network); },
      .make_double =
          [](const Network& network) { return std::make_unique<LeakyRate<double>>(network); },
      .make_map = make_map,
  };
}

template <std::floating_point Real>
LeakyRate<Real>::LeakyRate(const Network& network)
    : activation_(activation_from_name(network.settings.text("activation"))),
      theta_(network.settings.number("theta")),
      alpha_(static_cast<Real>(network.dt() / network.settings.number("tau"))),
      noise_scale_(static_cast<Real>(network.settings.number("sigma") *
                                     std::sqrt(2 / static_cast<double>(alpha_)))),
      zero_diagonal_(!network.settings.flag("self_connections")),
      W_(network.parameter("recurrent").cast<Real>()),
      B_(network.parameter("input").cast<Real>()),
      b_(network.parameter("bias").cast<Real>()) {
  parameters_changed();
}

template <std::floating_point Real>
std::vector<Parameter<Real>> LeakyRate<Real>::parameters() {
  const auto view = [](MatrixX<Real>& A) {
    return Eigen::Map<MatrixX<Real>>(A.data(), A.rows(), A.cols());
  };
  return {{"recurrent", view(W_), zero_diagonal_}, {"input", view(B_)}, {"bias", view(b_)}};
}

template <std::floating_point Real>
void LeakyRate<Real>::parameters_changed() {
  packed_W_.pack(W_);
  packed_W_transposed_.pack(W_, true);
  packed_B_.pack(B_);
}

template <std::floating_point Real>
void LeakyRate<Real>::forward(Tape<Real>& tape, RandomStream* noise) const {
  const Index n = state_dim(), m = input_dim(), batch = tape.batch, size = n * batch;
  const bool noisy = noise != nullptr && noise_scale_ > 0;
  tape.saved.resize(n, tape.steps * batch);
  for (Index t = 0; t < tape.steps; ++t) {
    const Real* x = tape.states.data() + t * size;
    const Real* u = tape.inputs.data() + t * m * batch;
    Real* drive = tape.saved.data() + t * size;
    if (noisy) noise->fill_normal({drive, static_cast<std::size_t>(size)}, noise_scale_);
    multiply_packed(packed_W_, x, 1, n, batch, drive, n, noisy);
    if (m > 0) multiply_packed(packed_B_, u, 1, m, batch, drive, n, true);
    detail::leaky_forward(activation_, theta_, alpha_, n, batch, b_.data(), x, drive,
                          tape.states.data() + (t + 1) * size);
  }
}

template <std::floating_point Real>
void LeakyRate<Real>::backward(Tape<Real>& tape,
                               const typename Cell<Real>::AddGradient& add_gradient,
                               std::vector<MatrixX<Real>>& gradients) const {
  const Index n = state_dim(), m = input_dim(), batch = tape.batch, size = n * batch;
  const Index chunk = steps_per_product(batch);
  MatrixX<Real>& dW = gradients[0];
  MatrixX<Real>& dB = gradients[1];
  MatrixX<Real>& db = gradients[2];
  tape.scratch.resize(n, (chunk + 1) * batch);
  auto G = tape.scratch.leftCols(batch);  // dL/dx_t, all paths
  Real* deltas = tape.scratch.data() + size;
  PackedMatrix<Real> packed_deltas;

  G.setZero();
  for (Index t = tape.steps; t >= 1; --t) {
    Real* delta = deltas + (t - 1) % chunk * size;
    add_gradient(t, G);
    detail::leaky_backward(alpha_, size, tape.saved.data() + (t - 1) * size, G.data(), delta);
    if (t > 1) multiply_packed(packed_W_transposed_, delta, 1, n, batch, G.data(), n, true);

    if ((t - 1) % chunk != 0) continue;
    const Index columns = std::min(chunk, tape.steps - (t - 1)) * batch;
    const Eigen::Map<const MatrixX<Real>> all(deltas, n, columns);
    packed_deltas.pack(deltas, n, columns, 1, n);
    if (dW.size() > 0) {
      multiply_packed(packed_deltas, tape.states.data() + (t - 1) * size, n, 1, n, dW.data(), n,
                      true);
    }
    if (dB.size() > 0) {
      multiply_packed(packed_deltas, tape.inputs.data() + (t - 1) * m * batch, m, 1, m, dB.data(),
                      n, true);
    }
    if (db.size() > 0) db += all.rowwise().sum();
  }
  if (zero_diagonal_ && dW.size() > 0) dW.diagonal().setZero();
}

template class LeakyRate<float>;
template class LeakyRate<double>;

}  // namespace nullcline::cells
