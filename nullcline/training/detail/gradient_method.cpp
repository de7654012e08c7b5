// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "nullcline/training/detail/exact_arrays.hpp"
#include "nullcline/training/detail/method.hpp"
#include "nullcline/training/detail/objective.hpp"
#include "nullcline/training/optimizer.hpp"
#include "nullcline/training/schedule.hpp"

namespace nullcline::training::detail {
namespace {

template <std::floating_point Real>
class GradientMethod final : public Method<Real> {
 public:
  GradientMethod(Model<Real>& model, const Settings& training)
      : model_(model),
        objective_(model, training),
        optimizer_(make_optimizer<Real>(training, model.gradients)),
        schedule_(schedule_from(training)),
        clip_(training.number("clip")) {}

  StepResult step(Index k, const tasks::Trials& trials, RandomStream& noise) override {
    objective_.prune(k);
    StepResult result = objective_.evaluate(trials, noise);
    const double norm = global_norm(model_.gradients);
    result.finite = result.finite && std::isfinite(norm);
    if (!result.finite) return result;
    if (clip_ > 0) clip(model_.gradients, norm, clip_);
    const double rate = schedule_.at(k);
    optimizer_->update(k + 1, rate, model_.gradients, model_.parameters);
    objective_.constrain(rate);
    model_.network.parameters_changed();
    return result;
  }

  Matrix outputs(const tasks::Trials& trials, RandomStream& noise) override {
    return model_.network.outputs(trials, &noise);
  }

  void save(io::Dataset& checkpoint) const override {
    objective_.save(checkpoint);
    for (const auto& slot : optimizer_->slots()) {
      for (std::size_t p = 0; p < slot.values.size(); ++p) {
        if (!model_.trains(p)) continue;
        checkpoint.arrays["resume/" + slot.name + "/" + model_.parameters[p].name] =
            exact_array(slot.values[p]);
      }
    }
  }

  void restore(const io::Dataset& checkpoint, const std::filesystem::path& path) override {
    objective_.restore(checkpoint, path);
    for (auto& slot : optimizer_->slots()) {
      for (std::size_t p = 0; p < slot.values.size(); ++p) {
        if (!model_.trains(p)) continue;
        slot.values[p] =
            exact_matrix<Real>(checkpoint, "resume/" + slot.name + "/" + model_.parameters[p].name,
                               slot.values[p].rows(), slot.values[p].cols(), path);
      }
    }
  }

 private:
  Model<Real>& model_;
  Objective<Real> objective_;
  std::unique_ptr<Optimizer<Real>> optimizer_;
  Schedule schedule_;
  double clip_;
};

}  // namespace

template <std::floating_point Real>
std::unique_ptr<Method<Real>> gradient_method(Model<Real>& model, const Settings& training) {
  return std::make_unique<GradientMethod<Real>>(model, training);
}

template std::unique_ptr<Method<float>> gradient_method(Model<float>&, const Settings&);
template std::unique_ptr<Method<double>> gradient_method(Model<double>&, const Settings&);

}  // namespace nullcline::training::detail
