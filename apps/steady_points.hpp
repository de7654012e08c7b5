// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "apps/network_input.hpp"
#include "nullcline/dynamics/points/complete_search.hpp"
#include "nullcline/dynamics/points/proven_points.hpp"

namespace nullcline::apps {

/// How fixed points are looked for.
enum class SearchMethod {
  starts,   ///< From the starts that are given.
  rounds,   ///< In rounds of starts, until degree and hits agree (complete_search.hpp).
  regions,  ///< In all regions of a piecewise linear network.
};

const char* name_of(SearchMethod method);  ///< "starts", ...

struct SearchOptions {
  dynamics::FixedPointOptions search = {};  ///< Without `progress`.
  bool complete = false;    ///< By regions where the network has few enough kinks, else by rounds.
  Index starts = 64;        ///< At each input, or a round.
  Index max_starts = 8192;  ///< Of all rounds.
};

/// The fixed and slow points at one constant input, and what is known of them.
struct SteadyPoints {
  tasks::SteadyInput at;
  SearchMethod method = SearchMethod::starts;
  Index starts = 0;  ///< Made.
  std::map<std::string, Index> statuses;

  Index fixed = 0;  ///< So many fixed points come first, then slow points.
  Matrix states;    ///< (n, P)
  Vector residuals, speeds;
  std::vector<Index> multiplicity;                      ///< (P); 0 where no start was needed.
  std::vector<dynamics::Linearization> linearizations;  ///< (P)

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
    return degree.verdict == dynamics::DegreeVerdict::missing && certified == fixed;
  }
  /// Whether these points are what was asked for, or the user must look.
  bool good() const;
};

/// The fixed points of the network at the input `at`, with a proof for each, from starts drawn from
/// `states` (n, S).
SteadyPoints find_steady_points(const NetworkInput& input, const tasks::SteadyInput& at,
                                In<Matrix> states, const SearchOptions& options,
                                const Progress& progress);

/// The starts of a plain search: a quarter on trajectories, half mixes of two, a quarter with
/// noise.
Matrix mixed_starts(const NetworkInput& input, In<Matrix> states, Index count);

/// What is known of completeness: "27 fixed points, 27 certified, distinct. Degree sum +1, as it
/// must be (proven trapping box): consistent; unseen: 0.0 (95 %: 0 to 0.01) by 512 starts."
std::string statement(const SteadyPoints& points);

/// The same for machines.
io::Json completeness_json(const SteadyPoints& points);

}  // namespace nullcline::apps
