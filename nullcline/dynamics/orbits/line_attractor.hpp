// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/map.hpp"
#include "nullcline/core/parallel.hpp"
#include "nullcline/core/progress.hpp"

namespace nullcline::dynamics {

/// What a set of slow or fixed points amounts to.
enum class LineVerdict {
  line,             ///< A one-dimensional set along which the dynamics are slow; perhaps closed.
  isolated_points,  ///< Separate points, or points that attract or repel from all sides.
  plane_or_more,    ///< A set of two or more dimensions with as many slow directions.
  none,             ///< No points, or geometry and spectra that do not go together.
};

const char* name_of(LineVerdict verdict);  ///< "line", ...

enum class LineStatus {
  completed,
  cancelled,   ///< By the progress callback: no verdict.
  not_finite,  ///< The map or its Jacobian is not, at every place looked at: no verdict.
  not_converged,  ///< LAPACK gave up on the principal axes of the points: no verdict.
};

const char* name_of(LineStatus status);  ///< "completed", ...

/// When points are a line. Fractions are of points or of sampled places.
struct LineCriteria {
  Index min_points = 8;          ///< >= 3; fewer distinct points are isolated.
  double merge_distance = 1e-6;  ///< >= 0; relative to the extent: nearer points are one (and so
                                 ///< are those within 1e-9 (1 + the largest |x|)).
  double largest_gap = 0.2;      ///< > 0; relative to the extent: wider steps break a chain.
  double fraction = 0.8;         ///< In (0, 1]: of points in the longest chain; of slow spectra.
  double aspect_ratio = 10;      ///< > 0; length over root mean square distance from the curve.
  double marginal = 0.1;         ///< > 0; |ln|lambda|| up to this is slow: 10 steps or more.
  double slow_ratio = 1.0 / 3;   ///< > 0; and it is at most this times |ln|lambda|| of the next.
};

struct LineAttractorOptions {
  double dt = 1;              ///< > 0, seconds of one step of the map.
  Vector readout = {};        ///< w (n) or empty.
  Matrix input_effects = {};  ///< (n, q) or empty: columns J_inp x, what inputs do to the state.
  Index neighbors = 0;        ///< Of the graph; 0: a tenth of the points, at least 4; twice
                              ///< as many while that does not make them a line (to a fourth).
  Index samples = 33;         ///< S >= 2; places where the Jacobian is taken.
  Index drift_samples = 257;  ///< D >= 3; places where the drift is taken.
  double drift_tolerance = 1e-6;  ///< >= 0; a drift per step up to this times the length is none.
  LineCriteria criteria = {};
  Threads threads = {};
  Progress progress = {};
};

/// The linear dynamics at S places along the line (or at up to S of the points, without a line).
struct LineSpectra {
  Vector theta;            ///< (S) parameter of the place.
  Matrix states;           ///< (n, S)
  Matrix tangents;         ///< (n, S) unit tangents m(theta); empty without a line.
  ComplexVector leading;   ///< (S) lambda_1, of largest modulus; 0 where not finite.
  Vector second_moduli;    ///< (S) |lambda_2|, not counting a conjugate; 0 if there is none.
  Matrix right;            ///< (n, S) Re r_1, |r_1| = 1, along the tangent.
  Matrix left;             ///< (n, S) Re l_1, l_1' r_1 = 1; 0 where it cannot be.
  Vector overlaps;         ///< (S) |m' r_1| in [0, 1]; of random vectors about 1 / sqrt(n).
  Matrix input_selection;  ///< (S, q) l_1' J_inp x: how far an input moves the state along r_1.
  std::vector<std::uint8_t> finite;  ///< (S)
};

/// A place where the drift along a nearly continuous line changes its sign.
struct DriftZero {
  double theta = 0;
  bool stable = false;       ///< The drift points to it from both sides.
  double time_constant = 0;  ///< 1 / |dv/ds| there, seconds.
};

/// The velocity along the line, v = l_1' (F(x) - x) / (l_1' m dt): the left vector removes what is
/// about to decay across it. The tangent stands in for l_1 where lambda_1 is complex or l_1
/// unknown.
struct LineDrift {
  Vector theta;       ///< (D)
  Vector velocities;  ///< (D) units of the state per second, towards larger theta; 0 if not finite.
  double floor = 0;   ///< drift_tolerance length / dt: |v| up to this counts as standing still.
  std::vector<DriftZero> zeros;  ///< By increasing theta; none on a continuous line.
  bool leaves_at_begin = false;  ///< v < -floor at theta = -1. Not on closed lines.
  bool leaves_at_end = false;    ///< v > floor at theta = +1.
  double standing = 0;           ///< Fraction of the places where |v| <= floor.
};

struct LineAttractor {
  LineVerdict verdict = LineVerdict::none;
  LineStatus status = LineStatus::completed;

  // What the verdict rests on.
  Index distinct = 0;          ///< Points that are not merged with others.
  double chain_fraction = 0;   ///< Of distinct points in the longest chain.
  double local_dimension = 0;  ///< Median participation ratio of neighborhoods in it.
  double aspect_ratio = 0;     ///< Length / thickness; infinite for points on the curve.
  double slow_fraction = 0;    ///< Places whose spectrum has as many slow modes as the set
                               ///< dimensions: |ln|lambda_d|| <= marginal and <= slow_ratio
                               ///< |ln|lambda_{d+1}||, |lambda_{d+1}| < 1 (for d = 1 lambda_1 > 0).
  double marginal_fraction = 0;  ///< Places with |ln|lambda_1|| <= marginal at least.

  // The curve; empty where local_dimension is not 1.
  bool closed = false;         ///< A ring: theta = -1 and +1 are one place.
  double length = 0;           ///< Units of the state.
  double thickness = 0;        ///< Root mean square distance of the points from the curve.
  std::vector<Index> members;  ///< (Q) points on it, by increasing theta.
  Vector theta;                ///< (Q) in [-1, 1], linear in arclength.
  Vector speeds;               ///< (P) |F(x) - x| / dt of each point given.

  // Its direction.
  Vector axis;                    ///< m (n), unit: first principal component of the points.
  double variance_explained = 0;  ///< Its share of their variance.
  double readout_alignment = 0;   ///< m' w / |w| in [0, 1]; 0 without a readout.
  Vector input_alignments;        ///< (q) m' J_inp x / |J_inp x|
  double null_overlap = 0;  ///< 1 / sqrt(n), standard deviation of overlaps of random vectors.

  LineSpectra spectra;
  LineDrift drift;
  Derivatives derivatives = Derivatives::exact;
};

/// Are these points (n, P), fixed or slow, a line attractor [Seung 1996; Maheswaranathan et al.
/// 2019]? Distinct points in the longest chain of steps below the largest gap make a graph of
/// neighbors; where neighborhoods have one dimension, lengths of paths order the points and a
/// principal curve runs through them. theta is its arclength from -1 to 1, in the direction of m,
/// which points to where the readout grows (without one: where its largest entry does).
///
/// The slow mode of a line attractor is lambda_1 ~ 1 with r_1 along the line; what the map does to
/// places on the curve is the drift along it, whose zeros are the true fixed points of a line that
/// is only nearly continuous. They are found where v passes from below -floor to above +floor.
///
/// Costs P^2 n for the distances (and about 30 P^2 bytes) and S eigenproblems. The result does not
/// depend on the number of threads. Throws std::invalid_argument on a wrong size or option, or
/// points that are not finite.
LineAttractor find_line_attractor(const Map& map, In<Matrix> points,
                                  const LineAttractorOptions& options = {});

}  // namespace nullcline::dynamics
