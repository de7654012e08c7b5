// SPDX-License-Identifier: Apache-2.0
#include "timing.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace nullcline::amx {
namespace {

double seconds(const std::function<void()>& body, int calls) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  for (int i = 0; i < calls; ++i) body();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

double quantile(std::vector<double> values, double share) {
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1) + 0.5);
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

double median(std::vector<double> values) { return quantile(std::move(values), 0.5); }

std::vector<std::vector<double>> all_seconds_in_turns(
    const std::vector<std::function<void()>>& contenders, int rounds, double turn) {
  std::vector<int> calls;
  for (const auto& body : contenders) {
    body();  // memory, caches
    int count = 1;
    while (seconds(body, count) < turn / 2) count *= 2;
    calls.push_back(count);
  }
  std::vector<std::vector<double>> all;
  for (int round = 0; round < rounds; ++round) {
    all.emplace_back(contenders.size());
    for (std::size_t turn_of = 0; turn_of < contenders.size(); ++turn_of) {
      const std::size_t i = (turn_of + static_cast<std::size_t>(round)) % contenders.size();
      all.back()[i] = seconds(contenders[i], calls[i]) / calls[i];
    }
  }
  return all;
}

std::vector<double> seconds_in_turns(const std::vector<std::function<void()>>& contenders,
                                     int rounds, double turn) {
  const auto all = all_seconds_in_turns(contenders, rounds, turn);
  std::vector<double> medians;
  for (std::size_t i = 0; i < contenders.size(); ++i) {
    std::vector<double> own;
    for (const auto& round : all) own.push_back(round[i]);
    medians.push_back(median(own));
  }
  return medians;
}

}  // namespace nullcline::amx
