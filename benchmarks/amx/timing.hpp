// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

namespace nullcline::amx {

/// Lets the contenders take turns, `rounds` of them, a turn being as many calls as take about
/// `turn` seconds; the median of the seconds a call of each.
std::vector<double> seconds_in_turns(const std::vector<std::function<void()>>& contenders,
                                     int rounds, double turn);

/// How fast the same was in each round: seconds[round][contender].
std::vector<std::vector<double>> all_seconds_in_turns(
    const std::vector<std::function<void()>>& contenders, int rounds, double turn);

double median(std::vector<double> values);

}  // namespace nullcline::amx
