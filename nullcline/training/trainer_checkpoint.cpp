// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>

#include "nullcline/core/errors.hpp"
#include "nullcline/training/detail/exact_arrays.hpp"
#include "nullcline/training/detail/trainer_state.hpp"

namespace nullcline::training {

using detail::exact_array;
using detail::exact_matrix;

namespace {

/// The upper and the lower half of a digest.
Vector halves(std::uint64_t digest) {
  return Vector{{static_cast<double>(digest >> 32), static_cast<double>(digest & 0xffffffffu)}};
}

}  // namespace

template <std::floating_point Real>
io::Dataset Trainer<Real>::checkpoint() const {
  const State& s = *state_;
  io::Dataset dataset;
  dataset.attributes["status"] = name_of(s.status);
  const auto vector = [](const std::vector<double>& values) {
    return Array::vector(
        Eigen::Map<const Vector>(values.data(), static_cast<Index>(values.size())));
  };
  dataset.arrays["loss"] = vector(s.losses);
  if (std::any_of(s.penalties.begin(), s.penalties.end(), [](double x) { return x != 0; })) {
    dataset.arrays["penalty"] = vector(s.penalties);
  }
  if (!s.scores.empty()) {
    std::vector<double> steps, values;
    for (const Score& score : s.scores) {
      steps.push_back(static_cast<double>(score.step));
      values.push_back(score.value);
    }
    dataset.arrays["score_step"] = vector(steps);
    dataset.arrays["score"] = vector(values);
  }
  if (!s.curriculum.begun().empty()) {
    const auto& begun = s.curriculum.begun();
    dataset.arrays["resume/curriculum"] = vector({begun.begin(), begun.end()});
  }
  if (s.model.metric && s.model.metric->model() != 0) {
    dataset.arrays["resume/metric"] = Array::vector(halves(s.model.metric->model()));
  }
  for (std::size_t p = 0; p < s.model.parameters.size(); ++p) {
    if (!s.model.trains(p)) continue;
    const std::string& name = s.model.parameters[p].name;
    dataset.arrays["resume/value/" + name] = exact_array<Real>(s.model.parameters[p].value);
    if (s.status == TrainingStatus::running) {
      dataset.arrays["resume/good/" + name] = exact_array(s.good[p]);
    }
  }
  s.method->save(dataset);
  return dataset;
}

template <std::floating_point Real>
void Trainer<Real>::restore(const io::Dataset& checkpoint, const std::filesystem::path& path) {
  State& s = *state_;
  const auto vector = [&](const char* name, bool needed) {
    const auto it = checkpoint.arrays.find(name);
    if (it == checkpoint.arrays.end() && !needed) return Vector();
    if (it == checkpoint.arrays.end() || it->second.shape.size() != 1) {
      throw Error(path.string(), name, "nothing", "a list of numbers");
    }
    return it->second.as_vector();
  };
  const Vector losses = vector("loss", true), penalties = vector("penalty", false);
  const Vector steps = vector("score_step", false), values = vector("score", false);
  const Vector begun = vector("resume/curriculum", false);
  if (s.model.metric && s.model.metric->model() != 0) {
    const Vector goal = vector("resume/metric", true);
    if (goal.size() != 2 || goal != halves(s.model.metric->model())) {
      throw Error(
          path.string(), "resume/metric", "the metric of another network as goal",
          "that of training.metric_like, " + s.training.text("metric_like") + ", as it is now");
    }
  }
  if (penalties.size() != 0 && penalties.size() != losses.size()) {
    throw Error(path.string(), "penalty", std::to_string(penalties.size()) + " numbers",
                "as many as of loss");
  }
  if (steps.size() != values.size()) {
    throw Error(path.string(), "score", std::to_string(values.size()) + " numbers",
                "as many as of score_step");
  }
  for (std::size_t p = 0; p < s.model.parameters.size(); ++p) {
    if (!s.model.trains(p)) continue;
    const std::string& name = s.model.parameters[p].name;
    const Index rows = s.model.gradients[p].rows(), cols = s.model.gradients[p].cols();
    MatrixX<Real> value = exact_matrix<Real>(checkpoint, "resume/value/" + name, rows, cols, path);
    const bool has_good = checkpoint.arrays.count("resume/good/" + name) > 0;
    s.good[p] =
        has_good ? exact_matrix<Real>(checkpoint, "resume/good/" + name, rows, cols, path) : value;
    s.model.parameters[p].value = value;
  }
  s.model.network.parameters_changed();
  s.method->restore(checkpoint, path);
  s.losses.assign(losses.begin(), losses.end());
  s.penalties.assign(s.losses.size(), 0.0);
  std::copy(penalties.begin(), penalties.end(), s.penalties.begin());
  s.scores.clear();
  for (Index i = 0; i < steps.size(); ++i) {
    s.scores.push_back({static_cast<Index>(steps(i)), values(i)});
  }
  std::vector<Index> stages;
  for (const double step : begun) stages.push_back(static_cast<Index>(step));
  s.curriculum.restore(std::move(stages));
  const auto status = checkpoint.attributes.find("status");
  const auto was = [&](TrainingStatus one) {
    return status != checkpoint.attributes.end() && *status == name_of(one);
  };
  s.status = was(TrainingStatus::diverged)                  ? TrainingStatus::diverged
             : was(TrainingStatus::criterion)               ? TrainingStatus::criterion
             : steps_taken() >= s.training.integer("steps") ? TrainingStatus::finished
                                                            : TrainingStatus::running;
}

template io::Dataset Trainer<float>::checkpoint() const;
template io::Dataset Trainer<double>::checkpoint() const;
template void Trainer<float>::restore(const io::Dataset&, const std::filesystem::path&);
template void Trainer<double>::restore(const io::Dataset&, const std::filesystem::path&);

}  // namespace nullcline::training
