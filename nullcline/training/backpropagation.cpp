// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/backpropagation.hpp"

#include "nullcline/core/errors.hpp"

namespace nullcline::training {

template <std::floating_point Real>
Backpropagation<Real>::Backpropagation(const cells::Network& network)
    : cell_(cells::make_cell<Real>(network)),
      D_(network.parameter("readout").cast<Real>()),
      c_(network.parameter("readout_bias").cast<Real>()) {}

template <std::floating_point Real>
std::vector<cells::Parameter<Real>> Backpropagation<Real>::parameters() {
  auto all = cell_->parameters();
  all.push_back({"readout", Eigen::Map<MatrixX<Real>>(D_.data(), D_.rows(), D_.cols())});
  all.push_back({"readout_bias", Eigen::Map<MatrixX<Real>>(c_.data(), c_.rows(), c_.cols())});
  return all;
}

template <std::floating_point Real>
void Backpropagation<Real>::parameters_changed() {
  cell_->parameters_changed();
}

template <std::floating_point Real>
double Backpropagation<Real>::run(const tasks::Trials& trials, RandomStream* noise) {
  const Index columns = trials.steps * trials.batch;
  require(trials.inputs.rows() == cell_->input_dim() && trials.inputs.cols() == columns &&
              trials.targets.rows() == D_.rows() && trials.targets.cols() == columns,
          "Backpropagation: the trials do not fit the network");
  inputs_ = trials.inputs.template cast<Real>();
  start_.resize(cell_->state_dim(), 0);  // the network's own
  cell_->forward({.steps = trials.steps,
                  .batch = trials.batch,
                  .inputs = cells::view(inputs_),
                  .start = cells::view(start_),
                  .noise = noise});

  output_gradient_.noalias() = D_ * cell_->features();
  output_gradient_.colwise() += c_.col(0);
  output_gradient_ -= trials.targets.template cast<Real>();
  const Vector& of_outputs = trials.output_weights;
  require(of_outputs.size() == 0 || of_outputs.size() == D_.rows(),
          "Backpropagation: output_weights must be empty or one for each output");
  const double total_weight =
      trials.weights.sum() *
      (of_outputs.size() > 0 ? of_outputs.sum() : static_cast<double>(D_.rows()));
  double loss = 0;
  for (Index k = 0; k < columns; ++k) {
    const double share = trials.weights(0, k) / total_weight;
    if (of_outputs.size() > 0) {
      const Vector error = output_gradient_.col(k).template cast<double>();
      loss += share * error.cwiseAbs2().dot(of_outputs);
      output_gradient_.col(k) = (2 * share * error.cwiseProduct(of_outputs)).template cast<Real>();
      continue;
    }
    loss += share * output_gradient_.col(k).template cast<double>().squaredNorm();
    output_gradient_.col(k) *= static_cast<Real>(2 * share);
  }
  return loss;
}

template <std::floating_point Real>
double Backpropagation<Real>::loss(const tasks::Trials& trials, RandomStream* noise) {
  return run(trials, noise);
}

template <std::floating_point Real>
double Backpropagation<Real>::loss_and_gradients(const tasks::Trials& trials, RandomStream* noise,
                                                 std::vector<MatrixX<Real>>& gradients) {
  const double loss = run(trials, noise);
  for (auto& gradient : gradients) gradient.setZero();
  cells::Gradients<Real> all{.parameters = std::move(gradients)};
  cell_->backward({cells::view(D_), cells::view(output_gradient_)}, all);
  gradients = std::move(all.parameters);
  MatrixX<Real>& dD = gradients[gradients.size() - 2];
  MatrixX<Real>& dc = gradients[gradients.size() - 1];
  if (dD.size() > 0) {
    dD.noalias() += output_gradient_ * cell_->features().transpose();
  }
  if (dc.size() > 0) dc += output_gradient_.rowwise().sum();
  return loss;
}

template class Backpropagation<float>;
template class Backpropagation<double>;

}  // namespace nullcline::training
