// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/cells/network.hpp"
#include "nullcline/core/progress.hpp"
#include "nullcline/core/settings.hpp"
#include "nullcline/dynamics/orbits/line_attractor.hpp"
#include "nullcline/io/dataset.hpp"
#include "nullcline/tasks/task.hpp"

namespace nullcline::study {

/// What the states of a network come to at one constant input, and whether that is a line.
struct RelaxedLine {
  tasks::SteadyInput at;
  Matrix points;  ///< (n, P) up to P of the states, after some steps at this input.
  dynamics::LineAttractor line;
};

/// Settings `points`, `relax` and `output`, of the analysis and of the command.
Schema line_schema();

/// At each input: up to `points` of the states (n, S), drawn at random, make `relax` steps, in
/// which they fall onto what is slow there; find_line_attractor says what that is. Few minima of
/// the speed lie on a line of a trained network, whose true fixed points are few too: relaxed
/// states lie all along it. The readout is the row `output` of the network's; the effects of
/// inputs are the columns of dF/du at the mean of the points. States that are not finite do not
/// count. Cancelled, it returns what it has.
std::vector<RelaxedLine> relaxed_lines(const cells::Network& network,
                                       const std::vector<tasks::SteadyInput>& inputs,
                                       In<Matrix> states, const Settings& settings,
                                       std::uint64_t seed, std::uint64_t stream,
                                       const Progress& progress);

/// As arrays: docs/files.md, line_attractor.
io::Dataset line_attractors(const std::vector<RelaxedLine>& all, const cells::Network& network);

}  // namespace nullcline::study
