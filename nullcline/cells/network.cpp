// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/network.hpp"

#include <algorithm>
#include <cmath>

#include "nullcline/cells/layered.hpp"
#include "nullcline/cells/registry.hpp"
#include "nullcline/cells/stacked_map.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::cells {
namespace {

std::string shape(Index rows, Index cols) {
  return "(" + std::to_string(rows) + ", " + std::to_string(cols) + ")";
}

void require_finite(const Matrix& A, const std::string& path, const std::string& name) {
  for (Index i = 0; i < A.rows(); ++i) {
    for (Index j = 0; j < A.cols(); ++j) {
      if (std::isfinite(A(i, j))) continue;
      throw Error(path, name + "[" + std::to_string(i) + ", " + std::to_string(j) + "]",
                  std::to_string(A(i, j)), "a finite number");
    }
  }
}

View<double> columns(In<Matrix> A) {
  return {A.data(), A.rows(), A.cols(), Eigen::OuterStride<>(A.outerStride())};
}

}  // namespace

const Matrix& Network::parameter(const std::string& name) const {
  const auto it = parameters.find(name);
  if (it == parameters.end()) throw Error("", name, "nothing", "a parameter of " + cell);
  return it->second;
}

Index Network::state_dim() const { return cell_kind(cell).state_dim(settings); }
Index Network::feature_dim() const { return cell_kind(cell).feature_dim(settings); }
Index Network::input_dim() const { return cell_kind(cell).input_dim(*this); }
Index Network::output_dim() const { return parameter("readout").rows(); }

void validate(const Network& network, const std::string& path) {
  const CellKind& kind = cell_kind(network.cell);
  Index n_in = 0;
  try {
    n_in = kind.input_dim(network);
  } catch (const Error& error) {
    throw error.at(path);
  }
  std::vector<ParameterShape> wanted = kind.parameters(network.settings, n_in);
  const auto readout = network.parameters.find("readout");
  const Index n_out = readout == network.parameters.end() ? 0 : readout->second.rows();
  wanted.push_back({"readout", {n_out, "n_out"}, {network.feature_dim(), "features"}, "D"});
  wanted.push_back({"readout_bias", {n_out, "n_out"}, {1, "1"}, "c"});

  for (const ParameterShape& parameter : wanted) {
    const auto it = network.parameters.find(parameter.name);
    if (it == network.parameters.end()) {
      throw Error(path, parameter.name, "nothing", "the array " + parameter.meaning);
    }
    const Matrix& A = it->second;
    const Index rows = parameter.rows.value, cols = parameter.cols.value;
    if (A.rows() != rows || A.cols() != cols) {
      throw Error(path, parameter.name, "shape " + shape(A.rows(), A.cols()),
                  "shape " + shape(rows, cols));
    }
    require_finite(A, path, parameter.name);
  }
  for (const auto& [name, A] : network.parameters) {
    if (std::ranges::find(wanted, name, &ParameterShape::name) == wanted.end()) {
      throw Error(path, name, "an array", "no array of this name in " + network.cell);
    }
  }
}

std::unique_ptr<DrivenMap> embedded_map(const Network& network) {
  return cell_kind(network.cell).make_map(network);
}

std::unique_ptr<DrivenMap> driven_map(const Network& network) {
  auto map = embedded_map(network);
  if (!network.parameters.contains("embedding")) return map;
  return std::make_unique<EmbeddedMap>(std::move(map), network.parameter("embedding"));
}

Matrix embed(const Network& network, In<Matrix> inputs) {
  if (!network.parameters.contains("embedding")) return inputs;
  return embedded<double>(network.parameter("embedding"), columns(inputs));
}

std::unique_ptr<Flow> flow(const Network& network) {
  const CellKind& kind = cell_kind(network.cell);
  auto made = kind.make_flow ? kind.make_flow(network) : nullptr;
  if (made == nullptr) {
    throw Error("", "cell", "'" + network.cell + "'", "one layer of a cell that is an ODE");
  }
  return made;
}

Vector initial_state(const Network& network) {
  const auto it = network.parameters.find("initial_state");
  if (it == network.parameters.end()) return Vector::Zero(network.state_dim());
  return it->second.col(0);
}

Matrix features(const Network& network, In<Matrix> X) {
  const auto last = cell_kind(network.cell).make_features(network);
  return last->evaluate(X.bottomRows(last->state_dim()));
}

Matrix features_jacobian(const Network& network, In<Vector> x) {
  const auto last = cell_kind(network.cell).make_features(network);
  Matrix J = Matrix::Zero(last->feature_dim(), x.size());
  J.rightCols(last->state_dim()) = last->jacobian(x.tail(last->state_dim()));
  return J;
}

Matrix outputs(const Network& network, In<Matrix> X) {
  Matrix Z = network.parameter("readout") * features(network, X);
  Z.colwise() += network.parameter("readout_bias").col(0);
  return Z;
}

Matrix simulate(const Network& network, In<Matrix> inputs, In<Matrix> starts, RandomStream* noise) {
  const Index batch = starts.cols();
  require(batch > 0 && inputs.cols() % batch == 0,
          "simulate: the columns of inputs must be a multiple of those of starts");
  require(inputs.rows() == network.input_dim() && starts.rows() == network.state_dim(),
          "simulate: inputs must be (n_in, T B) and starts (S, B)");
  const auto cell = make_cell<double>(network);
  cell->forward({.steps = inputs.cols() / batch,
                 .batch = batch,
                 .inputs = columns(inputs),
                 .start = columns(starts),
                 .noise = noise});
  return cell->states().rightCols(inputs.cols());
}

}  // namespace nullcline::cells
