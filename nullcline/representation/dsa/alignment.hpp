// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nullcline/core/parallel.hpp"
#include "nullcline/core/types.hpp"
#include "nullcline/representation/dsa/lower_bounds.hpp"

namespace nullcline::representation {

/// The changes of coordinates that are free.
enum class AlignmentGroup {
  orthogonal,  ///< C in O(n): rotations and reflections.
  rotations,   ///< C in SO(n). Of odd n this is the same, as C and -C do the same to B.
};
const char* name_of(AlignmentGroup group);
AlignmentGroup alignment_group(const std::string& name);  ///< Throws std::invalid_argument.

struct AlignmentOptions {
  Index starts = 10;           ///< Random starts >= 0; of O(n), every other one of determinant -1.
  Index max_iterations = 500;  ///< Of each start, > 0.
  double tolerance = 1e-10;    ///< Of the gradient of tr(A' C B C'), against |A|_F |B|_F; > 0.
  bool pad = false;            ///< Fills the smaller matrix with zeros, if sizes differ.
  AlignmentGroup group = AlignmentGroup::orthogonal;
  std::uint64_t seed = 0;
  Threads threads = {};  ///< Over the starts.
};

enum class AlignmentStart { schur, symmetric, skew, identity, random };
const char* name_of(AlignmentStart kind);

enum class AlignmentStatus {
  converged,      ///< The gradient is within the tolerance.
  not_converged,  ///< It is not, after max_iterations or where steps became too small.
};
const char* name_of(AlignmentStatus status);

/// What came of one start.
struct AlignmentAttempt {
  AlignmentStart kind = AlignmentStart::random;
  int determinant = 1;       ///< +1 or -1, of C. With odd n, C and -C are as good.
  double distance = 0;       ///< |A - C B C'|_F
  double gradient_norm = 0;  ///< Against |A|_F |B|_F.
  Index iterations = 0;
  AlignmentStatus status = AlignmentStatus::not_converged;
};

struct Alignment {
  double distance = 0;  ///< |A - C B C'|_F, the least that was met: an upper bound of the min.
  double distance_bound = 0;  ///< No orthogonal C falls below it.
  double angle = 0;           ///< arccos( tr(A' C B C') / (|A|_F |B|_F) ), in [0, pi].
  double angle_bound = 0;     ///< No orthogonal C falls below it.
  AlignmentBounds bounds;     ///< Of A and B as they are.
  Matrix C;                   ///< (n, n) orthogonal.
  std::vector<AlignmentAttempt> attempts;
  Index best = 0;                                           ///< Of `attempts`, the least distance.
  AlignmentStatus status = AlignmentStatus::not_converged;  ///< Of the best.

  double distance_gap() const { return distance - distance_bound; }
  double angle_gap() const { return angle - angle_bound; }
};

/// The second half of dynamical similarity analysis [Ostrow, Eisen, Kozachkov & Fiete 2023,
/// arXiv:2306.10168]: how far apart linear dynamics A and B remain under the best orthogonal change
/// of coordinates,
///
///     min over C in O(n) of |A - C B C'|_F,      A, B: (n, n).
///
/// The same C maximizes the cosine of the angle, their score. It is not a convex problem: local
/// maxima come from starts at matched real Schur vectors of A and B, of their symmetric and of
/// their skew parts (each in both determinants where that matters), at I and at random ones; then
/// a trust region climbs (detail/rotation_search.hpp). What is sure, to rounding, is bound <=
/// minimum <= distance; a gap of zero proves the global minimum. The bounds are those of O(n), and
/// so hold for rotations alone.
///
/// Of A or B zero, the angle is 0 if both are, else pi / 2. The same seed gives the same bits for
/// any number of threads.
///
/// Throws std::invalid_argument where matrices are not square, not finite, or, without `pad`, of
/// different sizes; and on an option out of range.
[[nodiscard]] Alignment align(In<Matrix> A, In<Matrix> B, const AlignmentOptions& options = {});

}  // namespace nullcline::representation
