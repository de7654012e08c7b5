// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "nullcline/core/map.hpp"
#include "nullcline/core/parallel.hpp"

namespace nullcline::dynamics {

/// By the moduli of the eigenvalues of J, "= 1" meaning within `tolerance` of it.
enum class Stability {
  stable,     ///< All < 1.
  marginal,   ///< None > 1, at least one = 1: the linear part does not decide.
  saddle,     ///< Some > 1 and some not.
  repelling,  ///< All > 1.
  unknown,    ///< The eigenvalues are not known.
};

const char* name_of(Stability stability);  ///< "stable", ...

/// Whether what is known of a matrix by its eigenvalues or singular values is known.
enum class SpectrumStatus {
  known,
  not_finite,     ///< An entry of the matrix is not finite.
  not_converged,  ///< LAPACK's iteration gave up.
};

const char* name_of(SpectrumStatus status);  ///< "known", ...

/// The status of a matrix whose spectrum could not be had.
SpectrumStatus why_unknown(In<Matrix> A);

/// How many moduli are > 1 and = 1 to within `tolerance`, and what follows. Eigenvalues of which
/// one is not a number are unknown.
struct Moduli {
  Index unstable = 0, marginal = 0;
  Stability stability = Stability::unknown;
};
Moduli count_moduli(In<ComplexVector> eigenvalues, double tolerance);

struct LinearizationOptions {
  double tolerance = 1e-9;    ///< >= 0; of | |lambda| - 1 |, and of |lambda - 1| for `degree`.
  bool eigenvectors = false;  ///< Also the right and left eigenvectors; several times dearer.
};

/// The linear dynamics dx_{t+1} = J dx_t around a state. Eigenvalues are sorted by decreasing
/// modulus, then real part, then imaginary part. Where J is not finite, or LAPACK gives up, they are
/// NaN, and so are the eigenvectors, time constants and frequencies; the degree is 0.
struct Linearization {
  SpectrumStatus status = SpectrumStatus::known;
  Matrix jacobian;                  ///< J (n, n), per step.
  ComplexVector eigenvalues;        ///< lambda (n), per step.
  Vector time_constants;            ///< (n) seconds, see `time_constants`.
  Vector frequencies;               ///< (n) Hz, see `frequencies`.
  ComplexMatrix eigenvectors;       ///< Columns V (n, n), norm 1; empty unless asked for.
  ComplexMatrix left_eigenvectors;  ///< Columns L (n, n), L^H J = diag(lambda) L^H; likewise.
  Index unstable = 0;               ///< How many |lambda| > 1 + tolerance.
  Index marginal = 0;               ///< How many | |lambda| - 1 | <= tolerance.
  Stability stability = Stability::stable;
  int degree = 0;  ///< sign det(I - J); 0 if an eigenvalue is within tolerance of 1.
  Derivatives derivatives = Derivatives::exact;
};

/// Linearizes `map`, one step of which takes dt > 0 seconds, at x (n). The sign of
/// det(I - J) = prod (1 - lambda) is (-1)^(number of real lambda > 1): conjugate pairs add a
/// positive factor, and so does a real lambda < -1.
///
/// A J that is not finite is a status. Throws std::invalid_argument on a wrong size or option.
Linearization linearize(const Map& map, In<Vector> x, double dt,
                        const LinearizationOptions& options = {});

/// The same at each column of states (n, P).
std::vector<Linearization> linearize_all(const Map& map, In<Matrix> states, double dt,
                                         const LinearizationOptions& options = {},
                                         Threads threads = {});

/// tau = -dt / ln|lambda|, seconds: a mode decays as exp(-t / tau). Negative for a growing mode,
/// which grows as exp(t / |tau|); infinite where |lambda| = 1 exactly, 0 where lambda = 0.
Vector time_constants(In<ComplexVector> eigenvalues, double dt);

/// arg(lambda) / (2 pi dt), Hz, in (-1/(2 dt), 1/(2 dt)]: conjugate pairs have both signs.
Vector frequencies(In<ComplexVector> eigenvalues, double dt);

/// (lambda - 1) / dt, per second: the eigenvalues of the Jacobian of a flow whose Euler step of
/// length dt the map is. Of no other map.
ComplexVector euler_rates(In<ComplexVector> eigenvalues, double dt);

/// Sum of `degree` over fixed points. For a map that takes a closed ball into its interior, and
/// all whose fixed points are non-degenerate, the sum over all of them is +1 (Brouwer degree):
/// any other sum proves that points are missing. The sum +1 does not prove that none is.
int degree_sum(std::span<const Linearization> points);

}  // namespace nullcline::dynamics
