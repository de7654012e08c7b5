// SPDX-License-Identifier: Apache-2.0
#include "timing.hpp"

#include <algorithm>
#include <chrono>

namespace nullcline::amx {
namespace {

double seconds(const std::function<void()>& body, int calls) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  for (int i = 0; i < calls; ++i) body();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

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
    all.emplace_back();
    for (std::size_t i = 0; i < contenders.size(); ++i) {
      all.back().push_back(seconds(contenders[i], calls[i]) / calls[i]);
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
