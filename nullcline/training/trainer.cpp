// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/trainer.hpp"

#include <algorithm>
#include <cmath>

#include "nullcline/core/errors.hpp"
#include "nullcline/io/settings_json.hpp"
#include "nullcline/training/network_file.hpp"

namespace nullcline::training {
namespace {

/// The entries as they are in memory, columns first: no detour through double, no transpose.
template <class Real>
Array exact_array(const MatrixX<Real>& A) {
  return {{A.cols(), A.rows()}, std::vector<Real>(A.data(), A.data() + A.size())};
}

template <class Real>
MatrixX<Real> exact_matrix(const io::Dataset& dataset, const std::string& name, Index rows,
                           Index cols, const std::filesystem::path& path) {
  const auto it = dataset.arrays.find(name);
  if (it == dataset.arrays.end()) throw Error(path.string(), name, "nothing", "an array");
  const auto* entries = std::get_if<std::vector<Real>>(&it->second.data);
  const std::vector<Index> shape = {cols, rows};
  if (entries == nullptr || it->second.shape != shape) {
    throw Error(path.string(), name, it->second.dtype() + " of shape " + it->second.shape_text(),
                std::string(sizeof(Real) == 4 ? "float32" : "float64") + " of shape (" +
                    std::to_string(cols) + ", " + std::to_string(rows) + ")");
  }
  return Eigen::Map<const MatrixX<Real>>(entries->data(), rows, cols);
}

}  // namespace

Schema training_schema() {
  return {
      {"steps", std::int64_t{1000}, "steps of the optimizer (our choice)", 0, 1e9},
      {"batch", std::int64_t{64}, "trials a step (our choice)", 1, 1e6},
      {"learning_rate", 1e-3, "of Adam", 1e-300, 1e6},
      {"beta1", 0.9, "decay of Adam's first moment", 0, 1 - 1e-12},
      {"beta2", 0.999, "decay of Adam's second moment", 0, 1 - 1e-12},
      {"epsilon", 1e-7, "Adam's epsilon, TensorFlow's default", 1e-300, 1e6},
      {.name = "trainable",
       .standard = std::vector<std::string>{"recurrent"},
       .meaning = "the parameters that are trained"},
      {.name = "precision",
       .standard = std::string("float32"),
       .meaning = "arithmetic of the training",
       .choices = {"float32", "float64"}},
      {"checkpoint_every", std::int64_t{100}, "steps between checkpoints", 1, 1e9},
  };
}

const char* name_of(TrainingStatus status) {
  switch (status) {
    case TrainingStatus::running:
      return "running";
    case TrainingStatus::finished:
      return "finished";
    case TrainingStatus::diverged:
      return "diverged";
  }
  return "";
}

template <std::floating_point Real>
Trainer<Real>::Trainer(const cells::Network& start, const tasks::Task& task,
                       const Settings& settings, std::uint64_t seed, std::uint64_t id)
    : start_(start),
      task_(task),
      steps_(settings.integer("steps")),
      batch_(settings.integer("batch")),
      adam_{settings.number("learning_rate"), settings.number("beta1"), settings.number("beta2"),
            settings.number("epsilon")},
      seed_(seed),
      id_(id),
      model_(start),
      parameters_(model_.parameters()) {
  std::vector<std::string> names;
  for (const auto& parameter : parameters_) names.push_back(parameter.name);
  const auto& trainable = settings.texts("trainable");
  for (const std::string& name : trainable) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    std::string known;
    for (const auto& other : names) known += " " + other;
    throw Error("", "training.trainable", "'" + name + "'", "names among" + known);
  }
  for (const auto& parameter : parameters_) {
    const bool trained =
        std::find(trainable.begin(), trainable.end(), parameter.name) != trainable.end();
    const Index rows = trained ? parameter.value.rows() : 0;
    const Index cols = trained ? parameter.value.cols() : 0;
    gradients_.push_back(MatrixX<Real>::Zero(rows, cols));
    moments_.push_back({MatrixX<Real>::Zero(rows, cols), MatrixX<Real>::Zero(rows, cols)});
  }
  if (steps_ == 0) status_ = TrainingStatus::finished;
}

template <std::floating_point Real>
void Trainer<Real>::step() {
  if (status_ != TrainingStatus::running) return;
  const auto number = static_cast<std::uint64_t>(steps_taken());
  RandomStream trial_stream({seed_, id_, Purpose::trials, number});
  RandomStream noise({seed_, id_, Purpose::recurrent_noise, number});
  const tasks::Trials trials = task_.sample(trial_stream, batch_);
  const double loss = model_.loss_and_gradients(trials, &noise, gradients_);
  if (!std::isfinite(loss)) {
    status_ = TrainingStatus::diverged;
    return;
  }
  losses_.push_back(loss);
  for (std::size_t p = 0; p < parameters_.size(); ++p) {
    if (gradients_[p].size() == 0) continue;
    adam_step(adam_, steps_taken(), gradients_[p], moments_[p], parameters_[p].value);
  }
  model_.parameters_changed();
  if (steps_taken() >= steps_) status_ = TrainingStatus::finished;
}

template <std::floating_point Real>
cells::Network Trainer<Real>::network() const {
  cells::Network network = start_;
  for (std::size_t p = 0; p < parameters_.size(); ++p) {
    if (gradients_[p].size() == 0) continue;  // not trained: as it was, to the last bit
    network.parameters[parameters_[p].name] = parameters_[p].value.template cast<double>();
  }
  return network;
}

template <std::floating_point Real>
io::Dataset Trainer<Real>::checkpoint() const {
  io::Dataset dataset;
  dataset.attributes["status"] = name_of(status_);
  dataset.arrays["loss"] = Array::vector(Eigen::Map<const Vector>(losses_.data(), steps_taken()));
  for (std::size_t p = 0; p < parameters_.size(); ++p) {
    if (gradients_[p].size() == 0) continue;
    const std::string& name = parameters_[p].name;
    dataset.arrays["resume/value/" + name] = exact_array<Real>(parameters_[p].value);
    dataset.arrays["resume/adam_first/" + name] = exact_array(moments_[p].first);
    dataset.arrays["resume/adam_second/" + name] = exact_array(moments_[p].second);
  }
  return dataset;
}

template <std::floating_point Real>
void Trainer<Real>::restore(const io::Dataset& checkpoint, const std::filesystem::path& path) {
  const auto it = checkpoint.arrays.find("loss");
  if (it == checkpoint.arrays.end() || it->second.shape.size() != 1) {
    throw Error(path.string(), "loss", "nothing", "the loss of each step");
  }
  const Vector losses = it->second.as_vector();
  for (std::size_t p = 0; p < parameters_.size(); ++p) {
    if (gradients_[p].size() == 0) continue;
    const std::string& name = parameters_[p].name;
    const Index rows = gradients_[p].rows(), cols = gradients_[p].cols();
    const auto read = [&](const char* part) {
      return exact_matrix<Real>(checkpoint, std::string("resume/") + part + "/" + name, rows, cols,
                                path);
    };
    moments_[p] = {read("adam_first"), read("adam_second")};
    parameters_[p].value = read("value");
  }
  losses_.assign(losses.begin(), losses.end());
  model_.parameters_changed();
  const auto status = checkpoint.attributes.find("status");
  if (status != checkpoint.attributes.end() && *status == name_of(TrainingStatus::diverged)) {
    status_ = TrainingStatus::diverged;
  } else {
    status_ = steps_taken() >= steps_ ? TrainingStatus::finished : TrainingStatus::running;
  }
}

template class Trainer<float>;
template class Trainer<double>;

}  // namespace nullcline::training
