// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/trainer.hpp"

#include <algorithm>
#include <cmath>

#include "nullcline/core/errors.hpp"
#include "nullcline/training/detail/trainer_state.hpp"
#include "nullcline/training/loss.hpp"

namespace nullcline::training {
namespace {

/// Apart from all steps of a training, and from the trials of analyses.
constexpr std::uint64_t first_test_step = std::uint64_t{1} << 40;

template <std::floating_point Real>
detail::Model<Real> make_model(const cells::Network& start, const tasks::Task& task,
                               const Settings& training) {
  detail::Model<Real> model{
      Backpropagation<Real>(start, {.loss = loss_from(training.text("loss"), task),
                                    .activity = activity_penalty_from(training),
                                    .loss_weight = training.number("task_weight"),
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
  model.metric = metric_loss_from(training, start, task);
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
Trainer<Real>::State::State(const cells::Network& network, const tasks::Task& its_task,
                            const Settings& settings, std::uint64_t its_seed, std::uint64_t its_id)
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

template <std::floating_point Real>
void Trainer<Real>::State::step() {
  const Index k = taken();
  const auto number = static_cast<std::uint64_t>(fixed ? 0 : k);
  const Index batch = training.integer("batch");
  const tasks::Task& now = task_at(k);
  if (!fixed || trials.batch == 0) draw(now, Purpose::trials, number, batch, trials);
  RandomStream noise({seed, id, Purpose::recurrent_noise, number});
  tried.resize(good.size());
  keep(tried);
  const detail::StepResult result = method->step(k, trials, noise);
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
  draw(now, Purpose::test_trials, number, training.integer("evaluate_trials"), test_trials);
  RandomStream noise({seed, id, Purpose::recurrent_noise, number});
  scores.push_back({k, now.score(test_trials, method->outputs(test_trials, noise))});
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

template class Trainer<float>;
template class Trainer<double>;

}  // namespace nullcline::training
