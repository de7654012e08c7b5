// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

namespace nullcline::amx {

/// Lets the contenders take turns, `rounds` of them, each beginning with another, a turn being as
/// many calls as take about `turn` seconds; the median of the seconds a call of each.
std::vector<double> seconds_in_turns(const std::vector<std::function<void()>>& contenders,
                                     int rounds, double turn);

/// How fast the same was in each round: seconds[round][contender].
std::vector<std::vector<double>> all_seconds_in_turns(
    const std::vector<std::function<void()>>& contenders, int rounds, double turn);

double median(std::vector<double> values);
/// What lies at `share` of the way through the sorted values.
double quantile(std::vector<double> values, double share);

}  // namespace nullcline::amx
