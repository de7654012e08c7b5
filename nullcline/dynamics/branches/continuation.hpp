// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <limits>
#include <vector>

#include "nullcline/core/progress.hpp"
#include "nullcline/dynamics/branches/family.hpp"

namespace nullcline::dynamics {

/// What happens at a special point of a branch of fixed points.
enum class SpecialKind {
  fold,             ///< Eigenvalue +1, the branch turns back in p.
  branch_point,     ///< Eigenvalue +1, a second branch crosses.
  period_doubling,  ///< Eigenvalue -1: a branch of cycles of twice the period starts.
  neimark_sacker,   ///< A complex pair on the unit circle; of an Euler step: a Hopf point's trace.
  corner,           ///< The tangent or an eigenvalue jumps: a border collision, as of a ReLU.
};

const char* name_of(SpecialKind kind);  ///< "fold", ...

/// How the second branch meets the first at a branch point.
enum class Crossing {
  none,           ///< Not a branch point, or none that two smooth branches cross at.
  transcritical,  ///< dp/ds is zero on neither.
  pitchfork,      ///< dp/ds = 0 on one of them: it lies on one side of the point.
};

const char* name_of(Crossing crossing);  ///< "none", ...

/// On which side of a special point what branches off there lies, by the normal form of the map on
/// the center manifold. Stable and unstable here speak of the critical directions alone, those of
/// that manifold: where other multipliers are outside the unit circle, what branches off is a
/// saddle on either side, and the jump or the soft loss is seen only by states on their stable
/// manifold.
enum class Criticality {
  none,           ///< Of a fold, a corner, a transcritical point: nothing branches off to one side.
  supercritical,  ///< Beyond, where the branch is unstable, and is itself stable: a soft loss.
  subcritical,    ///< Before, where the branch is still stable, and is unstable: a jump.
  undecided,      ///< The coefficient is within its error of 0, or the pair is near a resonance.
};

const char* name_of(Criticality criticality);  ///< "none", ...

/// Why a branch goes no further at one of its ends.
enum class BranchEnd {
  parameter_bound,  ///< The end has p = min_parameter or max_parameter, to rounding.
  state_bound,      ///< |x| > max_norm.
  closed,           ///< Came back to its start: a closed curve (isola). Then both ends are this.
  joined,    ///< Arrived at a branch of shorter cycles, where it would come back as its image.
  branched,  ///< Starts there, at a period doubling of another branch.
  step_too_small,  ///< The corrector failed even at min_step.
  not_finite,      ///< The family, or its derivative, is not finite ahead.
  max_steps,       ///< The budget ended.
  cancelled,       ///< The progress callback asked to stop.
  no_start,        ///< Newton's method found no fixed point from the start, or LAPACK no direction.
};

const char* name_of(BranchEnd end);  ///< "parameter_bound", ...

struct SpecialPoint {
  SpecialKind kind = SpecialKind::fold;
  Index index = 0;       ///< It lies between the points `index` and `index + 1` of the branch.
  double parameter = 0;  ///< p
  Vector state;          ///< x (n)
  Vector tangent;        ///< (n + 1) of the branch there.
  double arclength = 0;  ///< As of the branch.
  std::complex<double> eigenvalue = 0;  ///< The critical one, nearest to where it should be; 0 at a
                                        ///< corner.
  double frequency = 0;  ///< arg(eigenvalue) / 2 pi of a Neimark-Sacker point, cycles per step.
  double curvature = 0;  ///< d2p/ds2 at a fold: > 0 where both halves have a larger p; NaN where
                         ///< LAPACK gave up.
  Crossing crossing = Crossing::none;
  Criticality criticality = Criticality::none;
  double normal_form = 0;  ///< Coefficient of the cubic term there, see detail/normal_form.hpp: b
                           ///< of a period doubling or pitchfork, Re d of a Neimark-Sacker point.
  Vector second_tangent;   ///< (n + 1) of the other branch at a branch point, and (v, 0) with
                           ///< J v = -v at a period doubling; else empty.
  Index junction = -1;     ///< Its number in a Diagram; -1: none.
};

struct ContinuationOptions {
  double min_parameter = -std::numeric_limits<double>::infinity();
  double max_parameter = std::numeric_limits<double>::infinity();  ///< > min_parameter.
  double max_norm = 1e3;                                           ///< > 0, of |x|.
  Index max_steps = 2000;       ///< > 0, in each direction; failed ones count.
  double initial_step = 0.01;   ///< Arclength; min_step <= initial_step <= max_step.
  double min_step = 1e-8;       ///< > 0.
  double max_step = 0.1;        ///< Two special points of one kind nearer than this may be missed.
  double max_angle = 0.2;       ///< Radians, in (0, pi/2): between the tangents of neighbors.
  double tolerance = 1e-12;     ///< > 0, of |G|; where doubles cannot do it, rounding level.
  Index max_iterations = 8;     ///< > 1, of the corrector; one Jacobian and one LU each.
  bool eigenvalues = true;      ///< False: only folds and branch points are found, at a fifth of
                                ///< the cost.
  bool speed_hessians = false;  ///< Also `hessian_eigenvalues` and `smallest_hessian`.
  double dt = 1;                ///< > 0, seconds of one step of the map; the unit of the speed.
  Progress progress = {};       ///< By the budget used.
};

/// P points of one branch, in order along it.
struct Branch {
  Index period = 1;             ///< k: the points are fixed points of the k-th iterate.
  Matrix states;                ///< (n, P)
  Vector parameters;            ///< (P)
  Vector arclength;             ///< (P) by chords, from 0 at the start; negative before it.
  Matrix tangents;              ///< (n + 1, P) d(x, p)/ds; the last row dp/ds tells the direction.
  ComplexMatrix eigenvalues;    ///< (n, P) of J, as `eigenvalues` sorts them; empty unless wanted.
  std::vector<Index> unstable;  ///< (P) how many moduli > 1 + 1e-9: 0 is stable. Likewise.
  Matrix hessian_eigenvalues;   ///< (n, P) ascending, of the Hessian of the speed, which is
                                ///< A'A / dt^2 at a fixed point, A = J - I, 1/s^2. Likewise. NaN
                                ///< where they are not to be had.
  Vector smallest_hessian;      ///< (P) the least of them.
  std::vector<SpecialPoint> special;  ///< In order along the branch.
  Index start = 0;                    ///< The column of the point it was started from.
  BranchEnd first_end = BranchEnd::no_start, last_end = BranchEnd::no_start;
  Index origin = -1;  ///< In a Diagram: the junction where it was switched to; -1: none.
  Index steps = 0;    ///< Predictor steps tried.
  Derivatives derivatives = Derivatives::exact;
};

/// The curve of fixed points G(x, p) = F(x; p) - x = 0 through (x, p), followed in both directions
/// by pseudo-arclength continuation [Keller 1977, "Numerical solution of bifurcation and nonlinear
/// eigenvalue problems"]: with z = (x, p), A = dG/dz (n, n + 1) and the tangent t, A t = 0, |t| =
/// 1,
///
///     predictor   z + s t,
///     corrector   [A; t'] dz = -[G; 0]                (Newton, in the hyperplane of the
///     prediction),
///
/// which is regular at folds. Steps s grow where the corrector needs few iterations, and are halved
/// where it fails, leaves the prediction by more than s / 2, the tangent turns by more than
/// max_angle, or the chord is off the mean of the two tangents by a quarter of that, as it is when
/// the corrector lands on another branch. Arclength is Euclidean in (x, p): choose units of p in
/// which it moves like x.
///
/// Special points show by a change of sign between two points, and are located along the curve
/// between them by the Illinois method to about 1e-12 in s:
///
///     fold             t_p                                          (the last entry of t)
///     branch point     det [A; t'], then Newton on the extended system [Moore 1980, "The numerical
///                      treatment of non-trivial bifurcation points"] in (z, w, mu)
///                          G + mu w = 0,  A' w = 0,  w'w = 1,
///                      regular where two curves cross transversally, which the curve itself is not
///     period doubling  prod (1 + lambda) over the real eigenvalues
///     Neimark-Sacker   the number of complex pairs outside the unit circle, corrected for pairs
///     that
///                      become real
///
/// The directions of the two branches at a branch point are the zeros of the quadratic form
/// w' (d2G/dz2) on the two-dimensional null space of A (algebraic bifurcation equation).
///
/// Whether what branches off is stable in the critical directions follows from second and third
/// derivatives there (Criticality, by the formulas of Kuznetsov 2004, section 5.4). The step of
/// Euler's method has terms of the order of dt that its flow has not: close to a change of type of
/// a Hopf point they differ.
///
/// Where F has a kink, steps that fail or turn at every length are tried again with the derivative
/// from beyond the kink; it is reported as `corner`, and so is a test function that jumps through
/// zero. A branch may turn back in p there, without an eigenvalue +1.
///
/// Cost per step: two or three Jacobians and LU of size n + 1, one determinant and, if wanted,
/// eigenvalues (about 10 n^3).
///
/// A start that is no fixed point is corrected at fixed p. Throws std::invalid_argument on a wrong
/// size, option, or a p outside the bounds; every numerical outcome is an end of the branch.
Branch continue_point(const MapFamily& family, In<Vector> x, double p,
                      const ContinuationOptions& options = {});

}  // namespace nullcline::dynamics
