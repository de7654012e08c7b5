// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/force.hpp"

#include "nullcline/core/errors.hpp"

namespace nullcline::training {
namespace {

/// The network with one more input for each column of Q.
cells::Network with_feedback(const cells::Network& network, const Matrix& Q) {
  cells::Network more = network;
  if (Q.cols() == 0) return more;
  for (const char* name : {"recurrent", "bias", "input"}) {
    if (network.parameters.count(name) == 0) {
      throw Error("", "training.feedback", "cell '" + network.cell + "' without '" + name + "'",
                  "a cell with recurrent, bias and input, or feedback = 0");
    }
  }
  const Matrix& B = network.parameter("input");
  Matrix wide(Q.rows(), B.cols() + Q.cols());
  wide << B, Q;
  more.parameters["input"] = wide;
  return more;
}

Matrix affine_readout(const cells::Network& network) {
  const Matrix& D = network.parameter("readout");
  Matrix V(D.rows(), D.cols() + 1);
  V << D, network.parameter("readout_bias");
  return V;
}

}  // namespace

template <std::floating_point Real>
Force<Real>::Force(const cells::Network& start, In<Matrix> feedback, double lambda)
    : start_(start),
      feedback_(feedback),
      cell_(cells::make_cell<Real>(with_feedback(start, feedback_))),
      readout_(affine_readout(start), lambda) {}

template <std::floating_point Real>
double Force<Real>::run(const tasks::Trials& trials, RandomStream* noise, bool learning) {
  const Index batch = trials.batch, given = trials.inputs.rows(), outputs = trials.targets.rows();
  require(given + feedback_.cols() == cell_->input_dim() && outputs == readout_.readout().rows(),
          "Force: the trials do not fit the network");
  inputs_.resize(given + feedback_.cols(), batch);
  state_.setZero(cell_->state_dim(), batch);
  outputs_.resize(outputs, trials.steps * batch);
  Matrix z = readout_.readout().rightCols(1).replicate(1, batch);
  Vector r(cell_->feature_dim());
  double squares = 0;
  for (Index t = 0; t < trials.steps; ++t) {
    inputs_.topRows(given) = trials.inputs.middleCols(t * batch, batch).template cast<Real>();
    if (feedback_.cols() > 0) inputs_.bottomRows(outputs) = z.template cast<Real>();
    cell_->forward({.steps = 1,
                    .batch = batch,
                    .inputs = cells::view(inputs_),
                    .start = cells::view(state_),
                    .noise = noise,
                    .first_step = t});
    state_ = cell_->states().rightCols(batch);
    for (Index b = 0; b < batch; ++b) {
      const Index column = t * batch + b;
      r = cell_->features().col(b).template cast<double>();
      z.col(b) = readout_.output(r);
      const double weight = trials.weights(0, column);
      if (weight > 0) squares += weight * (z.col(b) - trials.targets.col(column)).squaredNorm();
      if (learning) readout_.learn(r, trials.targets.col(column), weight);
    }
    outputs_.middleCols(t * batch, batch) = z;
  }
  return squares / (static_cast<double>(outputs) * trials.weights.sum());
}

template <std::floating_point Real>
cells::Network Force<Real>::closed() const {
  cells::Network network = start_;
  const Matrix& V = readout_.readout();
  const Matrix D = V.leftCols(V.cols() - 1), c = V.rightCols(1);
  network.parameters["readout"] = D;
  network.parameters["readout_bias"] = c;
  if (feedback_.cols() == 0) return network;
  network.parameters["recurrent"] += feedback_ * D;
  network.parameters["bias"] += feedback_ * c;
  auto values = network.settings.values();
  if (const auto own = values.find("self_connections"); own != values.end()) {
    own->second = true;  // Q D has a diagonal
    network.settings = Settings(cells::cell_kind(network.cell).schema, values);
  }
  return network;
}

template class Force<float>;
template class Force<double>;

}  // namespace nullcline::training
