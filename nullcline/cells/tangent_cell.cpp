// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/tangent_cell.hpp"

#include <span>
#include <string>
#include <vector>

#include "nullcline/cells/common_settings.hpp"
#include "nullcline/cells/layer.hpp"
#include "nullcline/cells/registry.hpp"
#include "nullcline/cells/tangent_kernel.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::cells {
namespace {

class NetworkTangents final : public TangentCell {
 public:
  NetworkTangents(const Network& network, Index dim)
      : kind_(cell_kind(network.cell)),
        layer_(kind_.layer(network.settings)),
        units_(network.settings.integer("units")),
        layers_(integer_or(network.settings, "layers", 1)),
        n_in_(network.input_dim()),
        trained_start_(flag_or(network.settings, "trained_start", false)),
        declared_(kind_.parameters(network.settings, n_in_)),
        connections_(network.settings) {
    const Index vocabulary = integer_or(network.settings, "vocabulary", 0);
    if (vocabulary > 0) {
      throw Error("", "vocabulary", std::to_string(vocabulary),
                  "0: tokens form no manifold of inputs");
    }
    for (const ParameterShape& parameter : declared_) {
      values_.push_back(network.parameter(parameter.name));
    }
    for (const Matrix& value : values_) pointers_.push_back(&value);
    per_layer_ = (declared_.size() - (trained_start_ ? 1 : 0)) / static_cast<std::size_t>(layers_);
    for (Index l = 0; l < layers_; ++l) {
      kernels_.emplace_back(layer_.step_double, units_, layer_input(l), dim);
    }
    parameters_changed();
  }

  Index state_dim() const override { return layers_ * layer_state(); }
  Index feature_dim() const override { return layer_.step_double.feature_count * units_; }
  Index input_dim() const override { return n_in_; }

  std::vector<Parameter<double>> parameters() override {
    std::vector<Parameter<double>> trained;
    for (std::size_t p = 0; p < values_.size(); ++p) {
      if (!declared_[p].trained) continue;
      Matrix& A = values_[p];
      trained.push_back({declared_[p].name, Eigen::Map<Matrix>(A.data(), A.rows(), A.cols())});
    }
    return trained;
  }

  void parameters_changed() override {
    std::vector<Matrix> M;
    for (Index l = 0; l < layers_; ++l) {
      assemble<double>(layer_, connections_, layer_input(l), values_of(l), M);
      kernel(l).set_matrices(M);
    }
  }

  void forward(Index points, In<Matrix> inputs) override {
    for (Index l = 0; l < layers_; ++l) {
      Matrix start = Matrix::Zero(layer_state(), points);
      if (trained_start_) {
        start.colwise() += values_.back().col(0).segment(l * layer_state(), start.rows());
      }
      kernel(l).forward(points, l == 0 ? inputs : In<Matrix>(kernel(l - 1).features()), start);
    }
  }

  Matrix states() const override {
    const Index S = layer_state();
    Matrix all(state_dim(), features().cols());
    for (Index l = 0; l < layers_; ++l) {
      all.middleRows(l * S, S) = kernels_[static_cast<std::size_t>(l)].states();
    }
    return all;
  }
  const Matrix& features() const override { return kernels_.back().features(); }

  void backward(In<Matrix> of_states, In<Matrix> of_features,
                std::vector<Matrix>& gradients) override {
    std::vector<Matrix*> places;
    Matrix none, above, below, of_start;
    std::size_t next = 0;
    for (const ParameterShape& parameter : declared_) {
      places.push_back(parameter.trained ? &gradients[next++] : &none);
    }
    const Index S = layer_state();
    for (Index l = layers_; l-- > 0;) {
      const bool top = l + 1 == layers_;
      std::vector<Matrix> dM = matrices_like(l);
      const Matrix of_layer = of_states.size() > 0 ? of_states.middleRows(l * S, S) : Matrix();
      kernel(l).backward(of_layer, top ? of_features : In<Matrix>(above), dM,
                         l > 0 ? &below : nullptr, &of_start);
      disassemble<double>(layer_, connections_, values_of(l), dM,
                          std::span(places).subspan(first_of(l), per_layer_));
      if (trained_start_ && places.back()->size() > 0) {
        places.back()->middleRows(l * S, S) += of_start.rowwise().sum();
      }
      above.swap(below);
    }
  }

 private:
  Index layer_state() const { return layer_.step_double.state * units_; }
  Index layer_input(Index l) const { return l == 0 ? n_in_ : feature_dim(); }
  TangentKernel& kernel(Index l) { return kernels_[static_cast<std::size_t>(l)]; }
  std::size_t first_of(Index l) const { return static_cast<std::size_t>(l) * per_layer_; }
  std::span<const Matrix* const> values_of(Index l) const {
    return std::span(pointers_).subspan(first_of(l), per_layer_);
  }
  std::vector<Matrix> matrices_like(Index l) const {
    const StagedStep<double>& step = layer_.step_double;
    std::vector<Matrix> all;
    for (const auto& stage : step.stages) {
      all.push_back(Matrix::Zero(stage.blocks * units_, step.matrix_cols(units_, layer_input(l))));
    }
    return all;
  }

  const CellKind& kind_;
  Layer layer_;
  Index units_, layers_, n_in_;
  bool trained_start_;
  std::vector<ParameterShape> declared_;
  std::vector<Matrix> values_;  // one a declared parameter
  std::vector<const Matrix*> pointers_;
  std::size_t per_layer_ = 0;
  Connections connections_;
  std::vector<TangentKernel> kernels_;
};

}  // namespace

std::unique_ptr<TangentCell> tangent_cell(const Network& network, Index dim) {
  require(dim > 0, "tangent_cell: at least one tangent");
  return std::make_unique<NetworkTangents>(network, dim);
}

}  // namespace nullcline::cells
