// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "nullcline/core/parallel.hpp"
#include "nullcline/core/progress.hpp"
#include "nullcline/core/tangent_orbits.hpp"
#include "nullcline/geometry/input_manifold.hpp"

namespace nullcline::geometry {

/// How the states x_t(kappa) of x_{t+1} = F(x_t, u_t(kappa)), t = 0 .. T - 1, move with kappa.
struct SensitivityOptions {
  Vector start = {};              ///< x_0 (n), the same for all kappa; empty: 0.
  bool second = false;            ///< Second derivatives too; the inputs must have theirs.
  bool velocities = true;         ///< Time tangents too, which take one more step after the last.
  std::vector<Index> steps = {};  ///< t of the states to keep, ascending, 0 .. T; empty: 1 .. T.
  double dt = 1;                  ///< Seconds a step, of the time tangent; not 0.
  /// Single: states and derivatives step in float, which networks of one layer can, second
  /// derivatives only those of rates; docs/geometry.md says how far they are off.
  Precision precision = Precision::full;
  Threads threads = {};
};

struct Sensitivities {
  Index points = 0, dim = 0;  ///< K, m
  std::vector<Index> steps;   ///< (S) t of what was kept.
  Matrix states;              ///< (n, S K): kept step s of point k in column s K + k.
  /// (n, S K m) a_i = dx_t / dkappa_i: that of column c in c m + i.
  Matrix tangents;
  Matrix second;  ///< (n, S K m (m + 1) / 2) b_ij = d2x_t / dkappa_i dkappa_j, 11 12 .. 22 ..
  /// (n, S K) (F(x_t, u) - x_t) / dt with the input u_t that follows, at t = T with u_{T-1}, which
  /// is held. Of the Euler steps of a flow that is f(x_t, u_t), the right limit where u jumps. In
  /// single precision it has that of the states, over dt. Empty where not wanted.
  Matrix velocities;
  Derivatives derivatives = Derivatives::exact;  ///< Where Jacobians came from.
  bool cancelled = false;                        ///< Then points not reached are NaN.
};

/// Forward sensitivities, exact for the discrete dynamics:
///
///     a_i(t + 1) = F_x a_i(t) + F_u du_t / dkappa_i,    a_i(0) = 0
///     b_ij(t + 1) = F_x b_ij(t) + F_u d2u_t / dkappa_i dkappa_j
///                   + F''((a_i, du_t / dkappa_i), (a_j, du_t / dkappa_j)),    b_ij(0) = 0
///
/// [Pellegrino & Chadwick 2025, theorem 3.4, in its discrete form]. All points step as one matrix
/// product, 1 + m columns each (TangentOrbits), in blocks that fit the cache. F refers to one step;
/// use SteppedFlow for a flow.
///
/// Throws std::invalid_argument on sizes that do not fit, steps out of order or out of range, or
/// single precision of a map that has none.
Sensitivities sensitivities(const DrivenMap& F, const ManifoldInputs& inputs,
                            const SensitivityOptions& options = {}, const Progress& progress = {});

/// Kept step number `step` of the points first .. first + part.points - 1; `part.steps` has its t.
struct SensitivityBlock {
  Index step, first;
  const Sensitivities& part;
};
using SensitivityVisitor = std::function<void(const SensitivityBlock& block)>;

/// The t of the kept steps; throws as `sensitivities` does.
std::vector<Index> checked_steps(const DrivenMap& F, const ManifoldInputs& inputs,
                                 const SensitivityOptions& options);

/// The same without keeping it all: `visit` sees each block once, the steps of a point in order, on
/// several threads at a time. `cancelled` may be null.
void visit_sensitivities(const DrivenMap& F, const ManifoldInputs& inputs,
                         const SensitivityOptions& options, const SensitivityVisitor& visit,
                         const Progress& progress = {}, bool* cancelled = nullptr);

}  // namespace nullcline::geometry
