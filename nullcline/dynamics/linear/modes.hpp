// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "nullcline/core/types.hpp"
#include "nullcline/dynamics/linear/linearization.hpp"

namespace nullcline::dynamics {

enum class ModesStatus {
  complete,   ///< n modes: J = sum_a lambda_a r_a l_a^H, to rounding times the conditions.
  defective,  ///< Some modes, to working precision, share their vector: they have no l_a.
  unknown,    ///< The linearization has no spectrum: no mode has an l_a, the rest is NaN.
};

const char* name_of(ModesStatus status);  ///< "complete", ...

struct ModesOptions {
  Vector readout = {};           ///< (n) or empty; orients the modes, see below.
  double condition_limit = 1e7;  ///< > 1; a mode with a larger condition counts as defective.
};

/// The modes of linear dynamics x_{t+1} = J x_t,
///
///     J r_a = lambda_a r_a,   l_a^H J = lambda_a l_a^H,   |r_a| = 1,   l_a^H r_b = delta_ab,
///     J^k = sum_a lambda_a^k r_a l_a^H,
///
/// in the order of the eigenvalues (decreasing modulus; conjugate pairs together and conjugate to
/// the last bit). What a vector leaves open is fixed: r_a' w is real and positive for a readout w,
/// if there is one that is not orthogonal to r_a; else the largest entry of r_a is.
///
/// The condition of lambda_a, 1 / |cos of the angle between l_a and r_a| = |l_a|, tells how far it
/// moves when J does [Wilkinson 1965]; for a normal J all are 1. It is about eps^(-1/2) or more
/// where J is defective to working precision; then the columns of `left` of the modes concerned
/// are zero, and no sum over modes gives J. An eigenvalue that is repeated without being
/// defective (the kernel of a low-rank network, the leak of a leaky one) gets an orthonormal basis
/// of its eigenspace, where it is real.
struct Modes {
  ComplexVector eigenvalues;         ///< lambda (n), per step.
  ComplexMatrix right;               ///< Columns r_a (n, n).
  ComplexMatrix left;                ///< Columns l_a (n, n); 0 for a defective mode.
  Vector conditions;                 ///< (n) >= 1, infinite for parallel vectors.
  std::vector<Index> partners;       ///< (n) the mode conjugate to a; a itself if real.
  Vector steps;                      ///< (n) |1 / ln|lambda||, steps; infinite at |lambda| = 1.
  Vector seconds;                    ///< (n) steps times dt.
  Vector frequencies;                ///< (n) Hz, see `frequencies`.
  double eigenvector_condition = 1;  ///< |R| |R^-1| in the 2-norm; infinite if R is singular.
  double duality_error = 0;          ///< max |l_a^H r_b - delta_ab| over modes that have l_a, l_b.
  ModesStatus status = ModesStatus::complete;

  bool has_left(Index a) const { return !left.col(a).isZero(0); }
};

/// The modes of a linearization made with `eigenvectors`, one step of which takes dt > 0 seconds.
/// Costs an inverse, and a singular value decomposition for each repeated eigenvalue.
/// Throws std::invalid_argument without eigenvectors, or on a wrong size or option.
Modes modes(const Linearization& at, double dt, const ModesOptions& options = {});

/// The same at each point.
std::vector<Modes> modes_all(std::span<const Linearization> points, double dt,
                             const ModesOptions& options = {}, Threads threads = {});

}  // namespace nullcline::dynamics
