// SPDX-License-Identifier: Apache-2.0
#include "step.hpp"

#include <cmath>

#include "nullcline/cells/registry.hpp"
#include "nullcline/core/thin_product.hpp"
#include "nullcline/training/loss.hpp"
#include "nullcline/training/settings.hpp"

namespace nullcline::amx {
namespace {

constexpr std::uint64_t seed = 1;
constexpr tasks::Loss squared_error = tasks::Loss::squared_error;

}  // namespace

cells::Network start_of(const Case& it, std::uint64_t id) {
  const auto& kind = cells::cell_kind("leaky_rate");
  RandomStream stream({seed, id, Purpose::initial_weights, 0});
  return cells::make_network("leaky_rate",
                             Settings(kind.schema, {{"units", std::int64_t{it.units}}}),
                             Levels::channels, Levels::channels, stream);
}

Settings settings_of(const Case& it) {
  return Settings(training::training_schema(),
                  {{"steps", std::int64_t{1'000'000'000}},
                   {"batch", std::int64_t{it.batch}},
                   {"trainable", std::vector<std::string>{"recurrent"}}});
}

Step::Step(const Case& it, std::uint64_t id, const KernelMaker& kernel)
    : case_(it), id_(id), task_(it.steps), network_(start_of(it, id)) {
  const double alpha = network_.dt() / network_.settings.number("tau");
  options_ = {.n = it.units,
              .m = Levels::channels,
              .activation = cells::Activation::relu,
              .alpha = alpha,
              .noise_scale = network_.settings.number("sigma") * std::sqrt(2 / alpha)};
  W_ = network_.parameter("recurrent").cast<float>();
  D_ = network_.parameter("readout").cast<float>();
  thin_D_ = D_.transpose();
  c_ = network_.parameter("readout_bias").cast<float>();
  M_.emplace_back(it.units, it.units + Levels::channels + 1);
  M_.front() << W_, network_.parameter("input").cast<float>(),
      network_.parameter("bias").cast<float>();
  dM_.emplace_back(M_.front().rows(), M_.front().cols());
  gradients_.emplace_back(MatrixX<float>::Zero(it.units, it.units));
  const Settings training = settings_of(it);
  optimizer_ = training::make_optimizer<float>(training, gradients_);
  rate_ = training.number("learning_rate");
  start_.setZero(it.units, it.batch);
  kernel_ = kernel(options_);
  kernel_->set_matrices(M_);
}

RandomStream Step::noise_of(Index k) const {
  return RandomStream({seed, id_, Purpose::recurrent_noise, static_cast<std::uint64_t>(k)});
}

/// Loss and gradient of step k.
double Step::run(Index k) {
  const Index columns = case_.steps * case_.batch, B = case_.batch;
  RandomStream stream({seed, id_, Purpose::trials, static_cast<std::uint64_t>(k)});
  task_.fill(trials_, B, stream);
  inputs_ = trials_.inputs.cast<float>();
  targets_ = trials_.targets.cast<float>();
  training::loss_shares(squared_error, trials_, shares_);
  outputs_.resize(D_.rows(), columns);
  const RandomStream noise = noise_of(k);
  kernel_->forward({.steps = case_.steps,
                    .batch = B,
                    .inputs = cells::view(inputs_),
                    .start = cells::view(start_),
                    .noise = &noise,
                    .after_step = [this, B](Index t) {
                      const auto r = kernel_->features().middleCols((t - 1) * B, B);
                      auto z = outputs_.middleCols((t - 1) * B, B);
                      multiply_thin<float>(thin_D_, r.data(), r.outerStride(), B, z.data());
                      z.colwise() += c_.col(0);
                    }});
  const double loss =
      training::loss_and_gradient<float>(squared_error, targets_, shares_, outputs_);
  cells::Gradients<float> all{.parameters = std::move(dM_)};
  all.parameters.front().setZero();
  kernel_->backward({.readout = cells::view(D_), .errors = cells::view(outputs_)}, all);
  dM_ = std::move(all.parameters);
  gradients_.front() = dM_.front().leftCols(case_.units);
  gradients_.front().diagonal().setZero();  // no self-connections
  return loss;
}

double Step::step() {
  const double loss = run(taken_);
  std::vector<cells::Parameter<float>> parameters = {
      {"recurrent", Eigen::Map<MatrixX<float>>(W_.data(), W_.rows(), W_.cols())}};
  optimizer_->update(++taken_, rate_, gradients_, parameters);
  M_.front().leftCols(case_.units) = W_;
  kernel_->set_matrices(M_);
  return loss;
}

const MatrixX<float>& Step::gradient(Index k) {
  run(k);
  return gradients_.front();
}

Matrix reference_gradient(const Step& step, Index k) {
  const auto& options = step.options();
  const tasks::Trials& trials = step.trials();
  const Index n = options.n, B = trials.batch, T = trials.steps, groups = (n * B + 63) / 64;
  // Constants as the kernels have them, so that only their sums differ.
  const auto as_float = [](double value) { return static_cast<double>(static_cast<float>(value)); };
  const double alpha = as_float(options.alpha), noise_scale = as_float(options.noise_scale);
  const double rest = static_cast<double>(1 - static_cast<float>(options.alpha));
  const Matrix M = step.weights().cast<double>(), W = M.leftCols(n);
  const Matrix D = step.network().parameter("readout").cast<float>().cast<double>();
  const Vector c = step.network().parameter("readout_bias").cast<float>().cast<double>();
  const Matrix inputs = trials.inputs.cast<float>().cast<double>();
  const Matrix targets = trials.targets.cast<float>().cast<double>();
  RandomStream noise = step.noise_of(k);
  MatrixX<float> normals(n, B);
  Matrix x = Matrix::Zero(n, (T + 1) * B), slope(n, T * B);
  for (Index t = 0; t < T; ++t) {
    noise.seek_group(static_cast<std::uint64_t>(t * groups));
    noise.fill_normal(std::span<float>(normals.data(), static_cast<std::size_t>(n * B)));
    const auto now = x.middleCols(t * B, B);
    Matrix m = W * now + M.middleCols(n, Levels::channels) * inputs.middleCols(t * B, B) +
               noise_scale * normals.cast<double>();
    m.colwise() += M.col(n + Levels::channels);
    slope.middleCols(t * B, B) = (m.array() > 0).cast<double>();
    x.middleCols((t + 1) * B, B) = rest * now + alpha * m.cwiseMax(0);
  }
  const double share = 1 / (static_cast<double>(targets.size()));
  Matrix errors = D * x.rightCols(T * B) - targets;
  errors.colwise() += c;
  Matrix delta = Matrix::Zero(n, B), carry = Matrix::Zero(n, B), dW = Matrix::Zero(n, n);
  for (Index t = T - 1; t >= 0; --t) {
    const Matrix g =
        W.transpose() * delta + 2 * share * (D.transpose() * errors.middleCols(t * B, B)) + carry;
    delta = alpha * slope.middleCols(t * B, B).cwiseProduct(g);
    carry = rest * g;
    dW += delta * x.middleCols(t * B, B).transpose();
  }
  dW.diagonal().setZero();
  return dW;
}

}  // namespace nullcline::amx
