// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/parameter_change.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "nullcline/cells/layer.hpp"
#include "nullcline/cells/registry.hpp"
#include "nullcline/cells/staged_change.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::cells {
namespace {

std::string shape_of(const Matrix& A) { return fmt::format("({}, {})", A.rows(), A.cols()); }

Network moved(const Network& network, const std::map<std::string, Matrix>& change, double by) {
  Network result = network;
  for (const auto& [name, dW] : change) result.parameters.at(name) += by * dW;
  return result;
}

/// Throws Error unless `change` fits the network and is not 0.
void check(const Network& network, const std::map<std::string, Matrix>& change) {
  bool moves = false;
  for (const auto& [name, dW] : change) {
    const Matrix& W = network.parameter(name);
    if (W.rows() != dW.rows() || W.cols() != dW.cols() || !dW.allFinite()) {
      throw Error("", name, shape_of(dW), "the finite change of an array " + shape_of(W));
    }
    moves = moves || !dW.isZero(0);
  }
  if (!moves) throw Error("", "change", "nothing that changes", "an array that is not 0");
}

class DifferenceChange final : public DrivenFunction {
 public:
  DifferenceChange(const Network& network, const std::map<std::string, Matrix>& change) {
    double most = 0, weight = 1;
    for (const auto& [name, dW] : change) {
      const Matrix& W = network.parameter(name);
      most = std::max(most, dW.size() > 0 ? dW.cwiseAbs().maxCoeff() : 0);
      weight = std::max(weight, W.size() > 0 ? W.cwiseAbs().maxCoeff() : 0);
    }
    // The usual step of central differences, in units of the largest weight.
    step_ = std::cbrt(std::numeric_limits<double>::epsilon()) * weight / most;
    above_ = embedded_map(moved(network, change, step_));
    below_ = embedded_map(moved(network, change, -step_));
  }

  Index state_dim() const override { return above_->state_dim(); }
  Index input_dim() const override { return above_->input_dim(); }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override {
    Matrix below(Y.rows(), Y.cols());
    above_->evaluate(X, U, Y);
    below_->evaluate(X, U, below);
    Y = (Y - below) / (2 * step_);
  }
  void push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                    Out<Matrix> W) const override {
    Matrix below(W.rows(), W.cols());
    above_->push_forward(X, U, VX, VU, W);
    below_->push_forward(X, U, VX, VU, below);
    W = (W - below) / (2 * step_);
  }

 private:
  double step_ = 0;
  std::unique_ptr<DrivenMap> above_, below_;
};

/// The M_k of some arrays, without the constants of the layer: linear in each of them.
std::vector<Matrix> linear_part(Layer layer, const Connections& connections, Index m,
                                const std::vector<Matrix>& arrays) {
  layer.constants.clear();
  std::vector<const Matrix*> values;
  for (const Matrix& array : arrays) values.push_back(&array);
  std::vector<Matrix> M;
  assemble<double>(layer, connections, m, values, M);
  return M;
}

void add(const std::vector<Matrix>& more, double factor, std::vector<Matrix>& sum) {
  for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += factor * more[k];
}

/// How the M_k change with the arrays of the layer, W by dW, by the rule of their structure.
std::vector<Matrix> matrices_change(const Layer& layer, const Connections& connections, Index m,
                                    const std::vector<Matrix>& W, const std::vector<Matrix>& dW) {
  std::vector<Matrix> first = dW, second;  // the change is their linear parts' difference
  for (const Matrix& array : dW) second.push_back(Matrix::Zero(array.rows(), array.cols()));
  std::size_t a = 0;
  for (const LayerParameter& parameter : layer.parameters) {
    if (parameter.columns != Columns::recurrent) {
      ++a;
      continue;
    }
    switch (connections.structure) {
      case Structure::dense:
        ++a;
        break;
      case Structure::masked:    // dW * mask + W * dmask, entry by entry
      case Structure::low_rank:  // dleft right' + left dright'
        first[a + 1] = W[a + 1];
        second[a] = -W[a];
        second[a + 1] = dW[a + 1];
        a += 2;
        break;
      case Structure::dale: {  // sign(W) dW, as the difference of two that are not negative
        const Matrix signed_change = dW[a].cwiseProduct(W[a].cwiseSign());
        first[a] = signed_change.cwiseMax(0);
        second[a] = (-signed_change).cwiseMax(0);
        ++a;
        break;
      }
    }
  }
  std::vector<Matrix> dM = linear_part(layer, connections, m, first);
  add(linear_part(layer, connections, m, second), -1, dM);
  return dM;
}

/// Null where the network has more than one layer.
std::unique_ptr<DrivenFunction> staged_change(const Network& network,
                                              const std::map<std::string, Matrix>& change) {
  const CellKind& kind = cell_kind(network.cell);
  const auto& known = network.settings.values();
  if (!kind.layer || (known.contains("layers") && network.settings.integer("layers") != 1)) {
    return nullptr;
  }
  const Layer layer = kind.layer(network.settings);
  const Connections connections(network.settings);
  const Index m = embedded_map(network)->input_dim();
  std::vector<Matrix> W, dW;
  for (const ParameterShape& shape : kind.parameters(network.settings, network.input_dim())) {
    if (shape.name == "embedding" || shape.name == "initial_state") continue;
    W.push_back(network.parameter(shape.name));
    const auto it = change.find(shape.name);
    dW.push_back(it != change.end() ? it->second : Matrix::Zero(W.back().rows(), W.back().cols()));
  }
  std::vector<const Matrix*> values;
  for (const Matrix& array : W) values.push_back(&array);
  std::vector<Matrix> M;
  assemble<double>(layer, connections, m, values, M);
  std::vector<Matrix> dM = matrices_change(layer, connections, m, W, dW);
  return std::make_unique<StagedChange>(layer.step_double, std::move(M), std::move(dM), m);
}

}  // namespace

ParameterChange::ParameterChange(const Network& network,
                                 const std::map<std::string, Matrix>& change) {
  check(network, change);
  change_ = staged_change(network, change);
  if (change_ == nullptr) change_ = difference_change(network, change);
}

std::unique_ptr<DrivenFunction> difference_change(const Network& network,
                                                  const std::map<std::string, Matrix>& change) {
  check(network, change);
  return std::make_unique<DifferenceChange>(network, change);
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
