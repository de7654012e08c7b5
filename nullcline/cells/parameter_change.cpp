// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/parameter_change.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "nullcline/core/errors.hpp"

namespace nullcline::cells {
namespace {

std::string shape_of(const Matrix& A) { return fmt::format("({}, {})", A.rows(), A.cols()); }

Network moved(const Network& network, const std::map<std::string, Matrix>& change, double by) {
  Network result = network;
  for (const auto& [name, dW] : change) result.parameters.at(name) += by * dW;
  return result;
}

}  // namespace

ParameterChange::ParameterChange(const Network& network,
                                 const std::map<std::string, Matrix>& change) {
  double most = 0, weight = 1;
  for (const auto& [name, dW] : change) {
    const Matrix& W = network.parameter(name);
    if (W.rows() != dW.rows() || W.cols() != dW.cols() || !dW.allFinite()) {
      throw Error("", name, shape_of(dW), "the finite change of an array " + shape_of(W));
    }
    most = std::max(most, dW.size() > 0 ? dW.cwiseAbs().maxCoeff() : 0);
    weight = std::max(weight, W.size() > 0 ? W.cwiseAbs().maxCoeff() : 0);
  }
  if (most == 0) throw Error("", "change", "nothing that changes", "an array that is not 0");
  // The usual step of central differences, in units of the largest weight.
  step_ = std::cbrt(std::numeric_limits<double>::epsilon()) * weight / most;
  above_ = embedded_map(moved(network, change, step_));
  below_ = embedded_map(moved(network, change, -step_));
}

void ParameterChange::evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const {
  Matrix below(Y.rows(), Y.cols());
  above_->evaluate(X, U, Y);
  below_->evaluate(X, U, below);
  Y = (Y - below) / (2 * step_);
}

void ParameterChange::push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                                   Out<Matrix> W) const {
  Matrix below(W.rows(), W.cols());
  above_->push_forward(X, U, VX, VU, W);
  below_->push_forward(X, U, VX, VU, below);
  W = (W - below) / (2 * step_);
}

std::map<std::string, Matrix> parameter_difference(const Network& start, const Network& trained) {
  std::map<std::string, Matrix> result;
  for (const auto& [name, W] : trained.parameters) {
    const Matrix& before = start.parameter(name);
    if (before.rows() != W.rows() || before.cols() != W.cols()) {
      throw Error("", name, shape_of(W), "the shape before training, " + shape_of(before));
    }
    result[name] = W - before;
  }
  return result;
}

}  // namespace nullcline::cells
