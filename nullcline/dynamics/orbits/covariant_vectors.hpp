// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "nullcline/core/map.hpp"
#include "nullcline/core/progress.hpp"
#include "nullcline/dynamics/orbits/lyapunov.hpp"

namespace nullcline::dynamics {

struct CovariantOptions {
  double dt = 1;                   ///< > 0, seconds of one step of the map.
  Index vectors = 0;               ///< k in 1 .. n, those of the largest exponents; 0: all n.
  Index interval = 1;              ///< > 0 steps between two times at which they are given.
  Index times = 200;               ///< T > 0.
  Index transient = 1000;          ///< >= 0 steps before the first time: convergence of Q.
  Index backward_transient = 500;  ///< >= 0 intervals after the last time: convergence of C.
  double escape_radius = 1e12;     ///< > 0
  std::uint64_t seed = 0;          ///< Of the first tangents.
  std::uint64_t network = 0;
  Progress progress = {};
};

struct CovariantVectors {
  OrbitStatus status = OrbitStatus::done;  ///< Other than `done`: the arrays are empty.
  Index resolved = 0;  ///< Vectors 0 .. resolved - 1 are determined: R's diagonal never fell to
                       ///< rounding level. The others are left 0 when it was exactly singular.
  Matrix states;       ///< (n, T)
  Matrix vectors;      ///< (n, T k): v_i at time t in column t k + i, norm 1.
  Matrix
      local_exponents;  ///< (k, T) 1/s: ln |J v_i| / (interval dt) over the interval that follows.
  Matrix angles;        ///< (k (k - 1) / 2, T) radians in [0, pi / 2], between v_i and v_j for
                        ///< (i, j) = (0, 1), (0, 2), .., (1, 2), ..
  Derivatives derivatives = Derivatives::exact;
};

/// The covariant Lyapunov vectors v_1 .. v_k along the orbit of `start` (n) [Ginelli et al. 2007,
/// "Characterizing dynamics with covariant Lyapunov vectors", PRL 99:130601]: unlike the columns of
/// Q they are not orthogonal but tangent to the directions that grow with exponent i both forwards
/// and backwards in time,
///
///     J(x_t) v_i(t) || v_i(t + 1).
///
/// Forwards J Q_t = Q_{t+1} R_{t+1} with a QR each step; then, with V_t = Q_t C_t and C upper
/// triangular, backwards C_t = R_{t+1}^-1 C_{t+1}, columns made of length 1. v_1 = q_1 is the most
/// expanding direction. Small angles between vectors of exponents > 0 and < 0 are near tangencies
/// of the stable and the unstable manifold. Vectors of equal exponents are not determined one by
/// one.
///
/// Cost: as lyapunov_spectrum with a QR each step; memory n k T + k^2 (T + backward_transient).
///
/// Throws std::invalid_argument on a wrong size or option.
CovariantVectors covariant_vectors(const Map& map, In<Vector> start,
                                   const CovariantOptions& options = {});

}  // namespace nullcline::dynamics
