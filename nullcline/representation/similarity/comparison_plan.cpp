// SPDX-License-Identifier: Apache-2.0
// What a comparison of all pairs will take (plan_comparison of compare_all.hpp).
#include "nullcline/representation/similarity/detail/comparison_plan.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "nullcline/core/errors.hpp"
#include "nullcline/representation/similarity/detail/cross_products.hpp"

namespace nullcline::representation {

bool detail::is_single(const Metric& metric) {
  return metric.cross == CrossProduct::nuclear_single;
}

Index detail::most_columns(const Population& population, Index network,
                           const PopulationOptions& options, const Metric& metric) {
  const Index units = population.units[static_cast<std::size_t>(network)];
  if (!metric.components) return units;
  const Index k = std::min(units, population.samples);
  return options.similarity.dim > 0 ? std::min(k, options.similarity.dim) : k;
}

namespace {

using detail::CrossProduct;
using detail::is_single;
using detail::Metric;
using detail::most_columns;

/// Dimensions of the dynamics of delayed states, at most.
double dynamics_rank(double units, const PopulationOptions& options) {
  const HankelDmdOptions& dmd = options.similarity.dsa.dmd;
  const double all = units * static_cast<double>(dmd.delays);
  return dmd.rank > 0 ? std::min(all, static_cast<double>(dmd.rank)) : all;
}

/// Bytes of a network's features, at most.
double feature_bytes(const Population& population, Index network, const PopulationOptions& options,
                     const Metric& metric) {
  const auto m = static_cast<double>(population.samples);
  const auto n = static_cast<double>(population.units[static_cast<std::size_t>(network)]);
  if (metric.prepare_trials != nullptr) {
    const double r = dynamics_rank(n, options);
    return 8 * r * r;
  }
  if (metric.cross != CrossProduct::none) {
    const auto k = static_cast<double>(most_columns(population, network, options, metric));
    return m * k * (is_single(metric) ? 4 : 8) + 16 * m;
  }
  return 8 * (n * m + n * n + 2 * m);
}

/// Bytes that a thread needs to prepare a network or to compare: data, centered, a few copies.
double working_bytes(const Population& population, const PopulationOptions& options,
                     const Metric& metric) {
  const Index widest = *std::max_element(population.units.begin(), population.units.end());
  const auto n = static_cast<double>(widest), m = static_cast<double>(population.samples);
  if (metric.prepare_trials != nullptr) {
    // The data as they come, centered and by trials; the delayed states, their singular vectors and
    // what LAPACK takes for these; the ends of all starts of an alignment.
    const double rows = n * static_cast<double>(options.similarity.dsa.dmd.delays);
    const double least = std::min(rows, m), r = dynamics_rank(n, options);
    const auto starts = static_cast<double>(options.similarity.dsa.alignment.starts);
    return 8 * (4 * (rows + n) * m + 8 * least * least + 4 * r * m + (starts + 40) * r * r);
  }
  const double least = std::min(n, m);
  const double preparing = 8 * (6 * n * m + 8 * least * least);
  const Index columns = std::max(detail::group_columns, widest);
  double comparing = preparing;
  if (is_single(metric))
    comparing = detail::CrossProducts<float>::memory(columns, widest);
  else if (metric.cross != CrossProduct::none) {
    comparing = detail::CrossProducts<double>::memory(columns, widest);
  }
  return std::max(preparing, comparing);
}

/// Factors of a group before they are put together.
double group_bytes(const Population& population, const Metric& metric) {
  if (metric.cross == CrossProduct::none) return 0;
  const Index widest = *std::max_element(population.units.begin(), population.units.end());
  return 8.0 * static_cast<double>(population.samples * std::max(detail::group_columns, widest));
}

}  // namespace

PopulationPlan plan_comparison(const Population& population, const std::string& metric,
                               const PopulationOptions& options) {
  const Metric& chosen = detail::metric_named(metric);
  detail::check_options(options.similarity);
  const auto count = static_cast<Index>(population.units.size());
  require(count >= 2, "compare_all: need at least two networks");
  require(population.samples >= 1, "compare_all: need samples");
  require(population.trials.empty() ||
              std::accumulate(population.trials.begin(), population.trials.end(), Index{0}) ==
                  population.samples,
          "compare_all: the trials must make up the samples");
  for (const Index units : population.units) require(units >= 1, "compare_all: need units");

  PopulationPlan plan;
  plan.networks = count;
  plan.pairs = count * (count - 1) / 2;
  double largest = 0, all = 0;
  for (Index i = 0; i < count; ++i) {
    const double bytes = feature_bytes(population, i, options, chosen);
    largest = std::max(largest, bytes);
    all += bytes;
  }
  const auto n = static_cast<double>(count);
  const double fixed = 8 * n * n * (options.known.size() > 0 ? 2 : 1) +
                       static_cast<double>(thread_count(options.threads)) *
                           working_bytes(population, options, chosen) +
                       group_bytes(population, chosen);
  if (fixed + all <= options.memory) {
    plan.block = count;
    plan.bytes = fixed + all;
  } else {
    plan.block = static_cast<Index>(std::max(0.0, (options.memory - fixed) / (2 * largest)));
    plan.bytes = fixed + 2 * static_cast<double>(plan.block) * largest;
  }
  if (plan.block < 1) {
    throw std::invalid_argument(
        fmt::format("compare_all: {:.3g} GB of memory are allowed, and {:.3g} GB are needed for "
                    "two networks at "
                    "a time, {:.3g} GB for all {}",
                    options.memory / 1e9, (fixed + 2 * largest) / 1e9, (fixed + all) / 1e9, count));
  }
  plan.blocks = (count + plan.block - 1) / plan.block;
  return plan;
}

}  // namespace nullcline::representation
