// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/detail/network_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <system_error>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/version.hpp"
#include "nullcline/io/hdf5.hpp"
#include "nullcline/io/settings_json.hpp"
#include "nullcline/study/analysis.hpp"
#include "nullcline/study/initial.hpp"
#include "nullcline/training/network_file.hpp"
#include "nullcline/training/trainer.hpp"

namespace nullcline::study::detail {
namespace {

namespace fs = std::filesystem;

void remove_file(const fs::path& path) {
  std::error_code ignored;  // a checkpoint that stays does no harm
  fs::remove(path, ignored);
}

class NetworkRun {
 public:
  NetworkRun(const NetworkJob& job, const SharedRun& shared)
      : job_(job),
        layout_(shared.layout),
        catalog_(shared.catalog),
        meter_(shared.meter),
        result_(shared.result),
        result_mutex_(shared.mutex),
        population_(*job.population),
        task_(tasks::task_kind(population_.task.name)
                  .make(population_.task.settings, population_.cell.settings.number("dt"))) {}

  void run() {
    if (!train() || !analyze()) return;
    meter_.network_done();
  }

 private:
  std::string label() const { return fmt::format("{} {}", population_.name, job_.number + 1); }

  CatalogRow row(const std::string& id, const std::string& kind) const {
    CatalogRow row;
    row.id = id;
    row.kind = kind;
    row.network = job_.id;
    row.population = population_.name;
    row.number = job_.number;
    return row;
  }

  void fail(CatalogRow failed, const std::string& message) {
    failed.state = "failed";
    failed.error = message;
    catalog_.put(failed);
    const std::lock_guard lock(result_mutex_);
    result_.failures.push_back(
        fmt::format("{} ({}): {}: {}", label(), job_.id, failed.kind, message));
  }

  void count(Index RunResult::*counter) {
    const std::lock_guard lock(result_mutex_);
    ++(result_.*counter);
  }

  /// false when cancelled.
  bool train() {
    const double cost = training_cost(population_, task_->steps());
    if (fs::exists(layout_.network(job_.id))) {
      count(&RunResult::reused);
      file_ = io::read_hdf5(layout_.network(job_.id));
      if (!catalog_.has_done(job_.id)) put_trained_row();
      return meter_.add(cost, label());
    }
    const bool in_double = population_.training.text("precision") == "float64";
    const bool finished = in_double ? train_in<double>(cost) : train_in<float>(cost);
    if (finished) count(&RunResult::trained);
    return finished;
  }

  cells::Network start_of_training() const {
    std::optional<cells::Network> source;
    if (!job_.source.empty()) {
      source = training::load_network(layout_.network(job_.source), "parameters");
    }
    return initial_network(population_, source ? &*source : nullptr, job_.study->seed, job_.stream);
  }

  template <class Real>
  bool train_in(double cost) {
    const cells::Network start = start_of_training();
    training::Trainer<Real> trainer(start, population_.task.name, population_.task.settings,
                                    population_.training, job_.study->seed, job_.stream);
    const fs::path checkpoint = layout_.checkpoint(job_.id);
    if (fs::exists(checkpoint)) trainer.restore(io::read_hdf5(checkpoint), checkpoint);

    CatalogRow running = row(job_.id, "network");
    running.parameters = job_.parameters;
    running.state = "running";
    catalog_.put(running);

    const Index steps = population_.training.integer("steps");
    const Index every = population_.training.integer("checkpoint_every");
    const double step_cost = steps > 0 ? cost / static_cast<double>(steps) : 0;
    meter_.add(step_cost * static_cast<double>(trainer.steps_taken()), label());
    while (trainer.status() == training::TrainingStatus::running) {
      trainer.step();
      const Index taken = trainer.steps_taken();
      if (taken % every == 0 && taken < steps) {
        io::write_hdf5(checkpoint, trainer.checkpoint());
      }
      if (!meter_.add(step_cost, fmt::format("{}: step {} of {}", label(), taken, steps))) {
        io::write_hdf5(checkpoint, trainer.checkpoint());
        return false;
      }
    }
    if (!meter_.add(step_cost * static_cast<double>(steps - trainer.steps_taken()), label())) {
      io::write_hdf5(checkpoint, trainer.checkpoint());  // stopped early, which saved this work
      return false;
    }
    file_ = trainer.checkpoint();
    training::put_network(file_, trainer.network(), "parameters");
    training::put_network(file_, start, "initial");
    file_.attributes["format"] = "nullcline network";
    file_.attributes["version"] = version();
    file_.attributes["study"] = job_.study->name;
    file_.attributes["population"] = population_.name;
    file_.attributes["number"] = job_.number;
    for (const char* key : {"seed", "stream", "task", "training", "initial"}) {
      if (job_.parameters.contains(key)) file_.attributes[key] = job_.parameters[key];
    }
    io::write_hdf5(layout_.network(job_.id), file_);
    // Of a training that diverged the last checkpoint stays, to be looked at or gone on from.
    if (trainer.status() != training::TrainingStatus::diverged) remove_file(checkpoint);
    put_trained_row();
    return true;
  }

  void put_trained_row() {
    CatalogRow done = row(job_.id, "network");
    done.parameters = job_.parameters;
    const auto losses = file_.arrays.find("loss");
    const Index steps = losses == file_.arrays.end() ? 0 : losses->second.size();
    done.metrics["steps"] = steps;
    if (steps > 0) {
      // The mean of the last tenth: single losses scatter with their trials.
      const Index last = std::max<Index>(1, steps / 10);
      done.metrics["final_loss"] = losses->second.as_vector().tail(last).mean();
    }
    const auto scores = file_.arrays.find("score");
    if (scores != file_.arrays.end() && scores->second.size() > 0) {
      done.metrics["score"] = scores->second.as_vector().tail(1)(0);
    }
    const auto status = file_.attributes.find("status");
    if (status != file_.attributes.end()) done.metrics["status"] = *status;
    if (status != file_.attributes.end() && *status == "diverged") {
      fail(done, fmt::format("the loss of step {} is not finite", steps + 1));
      return;
    }
    done.state = "done";
    catalog_.put(done);
  }

  /// false when cancelled.
  bool analyze() {
    const auto& analyses = job_.study->analyses;
    if (analyses.empty()) return meter_.add(analysis_cost(population_), label());
    const double cost = analysis_cost(population_) / static_cast<double>(analyses.size());
    const fs::path path = layout_.network(job_.id);
    const auto trained = training::get_network(file_, "parameters", path);
    const auto untrained = training::get_network(file_, "initial", path);
    for (const Part& analysis : analyses) {
      const std::string id = analysis_id(job_.id, analysis);
      if (fs::exists(layout_.analysis(id))) {
        count(&RunResult::reused);
        if (!catalog_.has_done(id))
          put_analysis_row(analysis, id, io::read_hdf5(layout_.analysis(id)));
      } else if (!compute(analysis, id, trained, untrained)) {
        return false;
      }
      if (!meter_.add(cost, fmt::format("{}: {}", label(), analysis.name))) return false;
    }
    return true;
  }

  /// false when cancelled.
  bool compute(const Part& analysis, const std::string& id, const cells::Network& trained,
               const cells::Network& untrained) {
    CatalogRow entry = row(id, analysis.name);
    entry.parameters = io::to_json(analysis.settings);
    const auto keep_going = [&](double) {
      return meter_.add(0, fmt::format("{}: {}", label(), analysis.name));
    };
    io::Dataset result;
    try {
      result = analysis_kind(analysis.name)
                   .run({*task_, trained, untrained, file_, analysis.settings, job_.study->seed,
                         job_.stream, keep_going});
    } catch (const Error&) {
      throw;  // files: nothing that another network could do better
    } catch (const std::exception& error) {
      fail(entry, error.what());
      return true;
    }
    if (meter_.cancelled()) return false;
    io::write_hdf5(layout_.analysis(id), result);
    put_analysis_row(analysis, id, result);
    count(&RunResult::analyzed);
    return true;
  }

  void put_analysis_row(const Part& analysis, const std::string& id, const io::Dataset& result) {
    CatalogRow done = row(id, analysis.name);
    done.parameters = io::to_json(analysis.settings);
    done.state = "done";
    const auto metrics = result.attributes.find("metrics");
    if (metrics != result.attributes.end()) done.metrics = *metrics;
    catalog_.put(done);
  }

  const NetworkJob& job_;
  const Layout& layout_;
  Catalog& catalog_;
  Meter& meter_;
  RunResult& result_;
  std::mutex& result_mutex_;
  const Population& population_;
  std::unique_ptr<tasks::Task> task_;
  io::Dataset file_;
};

}  // namespace

double training_cost(const Population& population, Index trial_steps) {
  const auto n = static_cast<double>(population.cell.settings.integer("units"));
  const auto batch = static_cast<double>(population.training.integer("batch"));
  const auto steps = static_cast<double>(population.training.integer("steps"));
  return 6 * steps * batch * static_cast<double>(trial_steps) * n * n;
}

double analysis_cost(const Population& population) {
  const auto n = static_cast<double>(population.cell.settings.integer("units"));
  return 3000 * n * n * n;
}

void run_network(const NetworkJob& job, const SharedRun& shared) { NetworkRun(job, shared).run(); }

}  // namespace nullcline::study::detail
