// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "nullcline/study/analyses/trajectories.hpp"

namespace nullcline::study {

/// The fixed and slow points of a trained network at the steady inputs of its task, and the noisy
/// trials that pass by them.
struct VisitedPoints {
  std::vector<tasks::SteadyInput> inputs;
  Matrix states;                          ///< (n, P), input by input
  std::vector<std::int64_t> input_index;  ///< (P)
  std::vector<std::int64_t> kind;         ///< (P), see point_kinds
  Trajectories runs;
  double scale = 0;       ///< Root mean square distance of the states of `runs` from their mean.
  bool complete = false;  ///< false: cancelled before all were searched.

  Index count() const { return states.cols(); }
};

/// The settings of visited_points and nearest_points, for the schema of an analysis; `more` follow.
Schema visited_points_schema(const Schema& more);

/// Searched from steady_starts, with slow points where no root was reached.
VisitedPoints visited_points(const AnalysisContext& context);

/// For each column of states (n, K) under the inputs (n_in, K), a point that it is near to, or -1:
/// of the steady inputs within `input_radius` of the input the nearest, of the points there the
/// nearest, if it is within `radius` times the scale.
std::vector<Index> nearest_points(const VisitedPoints& points, In<Matrix> states, In<Matrix> inputs,
                                  const Settings& settings);

/// What says which points a result is about: kind and input_index (P), attribute `inputs`.
void put_visited_points(io::Dataset& result, const VisitedPoints& points);

}  // namespace nullcline::study
