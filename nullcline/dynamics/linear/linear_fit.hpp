// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/types.hpp"
#include "nullcline/dynamics/linear/linearization.hpp"

namespace nullcline::dynamics {

struct LinearFitOptions {
  Index rank = 0;  ///< >= 0; directions of the data that are used; 0: all above tolerance.
  double tolerance = 1e-10;  ///< >= 0; of singular values of the data, relative to the largest.
};

/// A linear model fitted to pairs of successive states, y ~ c + A (x - x*), by least squares in the
/// `rank` leading directions U_r of the deviations X - mean = U S V' (dynamic mode decomposition
/// [Schmid 2010; Tu et al. 2014, exact DMD]):
///
///     A = (Y - mean) V_r S_r^-1 U_r',     c = mean(Y) - A (mean(X) - x*).
///
/// A is zero on directions that the data do not have. Its nonzero eigenvalues are those of U_r'A
/// U_r.
struct LinearFit {
  SpectrumStatus status = SpectrumStatus::known;  ///< not_converged: the rest is not filled in.
  Matrix jacobian;            ///< A (n, n)
  Vector value;               ///< c (n): the model of F(x*).
  Matrix directions;          ///< U_r (n, r)
  ComplexVector eigenvalues;  ///< (r) of U_r' A U_r, by decreasing modulus.
  Vector singular_values;     ///< (min(n, K)) of the deviations.
  double residual = 0;        ///< |Y - c - A (X - x*)|_F / |Y - mean(Y)|_F; 0 for constant Y.
};

/// X, Y (n, K), K >= 1: states near the center x* (n) and their successors, as from trajectories
/// with a constant input. Throws std::invalid_argument on a wrong size or option, or entries that
/// are not finite.
LinearFit fit_linear_model(In<Matrix> X, In<Matrix> Y, In<Vector> center,
                           const LinearFitOptions& options = {});

/// A fitted model against the Jacobian J (n, n) at the point.
struct FitComparison {
  SpectrumStatus status = SpectrumStatus::known;  ///< Of J; else there are no matches.
  double relative_difference = 0;  ///< |A - J|_F / |J|_F; large where the data lack directions.
  double within_data = 0;          ///< |(A - J) U_r|_F / |J U_r|_F, along the data alone.
  std::vector<Index> matches;      ///< (r) the eigenvalue of J that each of the fit is matched to,
                                   ///< with the least sum of distances.
  Vector eigenvalue_errors;        ///< (r) |mu_i - lambda_match(i)|.
};

/// Throws std::invalid_argument on a wrong size or a J that is not finite.
FitComparison compare_fit(const LinearFit& fit, In<Matrix> J);

}  // namespace nullcline::dynamics
