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
  const auto entries = [](MatrixX<Real>& A) {
    return Eigen::Map<MatrixX<Real>>(A.data(), A.rows(), A.cols());
  };
  return {{"recurrent", entries(W_)}, {"input", entries(B_)}, {"bias", entries(b_)}};
}

template <std::floating_point Real>
void LeakyRate<Real>::parameters_changed() {
  packed_W_.pack(W_);
  packed_W_transposed_.pack(W_, true);
  packed_B_.pack(B_);
}

template <std::floating_point Real>
void LeakyRate<Real>::forward(const Drive<Real>& drive) {
  const Index n = state_dim(), m = input_dim(), batch = drive.batch, size = n * batch;
  const bool noisy = drive.noise != nullptr && noise_scale_ > 0;
  steps_ = drive.steps;
  batch_ = batch;
  inputs_ = drive.inputs;
  states_.resize(n, (steps_ + 1) * batch);
  states_.leftCols(batch) = drive.start;
  slopes_.resize(n, steps_ * batch);
  for (Index t = 0; t < steps_; ++t) {
    const Real* x = states_.data() + t * size;
    Real* sums = slopes_.data() + t * size;
    if (noisy) {
      RandomStream noise = *drive.noise;
      noise.seek_group(static_cast<std::uint64_t>((drive.first_step + t) * ((size + 63) / 64)));
      noise.fill_normal({sums, static_cast<std::size_t>(size)}, noise_scale_);
    }
    multiply_packed(packed_W_, x, 1, n, batch, sums, n, noisy);
    if (m > 0) {
      multiply_packed(packed_B_, inputs_.data() + t * m * batch, 1, m, batch, sums, n, true);
    }
    detail::leaky_forward(activation_, theta_, alpha_, n, batch, b_.data(), x, sums,
                          states_.data() + (t + 1) * size);
  }
}

template <std::floating_point Real>
void LeakyRate<Real>::backward(const OutputGradient<Real>& output, Gradients<Real>& gradients) {
  const Index n = state_dim(), m = input_dim(), batch = batch_, size = n * batch;
  const Index chunk = steps_per_product(batch);
  MatrixX<Real>& dW = gradients.parameters[0];
  MatrixX<Real>& dB = gradients.parameters[1];
  MatrixX<Real>& db = gradients.parameters[2];
  MatrixX<Real>& G = gradient_;  // dL/dx_t, all paths
  deltas_.resize(n, chunk * batch);
  if (gradients.inputs != nullptr) gradients.inputs->resize(m, steps_ * batch);

  if (output.last_state != nullptr) {
    G = *output.last_state;
  } else {
    G.setZero(n, batch);
  }
  for (Index t = steps_; t >= 1; --t) {
    Real* delta = deltas_.data() + (t - 1) % chunk * size;
    G.noalias() += output.readout.transpose() * output.errors.middleCols((t - 1) * batch, batch);
    if (output.more) output.more(t, G);
    detail::leaky_backward(alpha_, size, slopes_.data() + (t - 1) * size, G.data(), delta);
    multiply_packed(packed_W_transposed_, delta, 1, n, batch, G.data(), n, true);

    if ((t - 1) % chunk != 0) continue;
    const Index columns = std::min(chunk, steps_ - (t - 1)) * batch;
    const auto all = deltas_.leftCols(columns);
    packed_deltas_.pack(deltas_.data(), n, columns, 1, n);
    if (dW.size() > 0) {
      multiply_packed(packed_deltas_, states_.data() + (t - 1) * size, n, 1, n, dW.data(), n, true);
    }
    if (dB.size() > 0) {
      multiply_packed(packed_deltas_, inputs_.data() + (t - 1) * m * batch, m, 1, m, dB.data(), n,
                      true);
    }
    if (db.size() > 0) db += all.rowwise().sum();
    if (gradients.inputs != nullptr) {
      gradients.inputs->middleCols((t - 1) * batch, columns).noalias() = B_.transpose() * all;
    }
  }
  if (gradients.start != nullptr) *gradients.start = G;
  if (zero_diagonal_ && dW.size() > 0) dW.diagonal().setZero();
}

template class LeakyRate<float>;
template class LeakyRate<double>;

}  // namespace nullcline::cells
