// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/backpropagation.hpp"

#include "nullcline/core/errors.hpp"
#include "nullcline/core/packed_product.hpp"

namespace nullcline::training {

template <std::floating_point Real>
Backpropagation<Real>::Backpropagation(const cells::Network& network)
    : cell_(cells::make_cell<Real>(network)),
      D_(network.parameter("readout").cast<Real>()),
      c_(network.parameter("readout_bias").cast<Real>()) {
  packed_D_transposed_.pack(D_, true);
}

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
  packed_D_transposed_.pack(D_, true);
}

template <std::floating_point Real>
double Backpropagation<Real>::run(const tasks::Trials& trials, RandomStream* noise) {
  const Index n = cell_->state_dim(), columns = trials.steps * trials.batch;
  require(trials.inputs.rows() == cell_->input_dim() && trials.inputs.cols() == columns &&
              trials.targets.rows() == D_.rows() && trials.targets.cols() == columns,
          "Backpropagation: the trials do not fit the network");
  tape_.steps = trials.steps;
  tape_.batch = trials.batch;
  tape_.inputs = trials.inputs.template cast<Real>();
  tape_.states.resize(n, columns + trials.batch);
  tape_.states.leftCols(trials.batch).setZero();
  cell_->forward(tape_, noise);

  output_gradient_.noalias() = D_ * tape_.states.rightCols(columns);
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
  const Index n_out = D_.rows(), batch = trials.batch, columns = trials.steps * batch;
  for (auto& gradient : gradients) gradient.setZero();
  cell_->backward(
      tape_,
      [&](Index t, Out<MatrixX<Real>> G) {
        multiply_packed(packed_D_transposed_, output_gradient_.data() + (t - 1) * batch * n_out, 1,
                        n_out, batch, G.data(), G.outerStride(), true);
      },
      gradients);
  MatrixX<Real>& dD = gradients[gradients.size() - 2];
  MatrixX<Real>& dc = gradients[gradients.size() - 1];
  if (dD.size() > 0) {
    dD.noalias() += output_gradient_ * tape_.states.rightCols(columns).transpose();
  }
  if (dc.size() > 0) dc += output_gradient_.rowwise().sum();
  return loss;
}

template class Backpropagation<float>;
template class Backpropagation<double>;

}  // namespace nullcline::training
