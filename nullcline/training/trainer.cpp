// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "nullcline/core/errors.hpp"
#include "nullcline/io/settings_json.hpp"
#include "nullcline/training/detail/exact_arrays.hpp"
#include "nullcline/training/detail/method.hpp"
#include "nullcline/training/loss.hpp"

namespace nullcline::training {
namespace {

using detail::exact_array;
using detail::exact_matrix;

/// Apart from all steps of a training, and from the trials of analyses.
constexpr std::uint64_t first_test_step = std::uint64_t{1} << 40;

template <std::floating_point Real>
detail::Model<Real> make_model(const cells::Network& start, const tasks::Task& task,
                               const Settings& training) {
  detail::Model<Real> model{
      Backpropagation<Real>(start, {.loss = loss_from(training.text("loss"), task),
                                    .activity = activity_penalty_from(training),
                                    .segments = training.integer("segments")}),
      {},
      {}};
  model.parameters = model.network.parameters();
  std::vector<std::string> names;
  for (const auto& parameter : model.parameters) names.push_back(parameter.name);
  check_training(training, names);
  const bool by_gradients = training.text("method") == "bptt";
  for (const auto& [name, value] : model.parameters) {
    const bool trained = by_gradients && has_name(training.texts("trainable"), name);
    model.gradients.push_back(
        MatrixX<Real>::Zero(trained ? value.rows() : 0, trained ? value.cols() : 0));
  }
  return model;
}

template <std::floating_point Real>
std::unique_ptr<detail::Method<Real>> make_method(detail::Model<Real>& model,
                                                  const cells::Network& start,
                                                  const tasks::Task& task, const Settings& training,
                                                  const RandomStream& stream) {
  const std::string& name = training.text("method");
  if (name == "bptt") {
    return training.text("optimizer") == "lbfgs" ? detail::lbfgs_method<Real>(model, training)
                                                 : detail::gradient_method<Real>(model, training);
  }
  if (loss_from(training.text("loss"), task) != tasks::Loss::squared_error) {
    throw Error("", "training.method", name + " for another loss than squared error",
                "loss = \"squared_error\", or method bptt");
  }
  if (name == "ridge") return detail::ridge_method<Real>(model, training);
  return detail::force_method<Real>(start, training, stream);
}

}  // namespace

const char* name_of(TrainingStatus status) {
  switch (status) {
    case TrainingStatus::running:
      return "running";
    case TrainingStatus::finished:
      return "finished";
    case TrainingStatus::criterion:
      return "criterion";
    case TrainingStatus::diverged:
      return "diverged";
  }
  return "";
}

template <std::floating_point Real>
struct Trainer<Real>::State {
  State(const cells::Network& network, const tasks::Task& its_task, const Settings& settings,
        std::uint64_t its_seed, std::uint64_t its_id)
      : start(network),
        training(settings),
        seed(its_seed),
        id(its_id),
        task(&its_task),
        model(make_model<Real>(network, its_task, settings)),
        method(make_method<Real>(model, network, its_task, settings,
                                 RandomStream({its_seed, its_id, Purpose::initial_weights, 1}))),
        good(values()),
        fixed(settings.text("trials") == "fixed" ||
              (settings.text("method") == "bptt" && settings.text("optimizer") == "lbfgs")) {
    if (settings.integer("steps") == 0) status = TrainingStatus::finished;
  }

  Index taken() const { return static_cast<Index>(losses.size()); }

  /// The parameters that gradients move, in the order of the model.
  std::vector<MatrixX<Real>> values() const {
    std::vector<MatrixX<Real>> all(model.parameters.size());
    for (std::size_t p = 0; p < all.size(); ++p) {
      if (model.trains(p)) all[p] = model.parameters[p].value;
    }
    return all;
  }
  void keep(std::vector<MatrixX<Real>>& all) const {
    for (std::size_t p = 0; p < all.size(); ++p) {
      if (model.trains(p)) all[p] = model.parameters[p].value;
    }
  }
  void use(const std::vector<MatrixX<Real>>& all) {
    for (std::size_t p = 0; p < all.size(); ++p) {
      if (model.trains(p)) model.parameters[p].value = all[p];
    }
    model.network.parameters_changed();
  }

  const tasks::Task& task_at(Index k) {
    if (curriculum.empty()) return *task;
    auto now = curriculum.values(k);
    if (!changed_task || now != changes) {
      changed_task = make_task(now);
      changes = std::move(now);
    }
    return *changed_task;
  }

  tasks::Trials draw(const tasks::Task& from, Purpose purpose, std::uint64_t number, Index batch) {
    RandomStream stream({seed, id, purpose, number});
    return from.sample(stream, batch);
  }

  void step();
  void evaluate();
  void judge(const Score& score, const tasks::Performance& performance);

  cells::Network start;
  Settings training;
  std::uint64_t seed, id;
  const tasks::Task* task;
  std::unique_ptr<tasks::Task> own_task, changed_task;
  TaskMaker make_task;
  Curriculum curriculum;
  std::map<std::string, Value> changes;  // of `changed_task`

  detail::Model<Real> model;
  std::unique_ptr<detail::Method<Real>> method;
  std::vector<MatrixX<Real>> good, tried;  // parameters of the last finite loss; of this step
  bool fixed;
  std::optional<tasks::Trials> fixed_trials;
  std::vector<double> losses, penalties;
  std::vector<Score> scores;
  TrainingStatus status = TrainingStatus::running;
};

template <std::floating_point Real>
void Trainer<Real>::State::step() {
  const Index k = taken();
  const auto number = static_cast<std::uint64_t>(fixed ? 0 : k);
  const Index batch = training.integer("batch");
  const tasks::Task& now = task_at(k);
  if (fixed && !fixed_trials) fixed_trials = draw(now, Purpose::trials, 0, batch);
  std::optional<tasks::Trials> fresh;
  if (!fixed) fresh = draw(now, Purpose::trials, number, batch);
  RandomStream noise({seed, id, Purpose::recurrent_noise, number});
  tried.resize(good.size());
  keep(tried);
  const detail::StepResult result = method->step(k, fixed ? *fixed_trials : *fresh, noise);
  if (!result.finite) {
    use(good);
    status = TrainingStatus::diverged;
    return;
  }
  std::swap(good, tried);
  losses.push_back(result.loss);
  penalties.push_back(result.penalty);
  if (result.done || taken() >= training.integer("steps")) status = TrainingStatus::finished;
  const Index every = training.integer("evaluate_every");
  if (every > 0 && taken() % every == 0) evaluate();
}

template <std::floating_point Real>
void Trainer<Real>::State::evaluate() {
  const Index k = taken();
  const std::uint64_t number = first_test_step + static_cast<std::uint64_t>(k);
  const tasks::Task& now = task_at(std::max<Index>(0, k - 1));
  const auto trials = draw(now, Purpose::test_trials, number, training.integer("evaluate_trials"));
  RandomStream noise({seed, id, Purpose::recurrent_noise, number});
  scores.push_back({k, now.score(trials, method->outputs(trials, noise))});
  judge(scores.back(), now.performance());
}

/// A stage of the curriculum begins, or the training stops, when the criterion is reached.
template <std::floating_point Real>
void Trainer<Real>::State::judge(const Score& score, const tasks::Performance& performance) {
  tasks::Performance wanted = performance;
  if (training.number("criterion") != 0) wanted.criterion = training.number("criterion");
  if (!wanted.reached(score.value) || !curriculum.settled(score.step)) return;
  if (curriculum.stages_left()) {
    curriculum.begin_stage(score.step);
  } else if (training.flag("stop")) {
    status = TrainingStatus::criterion;
  }
}

template <std::floating_point Real>
Trainer<Real>::Trainer(const cells::Network& start, const tasks::Task& task,
                       const Settings& training, std::uint64_t seed, std::uint64_t id) {
  if (!training.texts("curriculum").empty()) {
    throw Error("", "training.curriculum", "a curriculum for a task without settings",
                "none, or a task by name");
  }
  state_ = std::make_unique<State>(start, task, training, seed, id);
}

template <std::floating_point Real>
Trainer<Real>::Trainer(const cells::Network& start, const std::string& task,
                       const Settings& task_settings, const Settings& training, std::uint64_t seed,
                       std::uint64_t id) {
  const TaskMaker make = task_maker(task, task_settings, start.dt());
  auto own_task = make({});
  state_ = std::make_unique<State>(start, *own_task, training, seed, id);
  state_->own_task = std::move(own_task);
  state_->make_task = make;
  state_->curriculum = Curriculum(training.texts("curriculum"), task, task_settings, make);
}

template <std::floating_point Real>
Trainer<Real>::~Trainer() = default;
template <std::floating_point Real>
Trainer<Real>::Trainer(Trainer&&) noexcept = default;
template <std::floating_point Real>
Trainer<Real>& Trainer<Real>::operator=(Trainer&&) noexcept = default;

template <std::floating_point Real>
void Trainer<Real>::step() {
  if (state_->status == TrainingStatus::running) state_->step();
}

template <std::floating_point Real>
TrainingStatus Trainer<Real>::status() const {
  return state_->status;
}
template <std::floating_point Real>
const std::vector<double>& Trainer<Real>::losses() const {
  return state_->losses;
}
template <std::floating_point Real>
const std::vector<double>& Trainer<Real>::penalties() const {
  return state_->penalties;
}
template <std::floating_point Real>
const std::vector<Score>& Trainer<Real>::scores() const {
  return state_->scores;
}

template <std::floating_point Real>
cells::Network Trainer<Real>::network() const {
  cells::Network network = state_->start;
  state_->method->finish(network);
  const auto& model = state_->model;
  for (std::size_t p = 0; p < model.parameters.size(); ++p) {
    if (!model.trains(p)) continue;  // not trained: as it was, to the last bit
    network.parameters[model.parameters[p].name] =
        model.parameters[p].value.template cast<double>();
  }
  return network;
}

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

template class Trainer<float>;
template class Trainer<double>;

}  // namespace nullcline::training
