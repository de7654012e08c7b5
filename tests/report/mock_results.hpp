// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <string>
#include <vector>

#include "mock_document.hpp"
#include "mock_task.hpp"
#include "nullcline/core/random.hpp"

/// What each analysis leaves, in drawn numbers: every array and attribute that the page reads.
namespace nullcline::report::mock {

Dataset training(RandomStream& random);
/// A leaky integrator after the target stands for the trained output.
Dataset outputs(const Task& task, RandomStream& random);

/// Of pca or of dca.
Dataset latent(const Task& task, bool is_dca, RandomStream& random);
/// Angles that shrink with the dimension, and two layers.
Dataset subspaces(const Task& task, RandomStream& random);

/// In the space of dca, which is the result of that analysis.
Dataset fixed_points(const Task& task, const Dataset& dca, RandomStream& random);
/// Four points, what is known of them by the analyses of points that trials visit.
Dataset visited_points(RandomStream& random);

/// Two orbits, one chaotic and one at rest, and what was known of them as they went on.
Dataset lyapunov(RandomStream& random);
/// The cube of three bits: a node for each label in {-1, 0, 1}^3, which leads to all labels in
/// which some of its zeros are replaced.
Dataset connections();
/// A curve with two folds, and beside it a branch of cycles; special points of every criticality.
Dataset continuation();

/// At one of two inputs a bent line of states out of order, at the other a point.
Dataset line_attractor(RandomStream& random);

Dataset dimension(RandomStream& random);
/// Of a ring, and untrained of a cloud.
Dataset homology(RandomStream& random);

Dataset connectivity(const Task& task, RandomStream& random);

/// A circle of one input, two contexts of a sheet of two; every point of the grid, or a summary.
Dataset geometry(const Task& task, bool maps, RandomStream& random);

/// Of the join: the networks of both tasks, trained and untrained, around the four corners of a
/// square.
Dataset similarity(const MockOptions& options, const std::string& metric);
/// Of the join "warps", which has the spread of each population too.
Dataset warps(const MockOptions& options);

/// Conjugate pairs in a disk of this radius around `center`.
std::vector<std::complex<double>> disk(Index n, double center, double radius, RandomStream& random);

}  // namespace nullcline::report::mock
