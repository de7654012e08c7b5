// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/network.hpp"

#include <algorithm>
#include <cmath>

#include "nullcline/cells/registry.hpp"
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

}  // namespace

const Matrix& Network::parameter(const std::string& name) const {
  const auto it = parameters.find(name);
  if (it == parameters.end()) throw Error("", name, "nothing", "a parameter of " + cell);
  return it->second;
}

Index Network::state_dim() const { return parameter("readout").cols(); }
Index Network::input_dim() const { return parameter("input").cols(); }
Index Network::output_dim() const { return parameter("readout").rows(); }

void validate(const Network& network, const std::string& path) {
  const CellKind& kind = cell_kind(network.cell);
  std::vector<ParameterShape> wanted = kind.parameters;
  wanted.push_back({"readout", 'o', 'n', "D"});
  wanted.push_back({"readout_bias", 'o', '1', "c"});

  std::map<char, Index> sizes = {{'n', network.settings.integer("units")}, {'1', 1}};
  for (const ParameterShape& parameter : wanted) {
    const auto it = network.parameters.find(parameter.name);
    if (it == network.parameters.end()) {
      throw Error(path, parameter.name, "nothing", "the array " + parameter.meaning);
    }
    const Matrix& A = it->second;
    // The first parameter that has a size of input or output sets it for the others.
    const Index rows = sizes.try_emplace(parameter.rows, A.rows()).first->second;
    const Index cols = sizes.try_emplace(parameter.cols, A.cols()).first->second;
    if (A.rows() != rows || A.cols() != cols) {
      throw Error(path, parameter.name, "shape " + shape(A.rows(), A.cols()),
                  "shape " + shape(rows, cols));
    }
    require_finite(A, path, parameter.name);
  }
  for (const auto& [name, A] : network.parameters) {
    const bool known = std::any_of(wanted.begin(), wanted.end(),
                                   [&](const ParameterShape& p) { return p.name == name; });
    if (!known) throw Error(path, name, "an array", "no array of this name in " + network.cell);
  }
}

std::unique_ptr<DrivenMap> driven_map(const Network& network) {
  return cell_kind(network.cell).make_map(network);
}

Matrix outputs(const Network& network, In<Matrix> X) {
  Matrix Z = network.parameter("readout") * X;
  Z.colwise() += network.parameter("readout_bias").col(0);
  return Z;
}

Matrix simulate(const Network& network, In<Matrix> inputs, In<Matrix> starts, RandomStream* noise) {
  const Index batch = starts.cols();
  require(batch > 0 && inputs.cols() % batch == 0,
          "simulate: the columns of inputs must be a multiple of those of starts");
  require(inputs.rows() == network.input_dim() && starts.rows() == network.state_dim(),
          "simulate: inputs must be (n_in, T B) and starts (n, B)");
  const auto cell = make_cell<double>(network);
  const auto columns = [](In<Matrix> A) {
    return View<double>(A.data(), A.rows(), A.cols(), Eigen::OuterStride<>(A.outerStride()));
  };
  cell->forward({.steps = inputs.cols() / batch,
                 .batch = batch,
                 .inputs = columns(inputs),
                 .start = columns(starts),
                 .noise = noise});
  return cell->states().rightCols(inputs.cols());
}

}  // namespace nullcline::cells
