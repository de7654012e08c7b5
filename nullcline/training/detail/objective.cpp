// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/detail/objective.hpp"

#include <cmath>

#include "nullcline/training/detail/exact_arrays.hpp"
#include "nullcline/training/settings.hpp"

namespace nullcline::training::detail {

template <std::floating_point Real>
Objective<Real>::Objective(Model<Real>& model, const Settings& training)
    : model_(model),
      penalty_(parameter_penalty_from(training)),
      task_weight_(training.number("task_weight")),
      metric_weight_(training.number("metric_weight")),
      density_(training.number("density")),
      prune_at_(training.integer("prune_at")),
      pruned_(training.texts("pruned")),
      masks_(model.parameters.size()) {}

template <std::floating_point Real>
void Objective<Real>::prune(Index k) {
  if (density_ == 1 || k != prune_at_) return;
  for (std::size_t p = 0; p < masks_.size(); ++p) {
    if (!model_.trains(p) || !has_name(pruned_, model_.parameters[p].name)) continue;
    masks_[p] = largest_entries<Real>(model_.parameters[p].value, density_);
    model_.parameters[p].value.array() *= masks_[p].array();
  }
  model_.network.parameters_changed();
}

template <std::floating_point Real>
StepResult Objective<Real>::evaluate(const tasks::Trials& trials, RandomStream& noise) {
  const double all = model_.network.loss_and_gradients(trials, &noise, model_.gradients);
  const double activity = model_.network.activity_penalty();
  double penalty = activity + add_penalty(penalty_, model_.parameters, model_.gradients);
  if (model_.metric) penalty += add_metric();
  for (std::size_t p = 0; p < masks_.size(); ++p) {
    if (masks_[p].size() > 0) model_.gradients[p].array() *= masks_[p].array();
  }
  return {.loss = all - activity, .penalty = penalty, .finite = std::isfinite(all + penalty)};
}

/// The metric's share of the loss, of the parameters as they are now; adds its gradient.
template <std::floating_point Real>
double Objective<Real>::add_metric() {
  auto parameters = model_.metric->parameters();
  metric_gradients_.resize(parameters.size());
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    parameters[p].value = model_.parameters[p].value.template cast<double>();
    metric_gradients_[p].setZero(model_.gradients[p].rows(), model_.gradients[p].cols());
  }
  model_.metric->parameters_changed();
  const double loss = model_.metric->loss(&metric_gradients_, metric_weight_);
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    model_.gradients[p] += metric_gradients_[p].template cast<Real>();
  }
  return metric_weight_ * loss;
}

template <std::floating_point Real>
void Objective<Real>::constrain(double rate) {
  if (penalty_.proximal && penalty_.l1 > 0) {
    soft_threshold(penalty_, rate * penalty_.l1, model_.gradients, model_.parameters);
  }
  for (std::size_t p = 0; p < masks_.size(); ++p) {
    if (masks_[p].size() > 0) model_.parameters[p].value.array() *= masks_[p].array();
  }
}

template <std::floating_point Real>
void Objective<Real>::save(io::Dataset& checkpoint) const {
  for (std::size_t p = 0; p < masks_.size(); ++p) {
    if (masks_[p].size() == 0) continue;
    checkpoint.arrays["resume/mask/" + model_.parameters[p].name] = exact_array(masks_[p]);
  }
}

template <std::floating_point Real>
void Objective<Real>::restore(const io::Dataset& checkpoint, const std::filesystem::path& path) {
  for (std::size_t p = 0; p < masks_.size(); ++p) {
    const std::string name = "resume/mask/" + model_.parameters[p].name;
    if (!model_.trains(p) || checkpoint.arrays.count(name) == 0) continue;
    masks_[p] = exact_matrix<Real>(checkpoint, name, model_.gradients[p].rows(),
                                   model_.gradients[p].cols(), path);
  }
}

template class Objective<float>;
template class Objective<double>;

}  // namespace nullcline::training::detail
