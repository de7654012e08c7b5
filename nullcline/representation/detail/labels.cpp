// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/detail/labels.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <utility>

#include "nullcline/core/random.hpp"

namespace nullcline::representation::detail {
namespace {

/// The objects of each stratum: one holds them all if there are none.
std::vector<std::vector<std::size_t>> groups_of(std::span<const Index> strata, std::size_t K) {
  std::map<Index, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < K; ++i) groups[strata.empty() ? 0 : strata[i]].push_back(i);
  std::vector<std::vector<std::size_t>> result;
  for (auto& [stratum, objects] : groups) result.push_back(std::move(objects));
  return result;
}

/// Fisher and Yates' shuffle of the entries of `values` at `places`.
void shuffle(std::vector<Index>& values, const std::vector<std::size_t>& places,
             RandomStream& stream) {
  for (std::size_t i = places.size(); i > 1; --i) {
    std::swap(values[places[i - 1]], values[places[stream.below(i)]]);
  }
}

}  // namespace

Classes classes_of(std::span<const Index> labels, Index K, const char* caller) {
  if (static_cast<Index>(labels.size()) != K) {
    throw std::invalid_argument(
        fmt::format("{}: {} labels for {} objects", caller, labels.size(), K));
  }
  Classes result;
  result.names.assign(labels.begin(), labels.end());
  std::sort(result.names.begin(), result.names.end());
  result.names.erase(std::unique(result.names.begin(), result.names.end()), result.names.end());
  if (result.count() < 2) {
    throw std::invalid_argument(
        fmt::format("{}: labels are of {} class, must be of two or more", caller, result.count()));
  }
  result.sizes.assign(result.names.size(), 0);
  for (const Index label : labels) {
    const auto place = std::lower_bound(result.names.begin(), result.names.end(), label);
    result.of.push_back(place - result.names.begin());
    ++result.sizes[static_cast<std::size_t>(result.of.back())];
  }
  return result;
}

Permutations permute(const Classes& classes, double observed,
                     const std::function<double(const std::vector<Index>&)>& statistic,
                     const PermutationOptions& options, const char* caller) {
  const auto [permutations, strata, seed, progress] = options;
  if (!strata.empty() && strata.size() != classes.of.size()) {
    throw std::invalid_argument(
        fmt::format("{}: {} strata for {} objects", caller, strata.size(), classes.of.size()));
  }
  if (permutations < 0) {
    throw std::invalid_argument(
        fmt::format("{}: permutations is {}, must not be negative", caller, permutations));
  }
  Permutations result;
  const auto groups = groups_of(strata, classes.of.size());
  const double least = observed - 1e-12 * std::abs(observed);
  std::vector<double> values;
  Index as_large = 0;
  for (Index k = 0; k < permutations; ++k) {
    const bool asked = progress && k % 32 == 0;
    if (asked && !progress(static_cast<double>(k) / static_cast<double>(permutations))) {
      result.cancelled = true;
      break;
    }
    RandomStream stream(
        {.seed = seed, .purpose = Purpose::analysis_noise, .step = static_cast<std::uint64_t>(k)});
    std::vector<Index> permuted = classes.of;
    for (const auto& places : groups) shuffle(permuted, places, stream);
    values.push_back(statistic(permuted));
    as_large += values.back() >= least ? 1 : 0;
  }
  const Index made = std::ssize(values);
  result.p_value = static_cast<double>(as_large + 1) / static_cast<double>(made + 1);
  if (made == 0) return result;
  const Eigen::Map<const Vector> all(values.data(), made);
  result.mean = all.mean();
  const double divisor = static_cast<double>(std::max<Index>(1, made - 1));
  result.deviation = std::sqrt((all.array() - result.mean).square().sum() / divisor);
  return result;
}

}  // namespace nullcline::representation::detail
