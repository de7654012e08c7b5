// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/study/catalog.hpp"
#include "nullcline/study/detail/layout.hpp"
#include "nullcline/study/detail/meter.hpp"
#include "nullcline/study/run.hpp"

namespace nullcline::study::detail {

/// Rough operations of all joins, in the units of a training step.
double join_cost(const Study& study);

/// Computes the parts of the study's joins that are missing, one after the other, each on all
/// threads. A join some of whose networks are missing, as other shards train them, waits:
/// `result.joins_wait`.
void run_joins(const Study& study, const std::vector<StudiedNetwork>& networks,
               const Layout& layout, Threads threads, Catalog& catalog, Meter& meter,
               RunResult& result);

}  // namespace nullcline::study::detail
