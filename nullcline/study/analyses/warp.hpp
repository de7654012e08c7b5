// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/cells/network.hpp"
#include "nullcline/core/parallel.hpp"
#include "nullcline/core/progress.hpp"
#include "nullcline/geometry/pullback_metric.hpp"
#include "nullcline/study/analyses/manifold_grid.hpp"

namespace nullcline::study {

struct WarpOptions {
  std::vector<Index> steps = {};  ///< (S) t of the states to look at, ascending, 0 .. T.
  bool curvature = true;          ///< Where the inputs have second derivatives.
  bool keep_states = false;
  double memory = 128e6;  ///< Bytes that the tangents of a block of points may take.
  /// Points times steps, S K: results take some 200 bytes for each, and the states 8 n.
  Index most = 10'000'000;
  Threads threads = Threads{0};
};

/// How a network warps a manifold of inputs: its states at K points and S steps. Columns, as in
/// geometry::PullbackMetric: point k at kept step s in column s K + k.
struct Warp {
  Index points = 0, dim = 0;  ///< K, m
  std::vector<Index> steps;   ///< (S)
  Index units = 0;            ///< n, of the states.
  Index last_input = -1;      ///< The last t with an input that depends on kappa; -1: none.
  geometry::PullbackMetric metric;
  Vector speed;  ///< (S K) |dx/dt| under the input that follows, a second.
  /// (S K) Gaussian curvature of a surface, scalar curvature of more than two dimensions; empty
  /// where none was asked for or m = 1. NaN where the states are not immersed.
  Vector curvature;
  /// (S K) |H|, H = g^ij n_ij / m the mean curvature vector: how strongly the slice bends within
  /// the states, 1 / r of a sphere or a circle. NaN as above; empty where not asked for.
  Vector mean_curvature;
  /// (m, S K) principal Ricci curvatures, the eigenvalues of G^-1 Ric, descending: m - 1 over r^2
  /// of a sphere. Of m >= 3: of a surface each is the Gaussian curvature.
  Matrix ricci;
  /// (m m, S K) what the readout sees: G^y_ij = (H a_i) . (H a_j) with H = D dR/dx of the outputs
  /// y = D R(x) + c.
  Matrix readout_metric;
  /// (m, S K) |P a_i| / |a_i|, P the projector on the rows of H (geometry::Alignment::part): 1
  /// where all that a change of kappa_i moves is read out. NaN where it moves nothing.
  Matrix alignment;
  /// (S K) tr G^y / (|H|^2 tr G), |H| the largest singular value: the part of the metric that the
  /// readout sees, 0 .. 1; NaN where the states do not move.
  Vector visible;
  Matrix states;  ///< (n, S K) if kept.
  bool cancelled = false;

  Index count() const { return static_cast<Index>(steps.size()); }  ///< S
};

/// Throws std::invalid_argument where points times steps are more than `most`.
void check_size(const InputPoints& points, Index steps, Index most);

/// Points are taken in blocks, so that the memory does not grow with their number but for the
/// results. Throws std::invalid_argument where the inputs do not fit the network, or where S K is
/// more than `most`.
Warp warp_of(const cells::Network& network, const InputPoints& points, const WarpOptions& options,
             const Progress& progress = {});

/// `count` of the steps 1 .. T, evenly spaced, the last one T; all of them if there are fewer.
std::vector<Index> even_steps(Index T, Index count);

}  // namespace nullcline::study
