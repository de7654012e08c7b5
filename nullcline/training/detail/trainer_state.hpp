// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nullcline/training/detail/method.hpp"
#include "nullcline/training/trainer.hpp"

namespace nullcline::training {

template <std::floating_point Real>
struct Trainer<Real>::State {
  State(const cells::Network& network, const tasks::Task& its_task, const Settings& settings,
        std::uint64_t its_seed, std::uint64_t its_id);

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

  void draw(const tasks::Task& from, Purpose purpose, std::uint64_t number, Index batch,
            tasks::Trials& into) const {
    RandomStream stream({seed, id, purpose, number});
    from.fill(into, batch, stream);
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
  bool fixed;                              // the same trials every step
  tasks::Trials trials, test_trials;       // of the last step, of the last evaluation
  std::vector<double> losses, penalties;
  std::vector<Score> scores;
  TrainingStatus status = TrainingStatus::running;
};

}  // namespace nullcline::training
