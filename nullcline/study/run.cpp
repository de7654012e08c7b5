// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/run.hpp"

#include <algorithm>
#include <mutex>

#include "nullcline/core/errors.hpp"
#include "nullcline/io/atomic_file.hpp"
#include "nullcline/study/catalog.hpp"
#include "nullcline/study/detail/join_run.hpp"
#include "nullcline/study/detail/layout.hpp"
#include "nullcline/study/detail/meter.hpp"
#include "nullcline/study/detail/network_run.hpp"
#include "nullcline/study/job.hpp"
#include "nullcline/study/join.hpp"
#include "nullcline/tasks/task.hpp"

namespace nullcline::study {
namespace {

namespace fs = std::filesystem;
using detail::analysis_cost;
using detail::Layout;
using detail::Meter;
using detail::training_cost;

/// How many populations a population starts from, one after another.
Index depth_of(const Study& study, const Population& population) {
  const std::string& from = population.initial.text("from");
  return from.empty() ? 0 : 1 + depth_of(study, population_of(study, from));
}

/// The jobs of this shard in waves: those of a wave start from networks of earlier waves, of the
/// same shard as numbers are the same. In a wave the long ones come first, so that threads end at
/// about the same time.
std::vector<std::vector<NetworkJob>> waves_of(const Study& study, const RunOptions& options) {
  std::vector<std::vector<NetworkJob>> waves;
  for (const Population& population : study.populations) {
    const auto depth = static_cast<std::size_t>(depth_of(study, population));
    if (waves.size() <= depth) waves.resize(depth + 1);
    auto& wave = waves[depth];
    for (Index number = 0; number < population.networks; ++number) {
      if (number % options.shards == options.shard) {
        wave.push_back(network_job(study, population, number));
      }
    }
  }
  for (auto& wave : waves) {
    std::stable_sort(wave.begin(), wave.end(), [](const NetworkJob& a, const NetworkJob& b) {
      return training_cost(*a.population, 1) > training_cost(*b.population, 1);
    });
  }
  return waves;
}

double total_cost(const std::vector<std::vector<NetworkJob>>& waves) {
  double total = 0;
  for (const auto& wave : waves) {
    for (const NetworkJob& job : wave) {
      const Population& population = *job.population;
      const auto task = tasks::task_kind(population.task.name)
                            .make(population.task.settings, population.cell.settings.number("dt"));
      total += training_cost(population, task->steps()) + analysis_cost(population);
    }
  }
  return total;
}

}  // namespace

RunResult run(const Study& study, const fs::path& out, const RunOptions& options) {
  require(options.shards >= 1 && options.shard >= 0 && options.shard < options.shards,
          "run: need 0 <= shard < shards");
  const Layout layout{out};
  layout.create();
  io::write_file_atomically(out / "study.toml", to_toml(study));
  Catalog catalog(out / "catalog.sqlite");

  const auto waves = waves_of(study, options);
  RunResult result;
  std::mutex result_mutex;
  for (const auto& wave : waves) result.networks += static_cast<Index>(wave.size());
  Meter meter(options, total_cost(waves) + detail::join_cost(study), result.networks);
  const detail::SharedRun shared{layout, catalog, meter, result, result_mutex};
  for (const auto& wave : waves) {
    parallel_for(static_cast<Index>(wave.size()), options.threads, [&](Index i) {
      if (meter.cancelled()) return;
      detail::run_network(wave[static_cast<std::size_t>(i)], shared);
    });
  }
  if (!meter.cancelled()) {
    detail::run_joins(study, networks_of(study, out), layout, options.threads, catalog, meter,
                      result);
  }
  result.cancelled = meter.cancelled();
  std::sort(result.failures.begin(), result.failures.end());
  return result;
}

std::vector<StudiedNetwork> networks_of(const Study& study, const fs::path& out) {
  const Layout layout{out};
  std::vector<StudiedNetwork> networks;
  for (const Population& population : study.populations) {
    for (Index number = 0; number < population.networks; ++number) {
      const NetworkJob job = network_job(study, population, number);
      StudiedNetwork network{job.id, population.name, number, layout.network(job.id), {}};
      for (const Part& analysis : study.analyses) {
        network.analyses.emplace_back(analysis.name,
                                      layout.analysis(analysis_id(job.id, analysis)));
      }
      networks.push_back(std::move(network));
    }
  }
  return networks;
}

std::vector<StudiedJoin> joins_of(const Study& study, const fs::path& out) {
  const Layout layout{out};
  std::vector<StudiedJoin> joins;
  for (const Part& join : study.joins) {
    const auto populations = join_kind(join.name).populations(study, join.settings);
    for (const std::string& part : join_kind(join.name).parts(join.settings)) {
      const std::string id = join_id(study, populations, join, part);
      joins.push_back({id, join.name, part, layout.join(id)});
    }
  }
  return joins;
}

}  // namespace nullcline::study
