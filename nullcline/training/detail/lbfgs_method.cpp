// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/detail/exact_arrays.hpp"
#include "nullcline/training/detail/method.hpp"
#include "nullcline/training/detail/objective.hpp"
#include "nullcline/training/lbfgs.hpp"

namespace nullcline::training::detail {
namespace {

template <std::floating_point Real>
Index trained_entries(const Model<Real>& model) {
  Index size = 0;
  for (const auto& gradient : model.gradients) size += gradient.size();
  return size;
}

/// One iteration a step. The trials, and so the objective, are the same at each.
template <std::floating_point Real>
class LbfgsMethod final : public Method<Real> {
 public:
  LbfgsMethod(Model<Real>& model, const Settings& training)
      : model_(model),
        objective_(model, training),
        size_(trained_entries(model)),
        lbfgs_({.history = training.integer("history")}, size_) {}

  StepResult step(Index k, const tasks::Trials& trials, RandomStream& noise) override {
    if (size_ == 0) return {.done = true};
    objective_.prune(k);
    Vector x(size_), gradient(size_);
    gather(x, [&](std::size_t p) { return model_.parameters[p].value.data(); });
    StepResult result;
    const Lbfgs::Function f = [&](In<Vector> at, Out<Vector> slope) {
      scatter(at);
      result = objective_.evaluate(trials, noise);
      gather(slope, [&](std::size_t p) { return model_.gradients[p].data(); });
      return objective_.value(result);
    };
    const Vector before = x;
    double value = f(x, gradient);
    const StepResult start = result;
    const auto status = lbfgs_.step(f, x, value, gradient);
    scatter(status == Lbfgs::Status::moved ? x : before);
    return {.loss = start.loss,
            .penalty = start.penalty,
            .finite = status != Lbfgs::Status::not_finite,
            .done = status == Lbfgs::Status::converged};
  }

  Matrix outputs(const tasks::Trials& trials, RandomStream& noise) override {
    return model_.network.outputs(trials, &noise);
  }

  void save(io::Dataset& checkpoint) const override {
    objective_.save(checkpoint);
    const Lbfgs::State& state = lbfgs_.state();
    checkpoint.arrays["resume/lbfgs/s"] = exact_array(state.s);
    checkpoint.arrays["resume/lbfgs/y"] = exact_array(state.y);
    Matrix last(size_, state.iterations > 0 ? 2 : 0);
    if (state.iterations > 0) last << state.direction, state.previous_gradient;
    checkpoint.arrays["resume/lbfgs/last"] = exact_array(last);
    checkpoint.arrays["resume/lbfgs/numbers"] = exact_array<double>(
        Eigen::Vector3d(static_cast<double>(state.iterations), state.step_length, state.scale));
  }

  void restore(const io::Dataset& checkpoint, const std::filesystem::path& path) override {
    objective_.restore(checkpoint, path);
    const Matrix numbers = exact_matrix<double>(checkpoint, "resume/lbfgs/numbers", 3, 1, path);
    const Matrix last = exact_matrix<double>(checkpoint, "resume/lbfgs/last", size_, -1, path);
    Lbfgs::State state;
    state.s = exact_matrix<double>(checkpoint, "resume/lbfgs/s", size_, -1, path);
    state.y = exact_matrix<double>(checkpoint, "resume/lbfgs/y", size_, state.s.cols(), path);
    state.step_length = numbers(1);
    state.scale = numbers(2);
    if (last.cols() == 2) {
      state.iterations = static_cast<Index>(numbers(0));
      state.direction = last.col(0);
      state.previous_gradient = last.col(1);
    }
    lbfgs_.restore(std::move(state));
  }

 private:
  /// The entries of all trained parameters, or gradients, one after the other.
  template <class Where>
  void gather(Out<Vector> all, const Where& where) const {
    Index at = 0;
    for (std::size_t p = 0; p < model_.gradients.size(); ++p) {
      const Index size = model_.gradients[p].size();
      if (size == 0) continue;
      all.segment(at, size) =
          Eigen::Map<const VectorX<Real>>(where(p), size).template cast<double>();
      at += size;
    }
  }

  void scatter(In<Vector> all) {
    Index at = 0;
    for (std::size_t p = 0; p < model_.gradients.size(); ++p) {
      const Index size = model_.gradients[p].size();
      if (size == 0) continue;
      Eigen::Map<VectorX<Real>>(model_.parameters[p].value.data(), size) =
          all.segment(at, size).template cast<Real>();
      at += size;
    }
    model_.network.parameters_changed();
  }

  Model<Real>& model_;
  Objective<Real> objective_;
  Index size_;
  Lbfgs lbfgs_;
};

}  // namespace

template <std::floating_point Real>
std::unique_ptr<Method<Real>> lbfgs_method(Model<Real>& model, const Settings& training) {
  return std::make_unique<LbfgsMethod<Real>>(model, training);
}

template std::unique_ptr<Method<float>> lbfgs_method(Model<float>&, const Settings&);
template std::unique_ptr<Method<double>> lbfgs_method(Model<double>&, const Settings&);

}  // namespace nullcline::training::detail
