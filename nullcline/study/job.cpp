// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/job.hpp"

#include "nullcline/core/hash.hpp"
#include "nullcline/io/settings_json.hpp"
#include "nullcline/study/join.hpp"

namespace nullcline::study {
namespace {

/// Settings that change how a result is reached and kept, but not a bit of it.
io::Json without_bookkeeping(io::Json training) {
  training.erase("checkpoint_every");
  return training;
}

io::Json part(const Part& part) {
  return {{"name", part.name}, {"settings", io::to_json(part.settings)}};
}

}  // namespace

NetworkJob network_job(const Study& study, const Population& population, Index number) {
  NetworkJob job;
  job.study = &study;
  job.population = &population;
  job.number = number;
  job.stream = hash64(population.stream + "/" + std::to_string(number));
  job.parameters = {{"format", 1},
                    {"seed", study.seed},
                    {"stream", hex(job.stream)},
                    {"task", part(population.task)},
                    {"cell", part(population.cell)},
                    {"training", without_bookkeeping(io::to_json(population.training))}};
  if (has_initial(population)) job.parameters["initial"] = io::to_json(population.initial);
  const std::string& from = population.initial.text("from");
  if (!from.empty()) {
    job.source = network_job(study, population_of(study, from), number).id;
    // What the source is matters, not how the study calls it.
    job.parameters["initial"]["from"] = job.source;
  }
  job.id = hex(hash64(job.parameters.dump()));
  return job;
}

std::string analysis_id(const std::string& network_id, const Part& analysis) {
  const io::Json parameters = {
      {"format", 1}, {"network", network_id}, {"analysis", part(analysis)}};
  return hex(hash64(parameters.dump()));
}

std::string join_id(const Study& study, const std::vector<const Population*>& populations,
                    const Part& join, const std::string& name) {
  io::Json settings = io::to_json(join.settings);
  for (const std::string& setting : join_kind(join.name).bookkeeping) settings.erase(setting);
  io::Json networks = io::Json::array();
  for (const Population* population : populations) {
    for (Index number = 0; number < population->networks; ++number) {
      networks.push_back({population->name, network_job(study, *population, number).id});
    }
  }
  const io::Json parameters = {{"format", 1},  {"seed", study.seed},   {"join", join.name},
                               {"part", name}, {"settings", settings}, {"networks", networks}};
  return hex(hash64(parameters.dump()));
}

}  // namespace nullcline::study
