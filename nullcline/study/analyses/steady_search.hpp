// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "nullcline/cells/network.hpp"
#include "nullcline/dynamics/points/complete_search.hpp"
#include "nullcline/dynamics/points/proven_points.hpp"
#include "nullcline/dynamics/points/slow_time_scales.hpp"
#include "nullcline/dynamics/points/starts.hpp"
#include "nullcline/io/json.hpp"
#include "nullcline/tasks/task.hpp"

namespace nullcline::study {

/// How fixed points are looked for.
enum class SearchMethod {
  starts,   ///< From the starts that are given.
  rounds,   ///< In rounds of starts, until nothing seems to be missing (complete_search.hpp).
  regions,  ///< In all regions of a piecewise linear network.
};

const char* name_of(SearchMethod method);  ///< "starts", ...

struct SteadySearch {
  dynamics::FixedPointOptions search = {};  ///< Without `progress`; dt is that of the network.
  bool complete = false;  ///< By regions where the network has few enough kinks, else by rounds.
  dynamics::StartOptions starts = {
      .states = 16, .mixes = 32, .noisy = 16};  ///< Of a plain search, of slow points after rounds.
  Index starts_a_round = 256;
  Index max_starts = 8192;  ///< Of all rounds.
  bool stability = false;   ///< Also prove how many directions are unstable.
};

/// The fixed and slow points at one constant input, and what is known of them.
struct SteadyPoints {
  tasks::SteadyInput at;
  double dt = 1;  ///< s, of the network.
  SearchMethod method = SearchMethod::starts;
  Index starts = 0;  ///< Made.
  std::map<std::string, Index> statuses;

  Index fixed = 0;  ///< So many fixed points come first, then slow points.
  Matrix states;    ///< (n, P)
  Vector residuals, speeds;
  std::vector<Index> multiplicity;                      ///< (P); 0 where no start was needed.
  std::vector<dynamics::Linearization> linearizations;  ///< (P)
  std::vector<dynamics::SlowTimeScale> times;           ///< (P - fixed) of the slow points.

  std::vector<dynamics::Certificate> certificates;  ///< (fixed)
  Index certified = 0, proven_points = 0;  ///< Certificates, and points that are proven different.
  bool distinct = true;                    ///< So are all that are certified.
  bool trapped = false;                    ///< A box that the map takes into itself is proven.
  dynamics::DegreeStatement degree;
  int degree_sum = 0;  ///< Of all linearizations, proven or not.

  dynamics::UnseenEstimate unseen;  ///< Not of regions.
  dynamics::Completeness completeness = dynamics::Completeness::likely_missing;  ///< Of rounds.
  bool all_regions = false;  ///< Of regions: all were searched.
  Index kinks = 0;           ///< Of regions, K.
  Index continua = 0;        ///< Regions with a continuum of fixed points.

  /// Proof that there is a fixed point that is not among these.
  bool points_missing() const {
    return degree.verdict == dynamics::DegreeVerdict::missing;
  }
  /// Whether these points are what was asked for, or the user must look.
  bool good() const;
};

/// The fixed points of the network at the input `at`, with a proof for each, and slow points with
/// their time scales, from starts drawn from `states` (n, S). Cancelled, it returns what it has.
SteadyPoints find_steady_points(const cells::Network& network, const tasks::SteadyInput& at,
                                In<Matrix> states, const SteadySearch& options,
                                const Progress& progress);

/// What is known of completeness.
io::Json completeness_json(const SteadyPoints& points);

}  // namespace nullcline::study
