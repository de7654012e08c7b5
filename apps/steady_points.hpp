// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "apps/network_input.hpp"
#include "nullcline/study/analyses/steady_search.hpp"

namespace nullcline::apps {

/// The search of a command, at a network's own dt and random streams: `starts` of them, or in a
/// round; a quarter on trajectories, half mixes of two, a quarter with noise.
study::SteadySearch steady_search(const NetworkInput& input, Index starts, Threads threads);

/// What is known of completeness: "27 fixed points, 27 certified, distinct. Degree sum +1, as it
/// must be (proven trapping box): consistent; unseen: 0.0 (95 %: 0 to 0.01) by 512 starts."
std::string statement(const study::SteadyPoints& points);

}  // namespace nullcline::apps
