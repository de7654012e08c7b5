// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>

#include "nullcline/study/catalog.hpp"
#include "nullcline/study/detail/layout.hpp"
#include "nullcline/study/detail/meter.hpp"
#include "nullcline/study/job.hpp"
#include "nullcline/study/run.hpp"

namespace nullcline::study::detail {

/// Rough operations of a training and of the analyses of a network with n units, for even progress:
/// T B n^2 a step, and n^3.
double training_cost(const Population& population, Index trial_steps);
double analysis_cost(const Population& population);

/// What the networks of a run share. `result` is changed under `mutex` alone.
struct SharedRun {
  const Layout& layout;
  Catalog& catalog;
  Meter& meter;
  RunResult& result;
  std::mutex& mutex;
};

/// One network's way through a study: training, from its checkpoint if there is one, then the
/// analyses that are missing. Ends early where the meter says that the run is cancelled.
void run_network(const NetworkJob& job, const SharedRun& shared);

}  // namespace nullcline::study::detail
