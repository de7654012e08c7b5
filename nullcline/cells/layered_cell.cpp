// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <utility>

#include "nullcline/cells/layered.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::cells {

template <std::floating_point Real>
MatrixX<Real> embedded(const MatrixX<Real>& embedding, const View<Real>& tokens) {
  MatrixX<Real> Y(embedding.cols(), tokens.cols());
  for (Index k = 0; k < tokens.cols(); ++k) {
    const Real token = std::round(tokens(0, k));
    require(token >= 0 && token < static_cast<Real>(embedding.rows()),
            "a token is not in the vocabulary");
    Y.col(k) = embedding.row(static_cast<Index>(token));
  }
  return Y;
}

namespace {

/// The noise of layer l is that of steps l 2^32 and on.
constexpr Index noise_steps_a_layer = Index{1} << 32;

template <std::floating_point Real>
View<Real> rows_of(const View<Real>& A, Index first, Index rows) {
  return {A.data() + first, rows, A.cols(), Eigen::OuterStride<>(A.outerStride())};
}

template <std::floating_point Real>
class LayeredCell final : public Cell<Real> {
 public:
  LayeredCell(const LayeredKind& kind, const Network& network);

  Index state_dim() const override { return shape_.state_dim(); }
  Index input_dim() const override { return n_in_; }
  Index feature_dim() const override { return shape_.layer_features; }
  std::vector<Parameter<Real>> parameters() override;
  void parameters_changed() override;
  void forward(const Drive<Real>& drive) override;
  View<Real> states() const override {
    return shape_.layers == 1 ? kernels_[0]->states() : view(states_);
  }
  View<Real> features() const override { return kernels_.back()->features(); }
  void backward(const OutputGradient<Real>& output, Gradients<Real>& gradients) override;

 private:
  std::span<const MatrixX<Real>* const> layer_values(Index l) const {
    return std::span(value_pointers_).subspan(first_of(l), per_layer_);
  }
  /// The place of a layer's first array among the declared parameters.
  std::size_t first_of(Index l) const {
    return (shape_.vocabulary > 0 ? 1 : 0) + static_cast<std::size_t>(l) * per_layer_;
  }
  void layer_backward(Index l, const OutputGradient<Real>& output, MatrixX<Real>* inputs,
                      MatrixX<Real>* start);

  LayeredShape shape_;
  Index n_in_;
  std::vector<ParameterShape> declared_;
  std::vector<MatrixX<Real>> values_;  // one a declared parameter
  std::size_t per_layer_ = 0;          // arrays of a layer
  std::vector<const MatrixX<Real>*> value_pointers_;
  std::vector<std::unique_ptr<Kernel<Real>>> kernels_;
  Connections connections_;
  std::vector<MatrixX<Real>> matrices_;  // M_k of one layer
  Gradients<Real> of_kernel_;

  bool own_start_ = false;
  Index batch_ = 0;
  MatrixX<Real> tokens_, embedded_, start_, states_;

  // On the way back: where gradients go, one a declared parameter, and dL/dy of two layers.
  std::vector<MatrixX<Real>*> gradients_;
  MatrixX<Real> none_, above_, below_, start_gradient_, last_state_;
};

template <std::floating_point Real>
LayeredCell<Real>::LayeredCell(const LayeredKind& kind, const Network& network)
    : shape_(kind, network.settings),
      n_in_(shape_.input_dim(network.parameters)),
      declared_(shape_.parameters(n_in_)),
      connections_(shape_.settings) {
  for (const ParameterShape& parameter : declared_) {
    values_.push_back(network.parameter(parameter.name).template cast<Real>());
  }
  for (const MatrixX<Real>& value : values_) value_pointers_.push_back(&value);
  per_layer_ = layer_parameters(shape_.layer, shape_.settings, shape_.names, 0, 1).size();
  for (Index l = 0; l < shape_.layers; ++l) {
    kernels_.push_back(make_kernel<Real>(shape_.layer, shape_.units, shape_.layer_input(l, n_in_)));
  }
  parameters_changed();
}

template <std::floating_point Real>
std::vector<Parameter<Real>> LayeredCell<Real>::parameters() {
  std::vector<Parameter<Real>> trained;
  for (std::size_t p = 0; p < values_.size(); ++p) {
    if (!declared_[p].trained) continue;
    MatrixX<Real>& A = values_[p];
    trained.push_back({declared_[p].name, Eigen::Map<MatrixX<Real>>(A.data(), A.rows(), A.cols())});
  }
  return trained;
}

template <std::floating_point Real>
void LayeredCell<Real>::parameters_changed() {
  for (Index l = 0; l < shape_.layers; ++l) {
    assemble<Real>(shape_.layer, connections_, shape_.layer_input(l, n_in_), layer_values(l),
                   matrices_);
    kernels_[static_cast<std::size_t>(l)]->set_matrices(matrices_);
  }
}

template <std::floating_point Real>
void LayeredCell<Real>::forward(const Drive<Real>& drive) {
  batch_ = drive.batch;
  own_start_ = drive.start.cols() == 0;
  if (own_start_) {
    start_.setZero(state_dim(), batch_);
    if (shape_.trained_start) start_.colwise() += values_.back().col(0);
  }
  Drive<Real> layer = drive;
  if (shape_.vocabulary > 0) {
    tokens_ = drive.inputs;
    embedded_ = embedded<Real>(values_.front(), drive.inputs);
    new (&layer.inputs) View<Real>(view(embedded_));
  }
  const View<Real> start = own_start_ ? view(start_) : drive.start;
  const Index S = shape_.layer_state;
  if (shape_.layers > 1) states_.resize(state_dim(), (drive.steps + 1) * batch_);
  for (Index l = 0; l < shape_.layers; ++l) {
    Kernel<Real>& kernel = *kernels_[static_cast<std::size_t>(l)];
    new (&layer.start) View<Real>(rows_of(start, l * S, S));
    layer.first_step = drive.first_step + l * noise_steps_a_layer;
    layer.after_step = l + 1 == shape_.layers ? drive.after_step : nullptr;
    kernel.forward(layer);
    new (&layer.inputs) View<Real>(kernel.features());
    if (shape_.layers > 1) states_.middleRows(l * S, S) = kernel.states();
  }
}

template <std::floating_point Real>
void LayeredCell<Real>::layer_backward(Index l, const OutputGradient<Real>& output,
                                       MatrixX<Real>* inputs, MatrixX<Real>* start) {
  const Index n = shape_.units, m = shape_.layer_input(l, n_in_);
  const auto& stages = shape_.layer.step_double.stages;
  of_kernel_.parameters.resize(stages.size());
  for (std::size_t k = 0; k < stages.size(); ++k) {
    of_kernel_.parameters[k].setZero(stages[k].blocks * n,
                                     shape_.layer.step_double.matrix_cols(n, m));
  }
  of_kernel_.inputs = inputs;
  of_kernel_.start = start;
  kernels_[static_cast<std::size_t>(l)]->backward(output, of_kernel_);
  disassemble<Real>(shape_.layer, connections_, layer_values(l), of_kernel_.parameters,
                    std::span(gradients_).subspan(first_of(l), per_layer_));
}

template <std::floating_point Real>
void LayeredCell<Real>::backward(const OutputGradient<Real>& output, Gradients<Real>& gradients) {
  gradients_.clear();
  std::size_t next = 0;
  for (const ParameterShape& parameter : declared_) {
    gradients_.push_back(parameter.trained ? &gradients.parameters[next++] : &none_);
  }
  const bool embedding_wanted = shape_.vocabulary > 0 && gradients_.front()->size() > 0;
  const bool start_wanted = shape_.trained_start && own_start_ && gradients_.back()->size() > 0;
  const Index S = shape_.layer_state, columns = features().cols();
  if (gradients.start != nullptr) gradients.start->resize(state_dim(), batch_);

  for (Index l = shape_.layers; l-- > 0;) {
    const bool top = l + 1 == shape_.layers, bottom = l == 0;
    const bool pass_on =
        !bottom || embedding_wanted || (gradients.inputs != nullptr && shape_.vocabulary == 0);
    OutputGradient<Real> of_layer = output;
    if (!top) {
      new (&of_layer.readout) View<Real>(nullptr, 0, S, Eigen::OuterStride<>(0));
      new (&of_layer.errors) View<Real>(nullptr, 0, columns, Eigen::OuterStride<>(0));
      of_layer.more = [this](Index t, InOut<MatrixX<Real>> G) {
        G += above_.middleCols((t - 1) * batch_, batch_);
      };
      of_layer.after_steps = nullptr;
    }
    if (output.last_state != nullptr) {
      last_state_ = output.last_state->middleRows(l * S, S);
      of_layer.last_state = &last_state_;
    }
    MatrixX<Real>* start = start_wanted || gradients.start != nullptr ? &start_gradient_ : nullptr;
    layer_backward(l, of_layer, pass_on ? &below_ : nullptr, start);
    if (gradients.start != nullptr) gradients.start->middleRows(l * S, S) = start_gradient_;
    if (start_wanted) {
      gradients_.back()->middleRows(l * S, S) += start_gradient_.rowwise().sum();
    }
    above_.swap(below_);
  }
  if (embedding_wanted) {
    for (Index k = 0; k < columns; ++k) {
      gradients_.front()->row(static_cast<Index>(std::round(tokens_(0, k)))) +=
          above_.col(k).transpose();
    }
  }
  if (gradients.inputs == nullptr) return;
  if (shape_.vocabulary > 0) {
    gradients.inputs->setZero(1, columns);
  } else {
    gradients.inputs->swap(above_);
  }
}

}  // namespace

template <std::floating_point Real>
std::unique_ptr<Cell<Real>> make_layered_cell(const LayeredKind& kind, const Network& network) {
  return std::make_unique<LayeredCell<Real>>(kind, network);
}

template MatrixX<float> embedded(const MatrixX<float>&, const View<float>&);
template Matrix embedded(const Matrix&, const View<double>&);
template std::unique_ptr<Cell<float>> make_layered_cell(const LayeredKind&, const Network&);
template std::unique_ptr<Cell<double>> make_layered_cell(const LayeredKind&, const Network&);

}  // namespace nullcline::cells
